"""`indexer documents`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Indexer
from tests.stash.edits import set_studio
from tests.stash.faults import Fault
from tests.stash.server import StashServer


@pytest.fixture(autouse=True)
def _stash_only(stash: StashServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STASH_URL", stash.url)


def test_limit(indexer: Indexer) -> None:
    """Documents come as JSON lines with sorted keys and a digest; Typesense isn't needed."""
    outcome = indexer("documents", "scenes", "--limit", "3")
    assert outcome.code == 0, outcome.err
    documents = [json.loads(line) for line in outcome.out.splitlines()]
    assert len(documents) == 3
    for document in documents:
        assert list(document) == sorted(document)
        assert len(document["digest"]) == 24


def test_ids(indexer: Indexer) -> None:
    """Single documents are asked for by their ids in Stash."""
    outcome = indexer("documents", "performers", "--id", "3", "--id", "7")
    assert outcome.code == 0, outcome.err
    documents = [json.loads(line) for line in outcome.out.splitlines()]
    assert [document["stash_id"] for document in documents] == [3, 7]


def test_what_stash_cannot_give(indexer: Indexer, small_library: Path) -> None:
    """A record that Stash can't give is told and left out: exit code 3, also in a whole listing."""
    set_studio(small_library, scene=3, studio=99999)
    for asked in (("--id", "3", "--id", "4"), ()):
        outcome = indexer("documents", "scenes", "--source", "api", *asked)
        assert outcome.code == 3
        numbers = [json.loads(line)["stash_id"] for line in outcome.out.splitlines()]
        assert 4 in numbers
        assert 3 not in numbers
        assert "scene 3 is left out. Stash has it but can't give it: " in outcome.err
        assert "studio with id 99999 not found" in outcome.err


def test_nothing_that_stash_can_give(indexer: Indexer, small_library: Path) -> None:
    """Where Stash can give nothing of what was asked for it is exit code 5, with its own words."""
    set_studio(small_library, scene=3, studio=99999)
    outcome = indexer("documents", "scenes", "--source", "api", "--id", "3")
    assert (outcome.code, outcome.out) == (5, "")
    assert "error: Stash has what was asked for" in outcome.err
    assert "studio with id 99999 not found" in outcome.err


@pytest.mark.parametrize("name", ["scenes", "suggestions"])
def test_what_stash_does_not_have(indexer: Indexer, name: str) -> None:
    """An id that there isn't is told: exit code 3, whether others were found or not."""
    here = "3" if name == "scenes" else "1000000000003"
    for asked, lines in ((("--id", here, "--id", "99999999"), 1), (("--id", "99999999"), 0)):
        outcome = indexer("documents", name, *asked)
        assert outcome.code == 3
        assert len(outcome.out.splitlines()) == lines
        assert "99999999 is left out. Stash doesn't have it." in outcome.err
        assert f"{here} is left out" not in outcome.err


def test_ids_beyond_the_limit(indexer: Indexer) -> None:
    """Ids that the limit left unasked are not said to be missing."""
    outcome = indexer("documents", "scenes", "--id", "3", "--id", "7", "--limit", "1")
    assert (outcome.code, "left out" in outcome.err) == (0, False)


def test_unknown_name(indexer: Indexer) -> None:
    """A collection that there isn't is exit code 2, and those that there are get listed."""
    outcome = indexer("documents", "lanterns")
    assert (outcome.code, outcome.out) == (2, "")
    assert "scenes, performers" in outcome.err


def test_stash_is_away(indexer: Indexer, stash: StashServer) -> None:
    """A Stash that can't be reached is exit code 5."""
    stash.stop()
    outcome = indexer("documents", "scenes", "--retry-seconds", "0")
    assert (outcome.code, outcome.out) == (5, "")


def test_retries_stay_off_stdout(indexer: Indexer, stash: StashServer) -> None:
    """What is tried again is told on stderr, and stdout has documents only."""
    stash.faults.add(Fault("500", times=1))
    outcome = indexer("documents", "scenes", "--limit", "1")
    assert outcome.code == 0, outcome.err
    assert len(outcome.out.splitlines()) == 1
    assert "trying again: Stash at" in outcome.err


def test_other_names(indexer: Indexer) -> None:
    """With a name set commands take its names, and no others."""
    outcome = indexer("--names", "qar", "documents", "cargo", "--limit", "1")
    assert outcome.code == 0, outcome.err
    document = json.loads(outcome.out)
    assert document["number"] == document["stash_id"]
    assert "logged_at" in document
    assert "created_at" not in document
    assert indexer("documents", "scenes", "--names", "qar").code == 2
    refused = indexer("--names", "rum", "documents", "cargo")
    assert (refused.code, 'no name set "rum"' in refused.err) == (2, True)
