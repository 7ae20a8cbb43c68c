"""The program itself as a process of its own, with what it took: seconds, CPU and memory."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import orjson

from tests.typesense.server import TypesenseServer

PROJECT = Path(__file__).parents[2]
LOOK_SECONDS = 0.02
KILOBYTE = 1024


@dataclass(frozen=True)
class Ran:
    """One run: wall and CPU seconds, the most bytes it had in memory, and what it reported."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    report: dict[str, Any]


@contextmanager
def stand_in(database: Path) -> Iterator[str]:
    """Yield the address of a stand-in Stash that is a process of its own."""
    command = [sys.executable, "-m", "tests.stash", str(database)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as stash:
        assert stash.stdout is not None
        try:
            yield stash.stdout.readline().strip()
        finally:
            stash.terminate()


def start(
    stash: str, database: Path, server: TypesenseServer, *arguments: str, out: Any = None
) -> subprocess.Popen[bytes]:
    """Start the program on a database that its Stash works with."""
    ours = ("STASH_", "TYPESENSE_", "INDEXER_")
    rest = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    settings = {
        "STASH_URL": stash,
        "TYPESENSE_URL": server.url,
        "TYPESENSE_API_KEY": server.api_key,
        "INDEXER_SOURCE": f"file:{database}",
        "INDEXER_DEAD_LETTERS": str(database.parent / "dead-letters"),
    }
    command = [sys.executable, "-m", "indexer", *arguments, "--json"]
    return subprocess.Popen(
        command, env=rest | settings, cwd=PROJECT, stdout=out or subprocess.DEVNULL
    )


def run(stash: str, database: Path, server: TypesenseServer, *arguments: str) -> Ran:
    """Run the program to its end.

    Raises:
        RuntimeError: it did not end well; what it printed on stderr is on ours.
    """
    with TemporaryFile() as out:
        begun = time.perf_counter()
        program = start(stash, database, server, *arguments, out=out)
        peak, usage = _watch(program)
        seconds = time.perf_counter() - begun
        out.seek(0)
        report: dict[str, Any] = orjson.loads(out.read())
    if report["exit_code"]:
        raise RuntimeError(f"{' '.join(arguments)} ended with {report}")
    return Ran(seconds, usage.ru_utime + usage.ru_stime, peak, report)


def _watch(program: subprocess.Popen[bytes]) -> tuple[int, resource.struct_rusage]:
    """Wait for the end; return the most memory it had, and what it used."""
    peak = 0
    while True:
        peak = max(peak, peak_bytes(program.pid))
        ended, status, usage = os.wait4(program.pid, os.WNOHANG)
        if ended:
            program.returncode = os.waitstatus_to_exitcode(status)
            return peak, usage
        time.sleep(LOOK_SECONDS)


def peak_bytes(process: int | str = "self") -> int:
    """Return the most memory that a process has had, 0 where it has ended.

    From its own address space: getrusage counts that of whoever started it too.
    """
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) * KILOBYTE if found else 0
