"""The one place where an error becomes words on stderr, an object for --json, and an exit code."""

import signal
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import click

from indexer.cli import output
from indexer.errors import IndexerError
from indexer.pipeline.report import FORMAT

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143


class Terminated(BaseException):
    """SIGTERM: raised where the main thread is, so that everything open is closed on the way."""


def guarded(program: click.Command, arguments: Sequence[str]) -> int:
    """Run a program; whatever it raises is told to the person and becomes an exit code."""
    try:
        with _sigterm_raises():
            return int(program.main(arguments, "indexer", standalone_mode=False) or 0)
    except IndexerError as error:
        return _failed(arguments, error.exit_code, error.slug, error.message, error.hint)
    except click.ClickException as error:
        message = error.format_message()
        return _failed(arguments, EXIT_USAGE, "usage", message, _usage_hint(error))
    except (click.Abort, KeyboardInterrupt):
        return _interrupted(arguments, EXIT_INTERRUPTED)
    except Terminated:
        return _interrupted(arguments, EXIT_TERMINATED)
    except Exception as error:  # noqa: BLE001 - the last boundary
        message = f"Something unexpected happened: {type(error).__name__}: {_one_line(error)}"
        hint = "Run again with --debug for the traceback."
        return _failed(arguments, EXIT_FAILED, "unexpected", message, hint)


def _failed(arguments: Sequence[str], code: int, slug: str, message: str, hint: str) -> int:
    if "--debug" in arguments:
        traceback.print_exc()
    output.error(message, hint)
    if "--json" in arguments:
        error = {"slug": slug, "message": message, "hint": hint}
        output.json({"format": FORMAT, "exit_code": code, "error": error, "collections": []})
    return code


def _interrupted(arguments: Sequence[str], code: int) -> int:
    hint = "Run the command again; it begins anew."
    return _failed(arguments, code, "interrupted", "The command was interrupted.", hint)


def _usage_hint(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"`{context.command_path if context else 'indexer'} --help` shows how it is used."


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


@contextmanager
def _sigterm_raises() -> Iterator[None]:
    def terminate(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
