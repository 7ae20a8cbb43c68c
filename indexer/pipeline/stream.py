"""Records in, documents out: one pass over a collection's records, with what it saw."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from indexer.documents import Document
from indexer.events import Emit, Progress, Step, Warned
from indexer.extractor.source import Page, Source, Unreadable
from indexer.pipeline import suggestions
from indexer.records import Kind, Record
from indexer.transformer.compile import CompiledSpec, together
from indexer.transformer.dimensions import Dimensions
from indexer.transformer.membership import COUNTING, SCENE_PATHS, Membership
from indexer.transformer.paths import Context
from indexer.transformer.references import Found, Reference, References
from indexer.transformer.seal import seal


class Stream:
    """One pass. Its figures are complete once documents() is exhausted.

    read        records seen, those that Stash couldn't give included
    unreadable  the latter, and those that name something it couldn't give
    unknown     documents naming an id that the dimensions don't know
    coverage    in how many documents each facet field is set
    loaded      documents that are stored, as far as who stores them has said
    refused     documents that Typesense refused, likewise
    """

    def __init__(
        self, source: Source, spec: CompiledSpec, membership: Membership, emit: Emit
    ) -> None:
        self.read = 0
        self.unreadable: list[Unreadable] = []
        self.unknown = 0
        self.coverage: Counter[str] = Counter()
        self.loaded = self.refused = 0
        self._source = source
        self.spec = spec
        self._membership = membership
        self._emit = emit
        self._dimensions = Dimensions(emit)
        self._transform = spec.transform(Context(self._dimensions, membership))
        self._references = References(spec.kind, self._dimensions)
        self._given_up: Found = set()
        self._lost: dict[Reference, str] = {}
        self._facets = frozenset(spec.facets)
        self._asked = spec.asked
        if spec.kind == "scene":
            membership.look_up_in(self._dimensions)
            self._asked = together([spec.asked, COUNTING])

    def documents(self, ids: Sequence[int] | None = None) -> Iterator[Document]:
        """Yield the documents of all records, or of those of `ids` that exist.

        Raises:
            StashError: Stash is unreachable or refusing.
        """
        if self.spec.kind == "scene" and ids is None:
            self._membership.clear()
        self._load(self._dimensions.kinds)
        for page in self._pages(ids):
            yield from self._documents_of(page)
            del page  # before the next one is read
        if self.spec.kind == "scene" and ids is None:
            self._membership.complete = True

    def tell(self) -> None:
        """Tell how far the pass is."""
        refused = self.refused + len(self.unreadable)
        self._emit(Progress(self.spec.name, self.read, self.loaded, refused))

    def _pages(self, ids: Sequence[int] | None) -> Iterator[Page]:
        if self.spec.kind == "suggestion":
            return suggestions.read(self._source, ids)
        absent = warn_of_absent(self._source, self.spec, self._emit)
        return self._source.pages(self.spec.kind, self._asked[self.spec.kind] - absent, ids)

    def _documents_of(self, page: Page) -> Iterator[Document]:
        self.read += len(page.records) + len(page.unreadable)
        self.unreadable.extend(page.unreadable)
        records = list(self._resolved(page.records))
        if self.spec.kind == "scene":
            self._membership.add(records)
        for record in records:
            content = self._transform(record)
            self.coverage.update(self._facets & content.keys())
            yield seal(content, record["id"])
        self.tell()

    def _resolved(self, records: Sequence[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
        """Read a dimension once more where a page names an id it doesn't have, then give up."""
        named = self._references.unknown(records)
        if missed := named - self._given_up - self._lost.keys():
            self._load({kind for kind, _ in missed})
            named = self._references.unknown(records)
            self._give_up(named - self._lost.keys())
        return filter(None, map(self._known_part, records)) if named else records

    def _known_part(self, record: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return a record without what Stash doesn't have; None if Stash has it but can't give it.

        Without a name that is there it would lose that name where it is indexed.
        """
        unknown = self._references.unknown([record])
        if lost := unknown & self._lost.keys():
            kind, number = min(lost)
            why = f"it names {kind} {number}, of which Stash says: {self._lost[kind, number]}"
            self.unreadable.append(Unreadable(record["id"], why))
            return None
        self.unknown += bool(unknown)
        return self._references.without(record, unknown) if unknown else record

    def _give_up(self, unknown: Found) -> None:
        for kind, number in sorted(unknown - self._given_up):
            message = f"{kind} {number} is named but Stash doesn't have it; it is left out."
            self._emit(Warned(message))
        self._given_up |= unknown

    def _load(self, kinds: set[Kind]) -> None:
        self._lost |= _load(self._source, self._asked, self._dimensions, kinds)


def ensure_counted(source: Source, spec: CompiledSpec, membership: Membership, emit: Emit) -> int:
    """Make a pass over the scenes for the counts alone, if they are needed and not there.

    Returns how many scenes it read, 0 where it made none.

    Raises:
        StashError: Stash is unreachable or refusing.
    """
    if not spec.counted or membership.complete:
        return 0
    emit(Step("count", f"{spec.name}: counting what they appear in, by a pass over the scenes"))
    dimensions = Dimensions()
    membership.clear()
    membership.look_up_in(dimensions)
    _load(source, COUNTING, dimensions, dimensions.kinds)
    paths = SCENE_PATHS - source.absent("scene", SCENE_PATHS)
    read = unreadable = 0
    for page in source.pages("scene", paths):
        membership.add(page.records)
        read += len(page.records) + len(page.unreadable)
        unreadable += len(page.unreadable)
    if unreadable:
        emit(Warned(f"{unreadable:,} scenes can't be read, and are counted nowhere."))
    membership.complete = True
    return read


def _load(
    source: Source,
    asked: Mapping[Kind, frozenset[str]],
    dimensions: Dimensions,
    kinds: Iterable[Kind],
) -> Mapping[Reference, str]:
    """Read dimensions; return why Stash couldn't give some of what is in them."""
    lost: dict[Reference, str] = {}

    def records(kind: Kind) -> Iterator[Record]:
        for page in source.pages(kind, asked[kind] - source.absent(kind, asked[kind])):
            lost.update({(kind, bad.id): bad.error for bad in page.unreadable})
            yield from page.records

    for kind in sorted(kinds):
        dimensions.load(kind, records(kind))
    return lost


def warn_of_absent(source: Source, spec: CompiledSpec, emit: Emit) -> frozenset[str]:
    """Return what this Stash doesn't have of the collection's own paths, after one warning."""
    absent = source.absent(spec.kind, spec.asked[spec.kind])
    if absent:
        emit(
            Warned(
                f"{spec.name}: this Stash ({source.info().version or 'version unknown'}) has no "
                f"{', '.join(sorted(absent))}; the fields made of it stay unset."
            )
        )
    return absent
