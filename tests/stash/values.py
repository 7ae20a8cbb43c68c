"""SQL expressions that give stored values the way Stash prints them, and how text is decoded.

All are pieces of SELECT lists; `x` is a column name or an expression.
"""

import re
import sqlite3
from functools import lru_cache
from pathlib import Path


def text(x: str) -> str:
    """A nullable string that Stash prints as "" when unset (docs/stash.md)."""
    return f"coalesce({x}, '')"


def number(x: str) -> str:
    """A float as Stash prints it: 0 for infinite, and whole ones without a point."""
    return (
        f"CASE WHEN {x} IS NULL THEN NULL WHEN abs({x}) > 1e308 THEN 0 "
        f"WHEN {x} = CAST({x} AS INTEGER) THEN CAST({x} AS INTEGER) ELSE {x} END"
    )


def time(x: str) -> str:
    """A timestamp as RFC 3339 with the offset it was stored with; old rows have none: UTC."""
    return f"iif({x} LIKE '____-__-__ %', substr(replace({x}, ' ', 'T'), 1, 19) || 'Z', {x})"


def date(x: str, precision: str | None) -> str:
    """A date; 0001-01-01 for one that is none; cut to year or month where the precision says so."""
    day = f"iif({x} IS NOT NULL AND date({x}) IS NULL, '0001-01-01', date({x}))"
    if precision is None:
        return day
    return f"substr({day}, 1, CASE {precision} WHEN 1 THEN 7 WHEN 2 THEN 4 ELSE 10 END)"


def picture(kind: str, table: str, name: str, blob: str) -> str:
    """The URL of a picture; `default=true` marks that there is none."""
    return (
        f":base || '/{kind}/' || {table}.id || '/{name}?t=' || "
        f"strftime('%s', {table}.updated_at) || iif({blob} IS NULL, '&default=true', '')"
    )


def connect(database: Path, *, write: bool = False) -> sqlite3.Connection:
    """A connection as Stash makes it: read-only or writing at once, waiting 50 ms for a lock."""
    mode = "rw" if write else "ro"
    connection = sqlite3.connect(
        f"{database.absolute().as_uri()}?mode={mode}", uri=True, timeout=0.05, isolation_level=None
    )
    connection.text_factory = decode
    connection.create_collation("NATURAL_CI", _compare)
    return connection


def decode(stored: bytes) -> str:
    """Text with each byte that is not UTF-8 as a lone surrogate: `encode` gives it back."""
    return stored.decode("utf-8", "surrogateescape")


def replaced(stored: str) -> str:
    """Text as Go's JSON encoder prints it: one U+FFFD per byte that is not UTF-8."""
    return re.sub("[\udc80-\udcff]", "\ufffd", stored)


def natural(name: str) -> list[str | int]:
    """The key by which Stash sorts names: case-insensitive, numbers inside by value."""
    return list(_natural(name))


@lru_cache(maxsize=100_000)
def _natural(name: str) -> tuple[str | int, ...]:
    parts = re.split(r"([0-9]+)", name.lower())
    return tuple(int(part) if odd % 2 else part for odd, part in enumerate(parts))


def _compare(left: str, right: str) -> int:
    a, b = natural(left), natural(right)
    return (a > b) - (a < b)
