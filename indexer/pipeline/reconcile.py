"""reconcile: make a collection equal to the source; touch nothing else.

The one engine of all commands that write: the bulk pass is a reconcile into an empty collection,
the catch-up one into a full one.
"""

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from indexer.documents import Document
from indexer.errors import RunFailed
from indexer.extractor.source import Unreadable
from indexer.loader.bulk import RefusedDocument, import_documents
from indexer.loader.dead_letters import DeadLetters
from indexer.loader.delete import delete_documents
from indexer.loader.digests import number_in, read_digests
from indexer.loader.locks import BEATS_A_LEASE
from indexer.pipeline.compare import Comparison
from indexer.pipeline.report import CollectionReport
from indexer.pipeline.run import Turn
from indexer.pipeline.stream import Stream
from indexer.transformer.compile import CompiledSpec

T = TypeVar("T")

REFUSED_AT_THE_START = 10
"""The first so many documents all refused: the spec is wrong, not the data."""

_NO_DOCUMENT = b"null"


@dataclass(frozen=True)
class Outcome:
    """What one pass saw and did; counts in documents, coverage by field.

    `kept` were refused in their new form, by Stash or by Typesense, and stay in their old one;
    `missing` are the numbers of those refused that have none. `changed_any` says whether anything
    was written: a delete whose answer was lost counts as well, what was refused does not.
    """

    read: int
    loaded: int
    refused: int
    kept: int
    missing: Sequence[int]
    deleted: int
    changed_any: bool
    unknown: int
    coverage: Mapping[str, int]

    @property
    def expected(self) -> int:
        """How many documents the collection has to have now, exactly."""
        return self.read - self.refused + self.kept


def reconcile(turn: Turn, collection: str) -> Outcome:
    """Send what is missing or different, delete what is gone twice; say what was done.

    Raises:
        RunFailed: an empty collection refused the first documents.
        LockHeld: another run took over; nothing was deleted.
        StashError, TypesenseError: a server failed for longer than its patience.
    """
    digests = read_digests(turn.run.typesense, collection, turn.spec.numbering)
    stream = Stream(turn.run.source, turn.spec, turn.run.membership, turn.run.warn_once)
    comparison = Comparison(stream, digests)
    return apply(turn, collection, stream, comparison, comparison.changed())


def apply(
    turn: Turn,
    collection: str,
    stream: Stream,
    comparison: Comparison,
    documents: Iterable[Document],
) -> Outcome:
    """Write what a comparison found: load the documents, then delete what is gone."""
    with _dead_letters(turn) as letters:
        loading = Loading(turn, collection, letters)
        loading.load(documents, stream, strict=comparison.into_nothing)
        turn.lock.check()
        gone = _while_ours(turn, comparison.gone)
        deleted = delete_documents(turn.run.typesense, collection, gone)
        missing = [number for number in loading.refused if not comparison.had(number)]
        return Outcome(
            read=stream.read,
            loaded=loading.loaded,
            refused=letters.count,
            kept=letters.count - len(missing),
            missing=missing,
            deleted=deleted,
            changed_any=bool(loading.loaded or comparison.gone),
            unknown=stream.unknown,
            coverage=stream.coverage,
        )


@contextmanager
def _dead_letters(turn: Turn) -> Iterator[DeadLetters]:
    """Yield where refused documents go; the report has them however the pass ends."""
    with DeadLetters(turn.run.dead_letters, turn.label) as letters:
        try:
            yield letters
        finally:
            turn.report.refused = letters.count
            turn.report.dead_letters = str(letters.path) if letters.path else None


def count_in(report: CollectionReport, outcome: Outcome) -> Outcome:
    """Add a pass to a report: the last one's reading, all passes' writing."""
    report.read = outcome.read
    report.loaded += outcome.loaded
    report.deleted += outcome.deleted
    return outcome


class Loading:
    """Documents on their way into one collection, every outcome counted."""

    def __init__(self, turn: Turn, collection: str, letters: DeadLetters) -> None:
        self.loaded = 0
        self.refused: list[int] = []
        self._turn = turn
        self._collection = collection
        self._letters = letters

    def load(self, documents: Iterable[Document], stream: Stream, *, strict: bool) -> None:
        """Load documents; what is refused, by Stash or by Typesense, becomes a dead letter.

        `strict` gives up where the first documents are all refused.
        """
        run, spec = self._turn.run, self._turn.spec
        refused_from_start = 0
        ours = _while_ours(self._turn, documents)
        with closing(import_documents(run.typesense, self._collection, ours)) as outcomes:
            for imported in outcomes:
                self.loaded += imported.loaded
                self._letters.write(imported.refused)
                for document in imported.refused:
                    self.refused.append(_number(spec, document))
                    refused_from_start += document.position == refused_from_start
                if strict and refused_from_start >= REFUSED_AT_THE_START:
                    raise _spec_is_wrong(spec.name, imported.refused[0])
                stream.loaded, stream.refused = self.loaded, len(self.refused)
                stream.tell()
        self.refused += [each.id for each in stream.unreadable]
        self._letters.write(_as_refused(spec, stream.unreadable))


def _while_ours(turn: Turn, things: Iterable[T]) -> Iterator[T]:
    """Pass on what is to be written, with a look at the lock before the first and at each beat.

    A run that was paused would else go on writing what it read before its sleep, over what the
    run that took over has read since. Raises LockHeld.
    """
    looked = -math.inf
    for each in things:
        if time.monotonic() - looked > turn.run.lease / BEATS_A_LEASE:
            turn.lock.check()
            looked = time.monotonic()
        yield each


def _number(spec: CompiledSpec, document: RefusedDocument) -> int:
    number = number_in(document.body, spec.numbering)
    if number is None:
        raise RunFailed(
            f"{document.id} of {spec.name} is no document of ours.",
            "Its id or number is none that Stash gives; please report this.",
        )
    return number


def _as_refused(spec: CompiledSpec, unreadable: Sequence[Unreadable]) -> Iterable[RefusedDocument]:
    for each in unreadable:
        yield RefusedDocument(-1, spec.document_id(each.id), 0, each.error, _NO_DOCUMENT)


def _spec_is_wrong(name: str, first: RefusedDocument) -> RunFailed:
    return RunFailed(
        f"Typesense refused the first {REFUSED_AT_THE_START} documents of {name}, "
        f"{first.id} with: {first.error}",
        f"The spec does not fit the records; look at {name}.toml and at "
        f"`indexer documents {name} --limit 1`.",
    )
