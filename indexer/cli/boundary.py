"""The one place where an error becomes words on stderr, an object for --json, and an exit code."""

import os
import signal
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import click

from indexer.cli import output
from indexer.cli.stderr import stderr
from indexer.errors import (
    EXIT_INTERRUPTED,
    EXIT_TERMINATED,
    EXIT_USAGE,
    IndexerError,
    Interrupted,
    unexpected,
)
from indexer.pipeline.report import Failure

GRACE_SECONDS = 4.5
"""For how long an interrupted program may clean up; a request that hangs keeps it no longer."""

_SIGNALS = {signal.SIGINT: EXIT_INTERRUPTED, signal.SIGTERM: EXIT_TERMINATED}


def guarded(program: click.Command, arguments: Sequence[str]) -> int:
    """Run a program; whatever it raises is told to the person and becomes an exit code."""
    try:
        with _signals_interrupt():
            return int(program.main(arguments, "indexer", standalone_mode=False) or 0)
    except (Exception, Interrupted) as error:  # noqa: BLE001 - the last boundary
        return _failed(arguments, failure(error))


def failure(error: Exception | Interrupted) -> Failure:
    """Return what ended a command, as it is told."""
    if isinstance(error, click.ClickException):
        return Failure(EXIT_USAGE, "usage", error.format_message(), _usage_hint(error))
    known = error if isinstance(error, IndexerError | Interrupted) else unexpected(error)
    return Failure(known.exit_code, known.slug, known.message, known.hint)


def _failed(arguments: Sequence[str], told: Failure) -> int:
    if "--debug" in arguments:
        traceback.print_exc(file=stderr())
    output.error(told.message, told.hint)
    if "--json" in arguments:
        output.json(told.as_json())
    return told.exit_code


def _usage_hint(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"`{context.command_path if context else 'indexer'} --help` shows how it is used."


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Let the first signal raise Interrupted, and end the program soon; a second ends it at once.

    A signal that was ignored stays so, as in a program that a shell runs in the background.
    """
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    interrupted = False

    def interrupt(number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        code = _SIGNALS[signal.Signals(number)]
        if interrupted:
            os._exit(code)
        interrupted = True
        deadline = threading.Timer(GRACE_SECONDS, os._exit, [code])
        deadline.daemon = True
        deadline.start()
        raise Interrupted(code)

    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, interrupt)
    try:
        yield
    finally:
        if not interrupted:  # else threads may still hang, and a second signal has to end them
            for number, handler in before.items():
                signal.signal(number, handler)
