"""What holds a reindex back: gates after the swap, looks before what counts, order of writes."""

import orjson

from indexer.loader import registry
from indexer.pipeline.reindex import reindex
from tests.pipeline.sources import Forgetful, Meddling
from tests.pipeline.world import SCENES, World, delete_scenes, lose_lock_at
from tests.stash import edits
from tests.typesense.proxy import Answer


def test_many_gone_after_the_swap(indexed: World) -> None:
    """R1: the pass after the swap writes nothing past the gates: exit 4, "swapped", no prune."""
    reindex(indexed.run(), ["scenes"])
    before = indexed.collections()
    edit = Meddling(indexed.api, lambda: edits.set_title(indexed.library, 1, "One"))
    source = Meddling(edit, lambda: delete_scenes(indexed, 26, SCENES + 1), listing=3)
    (scenes,) = reindex(indexed.run(source=source), ["scenes"]).collections
    assert (scenes.exit_code, scenes.swapped, scenes.state) == (4, True, "live")
    assert scenes.error is not None
    assert "what changed since was not written (source: 35" in scenes.error.message
    assert "`indexer sync scenes --allow-shrink 35`" in scenes.error.hint
    assert len(indexed.documents()) == SCENES
    assert indexed.collections() == {*before, indexed.live}
    assert indexed.entry(indexed.live).state == "live"


def test_what_may_shrink_is_one_ceiling(indexed: World) -> None:
    """R1: what the swap used of --allow-shrink is not there again for the pass after it."""
    delete_scenes(indexed, 1, 13)
    edit = Meddling(indexed.api, lambda: edits.set_title(indexed.library, 20, "Twenty"))
    source = Meddling(edit, lambda: delete_scenes(indexed, 45, 56), listing=3)
    (scenes,) = reindex(indexed.run(source=source), ["scenes"], allow_shrink=12).collections
    assert (scenes.exit_code, scenes.swapped) == (4, True)
    assert len(indexed.documents()) == SCENES - 12


def test_what_was_allowed_is_not_asked_again(indexed: World) -> None:
    """R1: fewer records than Stash counted, let through at the swap, are fine in the pass after."""
    edit = Meddling(indexed.api, lambda: edits.set_title(indexed.library, 21, "Late"))
    source = Forgetful(edit, range(1, 21), insists=True)
    (scenes,) = reindex(indexed.run(source=source), ["scenes"], allow_shrink=20).collections
    assert (scenes.exit_code, edit.listings, scenes.documents) == (0, 3, SCENES - 20)


def test_alias_moved_after_the_swap(indexed: World) -> None:
    """R4: what the pass after the swap wrote is live only if the alias is still there: exit 7."""
    first = indexed.live
    edit = Meddling(indexed.api, lambda: edits.set_title(indexed.library, 1, "One"))
    source = Meddling(edit, lambda: indexed.point_at(first), listing=3)
    assert reindex(indexed.run(source=source), ["scenes"]).exit_code == 7
    assert indexed.live == first


def test_late_requests_of_another_run(indexed: World) -> None:
    """R17: what a paused run still had under way when it lost its lock is gone before the swap."""
    before = indexed.collections()

    def late() -> None:
        (building,) = indexed.collections() - before
        ghost = indexed.documents()[1] | {"id": "main-999", "stash_id": 999}
        path = f"/collections/{building}/documents/import"
        indexed.server.request("POST", path, content=orjson.dumps(ghost))

    source = Meddling(indexed.api, late, listing=2)
    (scenes,) = reindex(indexed.run(source=source), ["scenes"]).collections
    assert (scenes.exit_code, scenes.swapped, scenes.deleted) == (0, True, 1)
    assert len(indexed.documents()) == SCENES


def test_settled(world: World) -> None:
    """What decides is only asked of a server at rest: what is there, and what the gates count."""
    assert reindex(world.run(), ["scenes"]).exit_code == 0
    documents = f"/collections/{world.live}/documents"
    assert world.settled_before(f"{documents}/export", number=0), "the bulk pass"
    assert world.settled_before(f"{documents}/export", number=1), "the catch-up"
    assert world.settled_before(f"{documents}/search"), "the gates and canaries"


def test_entry_comes_first(indexed: World) -> None:
    """R18: a collection is in the registry before it is there: a kill leaves no orphan."""
    assert reindex(indexed.run(), ["scenes"]).exit_code == 0
    posts = [each.path.partition("?")[0] for each in indexed.proxy.seen if each.method == "POST"]
    last_made = len(posts) - 1 - posts[::-1].index("/collections")
    assert f"/collections/{registry.COLLECTIONS.name}/documents" in posts[:last_made]


def test_collection_that_cannot_be_made(indexed: World) -> None:
    """R18: where the server refuses the new collection, its entry goes as well."""
    before = {each.collection for each in registry.entries(indexed.server, indexed.alias)}
    no = b'{"message":"Parameter `fields` is odd."}'
    indexed.proxy.fail(Answer(400, no, on="/collections$", method="POST"))
    (scenes,) = reindex(indexed.run(), ["scenes"]).collections
    assert scenes.exit_code == 6
    assert {each.collection for each in registry.entries(indexed.server, indexed.alias)} == before


def test_lock_lost_before_the_gates(indexed: World) -> None:
    """R17: a run that lost its lock leaves its own collection: another may go on with it."""
    before = indexed.collections()
    lose_lock_at(indexed, "/documents/import", "POST")
    assert reindex(indexed.run(), ["scenes"]).exit_code == 7
    assert len(indexed.collections() - before) == 1
    assert "could not be removed and stays" in indexed.told()
