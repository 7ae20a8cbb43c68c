"""`indexer keys`, on a real server."""

from pathlib import Path

import pytest

from tests.cli.conftest import Indexer
from tests.stash.server import StashServer


def test_keys(
    two_servers: StashServer, indexer: Indexer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key in a file is made, listed without its value, and revoked."""
    file = tmp_path / "search.key"
    monkeypatch.setenv("INDEXER_SEARCH_KEY_FILE", str(file))
    assert "was made" in indexer("keys", "ensure").out
    value = file.read_text("utf-8").strip()
    assert "is there" in indexer("keys", "ensure").out
    scenes = indexer("schema", "show", "scenes").json["name"]
    outcome = indexer("keys", "list", "--json")
    (key,) = [each for each in outcome.json["keys"] if scenes in each["collections"]]
    assert key["actions"] == ["documents:search"]
    shown = indexer("keys", "list").out
    assert scenes in shown
    assert value[:4] not in shown + outcome.out
    assert f"Revoked {key['id']}" in indexer("keys", "revoke", str(key["id"])).out
    assert indexer("keys", "revoke", str(key["id"])).code == 2
    assert two_servers.url


def test_key_is_printed_once(two_servers: StashServer, indexer: Indexer) -> None:
    """Without a file the value is on stdout the first time, and never again."""
    first = indexer("keys", "ensure", "--json").json
    assert first["value"]
    again = indexer("keys", "ensure")
    assert first["value"] not in again.out + again.err
    assert two_servers.url
