"""Which tables and columns a Stash database has: looked at, never guessed from its version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from indexer.extractor.trouble import WHICH_FILE_HINT, SourceUnavailable

OLDEST, NEWEST = 48, 75
"""The database schemas that were tried: of v0.22 and of v0.30 (docs/stash.md)."""

Row: TypeAlias = Sequence[Any]
Run: TypeAlias = Callable[[str], list[Row]]
"""Runs a SELECT on a Stash database and returns all its rows."""

_COLUMNS = (
    "SELECT m.name, c.name, c.pk FROM sqlite_master AS m, pragma_table_info(m.name) AS c "
    "WHERE m.type = 'table'"
)
_INDEXES = (
    "SELECT m.name, c.name FROM sqlite_master AS m, pragma_index_list(m.name) AS l, "
    "pragma_index_info(l.name) AS c WHERE m.type = 'table' AND c.seqno = 0 AND l.partial = 0"
)
_VERSION = "SELECT version+0, dirty+0 FROM schema_migrations"


@dataclass(frozen=True)
class Tables:
    """The schema version that the database says it has, its tables' columns, and its indexes.

    Of an index, a primary key too, the table and its first column.
    """

    schema: int
    columns: Mapping[str, frozenset[str]]
    indexes: frozenset[tuple[str, str]]

    def has(self, table: str, column: str | None = None) -> bool:
        """Say whether there is such a table, or such a column in it."""
        found = self.columns.get(table, frozenset())
        return column in found if column else bool(found)

    def scanned(self, table: str, column: str) -> bool:
        """Say whether all of a table is read to find what has some value in this column."""
        return self.has(table, column) and (table, column) not in self.indexes


def probe(run: Run) -> Tables:
    """Return what a database has. Raises SourceUnavailable if it is too old or half migrated."""
    columns: dict[str, set[str]] = {}
    indexes: set[tuple[str, str]] = set()
    for table, column, place_in_key in run(_COLUMNS):
        columns.setdefault(table, set()).add(column)
        if place_in_key == 1:
            indexes.add((table, column))
    indexes.update((table, column) for table, column in run(_INDEXES))
    versions = run(_VERSION) if "schema_migrations" in columns else []
    if not versions or versions[0][0] is None:
        raise SourceUnavailable("This is not the database of a Stash.", WHICH_FILE_HINT)
    schema, dirty = versions[0]
    if dirty:
        raise SourceUnavailable(
            f"The database was left in the middle of its migration to schema {schema}.",
            "Start Stash and let it migrate, or restore the backup it made before.",
        )
    if schema < OLDEST:
        raise SourceUnavailable(
            f"The database has schema {schema}, older than that of Stash v0.22 ({OLDEST}).",
            "Update Stash.",
        )
    found = {table: frozenset(names) for table, names in columns.items()}
    return Tables(schema, found, frozenset(indexes))
