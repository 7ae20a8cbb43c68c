"""prune: what is dropped, what stays, and that the reason is told."""

from datetime import UTC, datetime, timedelta

from indexer.loader import registry
from indexer.loader.registry import Entry, State
from indexer.loader.schema import create_collection
from indexer.pipeline.prune import prune
from tests.pipeline.world import World, lose_lock_at

OLD_SNAPSHOT = 1_500_000_000


def spare(world: World, hour: int, state: State | None, *, age: float = 0) -> str:
    """Make an empty collection of the alias, begun so many hours after a time, registered so.

    That time is `age` seconds ago, or long past.
    """
    start = datetime.now(UTC) - timedelta(seconds=age) if age else datetime(2020, 1, 1, tzinfo=UTC)
    start += timedelta(hours=hour)
    hash_ = world.scenes.spec_hash
    name = f"{world.alias}_{start:%Y%m%dT%H%M%SZ}_{hash_}_aaaa"
    if state is not None:
        registry.record(world.server, Entry(name, world.alias, hash_, state, "a run", OLD_SNAPSHOT))
    create_collection(world.server, world.scenes.schema(name))
    return name


def test_retired(indexed: World) -> None:
    """R5: retired ones beyond those to keep go, oldest first, each with its reason."""
    made = [spare(indexed, hour, "retired") for hour in range(3)]
    assert prune(indexed.run(), ["scenes"], keep=2).exit_code == 0
    assert indexed.collections() == {*made[1:], indexed.live}
    assert f"{made[0]} was dropped: retired, beyond the 2 to keep" in indexed.told()
    assert registry.entry(indexed.server, made[0]) is None
    prune(indexed.run(), ["scenes"], keep=0)
    assert indexed.collections() == {indexed.live}


def test_the_one_before_is_the_last_to_go(indexed: World) -> None:
    """R5: what the live collection took over from stays, though others are newer."""
    previous, other = spare(indexed, 1, "retired"), spare(indexed, 2, "retired")
    entry = Entry(**{**vars(indexed.entry(indexed.live)), "previous": previous})
    registry.record(indexed.server, entry)
    prune(indexed.run(), ["scenes"], keep=1)
    assert indexed.collections() == {previous, indexed.live}
    assert other not in indexed.collections()


def test_live_by_alias(indexed: World) -> None:
    """R5: what the alias points at is never dropped, whatever the registry says of it."""
    registry.set_state(indexed.server, indexed.live, "retired")
    prune(indexed.run(), ["scenes"], keep=0)
    assert indexed.collections() == {indexed.live}
    registry.forget(indexed.server, indexed.live)
    prune(indexed.run(), ["scenes"], keep=0)
    assert indexed.collections() == {indexed.live}


def test_refused(indexed: World) -> None:
    """R2: one refused collection stays to be looked at, the newest."""
    made = [spare(indexed, hour, "refused") for hour in range(3)]
    prune(indexed.run(), ["scenes"])
    assert indexed.collections() == {made[2], indexed.live}


def test_building(indexed: World) -> None:
    """R18: what a dead run was building stays for a day, to be gone on with; then it goes.

    That day begins with the run, though it read a snapshot that is older.
    """
    young = spare(indexed, 0, "building", age=80_000)
    old = spare(indexed, 0, "building", age=90_000)
    prune(indexed.run(), ["scenes"])
    assert indexed.collections() == {young, indexed.live}
    assert f"{old} was dropped: its run died more than a day ago" in indexed.told()


def test_of_others(indexed: World) -> None:
    """R5: a collection that is not of this alias's pattern is nobody's to drop."""
    name = f"{indexed.alias}_archive"
    create_collection(indexed.server, indexed.scenes.schema(name))
    prune(indexed.run(), ["scenes"], keep=0)
    assert indexed.server.request("GET", f"/collections/{name}")


def test_entries_without_collection(indexed: World) -> None:
    """An entry whose collection is gone is forgotten."""
    gone = spare(indexed, 1, "retired")
    indexed.server.request("DELETE", f"/collections/{gone}")
    prune(indexed.run(), ["scenes"])
    assert registry.entry(indexed.server, gone) is None


def test_lock_lost(indexed: World) -> None:
    """R17: a run that lost its lock while it drops collections drops no more: exit 7."""
    made = [spare(indexed, hour, "retired") for hour in range(3)]
    lose_lock_at(indexed, f"/collections/{made[1]}", "DELETE")
    assert prune(indexed.run(), ["scenes"], keep=0).exit_code == 7
    assert indexed.collections() == {made[0], indexed.live}


def test_settled(indexed: World) -> None:
    """What is spare is only asked of a server at rest."""
    prune(indexed.run(), ["scenes"])
    asked = f"/collections/{registry.COLLECTIONS.name}/documents/export"
    assert indexed.settled_before(asked, number=1)


def test_nothing_there(world: World) -> None:
    """Where nothing is there, there is nothing to drop, and that is no error."""
    report = prune(world.run(), ["scenes"])
    assert (report.exit_code, report.collections[0].documents) == (0, 0)
