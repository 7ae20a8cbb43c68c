"""Signals: the first one ends a run in order and soon, a second one at once."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Indexer
from tests.cli.test_boundary import PROGRAM
from tests.stash.faults import Fault
from tests.stash.server import StashServer
from tests.typesense.choice import RunningTypesense
from tests.typesense.proxy import IMPORT, MANY, FaultyProxy, Meanwhile

SOON = 5
"""Seconds in which a run that was told to end has ended."""


@contextmanager
def started(directory: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the program as a process of its own, with events as JSON lines on stderr."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments, "--log", "json"],
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def told(process: subprocess.Popen[str], event: str) -> None:
    """Wait until the program tells an event."""
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("{") and json.loads(line)["event"] == event:
            return
    raise AssertionError(f"It ended without {event}.")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_in_order(
    indexer: Indexer,
    two_servers: StashServer,
    http: httpx.Client,
    tmp_path: Path,
    alias_prefix: str,
    number: signal.Signals,
    code: int,
) -> None:
    """The lock is released, the run recorded, and the next one goes on with what was begun."""
    two_servers.faults.add(Fault("slow", match="findPerformers", times=None, delay=2))
    with started(tmp_path, "reindex", "performers") as process:
        told(process, "started")
        process.send_signal(number)
        process.communicate(timeout=SOON)
    assert process.returncode == code
    alias = f"{alias_prefix}performers"
    assert http.get(f"/collections/indexer_locks/documents/{alias}").status_code == 404
    last = indexer("status", "--json").of("performers")["last_run"]
    assert (last["exit_code"], last["error_slug"]) == (code, "interrupted")
    two_servers.faults.clear()
    outcome = indexer("reindex", "performers")
    assert outcome.code == 0, outcome.err
    assert "resume: performers: going on with" in outcome.err


class Hanging:
    """A Typesense in front of which requests hang, until let go."""

    def __init__(self, proxy: FaultyProxy) -> None:
        self.proxy = proxy
        self._let_go = threading.Event()

    def hang(self, on: str) -> None:
        """Let requests with this in their path hang."""
        self.proxy.fail(Meanwhile(self._let_go.wait, on=on, times=MANY))

    def seen(self, on: str, method: str) -> None:
        """Wait for such a request."""
        while not self.proxy.requests(on, method):
            os.sched_yield()

    def let_go(self) -> None:
        """Let all requests through."""
        self._let_go.set()


@pytest.fixture
def hanging(
    two_servers: StashServer, typesense: RunningTypesense, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hanging]:
    """A Typesense in front of which imports hang."""
    assert two_servers.url
    with FaultyProxy(typesense.url) as proxy:
        monkeypatch.setenv("TYPESENSE_URL", proxy.url)
        hanging = Hanging(proxy)
        hanging.hang(IMPORT)
        yield hanging
        hanging.let_go()


def test_a_request_that_hangs(
    hanging: Hanging, http: httpx.Client, tmp_path: Path, alias_prefix: str
) -> None:
    """An import that hangs is not waited for: the lock is released all the same."""
    with started(tmp_path, "reindex", "performers") as process:
        hanging.seen(IMPORT, "POST")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SOON)
    assert process.returncode == 143
    lock = f"/collections/indexer_locks/documents/{alias_prefix}performers"
    assert http.get(lock).status_code == 404


def test_everything_hangs(hanging: Hanging, tmp_path: Path) -> None:
    """Where cleaning up hangs as well, the program ends without it."""
    with started(tmp_path, "reindex", "performers") as process:
        hanging.seen(IMPORT, "POST")
        hanging.hang("/")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SOON)
    assert process.returncode == 143


def test_a_second_signal(hanging: Hanging, tmp_path: Path) -> None:
    """A second signal ends the program at once, with its own code."""
    with started(tmp_path, "reindex", "performers") as process:
        hanging.seen(IMPORT, "POST")
        hanging.hang("/")
        process.send_signal(signal.SIGTERM)
        hanging.seen("/indexer_locks/", "DELETE")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SOON)
    assert process.returncode == 130
