"""`indexer sync`: what it prints and returns, and what it waits for."""

from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from tests.cli.conftest import Indexer
from tests.stash.server import StashServer
from tests.typesense.choice import RunningTypesense
from tests.typesense.fixtures import StartTypesense
from tests.typesense.proxy import MANY, Answer, FaultyProxy, ReplaceAnswer

FOLLOWER = b'{"committed_index":9,"queued_writes":0,"state":"FOLLOWER"}'
NOT_READY = b'{ "message": "Not Ready or Lagging"}'
STARTS_AFTER = 6.0
"""Seconds: long enough for a slow machine to look at Stash first and to find no Typesense."""


@pytest.fixture
def proxy(
    two_servers: StashServer, typesense: RunningTypesense, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FaultyProxy]:
    """A proxy that the environment names as Typesense."""
    assert two_servers.url
    with FaultyProxy(typesense.url) as proxy:
        monkeypatch.setenv("TYPESENSE_URL", proxy.url)
        monkeypatch.setenv("INDEXER_RETRY_SECONDS", "1")
        yield proxy


@pytest.mark.usefixtures("two_servers")
def test_twice(indexer: Indexer, alias_prefix: str) -> None:
    """The first sync builds what isn't there, and says so; a second one writes nothing."""
    first = indexer("sync", "performers")
    assert first.code == 0, first.err
    assert f"the alias {alias_prefix}performers leads nowhere yet" in first.err
    assert f"{alias_prefix}performers: nothing -> {alias_prefix}performers_2" in first.out
    second = indexer("sync", "performers", "--json")
    assert second.code == 0
    (entry,) = second.json["collections"]
    assert (entry["state"], entry["swapped"]) == ("live", False)
    assert (entry["read"], entry["loaded"], entry["deleted"]) == (40, 0, 0)
    third = indexer("sync", "performers").out.splitlines()
    assert third[2:] == ["", "Done: 1 live."]


@pytest.mark.usefixtures("two_servers")
def test_unknown_name(indexer: Indexer) -> None:
    """A collection that there isn't is exit code 2."""
    assert indexer("sync", "lanterns").code == 2


@pytest.mark.parametrize(
    "command", [["sync"], ["reindex"], ["accept", "performers"], ["verify", "--repair"]]
)
def test_no_place_for_dead_letters(
    indexer: Indexer,
    two_servers: StashServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
) -> None:
    """Where refused documents could not be kept nothing begins: exit 2, no server is asked."""
    (tmp_path / "in-the-way").touch()
    monkeypatch.setenv("INDEXER_DEAD_LETTERS", "in-the-way/letters")
    outcome = indexer(*command)
    assert outcome.code == 2
    assert "INDEXER_DEAD_LETTERS" in outcome.err
    assert two_servers.requests == []


def test_nobody_is_waited_for_unasked(
    indexer: Indexer, two_servers: StashServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that nobody answers for is told at once, without a second try."""
    monkeypatch.setenv("TYPESENSE_URL", "http://127.0.0.1:9")
    outcome = indexer("sync")
    assert two_servers.requests
    assert outcome.code == 6
    assert "trying again" not in outcome.err
    assert "waiting" not in outcome.err


@pytest.mark.usefixtures("two_servers")
def test_it_waits_for_a_typesense_that_starts(
    indexer: Indexer, private_typesense: StartTypesense, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --wait-for a Typesense that starts meanwhile is waited for, with the reason."""
    own = private_typesense()
    own.stop()
    monkeypatch.setenv("TYPESENSE_URL", own.url)
    monkeypatch.setenv("TYPESENSE_API_KEY", own.api_key)
    starting = Timer(STARTS_AFTER, own.launch)
    starting.start()
    outcome = indexer("sync", "performers", "--wait-for", "2m")
    starting.join()
    assert outcome.code == 0, outcome.err
    told = f"waiting for the servers: Typesense at {own.url} can't be reached"
    assert outcome.err.count(told) == 1


def test_it_waits_for_a_stash_that_starts(
    indexer: Indexer, two_servers: StashServer, small_library: Path
) -> None:
    """With --wait-for a Stash that starts meanwhile is waited for, with the reason."""
    port = int(two_servers.url.rpartition(":")[2])
    two_servers.stop()
    again: list[StashServer] = []
    starting = Timer(1, lambda: again.append(StashServer(small_library, port=port).start()))
    starting.start()
    outcome = indexer("sync", "performers", "--wait-for", "2m")
    starting.join()
    again[0].stop()
    assert outcome.code == 0, outcome.err
    assert "waiting for the servers: Nothing accepts connections at" in outcome.err


def test_the_wait_ends(indexer: Indexer, two_servers: StashServer) -> None:
    """After the time is over the exit code is that of the server that stayed away."""
    two_servers.stop()
    outcome = indexer("sync", "--wait-for", "1s")
    assert outcome.code == 5
    assert "waiting for the servers" in outcome.err


def test_not_ready(indexer: Indexer, proxy: FaultyProxy) -> None:
    """A Typesense that says that it isn't ready is tried again, and the run goes on."""
    proxy.fail(Answer(503, NOT_READY, on="/aliases", times=1))
    outcome = indexer("sync", "performers")
    assert outcome.code == 0, outcome.err
    assert "trying again: checking the Typesense key" in outcome.err
    assert "Not Ready or Lagging" in outcome.err


def test_a_follower(indexer: Indexer, proxy: FaultyProxy) -> None:
    """A follower, which may lag behind, is never written to: exit code 6 with the reason."""
    proxy.fail(ReplaceAnswer(FOLLOWER, on="/status", times=MANY))
    outcome = indexer("sync", "--json")
    assert outcome.code == 6
    assert "its state is FOLLOWER, not LEADER" in outcome.json["error"]["message"]
    assert "waiting for Typesense" in outcome.err
    assert not [seen for seen in proxy.seen if seen.method != "GET"]


@pytest.mark.usefixtures("two_servers")
def test_no_disk_is_left(
    indexer: Indexer, private_typesense: StartTypesense, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Typesense whose disk is full is exit code 6, told as that; nothing is lost by it.

    Started with a full disk it shows nothing at all: even that is not taken for an empty alias.
    """
    own = private_typesense()
    monkeypatch.setenv("TYPESENSE_URL", own.url)
    monkeypatch.setenv("TYPESENSE_API_KEY", own.api_key)
    assert indexer("sync", "performers").code == 0
    own.flags["disk-used-max-percentage"] = "1"
    own.restart()
    outcome = indexer("sync", "performers", "--json")
    assert outcome.code == 6
    assert "its disk is used up" in outcome.json["error"]["message"]
    own.flags.clear()
    own.restart()
    performers = indexer("status", "--json").of("performers")
    assert performers["live"]["documents"] == 40
