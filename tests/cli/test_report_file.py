"""`--report`: the run's report in a file."""

import json
from pathlib import Path

import pytest

from indexer.cli.report_file import reporting
from indexer.errors import ConfigurationError, Interrupted
from indexer.pipeline.report import RunReport
from tests.cli.conftest import Indexer


@pytest.mark.usefixtures("two_servers")
@pytest.mark.parametrize("command", ["reindex", "sync", "verify"])
def test_as_json_prints_it(indexer: Indexer, tmp_path: Path, command: str) -> None:
    """The file has what --json prints, for its owner's eyes only, and nothing is left beside it."""
    reports = tmp_path / "reports"
    reports.mkdir()
    path = reports / "last.json"
    outcome = indexer(command, "performers", "--json", "--report", str(path))
    assert json.loads(path.read_text()) == outcome.json
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(reports.iterdir()) == [path]


@pytest.mark.usefixtures("two_servers")
@pytest.mark.parametrize("command", ["reindex", "sync", "verify"])
def test_typesense_is_down(
    indexer: Indexer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Where Typesense can't be asked the file still says so."""
    monkeypatch.setenv("TYPESENSE_URL", "http://127.0.0.1:9")
    path = tmp_path / "last.json"
    assert indexer(command, "--report", str(path)).code == 6
    report = json.loads(path.read_text())
    assert (report["exit_code"], report["error"]["slug"]) == (6, "typesense")


def test_nothing_is_set(indexer: Indexer, tmp_path: Path) -> None:
    """A run that couldn't begin is in the file as well: no older report is taken for its own."""
    path = tmp_path / "last.json"
    path.write_text('{"exit_code": 0}')
    assert indexer("sync", "--report", str(path)).code == 2
    assert json.loads(path.read_text())["error"]["slug"] == "configuration"


def test_interrupted(tmp_path: Path) -> None:
    """A run that a signal ended is in the file with that signal's code."""
    path = tmp_path / "last.json"
    with pytest.raises(Interrupted), reporting(path):
        raise Interrupted(143)
    assert json.loads(path.read_text())["exit_code"] == 143


def test_unexpected(tmp_path: Path) -> None:
    """So is one that ended as nobody foresaw."""
    path = tmp_path / "last.json"
    with pytest.raises(ZeroDivisionError), reporting(path):
        raise ZeroDivisionError
    assert json.loads(path.read_text())["error"]["slug"] == "unexpected"


def test_no_room(tmp_path: Path) -> None:
    """Where the report can't be put in place nothing is left beside it."""
    path = tmp_path / "last.json"
    with reporting(path) as write:
        path.mkdir()
        with pytest.raises(ConfigurationError):
            write(RunReport())
    assert list(tmp_path.iterdir()) == [path]


def test_no_such_directory(indexer: Indexer, tmp_path: Path) -> None:
    """A file that can't be there is told before anything is done."""
    outcome = indexer("sync", "--report", str(tmp_path / "none" / "last.json"))
    assert outcome.code == 2
    assert "The report can't be written" in outcome.err


def test_a_directory_in_its_place(tmp_path: Path, indexer: Indexer) -> None:
    """A directory of that name is a usage error."""
    assert indexer("sync", "--report", str(tmp_path)).code == 2
