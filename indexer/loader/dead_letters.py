"""Keeps the documents that the server refused, for a person to look at."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import orjson

from indexer.errors import ConfigurationError
from indexer.loader.bulk import RefusedDocument


def check_directory(directory: Path) -> None:
    """Make sure that refused documents can be written there; nothing is made yet.

    Raises:
        ConfigurationError: they can't.
    """
    there = next(each for each in _and_above(directory) if os.access(each, os.F_OK))
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        raise _unwritable(directory, f"{there} is no directory that may be written to.")


class DeadLetters:
    """A file of JSON lines, `{"id","code","error","document"}`, for one pass; a context.

    The file, and its directory where missing, appear with the first refused document: for the
    owner's eyes only, as documents tell what a library holds. A later pass of the same `name` takes
    the place of the one before, also where nothing is refused any more.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self.count = 0
        self.path: Path | None = None
        self._target = directory / f"{name}.jsonl"
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file:
            self._file.close()
        elif error is None:
            with suppress(OSError):  # mostly it isn't there, nor its directory
                self._target.unlink()

    def write(self, refused: Iterable[RefusedDocument]) -> None:
        """Add refused documents; they are in the file when this returns.

        Raises:
            ConfigurationError: the file or its directory can't be written.
        """
        lines = [_line(each) for each in refused]
        if not lines:
            return
        try:
            file = self._file = self._file or self._open()
            file.write(b"".join(lines))
            file.flush()
        except OSError as error:
            raise _unwritable(self._target, f"{error.strerror}.") from error
        self.path = self._target
        self.count += len(lines)

    def _open(self) -> BinaryIO:
        self._target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._target.touch(mode=0o600)
        return self._target.open("wb")


def _and_above(directory: Path) -> Iterator[Path]:
    absolute = directory.absolute()
    yield absolute
    yield from absolute.parents


def _unwritable(path: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"Can't write refused documents to {path}: {reason}",
        "Set INDEXER_DEAD_LETTERS to a directory that can be written.",
    )


def _line(refused: RefusedDocument) -> bytes:
    letter = {
        "id": refused.id,
        "code": refused.code,
        "error": refused.error,
        "document": orjson.Fragment(refused.body),
    }
    return orjson.dumps(letter, option=orjson.OPT_APPEND_NEWLINE)
