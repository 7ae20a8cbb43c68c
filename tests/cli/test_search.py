"""`indexer search`, `indexer tune` and `indexer keys`, on real servers."""

from pathlib import Path

import pytest

from tests.cli.conftest import Indexer
from tests.stash import edits
from tests.stash.server import StashServer

COLLECTIONS = ("scenes", "performers")


@pytest.fixture
def library(two_servers: StashServer, small_library: Path, indexer: Indexer) -> str:
    """An indexed library; the name of a performer whose one scene is about a zeppelin."""
    name = "Odalys Quennell"
    performer = edits.add_performer(small_library, name)
    edits.add_scene(small_library, title="The zeppelin ascends", performers=[performer], tags=[1])
    assert two_servers.url
    assert indexer("reindex", *COLLECTIONS).code == 0
    return name


def test_search(library: str, indexer: Indexer) -> None:
    """Words with a typo find the scene; its performer, counts and how many were found are told."""
    outcome = indexer("search", "scenes", "zepelin", "--facet", "performers", "--facet", "tags")
    assert outcome.code == 0
    assert "The zeppelin ascends" in outcome.out
    assert f"performers: {library} (1)" in outcome.out
    assert outcome.out.splitlines()[-1].startswith("1 found in ")


def test_marked_on_a_terminal(
    library: str, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the words hit is bold where colours are asked for."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    outcome = indexer("search", "performers", library.split(maxsplit=1)[0])
    assert "\x1b[1mOdalys\x1b[0m Quennell" in outcome.out


def test_search_as_json(library: str, indexer: Indexer) -> None:
    """--json has the server's own answer, filtered, sorted and limited as asked."""
    outcome = indexer(
        "search", "scenes", "--filter", "tag_ids:=1", "--sort", "created_at:asc", "--limit", "2",
        "--json",
    )  # fmt: skip
    hits = outcome.json["answer"]["hits"]
    assert len(hits) == 2
    created = [hit["document"]["created_at"] for hit in hits]
    assert created == sorted(created)
    assert all(1 in hit["document"]["tag_ids"] for hit in hits)
    assert library


def test_search_for_what_is_no_field(library: str, indexer: Indexer) -> None:
    """A field that there isn't is told as Typesense says it."""
    outcome = indexer("search", "scenes", "--facet", "captain")
    assert outcome.code == 6
    assert "captain" in outcome.err
    assert library


def test_tune(library: str, indexer: Indexer, tmp_path: Path) -> None:
    """A changed file shows in `tune diff` with exit code 8 until `tune apply` or a sync."""
    assert indexer("tune", "diff", *COLLECTIONS).out == "Files and server say the same.\n"
    synonyms = tmp_path / "mine.toml"
    synonyms.write_text('same = [["zeppelin", "blimp"]]', "utf-8")
    (tmp_path / "indexer.toml").write_text(f'synonyms = "{synonyms}"', "utf-8")
    outcome = indexer("tune", "diff", "scenes", "--json")
    assert (outcome.code, outcome.json["exit_code"]) == (8, 8)
    assert ["synonyms", "zeppelin"] in [[e["what"], e["key"]] for e in outcome.json["differences"]]
    assert "zeppelin" in indexer("tune", "diff", "scenes").out
    assert indexer("tune", "apply", *COLLECTIONS).code == 0
    assert indexer("tune", "diff", *COLLECTIONS).code == 0
    assert "The zeppelin ascends" in indexer("search", "scenes", "blimp").out
    assert library


def test_tune_before_anything(two_servers: StashServer, indexer: Indexer) -> None:
    """Where nothing is live there is nothing to compare with."""
    outcome = indexer("tune", "diff", "scenes")
    assert outcome.code == 2
    assert "leads nowhere yet" in outcome.err
    assert two_servers.url


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
