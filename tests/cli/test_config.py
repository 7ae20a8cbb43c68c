"""`indexer config show`."""

from pathlib import Path

import pytest

from indexer.settings import Settings
from tests.cli.conftest import Indexer

KEY = "not-a-real-key-7f3a"


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STASH_URL", f"http://warden:{KEY}@harbour.example/graphql")
    monkeypatch.setenv("STASH_API_KEY", KEY)


def test_table(indexer: Indexer, tmp_path: Path) -> None:
    """R22: each setting is a line with its value and where that came from; secrets are hidden."""
    (tmp_path / "indexer.toml").write_text("keep = 4\n")
    outcome = indexer("config", "show", "--page-size", "250")
    assert outcome.code == 0
    assert KEY not in outcome.out
    lines = {line.split()[0]: line.split() for line in outcome.out.splitlines()}
    assert set(Settings.model_fields) < set(lines)
    assert lines["keep"] == ["keep", "4", "indexer.toml", "INDEXER_KEEP"]
    assert lines["page_size"][1:4] == ["250", "flag", "--page-size"]
    assert lines["stash_url"][1:4] == ["http://harbour.example", "environment", "STASH_URL"]
    assert lines["stash_api_key"][1] == "(hidden)"
    assert lines["typesense_api_key"][1:3] == ["-", "default"]


def test_json(indexer: Indexer) -> None:
    """With --json the same is one object."""
    outcome = indexer("config", "show", "--json")
    assert KEY not in outcome.out
    entries = {entry["name"]: entry for entry in outcome.json["settings"]}
    assert entries["library"] == {
        "name": "library",
        "variable": "INDEXER_LIBRARY",
        "value": "main",
        "origin": "default",
    }


def test_wrong_settings(indexer: Indexer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could be read is shown, what couldn't is marked and told; exit code 2, also as JSON."""
    monkeypatch.setenv("INDEXER_KEEP", "foo")
    monkeypatch.setenv("TYPESENSE_API_KEY_FILE", "nowhere")
    arguments = ("config", "show", "--page-size", "250")
    outcome = indexer(*arguments)
    assert outcome.code == 2
    lines = {line.split()[0]: line.split() for line in outcome.out.splitlines()}
    assert lines["page_size"][1:4] == ["250", "flag", "--page-size"]
    assert lines["keep"] == ["keep", "(wrong)", "environment", "INDEXER_KEEP", "INDEXER_KEEP"]
    assert lines["typesense_api_key"][1:4] == ["(wrong)", "environment", "TYPESENSE_API_KEY_FILE"]
    assert "keep (environment INDEXER_KEEP) is wrong" in outcome.err
    assert "TYPESENSE_API_KEY_FILE names nowhere, which can't be read" in outcome.err
    assert "indexer config show" not in outcome.err
    told = indexer(*arguments, "--json")
    assert told.code == told.json["exit_code"] == 2
    assert told.json["error"]["slug"] == "configuration"
    assert told.json["error"]["message"] in told.err
    entries = {entry["name"]: entry for entry in told.json["settings"]}
    assert set(entries) == set(Settings.model_fields)
    assert entries["keep"]["value"] == "(wrong)"
