"""Settled means: what the server says now is all there is."""

from collections.abc import Iterator

import pytest

from indexer.errors import TypesenseError
from indexer.events import Event, Waiting
from indexer.loader.catalog import collection
from indexer.loader.server import Typesense
from indexer.loader.settling import settled, unsettled
from indexer.retries import Patience
from tests.loader.documents import lantern, load, many, new_collection
from tests.typesense.choice import RunningTypesense
from tests.typesense.fixtures import StartTypesense
from tests.typesense.proxy import MANY, FaultyProxy, Meanwhile, ReplaceAnswer

BUSY = b'{"committed_index":9,"queued_writes":7,"state":"LEADER"}'
FOLLOWER = b'{"committed_index":9,"queued_writes":0,"state":"FOLLOWER"}'


@pytest.fixture
def hurried(
    typesense: RunningTypesense, proxy: FaultyProxy, events: list[Event]
) -> Iterator[Typesense]:
    """A connection through the proxy that waits for a moment only."""
    with Typesense(
        proxy.url, typesense.api_key, patience=Patience(0.5), emit=events.append
    ) as server:
        yield server


def test_a_quiet_server_is_settled(server: Typesense, lanterns: str, events: list[Event]) -> None:
    """A server at rest is settled without a word, as a whole and for one collection."""
    settled(server)
    settled(server, lanterns)
    assert events == []


def test_unsettled_says_why_without_waiting(
    proxy: FaultyProxy, through_proxy: Typesense, events: list[Event]
) -> None:
    """Who only wants to know is told at once."""
    proxy.fail(ReplaceAnswer(BUSY, on="/status", times=MANY))
    assert unsettled(through_proxy) == "7 writes are queued"
    assert events == []


def test_it_waits_for_the_queue(
    proxy: FaultyProxy, through_proxy: Typesense, events: list[Event]
) -> None:
    """While writes are queued it waits, and says why, once."""
    proxy.fail(ReplaceAnswer(BUSY, on="/status", times=4))
    settled(through_proxy)
    assert events == [Waiting(f"Typesense at {proxy.url}", "7 writes are queued")]


def test_it_waits_for_counts_to_stand_still(
    proxy: FaultyProxy,
    through_proxy: Typesense,
    server: Typesense,
    lanterns: str,
    events: list[Event],
) -> None:
    """While documents still arrive it waits."""
    numbers = iter(range(1, 4))
    land = Meanwhile(lambda: load(server, lanterns, [lantern(next(numbers))]), on=lanterns, times=3)
    proxy.fail(land)
    settled(through_proxy, lanterns)
    assert land.times == 0
    assert [type(event) for event in events] == [Waiting]


def test_a_queue_that_others_keep_up(proxy: FaultyProxy, hurried: Typesense, lanterns: str) -> None:
    """Where other traffic keeps the queue up, an answered write into the collection will do."""
    proxy.fail(ReplaceAnswer(BUSY, on="/status", times=MANY))
    settled(hurried, lanterns)
    assert len(proxy.requests(lanterns, "DELETE")) == 1


def test_a_whole_server_with_a_queue_is_not_settled(proxy: FaultyProxy, hurried: Typesense) -> None:
    """Without a collection to write into, a queue that stays is an error that says so."""
    proxy.fail(ReplaceAnswer(BUSY, on="/status", times=MANY))
    with pytest.raises(TypesenseError, match="not settled: 7 writes are queued"):
        settled(hurried)


def test_counts_that_never_stand_still(
    proxy: FaultyProxy, hurried: Typesense, server: Typesense, lanterns: str
) -> None:
    """An answered write proves nothing while the collection's own count changes."""
    documents = many(1_000)
    proxy.fail(
        ReplaceAnswer(BUSY, on="/status", times=MANY),
        Meanwhile(
            lambda: load(server, lanterns, [next(documents)]), on=lanterns, method="GET", times=MANY
        ),
    )
    with pytest.raises(TypesenseError, match="still changes"):
        settled(hurried, lanterns)


def test_a_follower_is_not_settled(proxy: FaultyProxy, hurried: Typesense, lanterns: str) -> None:
    """A follower may lag behind its leader: it is never settled, and the message says why."""
    proxy.fail(ReplaceAnswer(FOLLOWER, on="/status", times=MANY))
    with pytest.raises(TypesenseError, match="FOLLOWER, not LEADER") as caught:
        settled(hurried, lanterns)
    assert caught.value.exit_code == 6


def test_a_missing_collection_is_not_settled(hurried: Typesense, alias: str) -> None:
    """A collection that isn't there may be one that a starting server has not read yet."""
    with pytest.raises(TypesenseError, match=f"has no collection {alias}"):
        settled(hurried, alias)


def test_after_a_crash_it_waits_for_all_documents(private_typesense: StartTypesense) -> None:
    """After kill -9 and a start, settled means that every acknowledged document is back."""
    own = private_typesense()
    with Typesense(own.url, own.api_key) as server:
        name = new_collection(server, "lanterns", many(8_000))
        own.kill9()
        own.launch()
        settled(server, name)
        found = collection(server, name)
    assert found is not None
    assert found.num_documents == 8_000
