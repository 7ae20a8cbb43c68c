"""Writes generated rows into a database, whatever its schema has of them."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.stash.tables import columns

TableRow = tuple[str, dict[str, Any]]
"""A table, and a row of it in the form of any schema: what a database has no column for is left
out, and so are rows of tables that it doesn't have."""

_BATCH = 5_000


class Writer:
    """Collects rows by table and inserts them many at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._columns: dict[str, set[str]] = {}
        self._waiting: defaultdict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(
            list
        )

    def write(self, rows: Iterable[TableRow]) -> None:
        """Insert all of these."""
        for table, row in rows:
            shape = (table, tuple(row))
            waiting = self._waiting[shape]
            waiting.append(row)
            if len(waiting) >= _BATCH:
                self._insert(*shape)
        for shape in list(self._waiting):
            self._insert(*shape)

    def _insert(self, table: str, names: tuple[str, ...]) -> None:
        rows = self._waiting.pop((table, names), [])
        known = self._columns.setdefault(table, columns(self._connection, table))
        kept = [name for name in names if name in known]
        if not kept:
            return
        listed = ", ".join(f'"{name}"' for name in kept)
        values = ", ".join(f":{name}" for name in kept)
        sql = f'INSERT INTO "{table}" ({listed}) VALUES ({values})'
        self._connection.executemany(sql, rows)
