"""The stand-in Stash as a program: `python -m tests.stash DATABASE`, or `… build PATH`.

Serving prints the server's address as one line on stdout and goes on until SIGTERM or SIGINT.
"""

import argparse
import signal
import sys
from pathlib import Path
from threading import Event

from tests.stash.library import build_library
from tests.stash.server import StashServer


def main(arguments: list[str]) -> None:
    """Serve a database, or build one."""
    if arguments[:1] == ["build"]:
        _build(arguments[1:])
    else:
        _serve(arguments)


def _build(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.stash build")
    parser.add_argument("path", type=Path)
    parser.add_argument("--scenes", type=int, default=2000)
    parser.add_argument("--performers", type=int, default=200)
    parser.add_argument("--schema", type=int, default=75)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hard", action="store_true", help="also what is hard to read")
    wanted = parser.parse_args(arguments)
    build_library(
        wanted.path,
        scenes=wanted.scenes,
        performers=wanted.performers,
        schema=wanted.schema,
        seed=wanted.seed,
        hard=wanted.hard,
    )


def _serve(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.stash")
    parser.add_argument("database", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--api-key")
    parser.add_argument("--faults", action="store_true", help="open /__faults")
    wanted = parser.parse_args(arguments)
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    server = StashServer(
        wanted.database, api_key=wanted.api_key, port=wanted.port, control=wanted.faults
    )
    with server:
        print(server.url, flush=True)  # noqa: T201 - this is the program's answer
        ended.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
