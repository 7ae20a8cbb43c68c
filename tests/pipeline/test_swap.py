"""The swap: what a refusal says, what is written down, and that the lock is asked last."""

import pytest

from indexer.errors import LockHeld
from indexer.loader import locks
from indexer.loader.locks import hold
from indexer.pipeline.live import look_at_live
from indexer.pipeline.reconcile import reconcile
from indexer.pipeline.refusals import describe, refusal
from indexer.pipeline.report import CollectionReport, Gate
from indexer.pipeline.run import Turn
from indexer.pipeline.swap import swap_in
from tests.pipeline.test_prune import spare
from tests.pipeline.world import World
from tests.typesense.proxy import Meanwhile


def test_refusal() -> None:
    """R1, R2: a refusal has the gate, what it saw, its limit, and the two ways on."""
    report = CollectionReport("scenes", "scenes", previous="scenes_1", collection="scenes_2")
    error = refusal(report, [Gate("shrink", ok=False, seen=812, limit=100)])
    assert error.exit_code == 4
    assert "scenes was not moved to scenes_2 (shrink: 812, limit 100)" in error.message
    assert "people search scenes_1 as before" in error.message
    assert "--allow-shrink 812" in error.hint
    assert "`indexer accept scenes`" in error.hint


def test_refusal_of_something_else() -> None:
    """Where nothing shrank, shrinking isn't offered; a share is told as one."""
    report = CollectionReport("scenes", "scenes", collection="scenes_2")
    gate = Gate("coverage of tags", ok=False, seen=0.5123, limit=0.1)
    error = refusal(report, [gate])
    assert "--allow-shrink" not in error.hint
    assert "people search nothing yet as before" in error.message
    assert describe([gate]) == "coverage of tags: 0.5123, limit 0.1"


def test_lock_is_asked_last(indexed: World) -> None:
    """R17: a run that loses its lock right before the move does not move the alias."""
    live, target = indexed.live, spare(indexed, 1, "building")
    run = indexed.run()
    report = CollectionReport("scenes", indexed.alias, previous=live, source_count=60)
    path = f"{locks.LOCKS.path}/{indexed.alias}"
    with hold(indexed.server, indexed.alias, run.identity, lease=run.lease) as lock:
        turn = Turn(run, indexed.scenes, report, lock, run.source.info())
        outcome = reconcile(turn, target)
        before = look_at_live(indexed.server, live)
        looks = f"/aliases/{indexed.alias}"
        indexed.proxy.fail(
            Meanwhile(act=lambda: indexed.server.request("DELETE", path), on=looks, method="GET")
        )
        with pytest.raises(LockHeld):
            swap_in(turn, target, outcome, before)
    assert indexed.live == live
    assert indexed.proxy.requests(looks, "PUT") == []
