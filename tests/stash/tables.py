"""The tables of a Stash database, as far as the stand-in and the tests need them.

tables.txt names each table, its columns with the types that Stash declares, and after a semicolon
its primary key. `+75` after a column or a table means since that database schema, `-58` up to that
one. indexes.txt does so for indexes, but for whether they are unique: tests write what Stash would
not. A contract test compares the result with the recorded tables.json.
"""

import re
import sqlite3
from pathlib import Path

_TABLES = Path(__file__).with_name("tables.txt")
_INDEXES = Path(__file__).with_name("indexes.txt")


def create_tables(connection: sqlite3.Connection, schema: int) -> None:
    """Make the empty tables and the indexes of a database schema, and note the schema."""
    connection.execute("CREATE TABLE schema_migrations (version uint64, dirty bool)")
    connection.execute("INSERT INTO schema_migrations VALUES (?, 0)", (schema,))
    described = re.sub(r"\n +", " ", _TABLES.read_text(encoding="utf-8"))
    for line in described.splitlines():
        head, body = line.split(": ", 1)
        name = _kept(head, schema)
        if name:
            connection.execute(_create(name, body, schema))
    for line in _INDEXES.read_text(encoding="utf-8").splitlines():
        head, body = line.split(": ", 1)
        if name := _kept(head, schema):
            connection.execute(f"CREATE INDEX {name} ON {body}")


def columns(connection: sqlite3.Connection, table: str) -> set[str]:
    """The names of a table's columns; empty when there is no such table."""
    return {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}


def _create(name: str, body: str, schema: int) -> str:
    described, _, key = body.partition(" ; ")
    parts = []
    for column in described.split(", "):
        kept = _kept(column, schema)
        if kept == "id":
            parts.append("id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT")
        elif kept:
            column_name, declared = kept.split(" ", 1)
            parts.append(f'"{column_name}" {declared}')
    if key:
        parts.append(f"PRIMARY KEY ({key})")
    return f'CREATE TABLE "{name}" ({", ".join(parts)})'


def _kept(described: str, schema: int) -> str | None:
    """What is described, without its mark; None when that schema does not have it."""
    found = re.fullmatch(r"(.+?)(?: ([+-])(\d+))?", described)
    assert found
    text, sign, mark = found.groups()
    if sign == "+" and schema < int(mark):
        return None
    return None if sign == "-" and schema > int(mark) else text
