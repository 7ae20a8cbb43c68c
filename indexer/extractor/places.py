"""The places of scenes in groups: read as the groups have them, wanted as the scenes come."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from indexer.extractor.columns import Row, Tables
from indexer.extractor.expressions import listed
from indexer.records import GroupMembership, Record, SceneRecord

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

    def __init__(self, tables: Tables, *, index: bool) -> None:
        """Begin with none."""
        name = "group" if tables.has("groups") else "movie"
        self.table = f"{name}s_scenes"
        self._group = f"{name}_id"
        self._index = index
        self._memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._memory.execute(_TABLE)

    def after(self, last: Row | None, limit: int) -> str:
        """Return the statement for the next rows after one; for the first ones after None."""
        key = f"{self._group}, scene_id"
        group, scene = (last[0], last[1]) if last else (0, 0)
        return f"{self._select()} ({key}) > ({group}, {scene}) ORDER BY {key} LIMIT {limit}"

    def of(self, scenes: Sequence[int]) -> str:
        """Return the statement for the rows of some scenes; it scans the table."""
        return f"{self._select()} scene_id IN ({listed(scenes)})"

    def add(self, places: Iterable[Row]) -> None:
        """Add places: rows of group, scene and the scene's number there, or None."""
        self._memory.execute("BEGIN")
        self._memory.executemany(
            "INSERT OR REPLACE INTO places (grouped, scene, number) VALUES (?, ?, ?)", places
        )
        self._memory.execute("COMMIT")

    def put(self, scenes: Sequence[Record]) -> None:
        """Put them into scenes, ascending by id."""
        groups = self._between(scenes[0]["id"], scenes[-1]["id"])
        for scene in scenes if groups else ():
            if found := groups.get(scene["id"]):
                cast("SceneRecord", scene)["groups"] = found

    def close(self) -> None:
        """Forget them."""
        self._memory.close()

    def _select(self) -> str:
        return f"SELECT {self._group}, scene_id, scene_index FROM {self.table} WHERE"

    def _between(self, first: int, last: int) -> Mapping[int, list[GroupMembership]]:
        """Return the places of the scenes from an id to another, by scene, groups ascending."""
        found: dict[int, list[GroupMembership]] = {}
        for scene, group, number in self._memory.execute(_BETWEEN, (first, last)):
            place = GroupMembership(group=group, index=number if self._index else None)
            found.setdefault(scene, []).append(place)
        return found
