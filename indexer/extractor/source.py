"""What every way of reading Stash offers: the Source protocol."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from indexer.records import Kind, Record


@dataclass(frozen=True)
class Unreadable:
    """A record that Stash has but can't give: it counts as seen and as refused."""

    id: int
    error: str


@dataclass(frozen=True)
class Page:
    """Some records of one kind, in ascending order of id, and those among them that failed."""

    records: Sequence[Record]
    unreadable: Sequence[Unreadable] = ()


@dataclass(frozen=True)
class StashInfo:
    """What is known of the Stash behind a source; version may be "" in home-made builds."""

    url: str
    version: str
    schema: int
    counts: Mapping[Kind, int] = field(default_factory=dict)
    """How many of each kind Stash says it has, at the time of asking."""
    taken_at: int | None = None
    """When all of it was written down, as epoch seconds; None where Stash itself is read."""


class Source(Protocol):
    """One way of reading a Stash library; all ways give equal records.

    Paths are record paths such as "title", "files.width" or "groups.index": only what they name
    is asked of Stash. A kind's own id always comes along.
    """

    @property
    def name(self) -> str:
        """How it reads: "api", "sql", "file", "backup" or "snapshot"."""
        ...

    def info(self) -> StashInfo:
        """Return Stash's version, schema and counts. Raises StashError."""
        ...

    def absent(self, kind: Kind, paths: frozenset[str]) -> frozenset[str]:
        """Return those of `paths` that this Stash doesn't have; they read as unset.

        Raises StashError if one that can't be done without is missing.
        """
        ...

    def pages(
        self, kind: Kind, paths: frozenset[str], ids: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Yield all records of a kind in ascending order of id, or those of `ids` that exist.

        Raises StashError.
        """
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...
