"""From what Stash stores or prints to the one canonical form of records.py.

Pure functions, shared by every source: what goes through here comes out equal, whichever way it
was read. The facts behind them stand in docs/stash.md.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import orjson
from pydantic import JsonValue

from indexer.records import Caption, CustomField, GroupMembership, SceneMarker, StashId

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_NOT_UTF8 = re.compile("[\udc80-\udcff]")  # what surrogateescape makes of such a byte
_NO_DATE = "0001-01-01"
_SEPARATORS = "/\\"
_CAREER = re.compile(r"(\d{4})?\s*(?:[-\u2013\u2014]\s*(?:(\d{4})|\D*))?", re.ASCII)
_URL = re.compile(r"https?://")

LARGEST = 1e308
"""A number above counts as infinite: SQL has no word for infinity to compare with."""


def decoded(stored: bytes) -> str:
    """Return text with one U+FFFD for each byte that is not UTF-8, as querySQL does."""
    return _NOT_UTF8.sub("\ufffd", stored.decode("utf-8", "surrogateescape"))


def text(value: str | None) -> str | None:
    """Return None for what Stash prints for unset text: "". Nothing is trimmed."""
    return value or None


def codec(value: str | None) -> str | None:
    """Return a codec or format; None where the file was never probed ("unset")."""
    return None if value == "unset" else value or None


def positive(value: float | None) -> float | None:
    """Return a measure as float; None for what can't be one: 0, less, NaN, infinite."""
    return float(value) if value is not None and 0 < value <= LARGEST else None


def positive_whole(value: int | None) -> int | None:
    """Return a whole measure; None for 0 or less, which an unprobed file has."""
    return value if value is not None and value > 0 else None


def epoch(value: str | None) -> int | None:
    """Return an RFC 3339 time of any offset as epoch seconds; without an offset it is UTC.

    None for Go's zero time of the year 1, which Stash prints for a time it can't read, and for
    text that is no time. The epoch itself, which old rows hold, is a time like any other: 0.
    """
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.year == 1:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _SECOND


def latest(values: Iterable[str]) -> int | None:
    """Return the latest of some times as epoch seconds; None if there is none."""
    moments = [moment for moment in map(epoch, values) if moment is not None]
    return max(moments, default=None)


def date(value: str | None) -> str | None:
    """Return "YYYY", "YYYY-MM" or "YYYY-MM-DD" as Stash prints it; None if it is no date.

    The first of January of the year 1 is what Stash prints for a date that is none.
    """
    if not value or not _DATE.fullmatch(value) or _NO_DATE.startswith(value):
        return None
    try:
        datetime.fromisoformat(value + _NO_DATE[len(value) :])
    except ValueError:
        return None
    return value


def year(value: int | str | None) -> int | None:
    """Return the year of a career's start or end, which newer Stashes hold as a year or a date."""
    digits = str(value or "")[:4]
    return int(digits) if len(digits) == len("YYYY") and digits.isdecimal() else None


def career(value: str | None) -> tuple[int | None, int | None]:
    """Return (first year, last year) of Stash's free text: "2004 - 2010", "2004-", "- 2010".

    A single year is the first one. Text of any other form says nothing that can be relied on.
    """
    match = _CAREER.fullmatch((value or "").strip())
    if not match:
        return None, None
    first, last = match.groups()
    return year(first), year(last)


def folder(path: str, basename: str) -> str:
    """Return the folder of a file from its whole path.

    The separator before the name is the Stash server's, so it is cut off; the others stay.
    """
    return folder_path(path.removesuffix(basename))


def folder_path(path: str) -> str:
    """Return a folder without separators at its end; the root stays what it is."""
    return path.rstrip(_SEPARATORS) or path[:1]


def urls(
    listed: Iterable[str] | None,
    url: str | None = None,
    twitter: str | None = None,
    instagram: str | None = None,
) -> list[str]:
    """Return the list of urls, or from what Stashes without one have what became it in v0.27."""
    if listed is not None:
        return list(listed)
    found = (url, _at(twitter, "twitter.com"), _at(instagram, "instagram.com"))
    return [one for one in found if one]


def _at(handle: str | None, site: str) -> str | None:
    """Return a handle at a site as URL, as Stash's own migration to lists of urls does."""
    return f"https://www.{site}/{handle}" if handle and not _URL.match(handle) else handle


def custom(fields: Mapping[str, JsonValue] | None) -> list[CustomField]:
    """Return custom fields by name; unset ones are left out."""
    values = sorted((fields or {}).items())
    return [
        CustomField(name=name, value=_as_text(value)) for name, value in values if value is not None
    ]


def _as_text(value: JsonValue) -> str:
    match value:
        case str():
            return value
        case float() if value.is_integer():
            return str(int(value))
        case bool() | list() | dict() | None:
            return orjson.dumps(value).decode()
        case _:  # numbers not by orjson: it refuses ints beyond 64 bits and prints NaN as null
            return str(value)


def picture(path: str | None) -> bool:
    """Say whether there is a picture: Stash gives a URL anyway and marks its default one."""
    return bool(path) and "default=true" not in str(path)


def stash_ids(found: Iterable[StashId]) -> list[StashId]:
    """Return stash_ids by endpoint and id."""
    return sorted(found, key=lambda one: (one["endpoint"], one["stash_id"]))


def markers(found: Iterable[SceneMarker]) -> list[SceneMarker]:
    """Return a scene's markers by second and id."""
    return sorted(found, key=lambda marker: (marker["seconds"], marker["id"]))


def memberships(found: Iterable[GroupMembership]) -> list[GroupMembership]:
    """Return a scene's places in groups by group id."""
    return sorted(found, key=lambda place: place["group"])


def captions(found: Iterable[Caption]) -> list[Caption]:
    """Return captions by language and type."""
    return sorted(found, key=lambda caption: (caption["language"], caption["type"]))


def primary_first(things: Sequence[T], id_of: Callable[[T], int]) -> list[T]:
    """Return files, of which Stash gives the primary one first, with the others by id."""
    return [*things[:1], *sorted(things[1:], key=id_of)]
