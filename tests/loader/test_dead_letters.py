"""Dead letters: complete, and for the owner's eyes only."""

import stat
from pathlib import Path

import orjson
import pytest

from indexer.errors import ConfigurationError
from indexer.loader.bulk import RefusedDocument, import_documents
from indexer.loader.dead_letters import DeadLetters, check_directory
from indexer.loader.server import Typesense
from tests.loader.documents import lantern

REFUSED = RefusedDocument(0, "main-1", 400, "too dim", b'{"id":"main-1","title":"Lantern"}')


def mode(path: Path) -> str:
    """A path's permissions, as ls prints them."""
    return stat.filemode(path.stat().st_mode)


def test_nothing_refused_leaves_nothing(tmp_path: Path) -> None:
    """Without a refused document there is neither file nor directory."""
    with DeadLetters(tmp_path / "letters", "lanterns") as letters:
        letters.write([])
    assert letters.path is None
    assert letters.count == 0
    assert list(tmp_path.iterdir()) == []


def test_refused_documents_are_kept(server: Typesense, lanterns: str, tmp_path: Path) -> None:
    """Each refused document is a line with id, code, reason and the document as it was sent."""
    documents = [lantern(1), lantern(2, year="late"), lantern(3, title=7)]
    with DeadLetters(tmp_path, lanterns) as letters:
        for outcome in import_documents(server, lanterns, documents, max_count=2):
            letters.write(outcome.refused)
        assert letters.path == tmp_path / f"{lanterns}.jsonl"
        lines = [orjson.loads(line) for line in letters.path.read_bytes().splitlines()]
    assert letters.count == 2
    assert [(line["id"], line["code"]) for line in lines] == [("main-2", 400), ("main-3", 400)]
    assert all(line["error"] for line in lines)
    assert [line["document"] for line in lines] == [orjson.loads(d.body) for d in documents[1:]]


def test_a_later_pass_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    """Of one run's passes the last one's letters are kept; where it has none there is no file."""
    for _ in range(2):
        with DeadLetters(tmp_path, "lanterns_1") as letters:
            letters.write([REFUSED])
            letters.write([REFUSED])
        assert (tmp_path / "lanterns_1.jsonl").read_bytes().count(b"\n") == 2
    with DeadLetters(tmp_path, "lanterns_1") as letters:
        letters.write([])
    assert list(tmp_path.iterdir()) == []


def test_a_pass_that_fails_takes_nothing_away(tmp_path: Path) -> None:
    """What an earlier pass wrote stays where the later one didn't get that far."""
    with DeadLetters(tmp_path, "lanterns_1") as letters:
        letters.write([REFUSED])
    with pytest.raises(ZeroDivisionError), DeadLetters(tmp_path, "lanterns_1"):
        raise ZeroDivisionError
    assert (tmp_path / "lanterns_1.jsonl").read_bytes().count(b"\n") == 1


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    """The file is 0600 and its new directory 0700."""
    with DeadLetters(tmp_path / "letters", "lanterns") as letters:
        letters.write([REFUSED])
    assert mode(tmp_path / "letters") == "drwx------"
    assert mode(tmp_path / "letters" / "lanterns.jsonl") == "-rw-------"


def test_a_directory_to_be_made(tmp_path: Path) -> None:
    """A directory that could be made passes the check, and isn't made by it."""
    check_directory(tmp_path / "new" / "letters")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", [".", "letters"])
def test_a_directory_that_cannot_be_made(tmp_path: Path, below: str) -> None:
    """A file in its place, or in that of a directory above, is found before anything begins."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigurationError, match="file is no directory") as caught:
        check_directory(tmp_path / "file" / below)
    assert "INDEXER_DEAD_LETTERS" in caught.value.hint


def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    """A file in the directory's place is a setting to mend, named with its path; exit code 2."""
    (tmp_path / "letters").write_text("in the way")
    with (
        DeadLetters(tmp_path / "letters", "lanterns") as letters,
        pytest.raises(ConfigurationError, match=r"letters/lanterns\.jsonl") as caught,
    ):
        letters.write([REFUSED])
    assert caught.value.exit_code == 2
    assert "INDEXER_DEAD_LETTERS" in caught.value.hint
