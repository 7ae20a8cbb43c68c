"""From a row of a SELECT to its record: what each column's value becomes.

The hot part of every source that reads by SQL: a record costs a few microseconds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Any, TypeAlias, cast, get_args, get_type_hints

import orjson

from indexer.extractor.columns import Row
from indexer.records import RECORD_TYPES, Kind, Record

EMPTY = "[]"
"""The JSON of a list without members: most lists are empty, and need no parsing."""


@dataclass(frozen=True)
class Field:
    """One field of a record: its columns in SQL, and what makes the field of their values.

    Without `read` the one column's value is the field. `join` follows the table's name where the
    columns are of another table too; a record must stay one row.
    """

    sql: tuple[str, ...]
    read: Callable[..., Any] | None = None
    join: str = ""


Fields: TypeAlias = Mapping[str, Field]
"""Fields by name in the record."""


BEFOREHAND = Field(())
"""A field that no column gives: it is put into the record (beforehand.py)."""


def plain(sql: str, join: str = "") -> Field:
    """Return a field that SQL gives as it is in the record."""
    return Field((sql,), join=join)


def unset(record: type) -> dict[str, Any]:
    """Return a record, or a thing inside one, of which nothing was asked."""
    return {name: _unset(hint) for name, hint in _hints(record).items()}


def to_records(kind: Kind, fields: Fields) -> Callable[[list[Row]], list[Record]]:
    """Return what makes records of rows: the id, then the columns of `fields` in their order.

    It uses the rows up, one for each record: a page of both takes twice the memory.
    """
    blank = unset(RECORD_TYPES[kind])
    lists = [name for name, value in blank.items() if value == [] and name not in fields]
    columns, single, several = ["id"], [], []
    for name, field in fields.items():
        at, width = len(columns), len(field.sql)
        columns += [name] * width
        if width > 1 and field.read:
            several.append((name, slice(at, at + width), field.read))
        elif field.read:
            single.append((name, at, field.read))

    def record(row: Row) -> Record:
        made = blank.copy()
        for name in lists:
            made[name] = []
        made.update(zip(columns, row, strict=True))
        for name, at, read in single:
            made[name] = read(row[at])
        for name, these, read in several:
            made[name] = read(*row[these])
        return cast("Record", made)

    def records(rows: list[Row]) -> list[Record]:
        rows.reverse()
        return [record(rows.pop()) for _ in range(len(rows))]

    return records


def number(value: float | str | None) -> float | None:
    """Return a float, which may come as a whole number or, out of JSON, as text."""
    return None if value is None else float(value)


def ids(text: str) -> list[int]:
    """Return ids in ascending order."""
    if text == EMPTY:
        return []
    found: list[int] = orjson.loads(text)
    found.sort()
    return found


def names(text: str) -> list[str]:
    """Return text in ascending order."""
    return sorted(orjson.loads(text))


@cache
def _hints(record: type) -> dict[str, Any]:
    return get_type_hints(record)


def _unset(hint: Any) -> Any:
    if NoneType in get_args(hint):
        return None
    return getattr(hint, "__origin__", hint)()
