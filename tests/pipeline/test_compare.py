"""The merge of a stream and a collection's digests, found by every id's fate."""

from collections.abc import Iterator, Sequence
from typing import cast

import pytest

from indexer.documents import Numbering
from indexer.errors import StashError
from indexer.events import nobody
from indexer.extractor.source import Page, Source
from indexer.loader.digests import Digests, Rows, cut
from indexer.pipeline.compare import Comparison
from indexer.pipeline.stream import Stream
from indexer.records import Kind, Record
from indexer.transformer.membership import Membership
from tests.pipeline.sources import Around
from tests.pipeline.world import SCENES, World


class Upside(Around):
    """Lists scenes from the last to the first."""

    def pages(
        self, kind: Kind, paths: frozenset[str], ids: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Turn every page around."""
        for page in super().pages(kind, paths, ids):
            yield Page(page.records[::-1]) if kind == "scene" else page


def stream(world: World, source: Source | None = None) -> Stream:
    """A stream over the world's scenes."""
    return Stream(source or world.api, world.scenes, Membership(), nobody)


def rows(world: World) -> list[bytes]:
    """The rows of a collection that has every document as it should be."""
    found = [cut(each.body, Numbering.in_id("main")) for each in stream(world).documents()]
    return [each for each in found if each is not None]


class Beyond(Around):
    """Gives its last scene an id of 19 digits."""

    def changed(self, page: Page, ids: Sequence[int] | None) -> Page:  # noqa: ARG002 - as Around
        """Change it."""
        last = [{**each, "id": 10**18} if each["id"] == SCENES else each for each in page.records]
        return Page(cast("list[Record]", last))


def digests(*rows: bytes, strange: Sequence[str] = ()) -> Digests:
    """What a collection of these rows holds, and of ids that are none of ours."""
    return Digests(Rows([b"".join(rows)]), strange)


def test_every_fate(world: World) -> None:
    """Each id is missing, stale, doubled, gone or unchanged; what is to be sent comes in order."""
    there = rows(world)
    stale = there[4][:8] + bytes(12)
    gone = (1_000).to_bytes(8, "big") + bytes(12)
    held = [*there[1:4], stale, there[5], *there[5:], gone]
    comparison = Comparison(stream(world), digests(*held, strange=["odd/one"]))
    assert [each.id for each in comparison.changed()] == ["main-1", "main-5"]
    assert list(comparison.missing) == [1]
    assert comparison.stale == [5]
    assert comparison.doubled == [6]
    assert comparison.unchanged == SCENES - 2
    assert comparison.gone == ["main-1000", "odd/one"]


def test_equal(world: World) -> None:
    """Of two equal ends nothing is to be sent or deleted."""
    comparison = Comparison(stream(world), digests(*rows(world)))
    assert list(comparison.changed()) == []
    assert (comparison.unchanged, comparison.gone) == (SCENES, [])
    assert not comparison.into_nothing


def test_into_nothing(world: World) -> None:
    """An empty collection is sent everything; it had no document before."""
    comparison = Comparison(stream(world), digests())
    assert sum(1 for _ in comparison.changed()) == SCENES
    assert comparison.into_nothing
    assert not comparison.had(1)


def test_had(world: World) -> None:
    """It is known of every id whether the collection had it before."""
    comparison = Comparison(stream(world), digests(*rows(world)[2:]))
    assert [number for number in (1, 2, 3, 60, 61) if comparison.had(number)] == [3, 60]


def test_an_id_that_can_not_be(world: World) -> None:
    """An id that no row can hold fails the run: it would be sent and deleted night after night."""
    comparison = Comparison(stream(world, Beyond(world.api)), digests())
    with pytest.raises(StashError, match="id that can't be: main-1000000000000000000"):
        list(comparison.changed())


def test_out_of_order(world: World) -> None:
    """R10: a listing out of order says nothing of what is missing: the run fails, none is gone."""
    comparison = Comparison(stream(world, Upside(world.api)), digests(*rows(world)))
    with pytest.raises(StashError, match="out of order"):
        list(comparison.changed())
    assert comparison.gone == []
