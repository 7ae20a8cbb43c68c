"""The probe of the key: it tells what the key may do, and leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import pytest

from indexer.loader.catalog import list_aliases, list_collections
from indexer.loader.probe import probe_key
from indexer.loader.server import Typesense
from indexer.retries import ONCE
from tests.typesense.choice import RunningTypesense


def left_behind(server: Typesense, prefix: str) -> list[str]:
    """Collections and aliases under the prefix."""
    names = [each.name for each in list_collections(server)] + list(list_aliases(server))
    return [name for name in names if name.startswith(prefix)]


@contextmanager
def limited(
    server: Typesense, typesense: RunningTypesense, actions: list[str], collections: str
) -> Iterator[Typesense]:
    """A connection with a new key that may do only this; the key goes at the end."""
    wanted = {"actions": actions, "collections": [collections], "description": "a test's"}
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
    with limited(server, typesense, actions, f"{alias_prefix}.*") as bound:
        refused = [probe.action for probe in probe_key(bound, alias_prefix) if not probe.ok]
    assert refused == [
        "write presets",
        "move an alias",
        "remove an alias",
        "remove presets",
        "clear the cache",
    ]
    assert left_behind(server, alias_prefix) == []
