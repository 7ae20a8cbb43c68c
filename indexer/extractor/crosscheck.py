"""Looks whether what was read by SQL is what the API gives, on things picked by chance."""

import time
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any, Protocol, cast

from indexer.extractor.api import ApiSource
from indexer.extractor.source import Source
from indexer.extractor.ways import GROUP_PATHS, WAYS
from indexer.records import Kind, Record

SAMPLES: tuple[tuple[Kind, int], ...] = (("scene", 100), ("performer", 20))
_SECOND_LOOK = 1.0
_MOST_TOLD = 3


class SampledSource(Source, Protocol):
    """A source that can pick things by chance."""

    def sample(self, kind: Kind, size: int, random: Random) -> list[int]:
        """Return the ids of up to `size` things of a kind, picked by chance."""
        ...


def differences(
    source: SampledSource,
    api: ApiSource,
    *,
    random: Random | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> list[str]:
    """Return what differs between a source and the API, and still does a second later.

    What the API can't read is not compared, and neither are places in groups: for each scene that
    it is asked for them Stash scans a table (docs/stash.md).
    """
    found = []
    for kind, size in SAMPLES:
        ids = source.sample(kind, size, random or Random())  # noqa: S311 - a sample, no secret
        if ids and _differing(source, api, kind, ids):
            wait(_SECOND_LOOK)  # it may have been edited between the two first looks
            found += _differing(source, api, kind, ids)
    return found


def _differing(source: Source, api: ApiSource, kind: Kind, ids: Sequence[int]) -> list[str]:
    paths = frozenset(WAYS[kind]) - (GROUP_PATHS if kind == "scene" else frozenset())
    paths -= api.absent(kind, paths) | source.absent(kind, paths)
    pages = list(api.pages(kind, paths, ids))
    theirs = _by_id(record for page in pages for record in page.records)
    ours = _by_id(record for page in source.pages(kind, paths, ids) for record in page.records)
    for bad in (bad for page in pages for bad in page.unreadable):
        ours.pop(bad.id, None)
    gone = [f"{kind} {one}: there by one way only" for one in ours.keys() ^ theirs.keys()]
    return gone + [
        f"{kind} {one}: {', '.join(names)}"
        for one in sorted(ours.keys() & theirs.keys())
        if (names := [name for name in ours[one] if ours[one][name] != theirs[one][name]])
    ]


def told(found: Sequence[str]) -> str:
    """Return some of the differences for a message."""
    more = len(found) - _MOST_TOLD
    return "; ".join(found[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")


def _by_id(records: Iterable[Record]) -> dict[int, dict[str, Any]]:
    return {record["id"]: cast("dict[str, Any]", record) for record in records}
