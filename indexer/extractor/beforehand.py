"""What no index leads to from a scene: read whole before the scenes, then put into each page."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from indexer.extractor.columns import Row, Tables
from indexer.extractor.history import History, read_beforehand
from indexer.extractor.places import Places
from indexer.extractor.ways import GROUP_PATHS
from indexer.records import Kind, Record


class Beforehand(Protocol):
    """A part of all scenes, small enough to be held in memory."""

    @property
    def table(self) -> str:
        """The table that has it."""
        ...

    def after(self, last: Row | None, limit: int) -> str:
        """Return the statement for the next rows after one; for the first ones after None."""
        ...

    def of(self, scenes: Sequence[int]) -> str:
        """Return the statement for the rows of some scenes; it scans the table."""
        ...

    def add(self, rows: Iterable[Row]) -> None:
        """Take what such a statement gave."""
        ...

    def put(self, scenes: Sequence[Record]) -> None:
        """Put it into scenes, ascending by id."""
        ...

    def close(self) -> None:
        """Forget it."""
        ...


def beforehand(tables: Tables, kind: Kind, paths: frozenset[str]) -> list[Beforehand]:
    """Return what is to be read before the things of a kind, for these record paths."""
    if kind != "scene":
        return []
    found: list[Beforehand] = [History(dates, paths) for dates in read_beforehand(tables, paths)]
    if paths & GROUP_PATHS:
        found.append(Places(tables, index="groups.index" in paths))
    return found
