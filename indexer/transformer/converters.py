"""The converters a spec may name: pure functions from record values to a field's value.

A converter with one parameter gets the first of the field's paths that is set, one with several
gets the value of every path. None means unset: the field is left out of the document.
"""

import re
import string
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from indexer.records import Timestamp, Wide

Wides: TypeAlias = list[Wide]

# Stash's own names and lower bounds by the shorter side (its ResolutionEnum).
RESOLUTIONS = (
    (6144, "8K+"),
    (3840, "8K"),
    (3584, "7K"),
    (3000, "6K"),
    (2560, "5K"),
    (1920, "4K"),
    (1440, "1440p"),
    (1080, "1080p"),
    (720, "720p"),
    (540, "540p"),
    (480, "480p"),
    (360, "360p"),
    (240, "240p"),
    (144, "144p"),
)
NO_GROUP_NUMBER = -1
NAMELESS_MARKER = "Marker"
SORT_KEY_LENGTH = 60
FULL_DATE = len("2021-05-04")

_WORD_BREAKS = str.maketrans(dict.fromkeys(string.punctuation, " "))
_EPOCH = date(1970, 1, 1)
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=65536)
def first_day(when: str) -> Timestamp | None:
    """Return the first second (UTC, epoch) of what is known of a date: "2021" is 1 January."""
    day = _first_date(when)
    return None if day is None else int((day - _EPOCH).total_seconds())


def year(when: str) -> int | None:
    """Return a date's year."""
    day = _first_date(when)
    return None if day is None else day.year


@lru_cache(maxsize=65536)
def _first_date(when: str) -> date | None:
    parts = [*when.split("-"), "1", "1"][:3]
    try:
        return date(*map(int, parts))
    except (ValueError, OverflowError):
        return None


def ages(births: Sequence[str | None], when: str | None) -> list[int]:
    """Return the whole years of each birthdate at a date, ascending, each once.

    Only where both dates are known to the day, and not before birth.
    """
    if when is None or len(when) != FULL_DATE:
        return []
    day = _first_date(when)
    if day is None:
        return []
    found = set()
    for born in births:
        birth = _first_date(born) if born is not None and len(born) == FULL_DATE else None
        if birth is not None and birth <= day:
            before_birthday = (day.month, day.day) < (birth.month, birth.day)
            found.add(day.year - birth.year - before_birthday)
    return sorted(found)


def youngest(births: Sequence[str | None], when: str | None) -> int | None:
    """Return the smallest of the ages: a list can't be sorted by."""
    return next(iter(ages(births, when)), None)


def stars(rating: int) -> int:
    """Return a rating of 1-100 as 1-5 stars, halves up."""
    return max(1, (rating + 10) // 20)


@lru_cache(maxsize=4096)
def resolution(width: int | None, height: int | None) -> str | None:
    """Return Stash's name for a picture's size, by its shorter side; None below 144."""
    if width is None or height is None:
        return None
    shorter = min(width, height)
    return next((name for bound, name in RESOLUTIONS if shorter >= bound), None)


def orientation(width: int | None, height: int | None) -> str | None:
    """Return "landscape", "portrait" or "square"."""
    if width is None or height is None:
        return None
    if width == height:
        return "square"
    return "landscape" if width > height else "portrait"


def sites(urls: list[str]) -> list[str]:
    """Return the hosts of urls, lower case, without "www.", each once."""
    return list(dict.fromkeys(host for url in urls if (host := _host(url))))


@lru_cache(maxsize=4096)
def _origin_host(origin: str) -> str | None:
    try:
        host = urlsplit(origin).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _host(url: str) -> str | None:
    scheme, separator, rest = url.partition("://")
    return _origin_host(f"{scheme}://{rest.partition('/')[0]}") if separator else None


def join_path(folder: str, basename: str) -> str:
    """Return a file's path: the folder's own separator, "/" where it has none.

    Stash joins by its server's separator, which its database doesn't hold.
    """
    separator = "\\" if "\\" in folder and "/" not in folder else "/"
    return folder + basename if folder.endswith(separator) else f"{folder}{separator}{basename}"


def paths(folders: list[str], basenames: list[str]) -> list[str]:
    """Return the paths of files."""
    return list(map(join_path, folders, basenames))


def path_words(folders: list[str], basenames: list[str]) -> list[str]:
    """Return the words of folders and names, in order, each once whatever its case."""
    words = _words(" ".join(dict.fromkeys([*folders, *basenames])))
    return list({word.lower(): word for word in words}.values())


def _words(text: str) -> list[str]:
    return text.translate(_WORD_BREAKS).split()


@lru_cache(maxsize=16384)
def last_levels(folder: str) -> str | None:
    """Return the last two levels of a folder, "a/b" whatever the separator."""
    levels = [level for level in re.split(r"[/\\]", folder) if level]
    return "/".join(levels[-2:]) or None


def natural_order(text: str) -> str:
    """Return a key whose plain order is the natural one: 2 before 10, a beside á.

    A run of digits is preceded by its length; letters lose case and marks. Never empty.
    """
    folded = text.casefold()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(part for part in parts if not unicodedata.combining(part))
    key = _DIGITS.sub(_with_length, " ".join(_words(folded)))
    return (key or text)[:SORT_KEY_LENGTH]


def _with_length(run: re.Match[str]) -> str:
    digits = run.group().lstrip("0") or "0"
    return f"{min(len(digits), 99):02}{digits}"


def count(things: list[object]) -> int:
    """Return how many there are."""
    return len(things)


def any_of(flags: list[bool]) -> bool:
    """Say whether any is so."""
    return any(flags)


def is_positive(number: int) -> bool:
    """Say whether a counter is above 0."""
    return number > 0


def seconds(milliseconds: Wide) -> float:
    """Return milliseconds as seconds."""
    return milliseconds / 1000


def together(first: Sequence[str | None], second: Sequence[str | None]) -> list[str]:
    """Return the values of two lists that are set, each once."""
    return [value for value in dict.fromkeys([*first, *second]) if value is not None]


def group_numbers(indexes: Sequence[int | None]) -> list[int]:
    """Return a scene's number in each of its groups, -1 where Stash has none."""
    return [NO_GROUP_NUMBER if index is None else index for index in indexes]


def marker_titles(titles: Sequence[str | None], tags: Sequence[str | None]) -> list[str]:
    """Return a title for each marker: its own, else its primary tag's, as Stash shows it."""
    return [title or tag or NAMELESS_MARKER for title, tag in zip(titles, tags, strict=True)]


def custom_text(names: list[str], values: list[str]) -> list[str]:
    """Return custom fields as "name: value"."""
    return [f"{name}: {value}" for name, value in zip(names, values, strict=True)]


def shuffle(number: Wide) -> int:
    """Return a stable number below 2^31 that has nothing to do with the order of ids."""
    return zlib.crc32(b"%d" % number) & 0x7FFFFFFF


def screenshot(number: Wide, updated_at: Timestamp | None) -> str:
    """Return the path of a scene's picture, without host or key."""
    return f"/scene/{number}/screenshot?t={updated_at or 0}"


def performer_image(number: Wide, updated_at: Timestamp | None, has_image: bool) -> str | None:  # noqa: FBT001 - a record's value
    """Return the path of a performer's picture; None where Stash would show its default one."""
    return f"/performer/{number}/image?t={updated_at or 0}" if has_image else None


def missing_of_scene(
    title: str | None,
    date: str | None,
    rating: int | None,
    studio: Wide | None,
    performers: Wides,
    tags: Wides,
    details: str | None,
    url: list[str],
    stash_id: list[str],
    file: Wides,
) -> list[str]:
    """Return the names of what a scene lacks; the parameters' names are the values."""
    return _names_of_unset(locals())


def missing_of_performer(
    birthdate: str | None,
    country: str | None,
    gender: str | None,
    image: bool,  # noqa: FBT001 - a record's value
    stash_id: list[str],
    url: list[str],
    details: str | None,
) -> list[str]:
    """Return the names of what a performer lacks; the parameters' names are the values."""
    return _names_of_unset(locals())


def _names_of_unset(values: dict[str, object]) -> list[str]:
    return [name for name, value in values.items() if not value]


_ALL: Iterable[Callable[..., Any]] = (
    ages,
    any_of,
    count,
    custom_text,
    first_day,
    group_numbers,
    is_positive,
    last_levels,
    marker_titles,
    missing_of_performer,
    missing_of_scene,
    natural_order,
    orientation,
    path_words,
    paths,
    performer_image,
    resolution,
    screenshot,
    seconds,
    shuffle,
    sites,
    stars,
    together,
    year,
    youngest,
)
CONVERTERS: dict[str, Callable[..., Any]] = {convert.__name__: convert for convert in _ALL}
