"""When scenes were played: tables of dates, which have no index on the scene before v0.27."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from indexer.extractor.canonical import epoch
from indexer.extractor.columns import Row, Tables
from indexer.extractor.expressions import listed, stored
from indexer.records import Record


@dataclass(frozen=True)
class Dates:
    """A table with a row for each time, its column, and the fields of a scene that come of it."""

    table: str
    column: str
    number: str
    last: str


VIEWS = Dates("scenes_view_dates", "view_date", "play_count", "last_played_at")
O_DATES = Dates("scenes_o_dates", "o_date", "o_counter", "last_o_at")

_TABLE = "CREATE TABLE history (scene INTEGER PRIMARY KEY, number INTEGER, last TEXT)"
_ADD = """
INSERT INTO history VALUES (?, 1, ?)
ON CONFLICT (scene) DO UPDATE SET number = number + 1, last = max(last, excluded.last)
"""
_BETWEEN = "SELECT scene, number, last FROM history WHERE scene BETWEEN ? AND ?"


def read_beforehand(tables: Tables, paths: frozenset[str]) -> Iterator[Dates]:
    """Yield the tables that these record paths need and that a subquery for each would scan."""
    for dates in (VIEWS, O_DATES):
        if paths & {dates.number, dates.last} and tables.scanned(dates.table, "scene_id"):
            yield dates


class History:
    """How often and when each scene was played last, in memory: some 30 bytes for one that was."""

    def __init__(self, dates: Dates, paths: frozenset[str]) -> None:
        """Begin with none; only the fields that `paths` name are put into scenes."""
        self.table = dates.table
        self._column = dates.column
        self._fields = [
            (name, read)
            for name, read in ((dates.number, _counted), (dates.last, _last))
            if name in paths
        ]
        self._memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._memory.execute(_TABLE)

    def after(self, last: Row | None, limit: int) -> str:
        """Return the statement for the next rows after one; for the first ones after None."""
        return f"{self._select()} AND rowid > {last[0] if last else 0} ORDER BY rowid LIMIT {limit}"

    def of(self, scenes: Sequence[int]) -> str:
        """Return the statement for the rows of some scenes; it scans the table."""
        return f"{self._select()} AND scene_id IN ({listed(scenes)})"

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows of any number, scene and date."""
        self._memory.execute("BEGIN")
        self._memory.executemany(_ADD, ((scene, date) for _, scene, date in rows))
        self._memory.execute("COMMIT")

    def put(self, scenes: Sequence[Record]) -> None:
        """Put what is known into scenes, ascending by id."""
        between = (scenes[0]["id"], scenes[-1]["id"])
        found = {row[0]: row for row in self._memory.execute(_BETWEEN, between)}
        for scene in scenes if found else ():
            if row := found.get(scene["id"]):
                whole = cast("dict[str, Any]", scene)
                whole.update((name, read(row)) for name, read in self._fields)

    def close(self) -> None:
        """Forget it."""
        self._memory.close()

    def _select(self) -> str:
        columns = f"rowid, scene_id, {stored(self._column)}"
        return f"SELECT {columns} FROM {self.table} WHERE scene_id IS NOT NULL"


def _counted(row: Row) -> int:
    return int(row[1])


def _last(row: Row) -> int | None:
    return epoch(row[2])
