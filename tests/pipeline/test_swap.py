"""The swap: what a refusal says, what is written down, and that the lock is asked last."""

from dataclasses import replace

import pytest

from indexer.errors import LockHeld
from indexer.loader.locks import hold
from indexer.pipeline.live import look_at_live
from indexer.pipeline.reconcile import reconcile
from indexer.pipeline.refusals import describe, refusal
from indexer.pipeline.report import CollectionReport, Gate
from indexer.pipeline.run import Turn
from indexer.pipeline.swap import swap_in
from tests.pipeline.test_prune import spare
from tests.pipeline.world import SCENES, World, lose_lock_at
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


def test_refusal_of_a_wrong_count() -> None:
    """R2: what nobody can accept isn't offered to be accepted."""
    report = CollectionReport("scenes", "scenes", collection="scenes_2")
    error = refusal(report, [Gate("documents", ok=False, seen=5, limit=6)])
    assert "accept" not in error.hint
    assert "Look at scenes_2" in error.hint


def test_lock_is_asked_last(indexed: World) -> None:
    """R17: a run that loses its lock right before the move does not move the alias."""
    live, target = indexed.live, spare(indexed, 1, "building")
    report = lose_the_lock(indexed, target, look_at_alias(indexed), at_look=1)
    assert indexed.live == live
    assert not report.swapped
    assert indexed.proxy.requests(f"/aliases/{indexed.alias}", "PUT") == []


def test_lock_lost_at_the_move(indexed: World) -> None:
    """R17: one that loses it after the move leaves the registry to the run that has it now."""
    target = spare(indexed, 1, "building")
    report = lose_the_lock(indexed, target, look_at_alias(indexed), at_look=2)
    assert indexed.live == target
    assert report.swapped
    assert indexed.entry(target).state == "building"


def test_lock_lost_before_the_gates(indexed: World) -> None:
    """R17: what the gates see then is another run's work: its collection is not called refused."""
    target = spare(indexed, 1, "building")
    report = lose_the_lock(indexed, target, f"/collections/{target}$", at_look=1, read=61)
    assert indexed.entry(target).state == "building"
    assert report.state != "refused"


def look_at_alias(world: World) -> str:
    """The path of the scenes' alias."""
    return f"/aliases/{world.alias}"


def lose_the_lock(
    world: World, target: str, looks: str, *, at_look: int, read: int = SCENES
) -> CollectionReport:
    """Swap to a collection, and lose the lock at the so-many-th look at something."""
    run, live = world.run(), world.live
    report = CollectionReport("scenes", world.alias, previous=live, source_count=60)
    with hold(world.server, world.alias, run.identity, lease=run.lease) as lock:
        turn = Turn(run, world.scenes, report, lock, run.source.info())
        outcome = replace(reconcile(turn, target), read=read)
        before = look_at_live(world.server, live)
        world.proxy.fail(Meanwhile(lambda: None, on=looks, method="GET", times=at_look - 1))
        lose_lock_at(world, looks, "GET")
        with pytest.raises(LockHeld):
            swap_in(turn, target, outcome, before)
    return report
