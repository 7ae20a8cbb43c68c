"""sync: each collection made right in place, with no more writes than it takes."""

import threading
from collections.abc import Iterable

import orjson
import pytest

from indexer.loader import locks, registry
from indexer.loader.catalog import collection
from indexer.loader.delete import delete_documents
from indexer.loader.identity import this_run
from indexer.pipeline.reindex import reindex
from indexer.pipeline.schemas import what_changed
from indexer.pipeline.sync import sync
from indexer.pipeline.verify import verify
from tests.extractor.reading import sql
from tests.pipeline.changed_specs import with_canary, with_field, without_field
from tests.pipeline.sources import Forgetful, Meddling, Twisting
from tests.pipeline.world import PERFORMERS, SCENES, World
from tests.stash import edits
from tests.stash.faults import Fault

LEAVES = """
    SELECT DISTINCT tag_id FROM scenes_tags
    WHERE tag_id NOT IN (SELECT parent_id FROM tags_relations) LIMIT 2
"""
"""Two tags of scenes without tags below them."""


def upload(world: World, name: str, documents: Iterable[object]) -> None:
    """Import documents straight into a collection or, as nobody should, into an alias."""
    body = b"\n".join(map(orjson.dumps, documents))
    world.server.request(
        "POST", f"/collections/{name}/documents/import", params={"action": "upsert"}, content=body
    )


def count(world: World) -> int:
    """How many documents the live collection has."""
    found = collection(world.server, world.live)
    assert found is not None
    return found.num_documents


def test_nothing_there(world: World) -> None:
    """Where no alias is, sync builds, and says why."""
    report = sync(world.run())
    assert [each.documents for each in report.collections] == [SCENES, PERFORMERS]
    assert report.exit_code == 0
    assert f"scenes is built anew: the alias {world.alias} leads nowhere yet" in world.told()


def test_alias_leads_nowhere(indexed: World) -> None:
    """Where somebody dropped what the alias points at, sync builds."""
    gone = indexed.live
    indexed.server.request("DELETE", f"/collections/{gone}")
    assert sync(indexed.run(), ["scenes"]).exit_code == 0
    assert indexed.live != gone
    assert len(indexed.documents()) == SCENES


def test_unchanged(indexed: World) -> None:
    """An unchanged library means 0 writes into the collection, and the alias stays."""
    live = indexed.live
    (scenes,) = sync(indexed.run(), ["scenes"]).collections
    assert indexed.writes() == []
    assert (scenes.state, scenes.read, scenes.loaded, scenes.deleted) == ("live", SCENES, 0, 0)
    assert (scenes.documents, scenes.swapped) == (SCENES, False)
    assert indexed.live == live


def test_changes(indexed: World) -> None:
    """R8: what is new, changed or gone is written, in place; nothing else is touched."""
    live = indexed.live
    before = indexed.documents()
    edits.set_title(indexed.library, 5, "Lantern in the orchard")
    edits.delete_scene(indexed.library, 6)
    new = edits.add_scene(indexed.library, title="New harbour")
    (scenes,) = sync(indexed.run(), ["scenes"]).collections
    assert (scenes.exit_code, scenes.loaded, scenes.deleted) == (0, 2, 1)
    assert len(indexed.writes()) == 2
    after = indexed.documents()
    assert indexed.live == live
    assert after[5]["title"] == "Lantern in the orchard"
    assert after[new]["title"] == "New harbour"
    assert {key: each for key, each in after.items() if key not in {5, new}} == {
        key: each for key, each in before.items() if key not in {5, 6}
    }


def test_changes_elsewhere(indexed: World) -> None:
    """R9: names of tags, performers and studios reach all documents that show them."""
    leaf, other = sql(indexed.library, LEAVES)
    edits.rename_performer(indexed.library, 3, "Ada Quay")
    edits.merge_tags(indexed.library, leaf, other)
    before = indexed.documents()
    assert sync(indexed.run(), ["scenes"]).exit_code == 0
    after = indexed.documents()
    shows = {key for key, each in before.items() if 3 in each.get("performer_ids", [])}
    assert shows == {key for key, each in after.items() if "Ada Quay" in each.get("performers", [])}
    assert shows
    assert not any(leaf in each.get("tag_ids", []) for each in after.values())


def test_listing_that_lies_once(indexed: World) -> None:
    """R10: nothing is deleted on the word of one listing; what is there by id is kept."""
    (scenes,) = sync(indexed.run(source=Forgetful(indexed.api, {8, 9})), ["scenes"]).collections
    assert (scenes.exit_code, scenes.deleted, scenes.read) == (0, 0, SCENES)
    assert indexed.writes() == []


def test_gone_twice(indexed: World) -> None:
    """R10: what is absent from the listing and by id is deleted."""
    source = Forgetful(indexed.api, {8, 9}, insists=True)
    (scenes,) = sync(indexed.run(source=source), ["scenes"]).collections
    assert (scenes.exit_code, scenes.deleted) == (0, 2)
    assert not {8, 9} & set(indexed.documents())


@pytest.mark.parametrize("what", ["shrinks", "thins out", "is empty"])
def test_gates(indexed: World, what: str) -> None:
    """R1: a sync that would shrink or thin out too much writes nothing and exits 4."""
    before = indexed.documents()
    if what == "thins out":
        for performer in range(1, PERFORMERS + 1):
            edits.delete_performer(indexed.library, performer)
    else:
        for scene in range(1, 13 if what == "shrinks" else SCENES + 1):
            edits.delete_scene(indexed.library, scene)
    (scenes,) = sync(indexed.run(), ["scenes"]).collections
    assert (scenes.exit_code, scenes.state, scenes.loaded, scenes.deleted) == (4, "refused", 0, 0)
    assert scenes.error is not None
    assert "nothing was written" in scenes.error.message
    assert indexed.writes() == []
    assert indexed.documents() == before


def test_allowed_to_shrink(indexed: World) -> None:
    """R1: a number of documents may be allowed to go; above a quarter that is a rebuild."""
    live = indexed.live
    for scene in range(1, 13):
        edits.delete_scene(indexed.library, scene)
    assert sync(indexed.run(), ["scenes"], allow_shrink=12).exit_code == 0
    assert (indexed.live, count(indexed)) == (live, SCENES - 12)
    for scene in range(13, 31):
        edits.delete_scene(indexed.library, scene)
    assert sync(indexed.run(), ["scenes"], allow_shrink=18).exit_code == 0
    assert "18 of 48 documents are gone" in indexed.told()
    assert indexed.live != live
    assert count(indexed) == SCENES - 30


def test_unreadable(indexed: World) -> None:
    """What Stash has but can't give stays as it is indexed: exit 3, and its neighbours go on."""
    before = indexed.documents()
    edits.set_title(indexed.library, 5, "Not to be seen")
    edits.set_title(indexed.library, 6, "Beside it")
    indexed.stash.faults.add(Fault("poison", times=None, scene_id=5))
    (scenes,) = sync(indexed.run(), ["scenes"]).collections
    assert (scenes.exit_code, scenes.refused, scenes.loaded, scenes.deleted) == (3, 1, 1, 0)
    after = indexed.documents()
    assert (after[5], after[6]["title"]) == (before[5], "Beside it")


def test_refused_by_typesense(indexed: World) -> None:
    """R16: a document refused in its new form stays in its old one: exit 3, a dead letter."""
    before = indexed.documents()
    (scenes,) = sync(indexed.run(source=Twisting(indexed.api, {5}.__contains__))).collections[:1]
    assert (scenes.exit_code, scenes.refused, scenes.documents) == (3, 1, SCENES)
    assert scenes.dead_letters is not None
    assert indexed.documents()[5] == before[5]


def test_strangers(indexed: World) -> None:
    """Documents that Stash never had go, whatever their ids; one without digest is sent anew."""
    document = indexed.documents()[9]
    bare = {name: value for name, value in document.items() if name != "digest"}
    delete_documents(indexed.server, indexed.live, ["main-9"])
    ghosts = [{**document, "id": each, "stash_id": 999} for each in ("main-999", "odd/one", "007")]
    upload(indexed, indexed.live, [bare, *ghosts])
    (scenes,) = sync(indexed.run(), ["scenes"]).collections
    assert (scenes.exit_code, scenes.loaded, scenes.deleted) == (0, 1, 3)
    assert indexed.documents()[9] == document


def test_doubled(indexed: World) -> None:
    """Documents that writes through the alias doubled are repaired by building anew."""
    live, documents = indexed.live, list(indexed.documents().values())
    for _ in range(400):  # a race: on a busy machine 50 were not always enough
        names = [indexed.alias, live] * 2
        writers = [
            threading.Thread(target=upload, args=(indexed, name, documents)) for name in names
        ]
        delete_documents(indexed.server, live, [each["id"] for each in documents])
        for each in writers:
            each.start()
        for each in writers:
            each.join()
        if count(indexed) > SCENES:
            break
    assert count(indexed) > SCENES, "this server makes no doubles any more"
    assert verify(indexed.run(), ["scenes"]).exit_code == 8
    assert sync(indexed.run(), ["scenes"]).exit_code == 0
    assert "documents are there twice" in indexed.told()
    assert indexed.live != live
    assert len(indexed.documents()) == SCENES


def test_spec_changed(indexed: World) -> None:
    """R24: another spec is a rebuild that names the fields."""
    live = indexed.live
    spec = with_field(indexed.scenes, "harbour", **{"from": "code", "type": "string"})
    spec = without_field(
        with_field(spec, "code", **{"from": "code", "type": "string", "facet": True}), "director"
    )
    assert sync(indexed.run(specs=[spec])).exit_code == 0
    told = "it is not of today's spec: new: harbour; gone: director; different: code"
    assert f"scenes is built anew: {told}" in indexed.told()
    assert indexed.live != live
    assert f"_{spec.spec_hash}_" in indexed.live


def test_made_otherwise(indexed: World) -> None:
    """A field made of something else is a rebuild too; gates and canaries are not."""
    other = with_field(indexed.scenes, "code", **{"from": "title", "type": "string"})
    found = collection(indexed.server, indexed.live)
    assert found is not None
    assert what_changed(other, found.fields) == "how a field is made, or the form of ids"
    live = indexed.live
    assert sync(indexed.run(specs=[with_canary(indexed.scenes, q="*")])).exit_code == 0
    assert indexed.live == live
    assert sync(indexed.run(specs=[other])).exit_code == 0
    assert indexed.live != live


def test_lock_lost(indexed: World) -> None:
    """R17: a run whose lock another took over stops with exit 7 before it deletes anything."""
    edits.delete_scene(indexed.library, 5)
    shelf = locks.LOCKS

    def take() -> None:
        lock = {"id": indexed.alias, "lease": 60, **vars(this_run())}
        upload(indexed, shelf.name, [lock])

    (scenes,) = sync(indexed.run(source=Meddling(indexed.api, take)), ["scenes"]).collections
    indexed.server.request("DELETE", f"{shelf.path}/{indexed.alias}")
    assert (scenes.exit_code, scenes.deleted) == (7, 0)
    assert 5 in indexed.documents()


def test_somebody_else_writes_too(indexed: World) -> None:
    """A collection with another number of documents than it should have is no success: exit 1."""
    document = {**indexed.documents()[9], "id": "main-999"}
    edits.set_title(indexed.library, 5, "Changed")
    adding = Meddling(indexed.api, lambda: upload(indexed, indexed.live, [document]))
    (scenes,) = sync(indexed.run(source=adding), ["scenes"]).collections
    assert scenes.exit_code == 1
    assert scenes.error is not None
    assert f"has {SCENES + 1} documents and should have {SCENES}" in scenes.error.message


def test_killed_before_it_was_written_down(indexed: World) -> None:
    """A run killed between swap and registry leaves what the next sync puts right."""
    first = indexed.live
    reindex(indexed.run(), ["scenes"])
    entry = {**vars(indexed.entry(indexed.live)), "state": "building", "coverage": {}}
    registry.record(indexed.server, registry.Entry(**entry))
    registry.set_state(indexed.server, first, "live")
    assert sync(indexed.run(), ["scenes"]).exit_code == 0
    assert indexed.entry(indexed.live).state == "live"
    assert indexed.entry(indexed.live).coverage["library"] == SCENES
    assert indexed.entry(indexed.live).previous == first
    assert indexed.collections() == {first, indexed.live}
