"""`indexer tune`, on real servers."""

from pathlib import Path

from tests.cli.conftest import LIBRARY, Indexer
from tests.stash.server import StashServer


def test_tune(library: str, indexer: Indexer, tmp_path: Path) -> None:
    """A changed file shows in `tune diff` with exit code 8 until `tune apply` or a sync."""
    assert indexer("tune", "diff", *LIBRARY).out == "Files and server say the same.\n"
    synonyms = tmp_path / "mine.toml"
    synonyms.write_text('same = [["zeppelin", "blimp"]]', "utf-8")
    (tmp_path / "indexer.toml").write_text(f'synonyms = "{synonyms}"', "utf-8")
    outcome = indexer("tune", "diff", "scenes", "--json")
    assert (outcome.code, outcome.json["exit_code"]) == (8, 8)
    assert ["synonyms", "zeppelin"] in [[e["what"], e["key"]] for e in outcome.json["differences"]]
    assert "zeppelin" in indexer("tune", "diff", "scenes").out
    assert indexer("tune", "apply", *LIBRARY).code == 0
    assert indexer("tune", "diff", *LIBRARY).code == 0
    assert "The zeppelin ascends" in indexer("search", "scenes", "blimp").out
    assert library


def test_tune_before_anything(two_servers: StashServer, indexer: Indexer) -> None:
    """Where nothing is live there is nothing to compare with."""
    outcome = indexer("tune", "diff", "scenes")
    assert outcome.code == 2
    assert "leads nowhere yet" in outcome.err
    assert two_servers.url
