"""The probe of the key: it tells what the key may do, and leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import pytest

from indexer.loader.catalog import list_aliases, list_collections
from indexer.loader.locks import LOCKS
from indexer.loader.probe import SHELVES, probe_key
from indexer.loader.server import Typesense
from indexer.loader.state import exactly, remove, write
from indexer.retries import ONCE
from tests.typesense.choice import RunningTypesense
from tests.typesense.fixtures import StartTypesense

RIGHTS = ("create", "get", "update", "export", "delete", "import", "search")
BESIDES = ("collections:*", "aliases:*", "presets:*", "synonyms:*")


def left_behind(server: Typesense, prefix: str) -> list[str]:
    """Collections and aliases under the prefix."""
    names = [each.name for each in list_collections(server)] + list(list_aliases(server))
    return [name for name in names if name.startswith(prefix)]


@contextmanager
def limited(
    server: Typesense, typesense: RunningTypesense, actions: list[str], *collections: str
) -> Iterator[Typesense]:
    """A connection with a new key that may do only this; the key goes at the end."""
    wanted = {"actions": actions, "collections": collections, "description": "a test's"}
    key = orjson.loads(server.request("POST", "/keys", content=orjson.dumps(wanted)))
    with Typesense(typesense.url, key["value"], patience=ONCE) as bound:
        yield bound
    server.request("DELETE", f"/keys/{key['id']}")


@pytest.mark.parametrize(
    ("actions", "collections"), [(["documents:search"], ".*"), (["collections:*"], "other.*")]
)
def test_a_search_key_may_not(
    server: Typesense,
    typesense: RunningTypesense,
    alias_prefix: str,
    actions: list[str],
    collections: str,
) -> None:
    """A key for searches or for other names is found out, in words."""
    with limited(server, typesense, actions, collections) as bound:
        probes = probe_key(bound, alias_prefix)
    assert not probes[0].ok
    assert "refuses the API key" in probes[0].message


def test_a_key_for_collections_alone(
    server: Typesense, typesense: RunningTypesense, alias_prefix: str
) -> None:
    """A key that may do all with collections fails for the rest alone, and nothing stays."""
    actions = ["collections:*", "documents:*", "aliases:get", "aliases:list"]
    names = (f"{alias_prefix}.*", "indexer_.*")
    with limited(server, typesense, actions, *names) as bound:
        refused = [probe.action for probe in probe_key(bound, alias_prefix) if not probe.ok]
    assert refused == [
        "write presets, synonyms and stop words",
        "move an alias",
        "remove an alias",
        "remove presets, synonyms and stop words",
        "clear the cache",
    ]
    assert left_behind(server, alias_prefix) == []


def test_a_key_for_the_aliases_alone(
    server: Typesense, typesense: RunningTypesense, alias_prefix: str
) -> None:
    """A key for the aliases' names is found out: a run keeps locks and history beside them."""
    with limited(server, typesense, ["*"], f"{alias_prefix}.*") as bound:
        probes = probe_key(bound, alias_prefix)
    refused = [probe for probe in probes if not probe.ok]
    assert [probe.action for probe in refused] == [f"use {shelf.name}" for shelf in SHELVES]
    assert all("refuses the API key" in probe.message for probe in refused)


@pytest.mark.parametrize("lacking", ["create", "get", "update", "export", "delete"])
def test_a_key_that_lacks_one_right(
    server: Typesense, typesense: RunningTypesense, alias_prefix: str, lacking: str
) -> None:
    """Each thing that a run does with locks and history is tried where they are there already."""
    write(server, LOCKS, {"id": f"{alias_prefix}lock"})
    rights = [f"documents:{each}" for each in RIGHTS if each != lacking]
    with limited(server, typesense, [*rights, *BESIDES], ".*") as bound:
        probes = {probe.action: probe for probe in probe_key(bound, alias_prefix)}
    remove(server, LOCKS, exactly("id", f"{alias_prefix}lock"))
    assert not probes["use indexer_locks"].ok
    assert "indexer_locks/documents" in probes["use indexer_locks"].message


def test_an_admin_key(server: Typesense, alias_prefix: str) -> None:
    """The admin key may do everything, and nothing of what was tried is left."""
    write(server, LOCKS, {"id": f"{alias_prefix}lock"})
    assert all(probe.ok for probe in probe_key(server, alias_prefix))
    kept = server.request("GET", f"{LOCKS.path}/export").decode()
    remove(server, LOCKS, exactly("id", f"{alias_prefix}lock"))
    assert f"{alias_prefix}lock" in kept
    assert "probe" not in kept
    assert left_behind(server, alias_prefix) == []


def test_nothing_is_made_for_a_run_to_come(private_typesense: StartTypesense) -> None:
    """On a server where nothing ever ran the probe passes, and makes no collection there."""
    new = private_typesense()
    with Typesense(new.url, new.api_key, patience=ONCE) as server:
        assert all(probe.ok for probe in probe_key(server, ""))
        assert list_collections(server) == []
