"""What a run did, as values: what the summary shows and what --json prints."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from indexer.errors import EXIT_OK, EXIT_REFUSED_SOME, IndexerError, deciding, worst

FORMAT = 1

State: TypeAlias = Literal["live", "absent", "refused", "failed", "dry-run"]


@dataclass(frozen=True)
class Gate:
    """What a gate or canary saw, beside its limit."""

    name: str
    ok: bool
    seen: float
    limit: float


@dataclass
class CollectionReport:
    """One collection's part of a run; counts in documents.

    `state` is "live" when people search what the run meant them to, "absent" when the alias leads
    nowhere and nothing is wrong with that, "refused" when a gate or canary said no, "failed" when
    it got no further. `dropped` are collections, each with the reason.
    """

    name: str
    alias: str
    previous: str | None = None
    collection: str | None = None
    state: State = "failed"
    source_count: int | None = None
    read: int = 0
    loaded: int = 0
    refused: int = 0
    deleted: int = 0
    documents: int = 0
    seconds: float = 0.0
    swapped: bool = False
    dropped: dict[str, str] = field(default_factory=dict)
    gates: list[Gate] = field(default_factory=list)
    dead_letters: str | None = None
    error: IndexerError | None = None

    @property
    def exit_code(self) -> int:
        """0, 3 where some documents were refused, else the error's own code."""
        if self.error is not None:
            return self.error.exit_code
        return EXIT_REFUSED_SOME if self.refused else EXIT_OK


@dataclass(frozen=True)
class RunReport:
    """A whole run: one entry a collection, and the error of a run that didn't get that far."""

    collections: Sequence[CollectionReport] = ()
    error: IndexerError | None = None

    @property
    def exit_code(self) -> int:
        """The one exit code that stands for the run; see errors.SEVERITY."""
        codes = [collection.exit_code for collection in self.collections]
        return worst([*codes, self.error.exit_code] if self.error else codes)

    @property
    def first_error(self) -> IndexerError | None:
        """The error that decided the exit code."""
        return deciding([self.error, *(collection.error for collection in self.collections)])

    def as_json(self) -> dict[str, Any]:
        """Return the object that --json prints; its shape is versioned by `format`."""
        return {
            "format": FORMAT,
            "exit_code": self.exit_code,
            "error": error_as_json(self.first_error),
            "collections": [_collection_as_json(entry) for entry in self.collections],
        }


class Failure(NamedTuple):
    """What ended a command of which no run came about."""

    exit_code: int
    slug: str
    message: str
    hint: str

    def as_json(self) -> dict[str, Any]:
        """Return the object that --json prints."""
        error = {"slug": self.slug, "message": self.message, "hint": self.hint}
        return {
            "format": FORMAT,
            "exit_code": self.exit_code,
            "error": error,
            "collections": [],
        }


def error_as_json(error: IndexerError | None) -> dict[str, str] | None:
    """Return an error as --json prints it."""
    if error is None:
        return None
    return {"slug": error.slug, "message": error.message, "hint": error.hint}


def _collection_as_json(entry: CollectionReport) -> dict[str, Any]:
    plain = {name: value for name, value in vars(entry).items() if name != "error"}
    return plain | {"gates": [asdict(gate) for gate in entry.gates]}
