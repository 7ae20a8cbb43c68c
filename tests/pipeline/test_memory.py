"""What a run holds in memory, and for how long: a whole library must never be."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from indexer.events import nobody
from indexer.extractor.columns import Row
from indexer.extractor.rows import to_records
from indexer.pipeline.stream import Stream
from indexer.transformer.membership import Membership
from tests.pipeline.world import SCENES, World


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Keep the collector from coming: what goes, goes by itself."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
def test_dimensions_go_with_their_pass(world: World) -> None:
    """A pass that is over leaves nothing: the next one's dimensions take the memory of its own."""
    stream = Stream(world.api, world.scenes, Membership(), nobody)
    assert sum(1 for _ in stream.documents()) == SCENES
    transform = weakref.ref(stream._transform)
    dimensions = weakref.ref(stream._dimensions)
    del stream
    assert (transform(), dimensions()) == (None, None)


def test_rows_are_used_up() -> None:
    """Records take the place of their rows, in the same order; both at once are never there."""
    rows: list[Row] = [(1,), (2,), (3,)]
    assert [record["id"] for record in to_records("tag", {})(rows)] == [1, 2, 3]
    assert rows == []
