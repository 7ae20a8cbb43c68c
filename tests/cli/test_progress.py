"""What is told on stderr during a run."""

import io
import json
import re
import sys

import pytest
from rich.console import Console

from indexer.cli.progress import BarLog, PlainLog, bars, json_log, listening
from indexer.events import Event, Progress, Retrying, Started, Step, Waiting, Warned

EVENTS: list[Event] = [
    Started("scenes", None, 118_400),
    Waiting("Typesense", "3 writes are queued"),
    Progress("scenes", 42_000, 41_900, 100),
    Retrying("Stash at http://harbour.example", "database is locked"),
    Warned("Tag 7 is its own ancestor."),
    Step("swap", "scenes is now scenes_2"),
]


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_plain_lines() -> None:
    """Each event is a line with its time, without colours."""
    stream = io.StringIO()
    log = PlainLog(stream, Clock())
    for event in EVENTS:
        log(event)
    lines = stream.getvalue().splitlines()
    assert all(re.match(r"\d\d:\d\d:\d\d ", line) for line in lines)
    assert [line[9:] for line in lines] == [
        "scenes: 118,400 to read",
        "waiting for Typesense: 3 writes are queued",
        "trying again: Stash at http://harbour.example: database is locked",
        "warning: Tag 7 is its own ancestor.",
        "swap: scenes is now scenes_2",
    ]


def test_plain_progress_every_30_seconds() -> None:
    """Progress is told every 30 seconds: how far, how fast, how long still."""
    stream, clock = io.StringIO(), Clock()
    log = PlainLog(stream, clock)
    log(Started("scenes", "scenes_1", 118_400))
    for clock.now in (10, 20, 30, 40, 59, 60):
        log(Progress("scenes", int(clock.now) * 700, int(clock.now) * 700, 2))
    told = [line[9:] for line in stream.getvalue().splitlines()]
    assert told == [
        "scenes: 118,400 to read, into scenes_1",
        "scenes 21,000/118,400 (17 %) 700 docs/s eta 02:19 2 refused",
        "scenes 42,000/118,400 (35 %) 700 docs/s eta 01:49 2 refused",
    ]


def test_json_lines() -> None:
    """With --log json each event is one object with its name, level, time and fields."""
    stream = io.StringIO()
    log = json_log(stream)
    for event in EVENTS:
        log(event)
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [each["event"] for each in told] == [
        "started",
        "waiting",
        "progress",
        "retrying",
        "warned",
        "step",
    ]
    assert told[2]["read"] == 42_000
    assert [each["level"] for each in told].count("warning") == 2
    assert all(each["timestamp"].endswith("Z") for each in told)


@pytest.mark.parametrize("no_color", [True, False])
def test_bar(monkeypatch: pytest.MonkeyPatch, *, no_color: bool) -> None:
    """On a terminal a bar shows how far each collection is; NO_COLOR takes its colours."""
    monkeypatch.setenv("TERM", "xterm")
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    stream = io.StringIO()
    with bars(Console(file=stream, force_terminal=True, width=200)) as shown:
        log = BarLog(shown)
        for event in EVENTS:
            log(event)
    told = stream.getvalue()
    assert "42000/118400" in told
    assert "100 refused" in told
    assert "warning: Tag 7 is its own ancestor." in told
    assert ("\x1b[32m" in told) is not no_color


def test_choice_of_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets the bar, anything else plain lines, and --log has the last word."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    with listening("auto") as log:
        assert isinstance(log, PlainLog)
    monkeypatch.setattr(sys, "stderr", Terminal())
    with listening("auto") as log:
        assert isinstance(log, BarLog)
    with listening("plain") as log:
        assert isinstance(log, PlainLog)
