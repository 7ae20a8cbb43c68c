"""Looks whether what was read by SQL is what the API gives, on things picked by chance."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, cast

from indexer.extractor.api import ApiSource
from indexer.extractor.source import Source
from indexer.extractor.ways import GROUP_PATHS, WAYS
from indexer.records import STASH_KINDS, Kind, Record

SAMPLES: tuple[tuple[Kind, int], ...] = (("scene", 100), ("performer", 20))
_SECOND_LOOK = 1.0
_MOST_TOLD = 3
_GONE, _LACKING = "Stash's API doesn't have it", "only Stash's API has it"
_FEW, _FEW_SHARE = 10, 0.1
"""By how many things, and by which share of them, two counts differ while somebody edits."""

_Difference: TypeAlias = tuple[int, str]
"""The id of a thing and the field that differs, or which way it is missing."""


class SampledSource(Source, Protocol):
    """A source that can pick things by chance."""

    @property
    def copied_at(self) -> int | None:
        """When the copy that it reads was begun, as epoch seconds; None where Stash is read."""
        ...

    def sample(self, kind: Kind, size: int) -> list[int]:
        """Return the ids of `size` things of a kind, or of all if fewer, picked by chance."""
        ...

    def counts(self) -> Mapping[Kind, int]:
        """Return how many there are of each kind."""
        ...


def differences(
    source: SampledSource, api: ApiSource, *, wait: Callable[[float], None] = time.sleep
) -> list[str]:
    """Return what differs between a source and the API, and still does a second later.

    Fields that the API has and the source lacks are a difference for every kind, and so is that it
    has markedly fewer things. Both ends say which are compared: neither knows what it lacks. What
    the API can't read is not compared, and neither are places in groups: for each scene that it is
    asked for them Stash scans a table (docs/stash.md).
    """
    found = list(_lacking(source, api))
    if _fewer(source, api):
        wait(_SECOND_LOOK)
        found += _fewer(source, api)
    for kind, size in SAMPLES:
        picked = {*source.sample(kind, size), *api.sample(kind, size)}
        first = _differing(source, api, kind, sorted(picked))
        if first:
            wait(_SECOND_LOOK)  # it may have been edited between the two first looks
            ids = sorted({one for one, _ in first})
            found += _by_thing(kind, first & _differing(source, api, kind, ids))
    return found


def _lacking(source: Source, api: ApiSource) -> Iterator[str]:
    """Yield what a table or column of another name hides from a source."""
    for kind in STASH_KINDS:
        paths = frozenset(WAYS[kind])
        if lacks := source.absent(kind, paths) - api.absent(kind, paths):
            yield f"{kind}: no {', '.join(sorted(lacks))}"


def _fewer(source: SampledSource, api: ApiSource) -> list[str]:
    """Return the kinds of which a source has markedly fewer things than the API.

    A copy that Stash has just made is spared that: it lacks what came since, however much.
    """
    if source.copied_at is not None:
        return []
    theirs = api.info().counts
    return [
        f"{kind}: {count} of {theirs[kind]}"
        for kind, count in source.counts().items()
        if theirs[kind] - count > max(_FEW, _FEW_SHARE * theirs[kind])
    ]


def _differing(
    source: SampledSource, api: ApiSource, kind: Kind, ids: Sequence[int]
) -> set[_Difference]:
    if not ids:
        return set()
    paths = frozenset(WAYS[kind]) - (GROUP_PATHS if kind == "scene" else frozenset())
    paths -= api.absent(kind, paths)
    pages = list(api.pages(kind, paths, ids))
    theirs = _by_id(record for page in pages for record in page.records)
    ours = _by_id(record for page in source.pages(kind, paths, ids) for record in page.records)
    for bad in (bad for page in pages for bad in page.unreadable):
        ours.pop(bad.id, None)
    there = {one for one in ours.keys() & theirs.keys() if not _newer(theirs[one], source)}
    fields = ((one, name) for one in there for name in ours[one])
    lacking = (one for one in theirs.keys() - ours.keys() if not _created(theirs[one], source))
    return {
        *((one, _GONE) for one in ours.keys() - theirs.keys()),
        *((one, _LACKING) for one in lacking),
        *((one, name) for one, name in fields if ours[one][name] != theirs[one][name]),
    }


def _newer(record: dict[str, Any], source: SampledSource) -> bool:
    """Say whether a thing was changed since a source's copy was taken."""
    return source.copied_at is not None and (record["updated_at"] or 0) >= source.copied_at


def _created(record: dict[str, Any], source: SampledSource) -> bool:
    """Say whether a thing came since a source's copy was taken."""
    return source.copied_at is not None and (record["created_at"] or 0) >= source.copied_at


def _by_thing(kind: Kind, found: Iterable[_Difference]) -> Iterator[str]:
    names: dict[int, list[str]] = {}
    for one, name in sorted(found):
        names.setdefault(one, []).append(name)
    return (f"{kind} {one}: {', '.join(differing)}" for one, differing in names.items())


def told(found: Sequence[str]) -> str:
    """Return some of the differences for a message."""
    more = len(found) - _MOST_TOLD
    return "; ".join(found[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")


def _by_id(records: Iterable[Record]) -> dict[int, dict[str, Any]]:
    return {record["id"]: cast("dict[str, Any]", record) for record in records}
