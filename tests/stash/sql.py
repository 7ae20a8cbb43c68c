"""querySQL and execSQL: any statement, encoded by the columns' declared types (docs/stash.md)."""

import base64
import math
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graphql import GraphQLError

from tests.stash.values import connect, replaced

LOCKED = "beginning transaction: database is locked"
_ZERO_TIME = "0001-01-01T00:00:00Z"


class UnsupportedValueError(Exception):
    """A value that JSON has no word for: the whole answer fails with 422."""


def query_sql(database: Path, sql: str, arguments: Sequence[Any]) -> dict[str, Any]:
    """Run a statement in a writing transaction, as Stash does; its columns and rows."""
    with _Writing(database) as connection:
        try:
            cursor = connection.execute(sql, [_bound(value) for value in arguments])
            rows = cursor.fetchall()
        except sqlite3.Error as error:
            raise GraphQLError(_failed(sql, arguments, error)) from error
        columns = [column[0] for column in cursor.description or ()]
        types = _declared_types(connection, sql, len(columns))
    return {
        "columns": columns,
        "rows": [[_encode(v, t) for v, t in zip(row, types, strict=True)] for row in rows],
    }


def exec_sql(database: Path, sql: str, arguments: Sequence[Any]) -> dict[str, int]:
    """Run a statement for its effect."""
    with _Writing(database) as connection:
        try:
            cursor = connection.execute(sql, [_bound(value) for value in arguments])
        except sqlite3.Error as error:
            raise GraphQLError(_failed(sql, arguments, error)) from error
        return {"rows_affected": cursor.rowcount, "last_insert_id": cursor.lastrowid or 0}


class _Writing:
    """A writing transaction: committed at the end, rolled back when something was raised."""

    def __init__(self, database: Path) -> None:
        self.connection = connect(database, write=True)

    def __enter__(self) -> sqlite3.Connection:
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            self.connection.close()
            raise GraphQLError(LOCKED) from error
        return self.connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.connection.execute("COMMIT" if kind is None else "ROLLBACK")
        self.connection.close()


def _bound(value: object) -> object:
    """Numbers arrive in Stash as json.Number and are bound as text."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _failed(sql: str, arguments: Sequence[Any], error: sqlite3.Error) -> str:
    return f"error executing `{sql}` [[{' '.join(map(str, arguments))}]]: {error}"


def _declared_types(connection: sqlite3.Connection, sql: str, columns: int) -> list[str]:
    """The declared type of each column of a SELECT, "" or an affinity for an expression.

    Python's sqlite3 doesn't tell them, but SQLite gives them to the columns of a view.
    """
    if not re.match(r"\s*(select|with)\b", sql, re.IGNORECASE):
        return [""] * columns
    fixed = re.sub(r"\?\d*", "NULL", sql)
    connection.execute(f"CREATE TEMP VIEW looked_at AS {fixed}")
    rows = connection.execute("SELECT type FROM pragma_table_info('looked_at')").fetchall()
    return [row[0].lower() for row in rows]


def _encode(value: object, declared: str) -> object:
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case float() if not math.isfinite(value):
            raise UnsupportedValueError("+Inf" if value > 0 else "-Inf")
        case float() if value.is_integer():
            return int(value)
        case int() if declared == "boolean":
            return value > 0
        case str() if declared in ("date", "datetime", "timestamp"):
            return _as_time(value)
        case str():
            return replaced(value)
        case _:
            return value


def _as_time(stored: str) -> str:
    """A date or time as Go prints it once parsed; one that can't be parsed is the zero time."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", stored):
        return f"{stored}T00:00:00Z"
    if re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?", stored):
        moment = stored.replace(" ", "T")
        return moment if len(moment) > len("2020-01-01T00:00:00") else f"{moment}Z"
    return _ZERO_TIME
