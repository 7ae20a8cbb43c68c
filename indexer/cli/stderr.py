"""stderr, whose reader may go away: what can't be told is lost, and ends nothing."""

import io
import os
import sys
from collections.abc import Callable
from typing import TextIO, cast

from typing_extensions import override


def stderr() -> TextIO:
    """Return stderr as it is now, to be written to without an error."""
    return cast("TextIO", _Unfailing(sys.stderr))


class _Unfailing(io.TextIOBase):
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @override
    def write(self, text: str) -> int:
        self._try(lambda: self._stream.write(text))
        return len(text)

    @override
    def flush(self) -> None:
        self._try(self._stream.flush)

    @override
    def isatty(self) -> bool:
        return self._stream.isatty()

    @override
    def fileno(self) -> int:
        return self._stream.fileno()

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError:
            send_nowhere(self._stream)


def send_nowhere(stream: TextIO) -> None:
    """Lose all that is still written: Python flushes once more at its end, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
