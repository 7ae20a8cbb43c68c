"""Counts that the scene stream feeds: what each performer appears in.

Stash's own counters cost a query a performer (facts of its resolvers), so they are counted here.
"""

from collections.abc import Mapping
from typing import Any

from typing_extensions import TypedDict

from indexer.records import Group, Studio, Timestamp, Wide
from indexer.transformer.converters import first_day

MILLISECONDS = 1000
SCENE_PATHS = frozenset(
    {"performers", "studio", "date", "play_count", "o_counter", "files.duration", "groups.group"}
)
"""What a pass over the scenes has to ask for to feed the counts."""


class Totals(TypedDict):
    """A performer's totals over all scenes; duration in milliseconds, dates as first days."""

    scene_count: int
    first_scene_date: Timestamp | None
    last_scene_date: Timestamp | None
    play_count: int
    o_counter: int
    duration: Wide
    studios: list[Studio]
    groups: list[Group]


def no_totals() -> Totals:
    """Return the totals of a performer without scenes."""
    return Totals(
        scene_count=0,
        first_scene_date=None,
        last_scene_date=None,
        play_count=0,
        o_counter=0,
        duration=0,
        studios=[],
        groups=[],
    )


class Membership:
    """The totals of every performer that a scene named."""

    def __init__(self) -> None:
        self.performers: dict[int, Totals] = {}
        self.complete = False

    def clear(self) -> None:
        """Forget all counts, in place."""
        self.performers.clear()
        self.complete = False

    def add(self, scene: Mapping[str, Any]) -> None:
        """Count one scene."""
        if not scene["performers"]:
            return
        day = first_day(scene["date"]) if scene["date"] else None
        files = scene["files"]
        seconds = files[0]["duration"] if files else None
        milliseconds = round((seconds or 0) * MILLISECONDS)
        for performer in scene["performers"]:
            totals = self.performers.setdefault(performer, no_totals())
            totals["scene_count"] += 1
            totals["play_count"] += scene["play_count"]
            totals["o_counter"] += scene["o_counter"]
            totals["duration"] += milliseconds
            if day is not None:
                first, last = totals["first_scene_date"], totals["last_scene_date"]
                totals["first_scene_date"] = day if first is None else min(day, first)
                totals["last_scene_date"] = day if last is None else max(day, last)
            _note(totals["studios"], scene["studio"])
            for membership in scene["groups"]:
                _note(totals["groups"], membership["group"])


def _note(ids: list[int], number: int | None) -> None:
    if number is not None and number not in ids:
        ids.append(number)
        ids.sort()
