"""What happens during a run, told on stderr: a bar on a terminal, plain lines or JSON elsewhere."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Literal, TextIO, TypeAlias

import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from indexer.cli.stderr import stderr
from indexer.events import Emit, Event, Progress, Retrying, Started, Step, Waiting, Warned

Log: TypeAlias = Literal["auto", "plain", "json"]

EVERY_SECONDS = 30.0
"""How often a plain log tells how far a collection is."""


@contextmanager
def listening(log: Log) -> Iterator[Emit]:
    """Yield what the pipeline tells its events to; events may come from several threads.

    Where nobody reads stderr any more they are lost, and the run goes on.
    """
    stream = stderr()
    if log == "json":
        yield json_log(stream)
    elif log == "auto" and stream.isatty():
        with bars(Console(file=stream)) as shown:
            yield BarLog(shown)
    else:
        yield PlainLog(stream)


def json_log(stream: TextIO) -> Emit:
    """Return a listener that writes each event as one JSON object: event, level, time, fields."""
    logger = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    )

    def listen(event: Event) -> None:
        level = logging.WARNING if isinstance(event, Warned | Retrying) else logging.INFO
        logger.log(level, type(event).__name__.lower(), **asdict(event))

    return listen


class PlainLog:
    """Writes a line for each event, and for progress one every 30 seconds."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._expected: int | None = None
        self._started = self._told = clock()

    def __call__(self, event: Event) -> None:
        """Write what happened, if it is time to."""
        if isinstance(event, Started):
            self._expected = event.expected
            self._started = self._told = self._clock()
        if not isinstance(event, Progress):
            self._write(sentence(event))
        elif self._clock() - self._told >= EVERY_SECONDS:
            self._told = self._clock()
            self._write(how_far(event, self._expected, self._told - self._started))

    def _write(self, text: str) -> None:
        self._stream.write(f"{time.strftime('%H:%M:%S')} {text}\n")
        self._stream.flush()


class BarLog:
    """Shows a bar for each collection; everything else is written above the bars."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, event: Event) -> None:
        """Move the bar, or write what happened."""
        if isinstance(event, Started):
            self._tasks[event.name] = self._bars.add_task(
                event.name, total=event.expected, refused=""
            )
        elif isinstance(event, Progress):
            refused = f"{event.refused:,} refused" if event.refused else ""
            self._bars.update(self._tasks[event.name], completed=event.read, refused=refused)
        else:
            self._bars.console.print(sentence(event), markup=False, highlight=False)


def sentence(event: Event) -> str:
    """Return an event in words."""
    match event:
        case Started(name, collection, expected):
            amount = "an unknown number" if expected is None else f"{expected:,}"
            return f"{name}: {amount} to read" + (f", into {collection}" if collection else "")
        case Progress():
            return how_far(event, None, 0)
        case Retrying(what, reason):
            return f"trying again: {what}: {reason}"
        case Waiting(what, reason):
            return f"waiting for {what}: {reason}"
        case Warned(message):
            return f"warning: {message}"
        case Step(name, message):
            return f"{name}: {message}"


def how_far(event: Progress, expected: int | None, seconds: float) -> str:
    """Return how far a collection is: scenes 42,000/118,400 (35 %) 1,950 docs/s eta 00:39."""
    parts = [event.name, f"{event.read:,}"]
    speed = event.read / seconds if seconds > 0 else 0.0
    if expected:
        parts[-1] += f"/{expected:,} ({100 * event.read // expected} %)"
    if speed:
        parts.append(f"{speed:,.0f} docs/s")
    if speed and expected and expected > event.read:
        minutes, left = divmod(round((expected - event.read) / speed), 60)
        parts.append(f"eta {minutes:02}:{left:02}")
    if event.refused:
        parts.append(f"{event.refused:,} refused")
    return " ".join(parts)


def bars(console: Console) -> Bars:
    """Return bars, none yet, that show on a console once they are entered."""
    return Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[refused]}"),
        console=console,
    )
