"""What holds a sync back: what it looks at before and after it writes into what people search."""

from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest

from indexer.errors import IndexerError
from indexer.extractor.api import ApiSource
from indexer.extractor.graphql import StashClient
from indexer.extractor.source import Source
from indexer.loader import locks
from indexer.loader.catalog import resolve
from indexer.loader.delete import delete_documents
from indexer.loader.runs import last_good, last_runs
from indexer.pipeline.accept import accept
from indexer.pipeline.reindex import reindex
from indexer.pipeline.report import RunReport
from indexer.pipeline.run import Run
from indexer.pipeline.sync import sync
from indexer.retries import ONCE
from tests.pipeline.sources import Forgetful, Meddling, Unable
from tests.pipeline.world import PERFORMERS, SCENES, World, delete_scenes
from tests.stash import edits
from tests.typesense.proxy import Meanwhile

CLEARED = "/operations/cache/clear"


def test_hidden_by_a_collection(indexed: World) -> None:
    """R7: a real collection of the alias's name hides what a sync would write: exit 2, 0 writes."""
    schema = {"name": indexed.alias, "fields": [{"name": "a", "type": "string"}]}
    indexed.server.request("POST", "/collections", content=orjson.dumps(schema))
    indexed.proxy.seen.clear()
    edits.set_title(indexed.library, 5, "Not to be seen")
    report = sync(indexed.run(), ["scenes"])
    assert report.exit_code == 2
    assert report.first_error is not None
    assert f"has a collection {indexed.alias}" in report.first_error.message
    assert indexed.writes() == []


def test_loser_writes_nothing(indexed: World) -> None:
    """R17: a run that lost its lock after it compared writes nothing over what the winner wrote."""
    edits.set_title(indexed.library, 5, "As the loser read it")
    won = []

    def win() -> None:
        indexed.server.request("DELETE", f"{locks.LOCKS.path}/{indexed.alias}")
        edits.set_title(indexed.library, 5, "As the winner read it")
        won.append(sync(indexed.run(), ["scenes"]).exit_code)

    # What is live is looked up when everything is compared and nothing is written yet.
    entry = f"/indexer_collections/documents/{indexed.live}"
    indexed.proxy.fail(Meanwhile(win, on=entry, method="GET"))
    (scenes,) = sync(indexed.run(), ["scenes"]).collections
    assert (won, scenes.exit_code, scenes.loaded) == ([0], 7, 0)
    assert indexed.documents()[5]["title"] == "As the winner read it"


def test_alias_moved_meanwhile(indexed: World) -> None:
    """R4: "live" is said of what the alias leads to when all is written; elsewhere is exit 7."""
    first = indexed.live
    assert reindex(indexed.run(), ["scenes"]).exit_code == 0
    edits.set_title(indexed.library, 5, "Written where nobody searches")
    source = Meddling(indexed.api, lambda: indexed.point_at(first))
    (scenes,) = sync(indexed.run(source=source), ["scenes"]).collections
    assert (scenes.exit_code, scenes.state) == (7, "failed")
    assert indexed.live == first


@pytest.mark.parametrize(
    ("source", "code"),
    [(lambda api: Forgetful(api, {9}), 0), (lambda api: Unable(api, {9}), 3)],
    ids=["not listed once", "can't be read"],
)
def test_without_digest(indexed: World, source: Callable[[Source], Source], code: int) -> None:
    """R10: nor is a document without digest deleted on the word of one listing."""
    bare = {name: value for name, value in indexed.documents()[9].items() if name != "digest"}
    delete_documents(indexed.server, indexed.live, ["main-9"])
    path = f"/collections/{indexed.live}/documents"
    indexed.server.request("POST", path, content=orjson.dumps(bare))
    (scenes,) = sync(indexed.run(source=source(indexed.api)), ["scenes"]).collections
    assert (scenes.exit_code, scenes.deleted) == (code, 0)
    assert 9 in indexed.documents()


def test_altered_schema(indexed: World) -> None:
    """R24: a field that somebody dropped on the server is built anew, though the hash agrees."""
    live, dropped = indexed.live, {"fields": [{"name": "director", "drop": True}]}
    indexed.server.request("PATCH", f"/collections/{live}", content=orjson.dumps(dropped))
    assert sync(indexed.run(), ["scenes"]).exit_code == 0
    assert "altered on the server: field director: missing" in indexed.told()
    assert indexed.live != live


def test_settled(indexed: World) -> None:
    """What is compared is only read from a server at rest."""
    assert sync(indexed.run(), ["scenes"]).exit_code == 0
    assert indexed.settled_before(f"/collections/{indexed.live}/documents/export")


def test_each_turn_settles(indexed: World) -> None:
    """A server that restarted since the turn before is at rest before anything is read of it."""
    assert sync(indexed.run()).exit_code == 0
    held = f"/indexer_collections/documents/alias%3A{indexed.specs[1].alias}"
    assert indexed.settled_before(held)


def test_cached_answers(indexed: World) -> None:
    """After a sync that wrote, and only then, answers that the server keeps are forgotten."""
    assert sync(indexed.run(), ["scenes"]).exit_code == 0
    assert indexed.proxy.requests(CLEARED) == []
    edits.set_title(indexed.library, 5, "To be found at once")
    assert sync(indexed.run(), ["scenes"]).exit_code == 0
    paths = [each.path for each in indexed.proxy.seen]
    (written,) = [n for n, path in enumerate(paths) if "/documents/import" in path]
    assert CLEARED in paths[written:]


def test_stash_is_away(indexed: World) -> None:
    """A try that Stash ended at once is in the record of runs: `status` tells of it."""
    indexed.stash.stop()
    gone = StashClient(indexed.stash.url, None, patience=ONCE, emit=indexed.events.append)
    assert sync(indexed.run(source=ApiSource(gone))).exit_code == 5
    for spec in indexed.specs:
        last = last_runs(indexed.server, spec.alias)[0]
        assert (last.command, last.exit_code, last.error_slug) == ("sync", 5, "stash")
    good = last_good(last_runs(indexed.server, indexed.alias))
    assert good is not None
    assert good.command == "reindex"


def refused(world: World, allow_shrink: int = 0) -> IndexerError:
    """What a sync is told that a gate refuses."""
    (scenes,) = sync(world.run(), ["scenes"], allow_shrink=allow_shrink).collections
    assert scenes.exit_code == 4
    assert scenes.error is not None
    return scenes.error


def refused_no_more(world: World) -> bool:
    """Whether the nights after go on without a word."""
    return sync(world.run(), ["scenes"]).exit_code == 0


def test_way_out_of_empty(indexed: World) -> None:
    """R1: nothing never replaces something; a library emptied for good has the way out it names."""
    delete_scenes(indexed, 1, SCENES + 1)
    error = refused(indexed, allow_shrink=SCENES)
    rebuilt = reindex(indexed.run(), ["scenes"], allow_shrink=SCENES).first_error
    assert rebuilt is not None
    way = f"`DELETE /aliases/{indexed.alias}`, then `indexer sync scenes`"
    assert way in error.hint
    assert way in rebuilt.hint
    indexed.server.request("DELETE", f"/aliases/{indexed.alias}")
    (scenes,) = sync(indexed.run(), ["scenes"]).collections
    assert (scenes.exit_code, scenes.documents, scenes.state) == (0, 0, "live")
    assert refused_no_more(indexed)


def test_way_out_of_thinner(indexed: World) -> None:
    """R2: what thinned out in place is built beside, looked at and accepted, as the hint says."""
    for performer in range(1, PERFORMERS + 1):
        edits.delete_performer(indexed.library, performer)
    error = refused(indexed)
    assert "--allow-shrink" not in error.hint
    assert "`indexer reindex scenes` builds it beside" in error.hint
    assert "`indexer accept scenes`" in error.hint
    assert reindex(indexed.run(), ["scenes"]).exit_code == 4
    assert accept(indexed.run(), "scenes").exit_code == 0
    assert refused_no_more(indexed)


def test_way_out_of_shrunk(indexed: World) -> None:
    """R1: where documents went, the number that may go is told, and enough."""
    delete_scenes(indexed, 1, 13)
    error = refused(indexed)
    assert "`indexer sync scenes --allow-shrink 12`" in error.hint
    assert "accept" not in error.hint
    assert sync(indexed.run(), ["scenes"], allow_shrink=12).exit_code == 0


def test_counts_of_refused_scenes(indexed: World) -> None:
    """R1: what counts scenes is left as it is where too few of them came: exit 4, both."""
    assert reindex(indexed.run()).exit_code == 0
    performers = resolve(indexed.server, indexed.specs[1].alias) or ""
    before = indexed.documents(performers)
    delete_scenes(indexed, 1, 41)
    scenes, counted = sync(indexed.run()).collections
    assert (scenes.exit_code, counted.exit_code) == (4, 4)
    assert indexed.documents(performers) == before
    _, alone = sync(indexed.run(), allow_shrink=40).collections
    assert alone.exit_code == 0, "once the scenes are taken, so are the counts"
    assert indexed.documents(performers) != before


@pytest.mark.parametrize("command", [sync, reindex])
def test_counts_without_the_scenes(
    indexed: World, command: Callable[[Run, list[str]], RunReport]
) -> None:
    """R1: so is it where the scenes themselves are not asked for."""
    assert reindex(indexed.run()).exit_code == 0
    performers = resolve(indexed.server, indexed.specs[1].alias) or ""
    before = indexed.documents(performers)
    delete_scenes(indexed, 1, 41)
    (counted,) = command(indexed.run(), ["performers"]).collections
    assert (counted.exit_code, counted.swapped) == (4, False)
    assert indexed.documents(performers) == before


def test_another_library(indexed: World) -> None:
    """An alias by which people search one library is never moved to another's: exit 2."""
    live, other = indexed.live, replace(indexed.scenes, library="second")
    for command in (sync, reindex):
        (scenes,) = command(indexed.run(specs=[other]), ["scenes"]).collections
        assert scenes.exit_code == 2
        assert scenes.error is not None
        assert "INDEXER_ALIAS_PREFIX" in scenes.error.hint
    assert (indexed.live, indexed.collections()) == (live, {live})
