"""Counts that the scene stream feeds: in how many scenes things are named, and what performers do.

Stash's own counters cost a query a thing (facts of its resolvers), so they are counted here.
"""

from bisect import insort
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from typing_extensions import TypedDict

from indexer.records import Group, Kind, Studio, Timestamp, Wide
from indexer.transformer.dates import first_day
from indexer.transformer.derived import DERIVED
from indexer.transformer.dimensions import Dimensions

MILLISECONDS = 1000
LONGEST_SECONDS = 1e9
"""Thirty years: whatever a file says beyond that is no length, and no sum could hold it."""
SCENE_PATHS = frozenset(
    {"performers", "studio", "tags", "galleries", "groups.group"}
    | {"date", "play_count", "o_counter", "files.duration"}
)

_ANCESTORS: Mapping[Kind, str] = {"tag": "family", "studio": "line"}
COUNTING: Mapping[Kind, frozenset[str]] = {
    "scene": SCENE_PATHS,
    **{kind: DERIVED[kind, name].needs | {"id"} for kind, name in _ANCESTORS.items()},
}
"""What a pass over the scenes has to ask for to feed the counts, by kind."""


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


class SceneCount(TypedDict):
    """In how many scenes a thing is named."""

    scene_count: int


class SceneCounts(TypedDict):
    """The same, and in how many it or a thing below it is: each scene counts once."""

    scene_count: int
    scene_count_all: int


TOTALS_OF: Mapping[Kind, type] = {
    "performer": Totals,
    "tag": SceneCounts,
    "studio": SceneCounts,
    "group": SceneCount,
    "gallery": SceneCount,
    "suggestion": SceneCount,
}


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
    """The totals of every performer, and by kind the scenes of everything else.

    `complete` once every scene was counted; `doubted` where a gate found that too few came.
    """

    def __init__(self) -> None:
        self.performers: dict[int, Totals] = {}
        self.scenes: dict[str, Counter[int]] = {
            kind: Counter() for kind in ("tag", "studio", "group", "gallery")
        }
        self.scenes_all: dict[Kind, Counter[int]] = {kind: Counter() for kind in _ANCESTORS}
        self.complete = self.doubted = False
        self._numbers: dict[int, int] = {}
        self._families: Mapping[int, list[int]] = {}
        self._lines: Mapping[int, list[int]] = {}

    def clear(self) -> None:
        """Forget all counts, in place."""
        self.performers.clear()
        for counts in (*self.scenes.values(), *self.scenes_all.values()):
            counts.clear()
        self.complete = False

    def look_up_in(self, dimensions: Dimensions) -> None:
        """Take ancestors from these dimensions, which are loaded before the first scene comes."""
        self._families = dimensions.column("tag", _ANCESTORS["tag"])
        self._lines = dimensions.column("studio", _ANCESTORS["studio"])

    def add(self, scenes: Sequence[Mapping[str, Any]]) -> None:
        """Count scenes."""
        tags = [scene["tags"] for scene in scenes if scene["tags"]]
        studios = [scene["studio"] for scene in scenes if scene["studio"] is not None]
        families, lines = self._families, self._lines
        self.scenes["tag"].update(chain.from_iterable(tags))
        self.scenes["studio"].update(studios)
        self.scenes["gallery"].update(chain.from_iterable(map(itemgetter("galleries"), scenes)))
        places = chain.from_iterable(map(itemgetter("groups"), scenes))
        self.scenes["group"].update(map(itemgetter("group"), places))
        above = (set().union(*filter(None, map(families.get, each))) for each in tags)
        self.scenes_all["tag"].update(chain.from_iterable(above))
        self.scenes_all["studio"].update(chain.from_iterable(filter(None, map(lines.get, studios))))
        for scene in scenes:
            if scene["performers"]:
                self._add_to_performers(scene)

    def totals(self, kind: Kind) -> Callable[[Mapping[str, Any]], Any]:
        """Return the function from a record of a kind to its totals (TOTALS_OF)."""
        if kind == "performer":
            performers, nothing = self.performers, no_totals()
            return lambda record: performers.get(record["id"], nothing)
        if kind == "suggestion":
            return lambda record: SceneCount(
                scene_count=self._scene_count(record["kind"], record["stash_id"])
            )
        if kind not in _ANCESTORS:
            return lambda record: SceneCount(scene_count=self._scene_count(kind, record["id"]))
        counts_all = self.scenes_all[kind]
        return lambda record: SceneCounts(
            scene_count=self._scene_count(kind, record["id"]),
            scene_count_all=counts_all[record["id"]],
        )

    def _scene_count(self, kind: str, number: int) -> int:
        if kind == "performer":
            return self.performers[number]["scene_count"] if number in self.performers else 0
        return self.scenes[kind][number]

    def _add_to_performers(self, scene: Mapping[str, Any]) -> None:
        day = first_day(scene["date"]) if scene["date"] else None
        files = scene["files"]
        seconds = files[0]["duration"] if files else None
        milliseconds = round(min(seconds or 0, LONGEST_SECONDS) * MILLISECONDS)
        studio = scene["studio"]
        for performer in scene["performers"]:
            totals = self.performers.get(performer)
            if totals is None:
                totals = self.performers[performer] = no_totals()
            totals["scene_count"] += 1
            totals["play_count"] += scene["play_count"]
            totals["o_counter"] += scene["o_counter"]
            totals["duration"] += milliseconds
            if day is not None:
                _widen(totals, day)
            if studio is not None and studio not in totals["studios"]:
                self._note(totals["studios"], studio)
            for membership in scene["groups"]:
                if membership["group"] not in totals["groups"]:
                    self._note(totals["groups"], membership["group"])

    def _note(self, ids: list[int], number: int) -> None:
        """Add an id to some others; one object for all that hold it, a quarter of the memory."""
        insort(ids, self._numbers.setdefault(number, number))


def _widen(totals: Totals, day: Timestamp) -> None:
    """Make room for a day between the first scene's and the last one's."""
    first, last = totals["first_scene_date"], totals["last_scene_date"]
    if first is None or day < first:
        totals["first_scene_date"] = day
    if last is None or day > last:
        totals["last_scene_date"] = day
