"""The places of scenes in groups: read as the groups have them, wanted as the scenes come."""

import sqlite3
from collections.abc import Iterable, Mapping

from indexer.extractor.columns import Row
from indexer.records import GroupMembership

_TABLE = """
CREATE TABLE places (
    scene INTEGER, grouped INTEGER, number INTEGER, PRIMARY KEY (scene, grouped)
) WITHOUT ROWID
"""
_BETWEEN = """
SELECT scene, grouped, number FROM places WHERE scene BETWEEN ? AND ? ORDER BY scene, grouped
"""


class Places:
    """The places of a whole library, in memory: some 15 bytes each, a tenth of what a dict takes.

    Without `index` the scenes' numbers in their groups are unset.
    """

    def __init__(self, *, index: bool) -> None:
        """Begin with none."""
        self._index = index
        self._table = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._table.execute(_TABLE)

    def add(self, places: Iterable[Row]) -> None:
        """Add places: rows of group, scene and the scene's number there, or None."""
        self._table.execute("BEGIN")
        self._table.executemany(
            "INSERT OR REPLACE INTO places (grouped, scene, number) VALUES (?, ?, ?)", places
        )
        self._table.execute("COMMIT")

    def between(self, first: int, last: int) -> Mapping[int, list[GroupMembership]]:
        """Return the places of the scenes from an id to another, by scene, groups ascending."""
        found: dict[int, list[GroupMembership]] = {}
        for scene, group, number in self._table.execute(_BETWEEN, (first, last)):
            place = GroupMembership(group=group, index=number if self._index else None)
            found.setdefault(scene, []).append(place)
        return found

    def close(self) -> None:
        """Forget them."""
        self._table.close()
