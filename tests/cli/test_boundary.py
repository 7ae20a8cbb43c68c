"""The boundary: whatever goes wrong ends in words and an exit code, never in a traceback."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from indexer.cli.boundary import guarded
from indexer.errors import (
    AliasMoved,
    ConfigurationError,
    GateRefused,
    IndexerError,
    Interrupted,
    RunFailed,
    StashError,
    TypesenseError,
)
from tests.stash.faults import Fault
from tests.stash.server import StashServer

ERRORS = (RunFailed, ConfigurationError, GateRefused, StashError, TypesenseError, AliasMoved)

PROGRAM = """
import signal, sys
from indexer.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
"""
"""The program, with Ctrl-C alive even where the tests run in the background, which turns it off."""


def run(call: Callable[[], int], *arguments: str) -> int:
    """Run a program of one command that does what `call` does."""

    @click.command
    @click.option("--json", "_json", is_flag=True)
    @click.option("--debug", is_flag=True)
    def program(**_options: bool) -> int:
        return call()

    return guarded(program, arguments)


def failing(error: BaseException) -> Callable[[], int]:
    """Return a function that raises an error."""

    def call() -> int:
        raise error

    return call


@pytest.mark.parametrize("kind", ERRORS)
def test_known_error(kind: type[IndexerError], capfd: pytest.CaptureFixture[str]) -> None:
    """An error of the tree is told with its hint on stderr and ends in its exit code."""
    code = run(failing(kind("The lantern is out.", "Light it.")))
    out, err = capfd.readouterr()
    assert (code, out) == (kind.exit_code, "")
    assert err == "error: The lantern is out.\nhint: Light it.\n"


def test_json_on_failure(capfd: pytest.CaptureFixture[str]) -> None:
    """With --json a failure is one object on stdout, with an empty list of collections."""
    code = run(failing(StashError("The quay is empty.", "Wait.")), "--json")
    told = json.loads(capfd.readouterr().out)
    error = {"slug": "stash", "message": "The quay is empty.", "hint": "Wait."}
    assert code == 5
    assert told == {"format": 1, "exit_code": 5, "error": error, "collections": []}


def test_unexpected_error(capfd: pytest.CaptureFixture[str]) -> None:
    """What nobody expected is told in one line that says how to get the traceback."""
    code = run(failing(ZeroDivisionError("apples\nby none")))
    told = capfd.readouterr().err
    assert code == 1
    assert "ZeroDivisionError: apples by none" in told.splitlines()[0]
    assert "--debug" in told
    assert "Traceback" not in told


def test_debug_shows_the_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    """--debug shows where an error came from."""
    assert run(failing(ZeroDivisionError("apples")), "--debug") == 1
    assert "Traceback" in capfd.readouterr().err


def test_usage_error(capfd: pytest.CaptureFixture[str]) -> None:
    """A wrong flag is exit code 2, and one object with --json too."""
    assert run(lambda: 0, "--orchard", "--json") == 2
    out, err = capfd.readouterr()
    assert json.loads(out)["error"]["slug"] == "usage"
    assert err.startswith("error: No such option")


def test_interrupt(capfd: pytest.CaptureFixture[str]) -> None:
    """An interrupted command ends in the signal's code, without a traceback."""
    assert run(failing(Interrupted(130)), "--json") == 130
    assert json.loads(capfd.readouterr().out)["error"]["slug"] == "interrupted"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals(stash: StashServer, tmp_path: Path, number: signal.Signals, code: int) -> None:
    """A signal ends a run that waits for Stash at once, with the code of that signal."""
    stash.faults.add(Fault("slow", times=None, delay=1))
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "documents", "scenes", "--stash-url", stash.url],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not stash.requests and process.poll() is None:
            os.sched_yield()
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert "error: The command was interrupted." in err


def test_reader_who_has_seen_enough(tmp_path: Path) -> None:
    """A pipe that is closed at its other end is no error: `indexer … | head` is quiet."""
    with subprocess.Popen(
        [sys.executable, "-m", "indexer", "schema", "show", "scenes"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, told) == (0, b"")
