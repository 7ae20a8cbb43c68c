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
    assert outcome.out.count("no such alias yet") == len(
        indexer("status", "--json").json["collections"]
    )
    assert f"Typesense {typesense.version} at {typesense.url}" in outcome.out
    assert "Stash" in outcome.out


@pytest.mark.usefixtures("two_servers")
def test_live_and_spare(indexer: Indexer) -> None:
    """After two runs the live collection is shown with its count and age, and the spare one."""
    for _ in range(2):
        assert indexer("reindex", "performers").code == 0
    outcome = indexer("status", "--json")
    assert (outcome.code, outcome.json["exit_code"], outcome.json["error"]) == (0, 0, None)
    scenes, performers = outcome.of("scenes"), outcome.of("performers")
    assert (scenes["target"], scenes["live"], scenes["spare"]) == (None, None, [])
    assert performers["target"] == performers["live"]["collection"]
    assert performers["current"] is True
    assert performers["live"]["documents"] == 40
    assert performers["live"]["age_seconds"] >= 0
    assert len(performers["spare"]) == 1
    assert performers["spare"][0]["state"] == "retired"
    assert (performers["source_count"], performers["refused"]) == (40, 0)
    assert outcome.of("suggestions")["source_count"] > performers["source_count"]
    shown = indexer("status").out
    assert shown.count("  live") == shown.count("  retired") == 1
    assert "performers: last good run" in shown
    assert "scenes: no good run yet" in shown
    assert "Typesense uses" in shown


@pytest.mark.usefixtures("two_servers")
def test_another_spec(indexer: Indexer) -> None:
    """A live collection that was made by another spec than today's says so."""
    assert indexer("reindex", "performers").code == 0
    outcome = indexer("status", "--library", "quay")
    assert "live, of another spec" in outcome.out


@pytest.mark.usefixtures("two_servers")
def test_hidden(indexer: Indexer, http: httpx.Client, alias_prefix: str) -> None:
    """A real collection of the alias's name, which people search instead, is shown as that."""
    assert indexer("reindex", "performers").code == 0
    schema = {"name": f"{alias_prefix}performers", "fields": [{"name": "a", "type": "string"}]}
    http.post("/collections", json=schema).raise_for_status()
    assert indexer("status").out.count("hidden by a collection of that name") == 1
    assert indexer("status", "--json").of("performers")["hidden"] is True


def test_stash_was_away(indexer: Indexer, two_servers: StashServer) -> None:
    """A run that Stash ended at once is the last run, after the last good one."""
    assert indexer("reindex", "performers").code == 0
    two_servers.stop()
    assert indexer("sync", "performers", "--retry-seconds", "0").code == 5
    told = indexer("status").out
    assert "performers: last good run" in told
    assert "(sync), exit code 5: " in told


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
    assert outcome.of("scenes")["target"] is None
    assert indexer("status").err.startswith("error: ")


@pytest.mark.usefixtures("two_servers")
def test_wrong_typesense_key(indexer: Indexer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Typesense there is nothing to show: exit code 6."""
    monkeypatch.setenv("TYPESENSE_API_KEY", "not-the-key")
    outcome = indexer("status", "--json")
    assert outcome.code == outcome.json["exit_code"] == 6
    assert "not-the-key" not in outcome.out + outcome.err


@pytest.mark.usefixtures("two_servers")
def test_max_age(indexer: Indexer, plain_specs: str) -> None:
    """Without a good run, --max-age ends in exit code 9; with one in time, in 0."""
    status = ("status", "--collections-dir", plain_specs, "--max-age", "36h")
    overdue = indexer(*status, "--json")
    assert overdue.code == overdue.json["exit_code"] == 9
    assert overdue.json["error"]["slug"] == "outdated"
    assert indexer("sync", "--collections-dir", plain_specs).code == 0
    assert indexer(*status).code == 0


@pytest.mark.usefixtures("two_servers")
def test_what_brings_nothing_up_to_date_is_no_good_run(indexer: Indexer) -> None:
    """A prune that went well is the last run, not the last good one."""
    assert indexer("prune", "performers").code == 0
    performers = indexer("status", "--json").of("performers")
    assert performers["last_run"]["command"] == "prune"
    assert performers["last_good"] is None
    assert indexer("status", "--max-age", "36h").code == 9


@pytest.mark.usefixtures("two_servers")
def test_a_failed_run(indexer: Indexer) -> None:
    """A last run that failed is shown beside the last good one, with what ended it."""
    assert indexer("reindex", "performers").code == 0
    assert indexer("rollback", "performers").code == 2
    shown = indexer("status").out
    assert "performers: last good run" in shown
    assert "(rollback), exit code 2: There is nothing to roll" in shown
