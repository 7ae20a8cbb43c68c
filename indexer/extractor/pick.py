"""Reads things by their ids, for a second look; those that don't exist are left out."""

from collections.abc import Iterator, Sequence

from indexer.extractor import queries, wire
from indexer.extractor.source import Unreadable
from indexer.extractor.trouble import QueryFailed
from indexer.extractor.walk import Things, Walk

_AT_ONCE = 64


def pages(walk: Walk, ids: Sequence[int]) -> Iterator[Things]:
    """Yield the things with these ids in ascending order. Raises StashError.

    Kinds without a criterion on the id are asked for together. Stash refuses all of them for one
    that is gone: they are few, so then they are read whole, and the others dropped.
    """
    wanted = sorted(set(ids))
    if walk.listing.filter is None and wanted:
        together = _together(walk, wanted)
        if together is not None:
            yield together
            return
        for things in walk.pages():
            yield things.among(frozenset(wanted))
        return
    for start in range(0, len(wanted), _AT_ONCE):
        yield _read(walk, wanted[start : start + _AT_ONCE])


def _together(walk: Walk, ids: list[int]) -> Things | None:
    """Return the things with these ids; None where Stash doesn't give them in one answer."""
    if not walk.takes_ids or not 0 < len(ids) <= walk.page_size:
        return None
    query = queries.together(walk.listing, walk.fields)
    try:
        answer = walk.ask(query, {"ids": ids}, wire.PAGES[walk.kind])
    except QueryFailed:
        return None
    return Things(sorted(answer["found"]["things"], key=lambda thing: thing["id"]))


def _read(walk: Walk, ids: list[int], *, part: bool = False) -> Things:
    """Return the things with these ids; where Stash refuses them together, each half alone."""
    query = queries.exactly(walk.listing, walk.fields, ids)
    try:
        answer = walk.ask(query, {}, wire.EXACTLY[walk.kind], part=part)
    except QueryFailed as error:
        if len(ids) == 1:
            # Counting reads no thing: it fails where Stash refuses everything, not this one.
            one: dict[str, object] = {"low": ids[0], "high": ids[0]}
            counted = walk.client.ask(queries.between(walk.listing), one, wire.COUNT)
            there = bool(counted["found"]["count"])
            return Things((), [Unreadable(ids[0], error.message)] if there else [])
        middle = len(ids) // 2
        first, second = (_read(walk, half, part=True) for half in (ids[:middle], ids[middle:]))
        return Things([*first.found, *second.found], [*first.unreadable, *second.unreadable])
    return Things([thing for one in answer.values() for thing in one["things"]])
