"""rollback and release: back to what was searched before, held there until a person lets go."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from indexer.loader import registry
from indexer.loader.drop import drop_collection
from indexer.loader.search import search
from indexer.pipeline.accept import accept
from indexer.pipeline.prune import prune
from indexer.pipeline.reindex import reindex
from indexer.pipeline.rollback import release, rollback
from indexer.pipeline.sync import sync
from indexer.transformer.tuning import Tuning
from tests.pipeline.changed_specs import with_field, without_field
from tests.pipeline.world import SCENES, World
from tests.stash import edits
from tests.typesense.proxy import Answer


@pytest.fixture
def twice(indexed: World) -> World:
    """The scenes indexed a second time, with another title for scene 1."""
    edits.set_title(indexed.library, 1, "Second edition")
    assert reindex(indexed.run(), ["scenes"]).exit_code == 0
    indexed.proxy.seen.clear()
    return indexed


def moves(world: World) -> int:
    """How often an alias was moved."""
    return len(world.proxy.requests("/aliases/", "PUT"))


def test_back_and_held(twice: World) -> None:
    """R21: back to the one before; sync, reindex and accept leave it alone and say since when."""
    first, second = twice.spare, twice.live
    report = rollback(twice.run(), "scenes", reason="titles are wrong")
    (scenes,) = report.collections
    assert (report.exit_code, scenes.swapped, scenes.previous) == (0, True, second)
    assert twice.live == scenes.collection == first
    assert scenes.documents == SCENES
    assert [twice.entry(each).state for each in (first, second)] == ["live", "retired"]
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    for command in (sync, reindex):
        refused = command(twice.run(), ["scenes"])
        assert refused.exit_code == 4
        assert refused.first_error is not None
        assert today in refused.first_error.message
        assert "titles are wrong" in refused.first_error.message
        assert "indexer release" in refused.first_error.hint
    assert accept(twice.run(), "scenes").exit_code == 4
    assert twice.live == first
    assert twice.writes() == []


def test_held_before_it_moves(twice: World) -> None:
    """R21: the hold is written before the alias moves: a kill in between leaves it to a repeat."""
    rollback(twice.run(), "scenes")
    requests = [(each.method, each.path.partition("?")[0]) for each in twice.proxy.seen]
    hold = requests.index(("POST", f"/collections/{registry.COLLECTIONS.name}/documents"))
    assert hold < requests.index(("PUT", f"/aliases/{twice.alias}"))


def test_repeated(twice: World) -> None:
    """R21: a repeat changes nothing: it is no toggle."""
    first = twice.spare
    rollback(twice.run(), "scenes")
    assert moves(twice) == 1
    again = rollback(twice.run(), "scenes")
    assert (again.exit_code, again.collections[0].swapped) == (0, False)
    assert moves(twice) == 1
    assert twice.live == first


def test_released(twice: World) -> None:
    """Released, the alias moves again: the next sync brings the old collection up to date."""
    first, second = twice.spare, twice.live
    rollback(twice.run(), "scenes")
    prune(twice.run(), ["scenes"], keep=0)
    assert second in twice.collections(), "what was rolled back from stays while it is held"
    assert release(twice.run(), "scenes").exit_code == 0
    assert release(twice.run(), "scenes").exit_code == 0, "a repeat changes nothing"
    assert sync(twice.run(), ["scenes"]).exit_code == 0
    assert twice.live == first
    assert twice.documents()[1]["title"] == "Second edition"


def test_without_stash(twice: World) -> None:
    """R21: the way back needs no Stash."""
    asked = len(twice.stash.requests)
    assert rollback(twice.run(), "scenes").exit_code == 0
    assert release(twice.run(), "scenes").exit_code == 0
    assert len(twice.stash.requests) == asked


def test_killed_in_between(twice: World) -> None:
    """Killed after the hold and before the move, a repeat goes on to the same end."""
    first, second = twice.spare, twice.live
    now = datetime.now(UTC)
    registry.hold_alias(twice.server, twice.alias, "a test", now, second)
    assert rollback(twice.run(), "scenes").collections[0].swapped
    assert twice.live == first


def test_nothing_to_go_back_to(indexed: World) -> None:
    """R21: without a collection before, or where it was dropped, that is exit 2; nothing moves."""
    first = indexed.live
    assert rollback(indexed.run(), "scenes").exit_code == 2
    reindex(indexed.run(), ["scenes"])
    live = indexed.live
    drop_collection(indexed.server, first, indexed.alias)
    report = rollback(indexed.run(), "scenes")
    assert report.exit_code == 2
    assert report.first_error is not None
    assert first in report.first_error.message
    assert indexed.live == live
    assert registry.held(indexed.server, indexed.alias) is None


def test_another_spec(indexed: World) -> None:
    """A collection of another spec is gone back to with a warning; released, sync builds anew."""
    first = indexed.live
    spec = with_field(indexed.scenes, "harbour", **{"from": "code", "type": "string"})
    reindex(indexed.run(specs=[spec]))
    assert rollback(indexed.run(specs=[spec]), "scenes").exit_code == 0
    assert indexed.live == first
    assert f"{first} was built by another spec" in indexed.told()
    release(indexed.run(specs=[spec]), "scenes")
    assert sync(indexed.run(specs=[spec])).exit_code == 0
    assert indexed.live != first


def test_killed_before_the_presets(world: World) -> None:
    """R21: a rollback that dies when its alias is moved is finished by the next run it turns away.

    Else searches would ask the old collection for fields that only the new one has.
    """
    new = replace(world.scenes, tuning=Tuning({"browse": {"query_by": "title,director"}}))
    old = replace(
        without_field(world.scenes, "director"), tuning=Tuning({"browse": {"query_by": "title"}})
    )
    for spec in (old, new):
        assert reindex(world.run(specs=[spec])).exit_code == 0
    preset = f"{world.alias}_browse"
    world.proxy.fail(Answer(status=403, body=b"{}", on=f"/presets/{preset}", method="PUT"))
    assert rollback(world.run(specs=[new]), "scenes").exit_code == 6
    assert sync(world.run(specs=[new]), ["scenes"]).exit_code == 4
    found = search(world.server, world.alias, {"q": "*", "preset": preset})["found"]
    assert found == SCENES
