"""`indexer status`."""

import httpx
import pytest

from tests.cli.conftest import Indexer
from tests.stash.server import StashServer
from tests.typesense.choice import RunningTypesense


@pytest.mark.usefixtures("two_servers")
def test_nothing_yet(indexer: Indexer, typesense: RunningTypesense) -> None:
    """Before the first run each alias is shown as not there, with both servers' versions."""
    outcome = indexer("status")
    assert outcome.code == 0
    assert outcome.out.count("no such alias yet") == 2
    assert f"Typesense {typesense.version} at {typesense.url}" in outcome.out
    assert "Stash" in outcome.out


@pytest.mark.usefixtures("two_servers")
def test_live_and_spare(indexer: Indexer) -> None:
    """After two runs the live collection is shown with its count and age, and the spare one."""
    for _ in range(2):
        assert indexer("reindex", "performers").code == 0
    outcome = indexer("status", "--json")
    assert (outcome.code, outcome.json["exit_code"], outcome.json["error"]) == (0, 0, None)
    scenes, performers = outcome.json["collections"]
    assert (scenes["target"], scenes["live"], scenes["spare"]) == (None, None, [])
    assert performers["target"] == performers["live"]["collection"]
    assert performers["current"] is True
    assert performers["live"]["documents"] == 40
    assert performers["live"]["age_seconds"] >= 0
    assert len(performers["spare"]) == 1
    shown = indexer("status").out
    assert shown.count("  live") == shown.count("  spare") == 1


@pytest.mark.usefixtures("two_servers")
def test_another_spec(indexer: Indexer) -> None:
    """A live collection that was made by another spec than today's says so."""
    assert indexer("reindex", "performers").code == 0
    outcome = indexer("status", "--library", "quay")
    assert "live, of another spec" in outcome.out


@pytest.mark.usefixtures("two_servers")
def test_alias_of_nothing(indexer: Indexer, typesense: RunningTypesense, alias_prefix: str) -> None:
    """An alias whose collection is gone is shown as that."""
    httpx.put(
        f"{typesense.url}/aliases/{alias_prefix}scenes",
        json={"collection_name": f"{alias_prefix}gone"},
        headers={"X-TYPESENSE-API-KEY": typesense.api_key},
        trust_env=False,
    ).raise_for_status()
    outcome = indexer("status")
    assert outcome.code == 0
    assert "its collection is gone" in outcome.out


def test_stash_is_away(indexer: Indexer, two_servers: StashServer) -> None:
    """Without Stash what Typesense has is still shown; the exit code is 5."""
    two_servers.stop()
    outcome = indexer("status", "--json")
    assert outcome.code == outcome.json["exit_code"] == 5
    assert outcome.json["error"]["slug"] == "stash"
    assert len(outcome.json["collections"]) == 2
    assert indexer("status").err.startswith("error: ")


@pytest.mark.usefixtures("two_servers")
def test_wrong_typesense_key(indexer: Indexer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Typesense there is nothing to show: exit code 6."""
    monkeypatch.setenv("TYPESENSE_API_KEY", "not-the-key")
    outcome = indexer("status", "--json")
    assert outcome.code == outcome.json["exit_code"] == 6
    assert "not-the-key" not in outcome.out + outcome.err
