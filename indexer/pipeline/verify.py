"""verify: a reconcile that writes nothing and reports what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from indexer.documents import DIGEST_FIELD, Document
from indexer.errors import EXIT_DRIFT, EXIT_OK, IndexerError, deciding, worst
from indexer.events import Started
from indexer.loader.aliases import check_name_free
from indexer.loader.catalog import collection, resolve
from indexer.loader.digests import read_digests
from indexer.loader.export import MOST_IDS, stored_documents
from indexer.pipeline.compare import Comparison
from indexer.pipeline.report import FORMAT, RunReport, error_as_json
from indexer.pipeline.run import Run, choose
from indexer.pipeline.schemas import wrong_schema
from indexer.pipeline.stream import Stream, ensure_counted
from indexer.pipeline.turns import first_contact, refuse_older
from indexer.transformer.compile import CompiledSpec

MAX_EXAMPLES = 20


@dataclass
class Drift:
    """How a collection differs from Stash: document ids by kind of difference.

    missing  Stash has it, the collection doesn't
    stale    the collection has an older form, or has it twice
    ghost    only the collection has it
    altered  the digest agrees, the stored fields don't: id and the names of the fields
    schema   what the collection's schema has differently from the spec
    """

    name: str
    alias: str
    collection: str | None = None
    documents: int = 0
    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    ghost: list[str] = field(default_factory=list)
    altered: dict[str, list[str]] = field(default_factory=dict)
    schema: str | None = None
    error: IndexerError | None = None

    @property
    def exit_code(self) -> int:
        """0 where nothing differs, 8 where something does, else the error's own code."""
        if self.error is not None:
            return self.error.exit_code
        found = self.missing or self.stale or self.ghost or self.altered or self.schema
        return EXIT_DRIFT if found else EXIT_OK

    def as_json(self) -> dict[str, Any]:
        """Return counts, and up to 20 ids of each difference."""
        lists = {"missing": self.missing, "stale": self.stale, "ghost": self.ghost}
        return {
            "name": self.name,
            "alias": self.alias,
            "collection": self.collection,
            "documents": self.documents,
            **{kind: {"count": len(ids), "ids": ids[:MAX_EXAMPLES]} for kind, ids in lists.items()},
            "altered": {
                "count": len(self.altered),
                "fields": dict(list(self.altered.items())[:MAX_EXAMPLES]),
            },
            "wrong_schema": self.schema,
            "error": error_as_json(self.error),
        }


@dataclass(frozen=True)
class VerifyReport:
    """What verify found, a Drift a collection; after a repair, what became of that as well."""

    collections: Sequence[Drift]
    error: IndexerError | None = None
    mended: RunReport = field(default_factory=RunReport)

    @property
    def exit_code(self) -> int:
        """The one exit code that stands for all."""
        codes = [drift.exit_code for drift in self.collections]
        own = [self.error.exit_code] if self.error else []
        return worst([*codes, *own, self.mended.exit_code])

    @property
    def drifted(self) -> list[str]:
        """The names of the collections that differ."""
        return [drift.name for drift in self.collections if drift.exit_code == EXIT_DRIFT]

    def as_json(self) -> dict[str, Any]:
        """Return the object that --json prints."""
        errors = [self.error, *(drift.error for drift in self.collections)]
        return {
            "format": FORMAT,
            "exit_code": self.exit_code,
            "error": error_as_json(deciding([self.mended.first_error, *errors])),
            "collections": [drift.as_json() for drift in self.collections],
        }


def verify(run: Run, names: Sequence[str] = (), *, deep: bool = False) -> VerifyReport:
    """Compare collections with Stash, all if none is named; `deep` compares every stored field.

    Raises:
        ConfigurationError: a name is unknown.
    """
    drifts = [Drift(spec.name, spec.alias) for spec in choose(run.specs, names)]
    try:
        info = first_contact(run)
    except IndexerError as error:
        return VerifyReport(drifts, error)
    for spec, drift in zip(choose(run.specs, names), drifts, strict=True):
        try:
            refuse_older(run, spec, info)
            _verify(run, spec, drift, deep=deep)
        except IndexerError as error:
            drift.error = error
    return VerifyReport(drifts)


def _verify(run: Run, spec: CompiledSpec, drift: Drift, *, deep: bool) -> None:
    check_name_free(run.typesense, spec.alias)
    live = resolve(run.typesense, spec.alias)
    found = None if live is None else collection(run.typesense, live)
    if found is None:
        drift.schema = f"the alias {spec.alias} leads nowhere"
        return
    drift.collection, drift.documents = found.name, found.num_documents
    drift.schema = wrong_schema(spec, found)
    if drift.schema is not None:
        return
    run.emit(Started(spec.name, found.name, found.num_documents))
    ensure_counted(run.source, spec, run.membership, run.emit)
    first = _look(run, spec, found.name)
    if first.differs:
        first = first.also_in(_look(run, spec, found.name))
    document_id = spec.document_id
    drift.missing = list(map(document_id, sorted(first.missing)))
    drift.stale = list(map(document_id, sorted(first.stale)))
    drift.ghost = sorted(first.ghost)
    if deep:
        drift.altered = _altered(run, spec, found.name, {*drift.missing, *drift.stale})


@dataclass(frozen=True)
class _Differences:
    missing: frozenset[int]
    stale: frozenset[int]
    ghost: frozenset[str]

    @property
    def differs(self) -> bool:
        return bool(self.missing or self.stale or self.ghost)

    def also_in(self, other: "_Differences") -> "_Differences":
        """Return what both looks saw: what changed between them is no drift."""
        return _Differences(
            self.missing & other.missing, self.stale & other.stale, self.ghost & other.ghost
        )


def _look(run: Run, spec: CompiledSpec, name: str) -> _Differences:
    stream = Stream(run.source, spec, run.membership, run.warn_once)
    comparison = Comparison(stream, read_digests(run.typesense, name, spec.numbering))
    for _ in comparison.changed():
        pass
    return _Differences(
        frozenset(comparison.missing),
        frozenset([*comparison.stale, *comparison.doubled]),
        frozenset(comparison.gone),
    )


def _altered(run: Run, spec: CompiledSpec, name: str, known: set[str]) -> dict[str, list[str]]:
    """Return the fields in which stored documents differ from what they should be."""
    stream = Stream(run.source, spec, run.membership, run.warn_once)
    altered = {}
    for batch in _batches(stream.documents()):
        stored = stored_documents(run.typesense, name, [document.id for document in batch])
        for document in batch:
            if document.id in known or document.id not in stored:
                continue
            wanted, there = orjson.loads(document.body), stored[document.id]
            if wanted[DIGEST_FIELD] != there.get(DIGEST_FIELD):
                continue
            names = wanted.keys() | there.keys()
            differing = sorted(key for key in names if wanted.get(key) != there.get(key))
            if differing:
                altered[document.id] = differing
    return altered


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == MOST_IDS:
            yield batch
            batch = []
    if batch:
        yield batch
