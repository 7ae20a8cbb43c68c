"""Suggestions as if a source had them: made of its other kinds, one after the other."""

from collections.abc import Iterator, Mapping, Sequence

from indexer.extractor.source import Page, Source, Unreadable
from indexer.records import Kind
from indexer.transformer.suggestions import CODES, PATHS, number, stash_id, suggestion


def read(source: Source, ids: Sequence[int] | None = None) -> Iterator[Page]:
    """Yield all suggestions in ascending order of number, or those of `ids` that exist.

    Raises StashError.
    """
    for kind in CODES:
        wanted = None if ids is None else _of_kind(kind, ids)
        if wanted == []:
            continue
        for page in source.pages(kind, PATHS[kind] - source.absent(kind, PATHS[kind]), wanted):
            records = [suggestion(kind, record) for record in page.records]
            unreadable = [Unreadable(number(kind, bad.id), bad.error) for bad in page.unreadable]
            yield Page(records, unreadable)


def count(counts: Mapping[Kind, int], kind: Kind) -> int | None:
    """Return how many of a kind there are by Stash's own counts; None where it doesn't say."""
    if kind != "suggestion":
        return counts.get(kind)
    return sum(counts[each] for each in CODES) if counts.keys() >= CODES.keys() else None


def _of_kind(kind: Kind, ids: Sequence[int]) -> list[int]:
    return [own for each in ids if (own := stash_id(kind, each)) is not None]
