"""Pieces of SQL that give the same value to querySQL and to a plain connection (docs/stash.md).

querySQL goes by a column's declared type: dates, booleans and blobs come out changed, and one
infinite number fails the whole statement. What is calculated has no declared type.
"""

from collections.abc import Iterable, Mapping

from indexer.extractor.canonical import LARGEST


def text(x: str) -> str:
    """Text; null where it is "", which is how Stash prints what is unset."""
    return f"nullif({x}, '')"


def codec(x: str) -> str:
    """A codec or format; null where the file was never probed."""
    return f"nullif(nullif({x}, 'unset'), '')"


def positive(x: str) -> str:
    """A whole measure; null where it can't be one."""
    return f"CASE WHEN {x} > 0 THEN {x} END"


def stored(x: str) -> str:
    """The text of a date or time as it is stored."""
    return f"{x}||''"


def whole(x: str) -> str:
    """A boolean as 0 or 1."""
    return f"{x}+0"


def real(x: str) -> str:
    """A float; 0 for an infinite one, as the API prints it."""
    return f"CASE WHEN {x} NOT BETWEEN -{LARGEST} AND {LARGEST} THEN 0 ELSE {x} END"


def real_as_text(x: str) -> str:
    """A float inside JSON, of which SQLite would print 15 digits only: as text of all digits.

    Null if it is infinite.
    """
    return f"CASE WHEN ({x}) BETWEEN -{LARGEST} AND {LARGEST} THEN printf('%!.18g', {x}) END"


def date(x: str, precision: str | None) -> str:
    """A date, cut to year or month where the precision says so; null for what is no date.

    As in canonical.date, which stands beside it, the first day of the year 1 is none.
    """
    day = f"substr({x}, 1, 10)"
    length = f"CASE {precision} WHEN 1 THEN 7 WHEN 2 THEN 4 ELSE 10 END" if precision else "10"
    return (
        f"CASE WHEN date({x}||'') = {day} AND {day} > '0001-01-01' "
        f"THEN substr({x}, 1, {length}) END"
    )


def list_of(value: str, source: str) -> str:
    """A JSON list of values; `source` is what follows FROM, a WHERE included."""
    return f"(SELECT json_group_array({value}) FROM {source})"


def ordered_list_of(value: str, source: str, order: str) -> str:
    """A JSON list of values in an order: SQLite sorts while it gathers since 3.44 only."""
    return list_of("x", f"(SELECT {value} AS x FROM {source} ORDER BY {order})")


def rows_of(values: str, source: str) -> str:
    """A JSON list of lists of values."""
    return list_of(f"json_array({values})", source)


def objects_of(values: Mapping[str, str], source: str) -> str:
    """A JSON list of objects, given by key."""
    pairs = ", ".join(f"'{key}', {value}" for key, value in values.items())
    return list_of(f"json_object({pairs})", source)


def listed(ids: Iterable[int]) -> str:
    """Ids as what follows IN, without brackets."""
    return ", ".join(str(int(one)) for one in ids)


def nested(json: str) -> str:
    """JSON inside JSON, which would else become a piece of text in some versions of SQLite."""
    return f"json({json})"
