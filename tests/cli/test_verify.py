"""`indexer verify`: what it prints and returns; what it finds is tested with the pipeline."""

from pathlib import Path

import httpx
import orjson
import pytest

from tests.cli.conftest import Indexer
from tests.stash import edits
from tests.stash.server import StashServer


@pytest.fixture
def documents(indexer: Indexer, two_servers: StashServer, alias_prefix: str) -> str:
    """Where the performers are, all in order."""
    assert two_servers.url
    outcome = indexer("sync", "performers")
    assert outcome.code == 0, outcome.err
    return f"/collections/{alias_prefix}performers/documents"


@pytest.mark.usefixtures("documents")
def test_no_difference(indexer: Indexer) -> None:
    """Where nothing differs that is said, and the exit code is 0."""
    outcome = indexer("verify", "performers")
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    assert lines[1].split() == ["performers", "ok", "40", "0", "0", "0", "0"]
    assert lines[-1] == "All is as Stash has it."
    assert indexer("verify", "performers", "--json").json["exit_code"] == 0


def test_missing_and_repaired(indexer: Indexer, documents: str, http: httpx.Client) -> None:
    """What is missing is counted and named, exit code 8; --repair brings it back."""
    http.delete(f"{documents}/main-7").raise_for_status()
    outcome = indexer("verify", "performers")
    assert outcome.code == 8
    assert "performers missing: main-7" in outcome.out
    assert outcome.out.splitlines()[-1].endswith("`indexer verify --repair` mends it.")
    assert indexer("verify", "performers", "--json").json["collections"][0]["missing"] == {
        "count": 1,
        "ids": ["main-7"],
    }
    repaired = indexer("verify", "performers", "--repair")
    assert repaired.code == 0, repaired.err
    assert http.get(f"{documents}/main-7").is_success


def test_repair_that_is_refused(
    indexer: Indexer, documents: str, small_library: Path, tmp_path: Path
) -> None:
    """What kept --repair from mending decides the exit code and is the error of the JSON."""
    assert documents
    for performer in range(1, 16):
        edits.delete_performer(small_library, performer)
    outcome = indexer("verify", "performers", "--repair", "--json", "--report", "report.json")
    assert outcome.code == outcome.json["exit_code"] == 4, outcome.err
    assert outcome.json["error"]["slug"] == "gate-refused"
    assert outcome.of("performers")["ghost"]["count"] == 15
    assert orjson.loads((tmp_path / "report.json").read_bytes()) == outcome.json


def test_deep(indexer: Indexer, documents: str, http: httpx.Client) -> None:
    """A stored field that belies its digest shows with --deep, and is built anew by --repair."""
    http.patch(f"{documents}/main-7", json={"name": "Somebody Else"}).raise_for_status()
    assert indexer("verify", "performers").code == 0
    outcome = indexer("verify", "performers", "--deep")
    assert outcome.code == 8
    assert "performers altered: main-7 (name)" in outcome.out
    repaired = indexer("verify", "performers", "--deep", "--repair")
    assert repaired.code == 0, repaired.err
    assert http.get(f"{documents}/main-7").json()["name"] != "Somebody Else"


def test_many_ids(indexer: Indexer, documents: str, http: httpx.Client) -> None:
    """Of many ids the first twenty are shown, and how many more there are."""
    http.delete(documents, params={"filter_by": "stash_id:<=25"}).raise_for_status()
    outcome = indexer("verify", "performers")
    assert outcome.code == 8
    assert outcome.out.count("main-") == 20
    assert "and 5 more" in outcome.out


@pytest.mark.usefixtures("two_servers")
def test_nothing_yet(indexer: Indexer) -> None:
    """An alias that isn't there yet is a difference; --repair builds it."""
    outcome = indexer("verify", "performers")
    assert outcome.code == 8
    assert "performers leads nowhere" in outcome.out
    assert indexer("verify", "performers", "--repair").code == 0


def test_stash_is_away(indexer: Indexer, two_servers: StashServer) -> None:
    """A Stash that can't be asked is exit code 5, not a difference."""
    two_servers.stop()
    outcome = indexer("verify", "--json")
    assert outcome.code == outcome.json["exit_code"] == 5
    assert indexer("verify").err.startswith("error: ")
