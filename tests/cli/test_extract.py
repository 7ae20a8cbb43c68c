"""`indexer extract`: a library in one file, which any command takes in Stash's place."""

from pathlib import Path

import pytest

from tests.cli.conftest import Indexer
from tests.stash.server import StashServer


def test_documents_from_a_snapshot_without_stash(
    stash: StashServer, indexer: Indexer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The documents made from the file are those made from Stash, byte for byte."""
    monkeypatch.setenv("STASH_URL", stash.url)
    live = indexer("documents", "scenes", "--source", "api")
    extracted = indexer("extract", "--out", "library.jsonl.zst", "--json")
    assert extracted.code == 0
    assert extracted.json["records"]["scene"] == 200
    assert extracted.json["bytes"] == (tmp_path / "library.jsonl.zst").stat().st_size
    monkeypatch.delenv("STASH_URL")
    offline = indexer("documents", "scenes", "--source", "snapshot:library.jsonl.zst")
    assert (offline.code, offline.out) == (0, live.out)


def test_extract_for_people(
    stash: StashServer, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table tells how many there are of each kind."""
    monkeypatch.setenv("STASH_URL", stash.url)
    done = indexer("extract", "--out", "library.jsonl.zst")
    assert done.code == 0
    assert "performer" in done.out
    assert "library.jsonl.zst" in done.out


@pytest.mark.parametrize("source", ["files:x", "file:", "auto:x", "snapshot", ""])
def test_sources_that_are_none(source: str, indexer: Indexer) -> None:
    """A wrong source is refused with those that there are."""
    refused = indexer("documents", "scenes", "--source", source or " ")
    assert refused.code == 2
    assert "snapshot:PATH" in refused.err


def test_a_cut_snapshot(indexer: Indexer, tmp_path: Path) -> None:
    """A file that is no whole snapshot is an error of the source, with what to do."""
    (tmp_path / "library.zst").write_bytes(b"x" * 100)
    refused = indexer("documents", "scenes", "--source", "snapshot:library.zst")
    assert refused.code == 5
    assert "indexer extract" in refused.err
