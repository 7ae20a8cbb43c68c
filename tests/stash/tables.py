"""The tables of a Stash database, as far as the stand-in and the tests need them.

tables.txt names each table, its columns with the types that Stash declares, and after a semicolon
its primary key. `+75` after a column or a table means since that database schema, `-58` up to that
one. A contract test compares the result with the recorded tables.json.
"""

import re
import sqlite3
from pathlib import Path

_TABLES = Path(__file__).with_name("tables.txt")

_INDEXES = (
    ("scenes", "studio_id"),
    ("scenes_files", "file_id"),
    ("scenes_tags", "tag_id"),
    ("scenes_galleries", "gallery_id"),
    ("scenes_view_dates", "scene_id"),
    ("scenes_o_dates", "scene_id"),
    ("scene_markers", "scene_id"),
    ("performers_scenes", "performer_id"),
    ("performers_tags", "tag_id"),
    ("performer_stash_ids", "performer_id"),
    ("studio_stash_ids", "studio_id"),
    ("groups_relations", "sub_id"),
)


def create_tables(connection: sqlite3.Connection, schema: int) -> None:
    """Make the empty tables of a database schema, and note the schema."""
    connection.execute("CREATE TABLE schema_migrations (version uint64, dirty bool)")
    connection.execute("INSERT INTO schema_migrations VALUES (?, 0)", (schema,))
    made = set()
    described = re.sub(r"\n +", " ", _TABLES.read_text(encoding="utf-8"))
    for line in described.splitlines():
        head, body = line.split(": ", 1)
        name = _kept(head, schema)
        if name:
            made.add(name)
            connection.execute(_create(name, body, schema))
    for table, column in _INDEXES:
        if table in made:
            connection.execute(f"CREATE INDEX index_{table}_on_{column} ON {table} ({column})")


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
