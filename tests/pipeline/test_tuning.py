"""Search behaviour: in force from a swap on, back with a rollback, the same after any kill."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from indexer.loader.locks import LOCKS
from indexer.loader.presets import list_presets, own_presets
from indexer.loader.search import search
from indexer.loader.synonyms import read_stop_words, read_synonyms
from indexer.pipeline.prune import prune
from indexer.pipeline.reindex import reindex
from indexer.pipeline.rollback import rollback
from indexer.pipeline.run import Run
from indexer.pipeline.sync import sync
from indexer.pipeline.tuning import apply_tuning, tuning_differences
from indexer.transformer.tuning import Synonym, Tuning
from tests.pipeline.changed_specs import with_canary
from tests.pipeline.sources import Dying
from tests.pipeline.test_reindex import begin_and_die
from tests.pipeline.world import World
from tests.stash import edits
from tests.typesense.proxy import Meanwhile

FIRST = Tuning(
    {"browse": {"query_by": "title", "per_page": 3}, "old": {"query_by": "title"}},
    synonyms=[Synonym(("lugger", "smack"))],
)
SECOND = Tuning(
    {"browse": {"query_by": "title,tags", "per_page": 5}},
    synonyms=[Synonym(("zeppelin", "blimp")), Synonym(("dinghy",), root="boat")],
)
NAMES = ["scenes"]


def tuned(world: World, tuning: Tuning) -> Run:
    """A run of the scenes, searched in that way."""
    return world.run(specs=[replace(world.scenes, tuning=tuning)])


def put_preset(world: World, name: str, value: str) -> None:
    """Write a preset, as somebody else would."""
    body = b'{"value": %s}' % value.encode()
    world.server.request("PUT", f"/presets/{world.alias}_{name}", content=body)


def presets(world: World) -> Mapping[str, Mapping[str, Any]]:
    """The presets that people search the scenes with, by their short names."""
    start = f"{world.alias}_"
    return {
        name.removeprefix(start): value
        for name, value in list_presets(world.server).items()
        if name.startswith(start) and "--" not in name
    }


def synonyms(world: World) -> list[list[str]]:
    """The words that stand for each other where people search the scenes."""
    return sorted(group["synonyms"] for group in read_synonyms(world.server, world.live).values())


def test_swap(world: World) -> None:
    """R20: presets and synonyms are in force when the alias has moved; one that went is gone."""
    assert reindex(tuned(world, FIRST), NAMES).exit_code == 0
    assert presets(world) == FIRST.presets
    edits.add_scene(world.library, title="The dinghy and the blimp")
    assert reindex(tuned(world, SECOND), NAMES).exit_code == 0
    assert presets(world) == SECOND.presets
    preset = f"{world.alias}_browse"
    assert len(search(world.server, world.alias, {"q": "*", "preset": preset})["hits"]) == 5
    for word in ("zeppelin", "blimp", "boat"):
        parameters = {"q": word, "preset": preset, "num_typos": "0"}
        assert search(world.server, world.alias, parameters)["found"] == 1


def test_refused_swap(world: World) -> None:
    """A swap that is refused changes nothing for people who search."""
    reindex(tuned(world, FIRST), NAMES)
    spec = replace(with_canary(world.scenes, min_found=10_000), tuning=SECOND)
    assert reindex(world.run(specs=[spec]), NAMES).exit_code == 4
    assert presets(world) == FIRST.presets
    assert synonyms(world) == [["lugger", "smack"]]


def test_rollback(world: World) -> None:
    """A rollback brings back presets and synonyms of the collection that it goes back to."""
    reindex(tuned(world, FIRST), NAMES)
    reindex(tuned(world, SECOND), NAMES)
    assert synonyms(world) == [["dinghy"], ["zeppelin", "blimp"]]
    assert rollback(tuned(world, SECOND), "scenes").exit_code == 0
    assert presets(world) == FIRST.presets
    assert synonyms(world) == [["lugger", "smack"]]


@pytest.mark.parametrize("command", [sync, apply_tuning])
def test_killed_before_the_switch(world: World, command: Any) -> None:
    """What a run left undone that died right after its swap, the next one does."""
    reindex(tuned(world, FIRST), NAMES)
    put_preset(world, "browse", '{"query_by": "details"}')
    world.server.request("DELETE", f"/presets/{world.alias}_old")
    assert command(tuned(world, FIRST), NAMES).exit_code == 0
    assert presets(world) == FIRST.presets


@pytest.mark.needs_typesense(">=30")
@pytest.mark.parametrize("command", [sync, apply_tuning])
def test_killed_before_the_set_is_named(world: World, command: Any) -> None:
    """From v30 on a synonym set that its collection doesn't name yet is seen, and named."""
    reindex(tuned(world, SECOND), NAMES)
    world.server.request("PATCH", f"/collections/{world.live}", content=b'{"synonym_sets": []}')
    specs = [replace(world.scenes, tuning=SECOND)]
    assert {each.what for each in tuning_differences(world.server, specs)} == {"synonyms"}
    assert command(tuned(world, SECOND), NAMES).exit_code == 0
    assert not tuning_differences(world.server, specs)


def test_sync(world: World) -> None:
    """A change of the files alone reaches what is live, without a document being written."""
    reindex(tuned(world, FIRST), NAMES)
    report = sync(tuned(world, SECOND), NAMES)
    assert (report.exit_code, report.collections[0].loaded) == (0, 0)
    assert presets(world) == SECOND.presets


def test_nothing_to_do(world: World) -> None:
    """Where files and server agree nothing is written."""
    reindex(tuned(world, SECOND), NAMES)
    world.proxy.seen.clear()
    sync(tuned(world, SECOND), NAMES)
    written = [each.path for each in world.proxy.seen if each.method in {"PUT", "DELETE"}]
    assert not [path for path in written if "preset" in path or "synonym" in path]


def test_prune(world: World) -> None:
    """What belongs to a collection goes when it goes."""
    reindex(tuned(world, FIRST), NAMES)
    gone = world.live
    reindex(tuned(world, SECOND), NAMES)
    assert own_presets(list_presets(world.server), gone)
    prune(tuned(world, SECOND), NAMES, keep=0)
    assert not own_presets(list_presets(world.server), gone)


def test_what_stays_keeps_its_presets(world: World) -> None:
    """A collection that stays, as somebody points an alias at it meanwhile, keeps its presets."""
    reindex(tuned(world, FIRST), NAMES)
    kept = world.live
    reindex(tuned(world, SECOND), NAMES)
    path, body = f"/aliases/{world.alias}_kept", b'{"collection_name": "%s"}' % kept.encode()

    def point() -> None:
        world.server.request("PUT", path, content=body)

    world.proxy.fail(Meanwhile(act=point, on=f"{LOCKS.path}/{world.alias}", method="GET"))
    assert prune(tuned(world, SECOND), NAMES, keep=0).exit_code == 6
    world.server.request("DELETE", path)
    assert kept in world.collections()
    assert own_presets(list_presets(world.server), kept) == FIRST.presets


def test_killed_while_pruning(world: World) -> None:
    """Presets whose collection a killed run had dropped already go with the next prune."""
    reindex(tuned(world, FIRST), NAMES)
    gone = world.live
    reindex(tuned(world, SECOND), NAMES)
    world.server.request("DELETE", f"/collections/{gone}")
    prune(tuned(world, SECOND), NAMES)
    assert not own_presets(list_presets(world.server), gone)


def test_a_resume_that_fails(world: World) -> None:
    """What a run leaves that died between presets and swap goes whole when going on fails."""
    reindex(tuned(world, FIRST), NAMES)
    begun = begin_and_die(world)
    body = b'{"value": {"query_by": "title"}}'
    world.server.request("PUT", f"/presets/{begun}--browse", content=body)
    failed = reindex(world.run(source=Dying(world.api, listing=1)), NAMES)
    assert failed.exit_code == 5
    assert begun not in world.collections()
    assert not own_presets(list_presets(world.server), begun)


def test_presets_of_others(world: World) -> None:
    """A preset that somebody else made stays, though its name begins as ours do."""
    put_preset(world, "mine", '{"query_by": "title"}')
    reindex(tuned(world, FIRST), NAMES)
    reindex(tuned(world, SECOND), NAMES)
    assert presets(world)["mine"] == {"query_by": "title"}


def test_stop_words(world: World) -> None:
    """Stop words are on the server and in every preset; where it knows none, that is told."""
    tuning = replace(FIRST, stop_words=("aboard",))
    assert reindex(tuned(world, tuning), NAMES).exit_code == 0
    if "knows no stop words" in world.told():
        assert presets(world) == FIRST.presets
    else:
        assert read_stop_words(world.server, world.live) == ["aboard"]
        assert {value["stopwords"] for value in presets(world).values()} == {world.live}


def test_differences(world: World) -> None:
    """What files and server have differently is named, key by key."""
    reindex(tuned(world, FIRST), NAMES)
    specs = [replace(world.scenes, tuning=SECOND)]
    found = {(each.what, each.key): each for each in tuning_differences(world.server, specs)}
    assert found.keys() == {
        ("preset browse", "per_page"),
        ("preset browse", "query_by"),
        ("preset old", ""),
        ("synonyms", "zeppelin"),
        ("synonyms", "boat"),
        ("synonyms", "lugger"),
    }
    assert found["preset browse", "per_page"].file == 5
    assert found["preset browse", "per_page"].server == 3
    apply_tuning(tuned(world, SECOND), NAMES)
    assert not tuning_differences(world.server, specs)


def test_groups_that_share_a_word(world: World) -> None:
    """Of several groups that begin with one word each that differs is named, not the last alone."""
    same, root = Synonym(("boat", "skiff")), Synonym(("dinghy",), root="boat")
    more = replace(FIRST, synonyms=[Synonym(("boat", "yawl")), same, root])
    reindex(tuned(world, replace(FIRST, synonyms=[same])), NAMES)
    specs = [replace(world.scenes, tuning=more)]
    found = [(each.what, each.key, each.file) for each in tuning_differences(world.server, specs)]
    wanted = [("synonyms", "boat", ["boat", "yawl"]), ("synonyms", "boat", ["dinghy"])]
    assert sorted(found) == wanted
    reindex(tuned(world, more), NAMES)
    specs = [replace(world.scenes, tuning=replace(FIRST, synonyms=[same]))]
    assert len(tuning_differences(world.server, specs)) == 2


@pytest.mark.parametrize("command", [reindex, apply_tuning])
def test_no_presets_any_more(world: World, command: Any) -> None:
    """Presets that no file has any more go with the next swap, or with `tune apply`."""
    reindex(tuned(world, FIRST), NAMES)
    reindex(tuned(world, Tuning()), NAMES)
    if command is apply_tuning:
        put_preset(world, "old", '{"query_by": "title"}')
        assert tuning_differences(world.server, [replace(world.scenes, tuning=Tuning())])
        assert command(tuned(world, Tuning()), NAMES).exit_code == 0
    assert presets(world) == {}
    assert not tuning_differences(world.server, [replace(world.scenes, tuning=Tuning())])
