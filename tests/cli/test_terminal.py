"""A run that a person watches: on a terminal there is a bar for each thing that is read."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stash.faults import Fault
from tests.stash.server import StashServer

pytestmark = pytest.mark.no_cover

BAR = "\N{BOX DRAWINGS HEAVY HORIZONTAL}"
SHOWN = 4096
"""Bytes read at once of what the terminal shows."""


def on_terminal(directory: Path, *arguments: str) -> tuple[int, str]:
    """Run the program with stderr on a terminal; return its exit code and what that shows."""
    ours, theirs = pty.openpty()
    with telling(theirs, directory, *arguments) as process:
        told = b"".join(_until_closed(ours))
    os.close(ours)
    return process.returncode, told.decode()


def telling(stderr: int, directory: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
    """Start the program with this stderr, which is closed here."""
    process = subprocess.Popen(
        [sys.executable, "-m", "indexer", *arguments],
        cwd=directory,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "200"},
        stdout=subprocess.DEVNULL,
        stderr=stderr,
    )
    os.close(stderr)
    return process


def _until_closed(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            yield os.read(terminal, SHOWN)
        except OSError:  # how Linux says that nobody writes to it any more
            return


@pytest.mark.usefixtures("two_servers")
def test_bars(tmp_path: Path) -> None:
    """Each command that reads a library shows how far it is, to the end, and ends well."""
    for arguments, name in (
        (["reindex", "--dry-run", "performers"], "performers"),
        (["reindex", "performers"], "performers"),
        (["sync", "performers"], "performers"),
        (["verify", "performers"], "performers"),
        (["extract", "--out", "library.jsonl.zst"], "performer"),
    ):
        code, told = on_terminal(tmp_path, *arguments)
        assert code == 0, told
        assert f"{name} " in told
        assert BAR in told
        assert "40/40" in told, arguments


@pytest.mark.parametrize("log", ["plain", "json", "auto"])
def test_a_reader_that_goes_away(two_servers: StashServer, tmp_path: Path, log: str) -> None:
    """A run goes on where nobody reads its log any more, a pipe's or a terminal's."""
    two_servers.faults.add(Fault("slow", match="findPerformers", times=None, delay=1))
    ours, theirs = pty.openpty() if log == "auto" else os.pipe()
    report = tmp_path / "last.json"
    with telling(theirs, tmp_path, "sync", "performers", "--log", log, "--report", report) as run:
        os.read(ours, 1)
        os.close(ours)
    assert run.returncode == 0
    assert json.loads(report.read_text())["collections"][0]["state"] == "live"


def test_no_reader(tmp_path: Path) -> None:
    """An error that nobody can read has its exit code all the same."""
    ours, theirs = os.pipe()
    os.close(ours)
    with telling(theirs, tmp_path, "sync", "lanterns", "--debug") as run:
        pass
    assert run.returncode == 2


@pytest.mark.usefixtures("two_servers")
def test_no_bars(tmp_path: Path) -> None:
    """What prints lines shows none beside them."""
    code, told = on_terminal(tmp_path, "documents", "performers")
    assert code == 0, told
    assert BAR not in told
