"""What is made of dates, which may be known to a year or month only: "2021", "2021-05"."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from indexer.records import Timestamp

FULL_DATE = len("2021-05-04")

_FIRST_DAY = "0000-01-01"
_AFTER_MONTH = len("2021-05")

_EPOCH = date(1970, 1, 1).toordinal()
_SECONDS_A_DAY = 86_400


def first_day(when: str) -> Timestamp | None:
    """Return the first second (UTC, epoch) of what is known of a date: "2021" is 1 January."""
    day = _first_date(when)
    return None if day is None else (day.toordinal() - _EPOCH) * _SECONDS_A_DAY


def year(when: str) -> int | None:
    """Return a date's year."""
    day = _first_date(when)
    return None if day is None else day.year


def _first_date(when: str) -> date | None:
    whole = when + _FIRST_DAY[len(when) :]
    try:
        return date.fromisoformat(whole) if whole[_AFTER_MONTH : _AFTER_MONTH + 1] == "-" else None
    except ValueError:
        return None


def ages(births: Sequence[str | None], when: str | None) -> list[int]:
    """Return the whole years of each birthdate at a date, ascending, each once.

    Only where both dates are known to the day, and not before birth.
    """
    return list(_ages(tuple(births), when)) if births and when else []


@lru_cache(maxsize=64)
def _ages(births: tuple[str | None, ...], when: str) -> tuple[int, ...]:
    """Return the ages: two fields of one document ask for them, one after the other."""
    day = _full_date(when)
    if day is None:
        return ()
    born = [birth for birth in map(_full_date, filter(None, births)) if birth and birth <= day]
    return tuple(sorted({_whole_years(birth, day) for birth in born}))


def _whole_years(birth: date, day: date) -> int:
    not_yet = (day.month, day.day) < (birth.month, birth.day)
    return day.year - birth.year - not_yet


def _full_date(text: str) -> date | None:
    return _first_date(text) if len(text) == FULL_DATE else None


def youngest(births: Sequence[str | None], when: str | None) -> int | None:
    """Return the smallest of the ages: a list can't be sorted by."""
    return next(iter(ages(births, when)), None)


DATES: Sequence[Callable[..., Any]] = (ages, first_day, year, youngest)
