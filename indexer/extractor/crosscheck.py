"""Looks whether what was read by SQL is what the API gives, on things picked by chance."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, cast

from indexer.errors import StashError
from indexer.extractor.api import ApiSource
from indexer.extractor.source import Page, Source
from indexer.extractor.ways import GROUP_PATHS, WAYS
from indexer.records import STASH_KINDS, Kind

SAMPLES: tuple[tuple[Kind, int], ...] = (("scene", 100), ("performer", 20))
_SECOND_LOOK = 1.0
_MOST_TOLD = 3
_GONE, _LACKING = "Stash's API doesn't have it", "only Stash's API has it"
_UNNOTED = frozenset(
    {
        _GONE, "last_played_at", "play_count", "o_counter", "last_o_at", "resume_time",
        "play_duration", "studio", "tags", "performers", "galleries", "markers", "files",
        "captions", "interactive", "interactive_speed",
    }
)  # fmt: skip
"""What Stash changes of a thing without a change of its `updated_at`."""
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
    source: SampledSource,
    api: ApiSource,
    now: Source | None = None,
    *,
    wait: Callable[[float], None] = time.sleep,
) -> list[str]:
    """Return what differs between a source and the API, and still does a second later.

    Fields that the API has and the source lacks are a difference for every kind, and so is that it
    has markedly fewer things. Both ends say which are compared: neither knows what it lacks. What
    the API can't read is not compared, and neither are places in groups: for each scene that it is
    asked for them Stash scans a table (docs/stash.md). What differs of a copy is read anew by
    `now`, which reads Stash itself the same way: the copy may only be older than the API's answer.
    """
    found = list(_lacking(source, api))
    if _fewer(source, api):
        wait(_SECOND_LOOK)
        found += _fewer(source, api)
    for kind, size in SAMPLES:
        picked = {*source.sample(kind, size), *api.sample(kind, size)}
        first = _differing(source, api, kind, picked, source.copied_at)
        if first:
            wait(_SECOND_LOOK)  # it may have been edited between the two first looks
            second = first & _differing(source, api, kind, _ids(first), source.copied_at)
            if source.copied_at is not None:
                second &= _not_older(second, api, kind, now, source.copied_at)
            found += _by_thing(kind, second)
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
    source: Source, api: ApiSource, kind: Kind, ids: Iterable[int], copied_at: int | None = None
) -> set[_Difference]:
    wanted = sorted(ids)
    if not wanted:
        return set()
    paths = frozenset(WAYS[kind]) - (GROUP_PATHS if kind == "scene" else frozenset())
    paths -= api.absent(kind, paths)
    pages = list(api.pages(kind, paths, wanted))
    theirs = _by_id(pages)
    ours = _by_id(source.pages(kind, paths, wanted))
    for bad in (bad for page in pages for bad in page.unreadable):
        ours.pop(bad.id, None)
    fields = ((one, name) for one in ours.keys() & theirs.keys() for name in ours[one])
    lacking = theirs.keys() - ours.keys() - _since(theirs, "created_at", copied_at)
    return {
        *((one, _GONE) for one in ours.keys() - theirs.keys()),
        *((one, _LACKING) for one in lacking),
        *((one, name) for one, name in fields if ours[one][name] != theirs[one][name]),
    }


def _not_older(
    found: set[_Difference], api: ApiSource, kind: Kind, now: Source | None, copied_at: int
) -> set[_Difference]:
    """Return those differences of a copy that don't come of edits since it was taken.

    By what is read of Stash now; where that can't be, by what Stash notes of edits. It notes few.
    """
    lacking = {(one, name) for one, name in found if name == _LACKING}
    try:
        if now:
            return lacking | _differing(now, api, kind, _ids(found))
    except StashError:
        pass
    noted = api.pages(kind, frozenset({"updated_at"}), sorted(_ids(found)))
    edited = _since(_by_id(noted), "updated_at", copied_at)
    return lacking | {
        (one, name) for one, name in found if one not in edited and name not in _UNNOTED
    }


def _since(records: Mapping[int, dict[str, Any]], time: str, moment: int | None) -> set[int]:
    """Return which were made, or changed, since a moment; none if there is none."""
    if moment is None:
        return set()
    return {one for one, record in records.items() if (record[time] or 0) >= moment}


def _ids(found: Iterable[_Difference]) -> set[int]:
    return {one for one, _ in found}


def _by_thing(kind: Kind, found: Iterable[_Difference]) -> Iterator[str]:
    names: dict[int, list[str]] = {}
    for one, name in sorted(found):
        names.setdefault(one, []).append(name)
    return (f"{kind} {one}: {', '.join(differing)}" for one, differing in names.items())


def told(found: Sequence[str]) -> str:
    """Return some of the differences for a message."""
    more = len(found) - _MOST_TOLD
    return "; ".join(found[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")


def _by_id(pages: Iterable[Page]) -> dict[int, dict[str, Any]]:
    records = (record for page in pages for record in page.records)
    return {record["id"]: cast("dict[str, Any]", record) for record in records}
