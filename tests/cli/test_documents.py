"""`indexer documents`."""

import json

import pytest

from tests.cli.conftest import Indexer
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
