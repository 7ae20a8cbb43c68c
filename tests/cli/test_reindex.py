"""`indexer reindex`: what it prints and returns; what it does is tested with the pipeline."""

import json
from pathlib import Path

import pytest

from indexer.cli import summary
from indexer.pipeline.report import CollectionReport, RunReport
from tests.cli.conftest import Indexer
from tests.stash.faults import Fault
from tests.stash.server import StashServer


def test_summary(indexer: Indexer, two_servers: StashServer, alias_prefix: str) -> None:
    """The summary has a line for each collection with its counts, and where the alias went."""
    outcome = indexer("reindex", "--log", "plain")
    assert two_servers.requests
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    assert lines[0].split()[:4] == ["collection", "state", "read", "loaded"]
    assert lines[1].split()[:7] == ["scenes", "live", "200", "200", "0", "0", "200"]
    assert lines[2].split()[:7] == ["performers", "live", "40", "40", "0", "0", "40"]
    assert f"{alias_prefix}scenes: nothing -> {alias_prefix}scenes_2" in outcome.out
    assert lines[-1] == "Done: 8 live."
    assert "scenes: 200 to read" in outcome.err


@pytest.mark.usefixtures("two_servers")
def test_json(indexer: Indexer, alias_prefix: str) -> None:
    """With --json stdout is one object and stderr, with --log json, one object a line."""
    outcome = indexer("--log", "json", "reindex", "performers", "--json")
    assert outcome.code == 0, outcome.err
    (entry,) = outcome.json["collections"]
    assert (entry["alias"], entry["state"]) == (f"{alias_prefix}performers", "live")
    assert outcome.json["error"] is None
    assert "started" in [json.loads(line)["event"] for line in outcome.err.splitlines()]


@pytest.mark.usefixtures("two_servers")
def test_dry_run(indexer: Indexer) -> None:
    """A dry run says what it read; nothing is there afterwards."""
    outcome = indexer("reindex", "--dry-run", "--json")
    assert [each["state"] for each in outcome.json["collections"]] == ["dry-run"] * 8
    shown = indexer("status", "--json")
    assert [each["target"] for each in shown.json["collections"]] == [None] * 8


@pytest.mark.usefixtures("two_servers")
def test_refused_swap(indexer: Indexer, tmp_path: Path, small_library: Path) -> None:
    """A gate that refuses is told with what it saw, its limit and what can be done; exit 4."""
    specs = tmp_path / "specs"
    specs.mkdir()
    (specs / "tunes.toml").write_text(
        'alias = "tunes"\nrecord = "scene"\n'
        '[fields.title]\ntype = "string"\nfrom = "title"\ndefault = "Scene {id}"\n'
        '[[canaries]]\nq = "*"\nmin_found = 100000\n'
    )
    outcome = indexer("reindex", "--collections-dir", str(specs))
    assert small_library.exists()
    assert outcome.code == 4
    assert "stays as it is" in outcome.out
    assert "saw 200, limit 100000" in outcome.out
    assert outcome.out.splitlines()[-1] == "Finished with exit code 4: 1 refused."
    assert outcome.err.count("error: ") == 1
    assert "hint: " in outcome.err


def test_stash_fails(indexer: Indexer, two_servers: StashServer) -> None:
    """A Stash that refuses is exit code 5, told once, in --json too."""
    two_servers.faults.add(Fault("401", times=None))
    outcome = indexer("reindex", "--json")
    assert outcome.code == outcome.json["exit_code"] == 5
    assert outcome.json["error"]["slug"] == "stash"
    told = indexer("reindex")
    assert told.code == 5
    assert told.err.count("error: ") == 1


def test_some_documents_refused(capfd: pytest.CaptureFixture[str]) -> None:
    """Where documents were refused the summary names the file that has them."""
    entry = CollectionReport(
        "scenes",
        "scenes",
        previous="scenes_1",
        collection="scenes_2",
        state="live",
        refused=1,
        swapped=True,
        dead_letters="dead-letters/scenes_2.dead.jsonl",
    )
    summary.show(RunReport([entry]))
    told = capfd.readouterr().out.splitlines()
    assert "scenes: scenes_1 -> scenes_2" in told
    assert "scenes: refused documents are in dead-letters/scenes_2.dead.jsonl" in told
    assert told[-1] == "Finished with exit code 3: 1 live."


@pytest.mark.usefixtures("two_servers")
def test_dry_run_without_typesense(indexer: Indexer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dry run needs no Typesense; it tells how many there are to read."""
    for name in ("TYPESENSE_URL", "TYPESENSE_API_KEY"):
        monkeypatch.delenv(name)
    outcome = indexer("reindex", "performers", "--dry-run", "--log", "plain")
    assert outcome.code == 0, outcome.err
    assert "performers: 40 to read" in outcome.err


@pytest.mark.usefixtures("two_servers")
def test_unknown_name(indexer: Indexer) -> None:
    """A collection that there isn't is exit code 2, before anything is done."""
    outcome = indexer("reindex", "lanterns", "--json")
    assert outcome.code == 2
    assert outcome.json["collections"] == []
    assert "scenes, performers" in outcome.json["error"]["hint"]


def test_nothing_is_set(indexer: Indexer) -> None:
    """Without settings all that is missing is listed, and nothing is asked."""
    outcome = indexer("reindex")
    assert outcome.code == 2
    assert outcome.out == ""
    for name in ("STASH_URL", "TYPESENSE_URL", "TYPESENSE_API_KEY"):
        assert f"{name} is not set" in outcome.err
