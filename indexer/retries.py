"""The one place where anything is tried again.

Only errors marked `transient` are, and those marked `starting` for somebody who waits for a server
to come up; the waits are capped and jittered (stamina).
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

import stamina
from stamina.instrumentation import set_on_retry_hooks

from indexer.errors import IndexerError
from indexer.events import Emit, Retrying, Waiting

T = TypeVar("T")

LONGEST_WAIT = 5.0
FIRST_WAIT = 0.1


@dataclass(frozen=True)
class Patience:
    """For how many seconds a failing call is tried again; 0 tries once."""

    seconds: float = 120.0


ONCE = Patience(0)
HURRIED = Patience(1)
"""For what is still to be done when the program is told to end."""

_NOT_NOW = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}

# stamina would log each retry to stdout, which carries results only; the event tells the same.
set_on_retry_hooks([])


def passes(status: int) -> bool:
    """Say whether an HTTP status tells of what passes by itself: 5xx, a time-out, too many asked.

    500 is one: a cluster of Typesense without a leader answers it. 503 is "Not Ready or Lagging",
    502 and 504 come from a proxy.
    """
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _NOT_NOW


def patiently(call: Callable[[], T], what: str, patience: Patience, emit: Emit) -> T:
    """Return call()'s answer; try again while it fails in a passing way and patience lasts.

    Raises the last error when patience is over, and at once any error that won't pass.
    """

    def passing(error: Exception) -> bool:
        if not (isinstance(error, IndexerError) and error.transient):
            return False
        emit(Retrying(what, error.message))
        return True

    return _again(call, passing, patience)


def until_up(call: Callable[[], T], what: str, patience: Patience, emit: Emit) -> T:
    """Return call()'s answer; wait for servers that may just be starting, and say why.

    Raises as patiently() does.
    """
    told = ""

    def starting(error: Exception) -> bool:
        nonlocal told
        if not (isinstance(error, IndexerError) and (error.transient or error.starting)):
            return False
        if error.message != told:
            emit(Waiting(what, error.message))
            told = error.message
        return True

    return _again(call, starting, patience)


def _again(call: Callable[[], T], on: Callable[[Exception], bool], patience: Patience) -> T:
    if patience.seconds <= 0:
        return call()
    for attempt in stamina.retry_context(
        on=on,
        attempts=None,
        timeout=patience.seconds,
        wait_initial=FIRST_WAIT,
        wait_max=LONGEST_WAIT,
        wait_jitter=1.0,
    ):
        with attempt:
            return call()
    raise AssertionError("unreachable: stamina raises the last error")  # pragma: no cover
