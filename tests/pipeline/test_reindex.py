"""reindex: a new collection beside the one that people search, and what keeps the alias.

What goes wrong between the two servers is in test_reindex_trouble.py.
"""

import stat
from pathlib import Path

import orjson
import pytest

from indexer.events import Started, Warned
from indexer.loader import registry
from indexer.loader.catalog import list_aliases
from indexer.loader.runs import last_good, last_runs
from indexer.pipeline.rehearse import rehearse
from indexer.pipeline.reindex import reindex
from tests.pipeline.changed_specs import with_canary
from tests.pipeline.sources import Dying, Forgetful, Lacking, Meddling, Twisting
from tests.pipeline.world import PERFORMERS, SCENES, World
from tests.stash import edits
from tests.stash.library import build_library


class Killed(BaseException):
    """Stands for a run's sudden end where a process of its own would be too slow."""


def kill() -> None:
    """End the run as nothing that it catches would."""
    raise Killed


def begin_and_die(world: World) -> str:
    """Let a run die in its bulk pass; return the collection that it leaves."""
    before = world.collections()
    with pytest.raises(Killed):
        reindex(world.run(source=Meddling(world.api, kill)), ["scenes"])
    (left,) = world.collections() - before
    return left


def test_first(world: World) -> None:
    """R3, R4: "live" is told after the read-back, with the server's count, and recorded."""
    report = reindex(world.run())
    assert report.exit_code == 0, report.first_error
    scenes, performers = report.collections
    assert (scenes.state, scenes.swapped, scenes.previous) == ("live", True, None)
    assert scenes.collection == world.live
    assert scenes.documents == scenes.read == scenes.loaded == scenes.source_count == SCENES
    assert performers.documents == PERFORMERS
    entry = world.entry(world.live)
    assert (entry.state, entry.documents, entry.coverage["library"]) == ("live", SCENES, SCENES)
    good = last_good(last_runs(world.server, world.alias))
    assert good is not None
    assert (good.command, good.counts["documents"]) == ("reindex", SCENES)


def test_previous_is_kept(indexed: World) -> None:
    """R5: the collection searched before stays, the one before it goes; --keep 0 keeps none."""
    first = indexed.live
    reindex(indexed.run(), ["scenes"])
    second = indexed.live
    assert indexed.collections() == {first, second}
    assert indexed.entry(second).previous == first
    assert indexed.entry(first).state == "retired"
    reindex(indexed.run(), ["scenes"])
    assert indexed.collections() == {second, indexed.live}
    reindex(indexed.run(), ["scenes"], keep=0)
    assert indexed.collections() == {indexed.live}


def test_changes_during_the_bulk_pass(world: World) -> None:
    """R8, R9, R10: the catch-up finds edits, renames and deletes behind the bulk pass's back."""

    def change() -> None:
        edits.delete_scene(world.library, 1)
        edits.set_title(world.library, 2, "Harbour at dawn")
        edits.rename_studio(world.library, 1, "Orchard Films")
        edits.add_scene(world.library, title="Late lantern")

    source = Meddling(world.api, change)
    (scenes,) = reindex(world.run(source=source), ["scenes"]).collections
    assert (scenes.exit_code, scenes.deleted) == (0, 1)
    documents = world.documents()
    assert 1 not in documents
    assert documents[2]["title"] == "Harbour at dawn"
    assert "Late lantern" in {each["title"] for each in documents.values()}
    studios = [each["studio"] for each in documents.values() if each.get("studio_id") == 1]
    assert studios
    assert set(studios) == {"Orchard Films"}
    assert source.listings == 3, "a catch-up that found something is followed by one more pass"


def test_nothing_changed_meanwhile(world: World) -> None:
    """A catch-up that found nothing is the last pass."""
    source = Meddling(world.api, lambda: None)
    assert reindex(world.run(source=source), ["scenes"]).exit_code == 0
    assert source.listings == 2


def test_changes_during_the_catch_up(world: World) -> None:
    """R8: what changes while the catch-up reads is found by the pass after the swap."""
    early = Meddling(world.api, lambda: edits.set_title(world.library, 1, "One"))
    late = Meddling(early, lambda: edits.delete_scene(world.library, 2), listing=2)
    (scenes,) = reindex(world.run(source=late), ["scenes"]).collections
    assert scenes.exit_code == 0
    assert scenes.documents == SCENES - 1
    documents = world.documents()
    assert documents[1]["title"] == "One"
    assert 2 not in documents
    assert world.entry(world.live).documents == SCENES - 1


def test_stash_dies_after_the_swap(indexed: World) -> None:
    """R4, R5: Stash dying in the pass after the swap is told, "swapped" too; nothing goes."""
    reindex(indexed.run(), ["scenes"])
    before = indexed.collections()
    changing = Meddling(indexed.api, lambda: edits.set_title(indexed.library, 1, "One"))
    report = reindex(indexed.run(source=Dying(changing, listing=3)), ["scenes"], keep=0)
    (scenes,) = report.collections
    assert (report.exit_code, scenes.swapped, scenes.state) == (5, True, "live")
    assert indexed.collections() == {*before, indexed.live}
    assert indexed.documents()[1]["title"] == "One"


def test_stash_dies_before_the_gates(indexed: World) -> None:
    """R18: what fails before the gates leaves no collection and no entry, and the alias alone."""
    live, before = indexed.live, indexed.collections()
    report = reindex(indexed.run(source=Dying(indexed.api, listing=2)), ["scenes"])
    (scenes,) = report.collections
    assert (report.exit_code, scenes.state, scenes.collection) == (5, "failed", None)
    assert (indexed.live, indexed.collections()) == (live, before)
    assert {each.collection for each in registry.entries(indexed.server, indexed.alias)} == before


def test_shrink(indexed: World) -> None:
    """R1, R2: a shrunk library is refused with the figures, kept and named; N may be allowed."""
    live = indexed.live
    for scene in range(1, 21):
        edits.delete_scene(indexed.library, scene)
    report = reindex(indexed.run(), ["scenes"])
    (scenes,) = report.collections
    assert (report.exit_code, scenes.state, scenes.swapped) == (4, "refused", False)
    assert indexed.live == live
    assert scenes.collection in indexed.collections()
    entry = indexed.entry(scenes.collection)
    assert entry.state == "refused"
    failed = [(each["name"], each["seen"], each["limit"]) for each in entry.gates if not each["ok"]]
    assert failed == [("shrink", 20, 10)]
    assert scenes.error is not None
    assert "shrink: 20, limit 10" in scenes.error.message
    assert "--allow-shrink 20" in scenes.error.hint
    assert "indexer accept scenes" in scenes.error.hint
    assert reindex(indexed.run(), ["scenes"], allow_shrink=19).exit_code == 4
    assert reindex(indexed.run(), ["scenes"], allow_shrink=20).exit_code == 0
    assert len(indexed.documents()) == SCENES - 20


def test_stash_lists_less_than_it_counts(indexed: World) -> None:
    """R1: a listing much shorter than Stash's own count at launch is refused."""
    source = Forgetful(indexed.api, range(1, 21), insists=True)
    (scenes,) = reindex(indexed.run(source=source), ["scenes"]).collections
    assert scenes.exit_code == 4
    assert "source" in [gate.name for gate in scenes.gates if not gate.ok]


def test_nothing_never_replaces_something(indexed: World) -> None:
    """R1: 0 documents never swap, whatever is allowed to shrink."""
    live = indexed.live
    for scene in range(1, SCENES + 1):
        edits.delete_scene(indexed.library, scene)
    report = reindex(indexed.run(), ["scenes"], allow_shrink=SCENES)
    assert report.exit_code == 4
    assert "empty" in [gate.name for gate in report.collections[0].gates if not gate.ok]
    assert indexed.live == live


def test_no_performers(world: World, tmp_path: Path) -> None:
    """A library without performers gets an empty `performers`, and that is fine."""
    path = tmp_path / "lonely.sqlite"
    build_library(path, scenes=0, performers=0)
    world.library.write_bytes(path.read_bytes())
    report = reindex(world.run(), ["performers"])
    assert report.exit_code == 0, report.first_error
    assert (report.collections[0].documents, report.collections[0].state) == (0, "live")


def test_thinner(indexed: World) -> None:
    """R1: a facet field that is set in far fewer documents is refused, and named."""
    for performer in range(1, PERFORMERS + 1):
        edits.delete_performer(indexed.library, performer)
    (scenes,) = reindex(indexed.run(), ["scenes"]).collections
    assert scenes.exit_code == 4
    failed = [gate.name for gate in scenes.gates if not gate.ok]
    assert "coverage of performers" in failed
    assert "coverage of studio" not in failed


def test_spec_is_wrong(world: World) -> None:
    """R15: ten documents refused from the start stop the run with exit 1; nothing is left."""
    source = Twisting(world.api, lambda _scene: True)
    report = reindex(world.run(source=source), ["scenes"])
    assert report.exit_code == 1
    assert report.first_error is not None
    assert "details" in report.first_error.message
    assert (world.collections(), world.live) == (set(), "")


def test_some_refused(world: World) -> None:
    """R16: refused documents within the budget are exit 3, each in the dead letters (0600)."""
    source = Twisting(world.api, {7, 31}.__contains__)
    report = reindex(world.run(source=source), ["scenes"])
    (scenes,) = report.collections
    assert (report.exit_code, scenes.state, scenes.refused) == (3, "live", 2)
    assert scenes.documents == SCENES - 2
    assert scenes.dead_letters is not None
    path = Path(scenes.dead_letters)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    letters = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    assert [each["id"] for each in letters] == ["main-7", "main-31"], "once, not once a pass"
    assert all(each["code"] == 400 and each["document"]["details"] == 7 for each in letters)
    assert reindex(world.run(), ["scenes"]).exit_code == 0, "the next run sends them again"
    assert len(world.documents()) == SCENES
    assert list(path.parent.iterdir()) == [path], "a run without refused documents has no file"


def test_odd_things_are_told_once(world: World) -> None:
    """What is odd in the library is told once a run, not once a pass and collection."""
    one, other = (edits.add_tag(world.library, name) for name in ("Quay", "Pier"))
    edits.nest_tag(world.library, one, other)
    edits.nest_tag(world.library, other, one)
    edits.tag_scene(world.library, 1, one)
    run = world.run(source=Lacking(world.api, "director"))
    assert reindex(run).exit_code == 0
    told = [each.message for each in world.events if isinstance(each, Warned)]
    assert len(told) == len(set(told)), told
    assert sum("is its own ancestor" in each for each in told) == 2
    assert sum("has no director" in each for each in told) == 1


def test_too_many_refused(indexed: World) -> None:
    """R1, R15: more refused than the budget is a gate's matter: exit 4, the alias stays."""
    live = indexed.live
    report = reindex(indexed.run(source=Twisting(indexed.api, range(40, 51).__contains__)))
    scenes, performers = report.collections
    assert report.exit_code == 4
    assert "refused" in [gate.name for gate in scenes.gates if not gate.ok]
    assert indexed.live == live
    assert performers.state == "live", "one collection's failure does not stop the others"


def test_refused_do_not_pile_up(indexed: World) -> None:
    """R19: of collections refused night after night only the newest stays: each takes memory."""
    for scene in range(1, 21):
        edits.delete_scene(indexed.library, scene)
    names = [reindex(indexed.run(), ["scenes"]).collections[0].collection for _ in range(3)]
    assert indexed.collections() == {indexed.live, names[-1]}


def test_canary(indexed: World) -> None:
    """R23: a canary that finds too little keeps the alias where it is."""
    other = with_canary(indexed.scenes, q="*", min_found=SCENES + 1)
    assert other.spec_hash == indexed.scenes.spec_hash
    live = indexed.live
    (scenes,) = reindex(indexed.run(specs=[other])).collections
    assert (scenes.exit_code, scenes.state) == (4, "refused")
    assert [gate.name for gate in scenes.gates if not gate.ok] == ["canary 1: hits for *"]
    assert indexed.live == live


def test_resume(indexed: World) -> None:
    """R18: what a killed run began is gone on with: only what is missing is sent."""
    begun = begin_and_die(indexed)
    live = indexed.live
    assert indexed.entry(begun).state == "building"
    indexed.proxy.seen.clear()
    (scenes,) = reindex(indexed.run(), ["scenes"]).collections
    assert scenes.collection == begun == indexed.live
    assert f"going on with {begun}" in indexed.told()
    assert indexed.entry(begun).previous == live
    assert len(indexed.documents()) == SCENES


def test_fresh(indexed: World) -> None:
    """--fresh begins anew; what the killed run left stays for a day."""
    begun = begin_and_die(indexed)
    (scenes,) = reindex(indexed.run(), ["scenes"], fresh=True).collections
    assert scenes.collection != begun
    assert begun in indexed.collections()
    later = reindex(indexed.run(), ["scenes"])
    assert later.collections[0].collection == begun, "it may still be gone on with"


def test_killed_right_after_the_swap(indexed: World) -> None:
    """What is searched is never gone on with, though its entry may still say "building"."""
    live = indexed.live
    registry.set_state(indexed.server, live, "building")
    (scenes,) = reindex(indexed.run(), ["scenes"]).collections
    assert scenes.collection != live
    assert scenes.previous == live
    assert indexed.entry(live).state == "retired"


def test_killed_before_the_collection_was_made(indexed: World) -> None:
    """An entry without collection is nothing to go on with, and goes."""
    ghost = {**vars(indexed.entry(indexed.live)), "state": "building"}
    ghost["collection"] = f"{indexed.live[:-4]}zzzz"
    registry.record(indexed.server, registry.Entry(**ghost))
    (scenes,) = reindex(indexed.run(), ["scenes"]).collections
    assert scenes.state == "live"
    assert registry.entry(indexed.server, str(ghost["collection"])) is None


def test_rehearsal(world: World) -> None:
    """A dry run reads everything, says how much and how long; it needs no Typesense."""
    report = rehearse(world.api, world.specs, world.events.append)
    assert [each.documents for each in report.collections] == [SCENES, PERFORMERS]
    assert all(each.seconds > 0 for each in report.collections)
    assert [each.expected for each in world.events if isinstance(each, Started)] == [60, 12]


def test_names_of_one_second(world: World) -> None:
    """R6: two runs of one second make two collections; the name carries the spec's hash."""
    run = world.run()
    reindex(run, ["scenes"])
    reindex(run, ["scenes"])
    assert len(world.collections()) == 2
    assert all(f"_{world.scenes.spec_hash}_" in name for name in world.collections())
    assert list_aliases(world.server)[world.alias] in world.collections()
