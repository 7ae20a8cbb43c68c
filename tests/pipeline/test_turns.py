"""The frame of every command that writes: what a run is told, and what is put down of it."""

import pytest

from indexer.errors import RunFailed
from indexer.loader.locks import LOCKS
from indexer.loader.runs import last_runs
from indexer.pipeline.run import Turn
from indexer.pipeline.turns import take_turns
from tests.pipeline.world import World


def test_what_is_wrong_for_the_loser(indexed: World) -> None:
    """R17: a run that fails after it lost its lock is told of that: exit 7, not what it saw."""

    def work(turn: Turn) -> None:
        server = turn.run.typesense
        server.request("DELETE", f"{LOCKS.path}/{turn.spec.alias}")
        raise RunFailed("There are 61 documents and should be 60.", "Run again.")

    (scenes,) = take_turns(indexed.run(), ["scenes"], "sync", work).collections
    assert scenes.exit_code == 7


def test_what_is_wrong_for_the_owner(indexed: World) -> None:
    """One that has its lock is told what it saw."""

    def work(_: Turn) -> None:
        raise RunFailed("There are 61 documents and should be 60.", "Run again.")

    (scenes,) = take_turns(indexed.run(), ["scenes"], "sync", work).collections
    assert scenes.exit_code == 1


def test_what_nobody_foresaw(indexed: World) -> None:
    """A fault of the program ends the run, and `status` can tell of it."""

    def work(_: Turn) -> None:
        raise ZeroDivisionError("by a lantern")

    with pytest.raises(ZeroDivisionError):
        take_turns(indexed.run(), ["scenes"], "sync", work)
    last, *_ = last_runs(indexed.server, indexed.alias)
    assert (last.exit_code, last.error_slug) == (1, "unexpected")
    assert "by a lantern" in (last.error_message or "")
