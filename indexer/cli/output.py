"""stdout carries the result and nothing else; what a person should know goes to stderr."""

import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import orjson
from rich.console import Console, RenderableType
from rich.table import Table

from indexer.cli.stderr import send_nowhere, stderr

WIDE = 200
"""Columns of a table that isn't read on a terminal: nothing is cut off in a log or a pipe."""


def lines(content: Iterable[bytes]) -> None:
    """Write lines to stdout; a reader who has seen enough (`| head`) ends it without complaint."""
    try:
        for line in content:
            sys.stdout.buffer.write(line.rstrip(b"\n") + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        send_nowhere(sys.stdout)


def json(value: Any) -> None:
    """Write one JSON object to stdout."""
    lines([orjson.dumps(value, option=orjson.OPT_INDENT_2)])


def show(*parts: RenderableType) -> None:
    """Write tables and lines to stdout, as wide as a terminal, or else as wide as they need."""
    console = Console(file=sys.stdout, soft_wrap=False)
    if not console.is_terminal:
        console = Console(file=sys.stdout, width=WIDE)
    with console.capture() as capture:
        for part in parts:
            console.print(part, highlight=False, markup=False)
    lines(line.rstrip().encode() for line in capture.get().splitlines())


def error(message: str, hint: str) -> None:
    """Write what went wrong and what to do about it to stderr."""
    stderr().write(f"error: {message}\nhint: {hint}\n")


def table(*columns: str, numbers: Iterable[str] = ()) -> Table:
    """Return an empty table; the columns named in `numbers` are set to the right."""
    empty = Table(box=None, pad_edge=False, header_style="bold")
    right = set(numbers)
    for column in columns:
        empty.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return empty


def number(value: int | None) -> str:
    """Return a number as a person reads it; "-" where it isn't known."""
    return "-" if value is None else f"{value:,}"


def age(seconds: float) -> str:
    """Return an age in its two largest units: 3 d 4 h, 5 min."""
    whole = timedelta(seconds=max(0, int(seconds)))
    hours, rest = divmod(whole.seconds, 3600)
    if whole.days:
        return f"{whole.days} d {hours} h"
    minutes, left = divmod(rest, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{left} s"
