"""reconcile: a collection made equal to the source, whatever was in it; nothing else is touched."""

from indexer.loader import registry
from indexer.loader.locks import hold
from indexer.loader.registry import Entry
from indexer.loader.schema import create_collection
from indexer.pipeline.reconcile import Outcome, reconcile
from indexer.pipeline.report import CollectionReport
from indexer.pipeline.run import Turn
from tests.pipeline.sources import Unable
from tests.pipeline.world import SCENES, World
from tests.stash import edits


def new_collection(world: World) -> str:
    """An empty collection of the scenes' schema."""
    name = f"{world.alias}_20261123T000000Z_{world.scenes.spec_hash}_aaaa"
    entry = Entry(name, world.alias, world.scenes.spec_hash, "building", "a run", 0)
    registry.record(world.server, entry)
    create_collection(world.server, world.scenes.schema(name))
    return name


def pass_over(world: World, name: str, **run: object) -> Outcome:
    """One pass into a collection, under lock."""
    one = world.run(**run)  # type: ignore[arg-type]
    report = CollectionReport("scenes", world.alias)
    with hold(world.server, world.alias, one.identity, lease=one.lease) as lock:
        return reconcile(Turn(one, world.scenes, report, lock, one.source.info()), name)


def test_three_passes(world: World) -> None:
    """The first pass writes all, the second nothing, the third what changed: exactly that."""
    name = new_collection(world)
    first = pass_over(world, name)
    assert (first.read, first.loaded, first.expected, first.changed_any) == (60, 60, 60, True)
    assert first.coverage["library"] == SCENES
    world.proxy.seen.clear()
    second = pass_over(world, name)
    assert (second.read, second.loaded, second.deleted) == (60, 0, 0)
    assert not second.changed_any
    assert world.writes() == []
    edits.delete_scene(world.library, 60)
    edits.play(world.library, 1)
    third = pass_over(world, name)
    assert (third.loaded, third.deleted, third.expected) == (1, 1, 59)
    assert world.documents(name)[1]["play_count"] >= 1


def test_kept(world: World) -> None:
    """What can't be read counts as refused, and as kept where the collection had it."""
    name = new_collection(world)
    assert pass_over(world, name, source=Unable(world.api, {1, 2})).expected == SCENES - 2
    pass_over(world, name)
    outcome = pass_over(world, name, source=Unable(world.api, {1, 2}))
    assert (outcome.refused, outcome.kept, outcome.deleted) == (2, 2, 0)
    assert outcome.expected == SCENES == len(world.documents(name))
