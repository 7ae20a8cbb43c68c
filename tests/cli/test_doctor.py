"""`indexer doctor`."""

from pathlib import Path

import httpx
import orjson
import pytest

from indexer.pipeline import room
from indexer.shipped import shipped_collections
from indexer.transformer.spec import load_specs
from tests.cli.conftest import Indexer
from tests.stash.faults import Fault
from tests.stash.server import StashServer
from tests.typesense.choice import RunningTypesense
from tests.typesense.proxy import MANY, FaultyProxy, ReplaceAnswer

METRICS = (
    "system_memory_total_bytes",
    "system_memory_used_bytes",
    "system_disk_total_bytes",
    "system_disk_used_bytes",
    "typesense_memory_resident_bytes",
)
COLLECTIONS = [spec.name for spec in load_specs(shipped_collections())]


@pytest.mark.usefixtures("two_servers")
def test_all_is_well(indexer: Indexer, typesense: RunningTypesense, alias_prefix: str) -> None:
    """Where nothing is wrong every check says what it saw, and the probe leaves nothing."""
    outcome = indexer("doctor", "--json")
    assert outcome.code == 0, outcome.out
    checks = {check["name"]: check for check in outcome.json["checks"]}
    assert set(checks) == {
        "settings",
        "collection specs",
        "Stash",
        "way of reading Stash",
        "Typesense",
        "Typesense version",
        "Typesense is settled",
        "Typesense key",
        "Typesense memory",
        *(f"Stash fields for {name}" for name in COLLECTIONS),
        *(f"name of {name}" for name in COLLECTIONS),
    }
    assert all(check["ok"] and check["seen"] and not check["hint"] for check in checks.values())
    there = httpx.get(
        f"{typesense.url}/collections",
        headers={"X-TYPESENSE-API-KEY": typesense.api_key},
        trust_env=False,
    ).json()
    assert not [each for each in there if each["name"].startswith(alias_prefix)]
    assert indexer("doctor").out.endswith("All is well.\n")


def wrong(indexer: Indexer, *arguments: str) -> dict[str, int]:
    """Return the checks that fail and their exit codes."""
    outcome = indexer("doctor", "--json", *arguments)
    failed = [check for check in outcome.json["checks"] if not check["ok"]]
    assert outcome.code == outcome.json["exit_code"]
    assert all(check["hint"] for check in failed)
    told = indexer("doctor", *arguments)
    assert told.code == outcome.code
    assert told.out.count("WRONG") == len(failed)
    return {check["name"]: check["exit_code"] for check in failed}


def new_key(typesense: RunningTypesense, actions: list[str], collections: list[str]) -> str:
    """Return a new key that may do this with these collections and nothing else."""
    made = httpx.post(
        f"{typesense.url}/keys",
        json={"description": "a test's", "actions": actions, "collections": collections},
        headers={"X-TYPESENSE-API-KEY": typesense.api_key},
        trust_env=False,
    )
    value: str = made.raise_for_status().json()["value"]
    return value


def test_nothing_is_set(indexer: Indexer) -> None:
    """Without any setting the specs are still looked at."""
    assert wrong(indexer) == {"settings": 2}
    assert "scenes, performers" in indexer("doctor").out


@pytest.mark.parametrize(
    ("refused", "way"), [("", "sql would be used"), ("querySQL", "api would be used")]
)
def test_which_way_would_be_used(
    indexer: Indexer, two_servers: StashServer, refused: str, way: str
) -> None:
    """A Stash that takes no SQL would be read through its API; that is no fault, and told why."""
    if refused:
        two_servers.faults.add(Fault("partial", times=None, match=refused))
    outcome = indexer("doctor", "--json")
    assert outcome.code == 0, outcome.out
    checks = {check["name"]: check["seen"] for check in outcome.json["checks"]}
    assert checks["way of reading Stash"] == way
    assert ("not read by sql" in outcome.err) == bool(refused)


def test_stash_wants_a_login(indexer: Indexer, two_servers: StashServer) -> None:
    """A Stash that refuses doesn't keep Typesense from being looked at."""
    two_servers.faults.add(Fault("401", times=None))
    assert wrong(indexer) == {"Stash": 5}


@pytest.mark.usefixtures("two_servers")
def test_wrong_typesense_key(indexer: Indexer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that Typesense refuses is told, and shown nowhere."""
    monkeypatch.setenv("TYPESENSE_API_KEY", "not-the-key")
    assert wrong(indexer) == {"Typesense": 6}
    assert "not-the-key" not in indexer("doctor").out


@pytest.mark.usefixtures("two_servers")
def test_key_that_may_only_look(
    indexer: Indexer, typesense: RunningTypesense, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that may look but not write is told with what it may not do."""
    looking = ["collections:get", "collections:list", "aliases:get", "aliases:list", "debug:list"]
    actions = [*looking, "metrics.json:list", "status:list"]
    monkeypatch.setenv("TYPESENSE_API_KEY", new_key(typesense, actions, ["*"]))
    assert wrong(indexer)["Typesense key"] == 6
    assert "create a collection" in indexer("doctor").out


@pytest.mark.usefixtures("two_servers")
def test_key_that_is_bound_to_names(
    indexer: Indexer,
    typesense: RunningTypesense,
    alias_prefix: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A key for the aliases alone is told what else it needs; with that a run succeeds."""
    names = [f"{alias_prefix}.*", "indexer_.*"]
    monkeypatch.setenv("TYPESENSE_API_KEY", new_key(typesense, ["*"], names[:1]))
    assert wrong(indexer) == {"Typesense key": 6}
    told = indexer("doctor").out
    assert "use indexer_locks" in told
    assert " and ".join(f"`{name}`" for name in names) in told
    monkeypatch.setenv("TYPESENSE_API_KEY", new_key(typesense, ["*"], names))
    assert indexer("doctor").code == 0
    assert indexer("reindex", "performers").code == 0


def test_backup_is_not_made(indexer: Indexer, two_servers: StashServer) -> None:
    """A look doesn't make Stash copy its database, and all else is looked at as ever."""
    outcome = indexer("doctor", "--json", "--source", "backup")
    assert outcome.code == 0
    checks = {check["name"]: check for check in outcome.json["checks"]}
    assert checks["way of reading Stash"]["seen"].startswith("backup would be used; not tried")
    assert checks["Stash fields for scenes"]["seen"] == "all there"
    asked = two_servers.counts()
    assert asked["systemStatus"]
    assert not asked["backupDatabase"]


@pytest.mark.usefixtures("two_servers")
def test_taken_name(indexer: Indexer, typesense: RunningTypesense, alias_prefix: str) -> None:
    """A collection of somebody else's under an alias's name is told: exit code 2."""
    httpx.post(
        f"{typesense.url}/collections",
        json={"name": f"{alias_prefix}scenes", "fields": [{"name": "word", "type": "string"}]},
        headers={"X-TYPESENSE-API-KEY": typesense.api_key},
        trust_env=False,
    ).raise_for_status()
    assert wrong(indexer) == {"name of scenes": 2}


@pytest.mark.usefixtures("two_servers")
def test_wrong_spec_and_setting(indexer: Indexer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong settings and missing specs don't keep the servers from being looked at."""
    monkeypatch.setenv("INDEXER_PAGESIZE", "10")
    assert wrong(indexer, "--collections-dir", ".") == {"settings": 2, "collection specs": 2}


@pytest.mark.usefixtures("two_servers")
def test_memory(
    indexer: Indexer,
    typesense: RunningTypesense,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Memory is looked at as a run does: by a container's limit, and by what a copy would take."""
    monkeypatch.setattr(room, "CGROUPS", tmp_path)
    for name, content in (("current", "7000000"), ("max", "9000000"), ("stat", "inactive_file 0")):
        (tmp_path / f"memory.{name}").write_text(content)
    assert "2 MB are free" in indexer("status").out
    assert "Typesense memory" not in wrong(indexer)
    assert indexer("reindex", "performers", "--no-room-check").code == 0
    metrics = dict.fromkeys(METRICS, "1000000000000") | {"system_memory_used_bytes": "0"}
    with FaultyProxy(typesense.url) as proxy:
        proxy.fail(ReplaceAnswer(orjson.dumps(metrics), on="/metrics.json", times=MANY))
        monkeypatch.setenv("TYPESENSE_URL", proxy.url)
        assert wrong(indexer) == {"Typesense memory": 6}
        seen = indexer("doctor").out
    assert "2 MB free of 1,000,000 MB; a new copy takes about " in seen
