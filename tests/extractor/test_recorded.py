"""What the database file gives is what the real Stashes answered, field by field."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from indexer.extractor import canonical, wire
from indexer.extractor.shape import SHAPES
from indexer.extractor.ways import WAYS
from indexer.records import STASH_KINDS, GroupMembership, Kind
from tests.contract.recordings import RECORDINGS, Exchange, exchanges
from tests.extractor import recordings
from tests.extractor.reading import open_database, records

pytestmark = pytest.mark.recordings

_EXCHANGES: dict[Kind, str] = {
    "scene": "scenes keyset",
    "performer": "performers",
    "tag": "tags",
    "studio": "studios",
    "group": "groups",
    "gallery": "galleries",
    "marker": "markers",
}
"""What the names of the exchanges that list a kind whole begin with."""


@pytest.mark.parametrize("kind", STASH_KINDS)
@pytest.mark.parametrize("version", recordings.WITH_LIBRARY)
def test_the_file_gives_what_the_server_answered(
    version: str, kind: Kind, recorded_library: Callable[[str], Path]
) -> None:
    """Every thing of a kind, with every field that the recorded query asked for."""
    asked, answered = _answered(version, kind)
    with closing(open_database(recorded_library(version))) as source:
        found = records(source.pages(kind, asked))
    assert len(answered) == {"scene": 182}.get(kind, len(found))
    assert found == answered
    assert len(asked) > len(WAYS[kind]) / 2


def _answered(version: str, kind: Kind) -> tuple[frozenset[str], dict[int, Any]]:
    """The record paths that a recorded query asked for, and the records of its answers."""
    found: dict[int, Any] = {}
    asked: frozenset[str] = frozenset()
    for exchange in _whole(version, kind):
        ((name, raw),) = _listed(exchange)
        selected = frozenset(_selected(exchange.request["body"]["query"], name))
        asked = frozenset(path for path in WAYS[kind] if _asked(WAYS[kind][path], selected))
        answer = wire.PAGES[kind].validate_python({"data": {"found": {"things": raw}}})
        data = answer["data"]
        assert data is not None
        for thing, wired in zip(raw, data["found"]["things"], strict=True):
            record: Any = SHAPES[kind](wired, asked)
            if kind == "scene":
                record["groups"] = canonical.memberships(_places(thing))
            found[record["id"]] = record
    return asked, found


def _whole(version: str, kind: Kind) -> list[Exchange]:
    """The exchanges that list a kind whole: of several alike the first, of scenes all pages."""
    recorded = exchanges(RECORDINGS / version / "exchanges.jsonl").values()
    named = [one for one in recorded if one.name.startswith(_EXCHANGES[kind])]
    return named if kind == "scene" else named[:1]


def _listed(exchange: Exchange) -> list[tuple[str, list[Any]]]:
    """What the list of an answer is called, and the things in it."""
    (found,) = json.loads(exchange.response["body"])["data"].values()
    return [(name, things) for name, things in found.items() if name != "count"]


def _selected(query: str, name: str) -> Iterator[str]:
    """The paths that a query selects of the things in a list: "files.width"."""
    inside = query.partition(f"{name}{{")[2]
    path: list[str] = []
    for word, brace in re.findall(r"(\w+)|([{}])", inside):
        if word:
            path = [*path[:-1], word] if path else [word]
            yield ".".join(path)
        elif brace == "{":
            path.append("")
        else:
            path = path[:-1]
            if not path:
                return


def _asked(ways: Iterable[str], selected: frozenset[str]) -> bool:
    return any(selected.issuperset(way.split()) for way in ways)


def _places(scene: dict[str, Any]) -> Iterator[GroupMembership]:
    for place in scene.get("groups", scene.get("movies", ())):
        group = place.get("group") or place.get("movie")
        yield GroupMembership(group=int(group["id"]), index=place["scene_index"])
