"""`indexer search`, on real servers."""

import pytest

from tests.cli.conftest import Indexer


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
