"""The converters a spec may name: pure functions from record values to a field's value.

A converter with one parameter gets the first of the field's paths that is set, one with several
gets the value of every path. None means unset: the field is left out of the document.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from indexer.records import Wide
from indexer.transformer.dates import DATES
from indexer.transformer.missing import MISSING
from indexer.transformer.natural import NATURAL, spaced
from indexer.transformer.pictures import PICTURES
from indexer.transformer.unspaced import later_parts

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
    return list(dict.fromkeys(filter(None, map(_host, urls))))


@lru_cache(maxsize=4096)
def _origin_host(origin: str) -> str | None:
    try:
        host = urlsplit(origin).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _host(url: str) -> str | None:
    return _origin_host("/".join(url.split("/", 3)[:3])) if "://" in url else None


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
    found = spaced(" ".join([*folders, *basenames]))
    return list(dict(zip(found.lower().split(), found.split(), strict=True)).values())


@lru_cache(maxsize=16384)
def last_levels(folder: str) -> str | None:
    """Return the last two levels of a folder, "a/b" whatever the separator."""
    levels = [level for level in re.split(r"[/\\]", folder) if level]
    return "/".join(levels[-2:]) or None


def file_name(basenames: list[str], folder: str | None) -> str | None:
    """Return what a gallery is called on disk: its file, else the last level of its folder."""
    if basenames:
        return basenames[0]
    return re.split(r"[/\\]", folder.rstrip("/\\"))[-1] or None if folder else None


def gallery_title(number: Wide, title: str | None, basenames: list[str], folder: str | None) -> str:
    """Return a gallery's title, else what it is called on disk, as Stash shows it."""
    return title or file_name(basenames, folder) or f"Gallery {number}"


def suggestion_name(kind: str, number: Wide, name: str | None, file_name: str | None) -> str:
    """Return what a suggestion is called; what Stash has no name for is "Tag 12"."""
    return name or file_name or f"{kind.capitalize()} {number}"


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
    return list(map(marker_title, titles, tags))


def marker_title(title: str | None, tag: str | None) -> str:
    """Return a marker's own title, else its primary tag, as Stash shows it."""
    return title or tag or NAMELESS_MARKER


def together_ids(first: Wides, second: Wides) -> Wides:
    """Return the ids of two lists, each once."""
    return list(dict.fromkeys([*first, *second]))


def custom_text(names: list[str], values: list[str]) -> list[str]:
    """Return custom fields as "name: value"."""
    return [f"{name}: {value}" for name, value in zip(names, values, strict=True)]


def shuffle(number: Wide) -> int:
    """Return a stable number below 2^31 that has nothing to do with the order of ids."""
    return zlib.crc32(b"%d" % number) & 0x7FFFFFFF


_ALL: Iterable[Callable[..., Any]] = (
    any_of,
    count,
    custom_text,
    gallery_title,
    group_numbers,
    is_positive,
    last_levels,
    marker_title,
    marker_titles,
    orientation,
    path_words,
    paths,
    resolution,
    seconds,
    shuffle,
    sites,
    stars,
    suggestion_name,
    together,
    together_ids,
    *DATES,
    *MISSING,
    *NATURAL,
    later_parts,
    *PICTURES,
)
CONVERTERS: dict[str, Callable[..., Any]] = {convert.__name__: convert for convert in _ALL}
