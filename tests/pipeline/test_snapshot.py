"""Runs from a snapshot: offline, without catch-up, and never back in time unawares."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from indexer.errors import ConfigurationError
from indexer.extractor.extract import extract
from indexer.extractor.snapshot import SnapshotSource
from indexer.pipeline.reindex import reindex
from indexer.pipeline.sync import sync
from indexer.pipeline.verify import verify
from tests.pipeline.world import World
from tests.stash.edits import set_title

LONG_AGO = 1_600_000_000


def taken(world: World, where: Path, now: int) -> SnapshotSource:
    """Return a snapshot of the world's library, as of `now` in epoch seconds."""
    extract(world.api, where, now=now, emit=world.events.append)
    return SnapshotSource(where)


def test_offline_and_twice(world: World, tmp_path: Path) -> None:
    """The same file gives the same documents, whatever became of Stash since; one pass will do."""
    with closing(taken(world, tmp_path / "library.jsonl.zst", LONG_AGO)) as source:
        world.stash.stop()
        for _ in range(2):
            report = reindex(world.run(source=source), ["scenes"])
            assert report.exit_code == 0, report.first_error
            assert report.collections[0].documents == report.collections[0].read


def test_older_than_what_people_search(indexed: World, tmp_path: Path) -> None:
    """R8: a snapshot from before the live collection is refused until a person wants it."""
    set_title(indexed.library, 1, "Later than the snapshot")
    with closing(taken(indexed, tmp_path / "library.jsonl.zst", LONG_AGO)) as source:
        run = indexed.run(source=source)
        refused = sync(run, ["scenes"])
        assert isinstance(refused.first_error, ConfigurationError)
        assert "--older-source" in refused.first_error.hint
        assert indexed.documents()[1]["title"] != "Later than the snapshot"
        assert verify(run, ["scenes"]).exit_code == 2, "nor is it compared with"
        allowed = sync(replace(indexed.run(source=source), older_source=True), ["scenes"])
        assert allowed.exit_code == 0, allowed.first_error
        assert indexed.documents()[1]["title"] == "Later than the snapshot"
