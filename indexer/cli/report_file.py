"""--report: a run's report in a file, also where nobody could be told otherwise."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeAlias

import orjson

from indexer.cli.boundary import failure
from indexer.errors import ConfigurationError, Interrupted
from indexer.pipeline.report import RunReport
from indexer.pipeline.verify import VerifyReport

Written: TypeAlias = Callable[[RunReport | VerifyReport], None]


@contextmanager
def reporting(path: Path | None) -> Iterator[Written]:
    """Yield what writes a report; what ends the command before that is written as well.

    Raises:
        ConfigurationError: there can't be a file of this name; told before anything is done.
    """
    if path is None:
        yield lambda _report: None
        return
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise _unwritable(path, "no such directory, or one that can't be written to")
    try:
        yield lambda report: _write(path, report.as_json())
    except (Exception, Interrupted) as error:
        _write(path, failure(error).as_json())
        raise


def _write(path: Path, report: Mapping[str, Any]) -> None:
    """Put the report in place in one step, for its owner's eyes: readers see all of it or none."""
    content = orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            new = Path(file.name)
            try:
                file.write(content)
                file.flush()
                new.replace(path)
            except OSError:
                new.unlink()
                raise
    except OSError as error:
        raise _unwritable(path, error.strerror) from error


def _unwritable(path: Path, reason: str | None) -> ConfigurationError:
    return ConfigurationError(
        f"The report can't be written to {path}: {reason}.",
        "Name a file in a directory that is there and may be written to.",
    )
