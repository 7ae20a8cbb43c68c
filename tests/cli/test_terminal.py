"""A run that a person watches: on a terminal there is a bar for each thing that is read."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BAR = "\N{BOX DRAWINGS HEAVY HORIZONTAL}"
SHOWN = 4096
"""Bytes read at once of what the terminal shows."""


def on_terminal(directory: Path, *arguments: str) -> tuple[int, str]:
    """Run the program with stderr on a terminal; return its exit code and what that shows."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "indexer", *arguments],
        cwd=directory,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "200"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        told = b"".join(_until_closed(ours))
    os.close(ours)
    return process.returncode, told.decode()


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


@pytest.mark.usefixtures("two_servers")
def test_no_bars(tmp_path: Path) -> None:
    """What prints lines shows none beside them."""
    code, told = on_terminal(tmp_path, "documents", "performers")
    assert code == 0, told
    assert BAR not in told
