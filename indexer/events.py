"""What happens during a run. Progress, logs and reports only listen; the pipeline only tells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Started:
    """A collection's turn begins; `expected` is how many are to be read, as far as it is known."""

    name: str
    collection: str | None
    expected: int | None


@dataclass(frozen=True)
class Progress:
    """How far a collection is: documents, since its start."""

    name: str
    read: int
    loaded: int
    refused: int


@dataclass(frozen=True)
class Retrying:
    """Something failed in a passing way and is tried again."""

    what: str
    reason: str


@dataclass(frozen=True)
class Waiting:
    """A server is up but not ready; the run waits."""

    what: str
    reason: str


@dataclass(frozen=True)
class Warned:
    """Something a person should know that doesn't stop the run."""

    message: str


@dataclass(frozen=True)
class Step:
    """A step of the run was taken, such as a swap or a prune."""

    name: str
    message: str


Event: TypeAlias = Started | Progress | Retrying | Waiting | Warned | Step
Emit: TypeAlias = Callable[[Event], None]


class Once:
    """Passes events on, but each warning once: every pass of a run would repeat some."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._warned: set[str] = set()

    def __call__(self, event: Event) -> None:
        """Listen to one event."""
        if isinstance(event, Warned):
            if event.message in self._warned:
                return
            self._warned.add(event.message)
        self._emit(event)


def nobody(_event: Event) -> None:
    """Listen to nothing."""
