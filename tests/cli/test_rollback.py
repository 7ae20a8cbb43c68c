"""`indexer rollback` and `indexer release`."""

import pytest

from tests.cli.conftest import Indexer
from tests.stash.server import StashServer


@pytest.fixture
def twice(indexer: Indexer, two_servers: StashServer) -> StashServer:
    """Performers that were built twice."""
    for _ in range(2):
        outcome = indexer("reindex", "performers")
        assert outcome.code == 0, outcome.err
    return two_servers


def live(indexer: Indexer) -> str:
    """Return the collection that people search."""
    return str(indexer("status", "--json").of("performers")["target"])


def test_back_and_on_again(indexer: Indexer, twice: StashServer) -> None:
    """The alias goes back, without asking Stash, and stays there until it is released."""
    newest = live(indexer)
    asked = len(twice.requests)
    outcome = indexer("rollback", "--reason", "the lanterns are out", "performers")
    assert outcome.code == 0, outcome.err
    assert len(twice.requests) == asked
    assert f"{newest} -> {live(indexer)}" in outcome.out
    shown = indexer("status").out
    assert "performers: held for" in shown
    assert "the lanterns are out; `indexer release performers`" in shown
    for command in ("sync", "reindex"):
        refused = indexer(command, "performers", "--json")
        assert refused.code == 4
        assert refused.json["error"]["slug"] == "held"
        assert "the lanterns are out" in refused.json["error"]["message"]
        assert refused.json["error"]["hint"].endswith("`indexer release performers`.")
    assert indexer("release", "performers").code == 0
    assert "performers: held for" not in indexer("status").out
    assert indexer("sync", "performers").code == 0


@pytest.mark.usefixtures("twice")
def test_a_repeat_changes_nothing(indexer: Indexer) -> None:
    """Rolled back twice is rolled back once."""
    assert indexer("rollback", "performers").code == 0
    before = live(indexer)
    again = indexer("rollback", "performers", "--json")
    assert again.code == 0
    assert again.json["collections"][0]["swapped"] is False
    assert live(indexer) == before


@pytest.mark.usefixtures("two_servers")
def test_nothing_to_go_back_to(indexer: Indexer) -> None:
    """Without an earlier collection a rollback is exit code 2 and says what can be done."""
    assert indexer("reindex", "performers").code == 0
    outcome = indexer("rollback", "performers", "--json")
    assert outcome.code == 2
    assert "nothing to roll" in outcome.json["error"]["message"]


def test_release_of_nothing(indexer: Indexer, two_servers: StashServer) -> None:
    """An alias that leads nowhere yet is told as absent: nothing failed."""
    assert two_servers.url
    outcome = indexer("release", "performers")
    assert (outcome.code, outcome.out.splitlines()[-1]) == (0, "Done: 1 absent.")


@pytest.mark.usefixtures("twice")
def test_release_of_what_is_not_held(indexer: Indexer) -> None:
    """An alias that isn't held may be released, which changes nothing."""
    before = live(indexer)
    outcome = indexer("release", "performers", "--json")
    assert outcome.code == 0
    assert outcome.json["collections"][0]["collection"] == before
    assert "was not held" in outcome.err
