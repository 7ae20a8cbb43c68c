"""The stand-in's schema and tables against those of eight releases."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from graphql import introspection_from_schema

from tests.contract.recordings import RECORDINGS
from tests.stash.dialect import SCHEMAS, Dialect
from tests.stash.tables import create_tables

pytestmark = pytest.mark.recordings

SCHEMA_OF = {
    "v0.22.1": 48,
    "v0.24.3": 54,
    "v0.25.0": 55,
    "v0.26.2": 58,
    "v0.27.2": 68,
    "v0.28.1": 72,
    "v0.29.3": 72,
    "v0.30.1": 75,
}

ONE_DATABASE = {"v0.29.3": {"VideoFile.parent_folder_id"}}
"""v0.29 has the database schema of v0.28, whose manners the stand-in has: here they differ."""


@pytest.mark.parametrize(("release", "schema"), SCHEMA_OF.items())
def test_the_schema_is_a_part_of_the_real_one(release: str, schema: int) -> None:
    """Every type, field, argument and enum value is in the recorded introspection, alike."""
    recorded = json.loads((RECORDINGS / release / "introspection.json").read_text("utf-8"))
    real = _members(recorded.get("data", recorded))
    ours = _members(introspection_from_schema(Dialect(schema).graphql))
    differing = {name for name, kind in ours.items() if real.get(name) != kind}
    assert differing == ONE_DATABASE.get(release, set())


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_tables_are_those_of_stash(schema: int) -> None:
    """Every table and column is in the recorded tables, with the same declared type."""
    real = json.loads((RECORDINGS / "tables.json").read_text("utf-8"))[str(schema)]["tables"]
    with closing(sqlite3.connect(":memory:")) as connection:
        create_tables(connection, schema)
        made = connection.execute("""
            SELECT t.name, c.name, c.type FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT IN ('sqlite_sequence', 'schema_migrations')
        """).fetchall()
    assert [row for row in made if real.get(row[0], {}).get(row[1]) != row[2]] == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_indexes_are_those_of_stash(schema: int) -> None:
    """Exactly the recorded indexes are on these tables: what scans a table there, scans it here."""
    real = json.loads((RECORDINGS / "tables.json").read_text("utf-8"))[str(schema)]["indexes"]
    with closing(sqlite3.connect(":memory:")) as connection:
        create_tables(connection, schema)
        tables = {name for (name,) in connection.execute("SELECT tbl_name FROM sqlite_master")}
        made: dict[str, tuple[str, list[str]]] = {}
        for name, table, column in connection.execute("""
            SELECT i.name, i.tbl_name, c.name FROM sqlite_master i, pragma_index_info(i.name) c
            WHERE i.type = 'index' AND i.sql IS NOT NULL ORDER BY i.name, c.seqno
        """):
            made.setdefault(name, (table, []))[1].append(column)
    kept = {name: (table, columns) for name, (table, columns) in real.items() if table in tables}
    assert made == kept


def _members(introspection: Any) -> dict[str, str]:
    """Type.field, Type.field(argument) and Type.VALUE, each with its type as SDL.

    Whether a field is deprecated belongs to its type here: clients may leave such out.
    """
    members: dict[str, str] = {}
    for kind in introspection["__schema"]["types"]:
        name = kind["name"]
        if name.startswith("__"):
            continue
        members[name] = kind["kind"]
        for member in [*(kind["fields"] or ()), *(kind["inputFields"] or ())]:
            old = " (deprecated)" if member.get("isDeprecated") else ""
            members[f"{name}.{member['name']}"] = _sdl(member["type"]) + old
            for argument in member.get("args") or ():
                members[f"{name}.{member['name']}({argument['name']})"] = _sdl(argument["type"])
        for value in kind["enumValues"] or ():
            members[f"{name}.{value['name']}"] = "value"
    return members


def _sdl(kind: dict[str, Any]) -> str:
    match kind["kind"]:
        case "NON_NULL":
            return f"{_sdl(kind['ofType'])}!"
        case "LIST":
            return f"[{_sdl(kind['ofType'])}]"
        case _:
            return str(kind["name"])
