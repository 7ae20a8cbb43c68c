"""Real answers, byte for byte as recorded, have the shapes that answers are checked for."""

import json
from typing import Any

import pytest

from indexer.extractor import wire
from indexer.extractor.shape import SHAPES
from indexer.records import Kind
from tests.contract.recordings import RECORDINGS, exchanges
from tests.extractor import recordings

pytestmark = pytest.mark.recordings

RECORDED: dict[Kind, tuple[str, ...]] = {
    "scene": tuple(f"scenes keyset {page}" for page in range(6)),
    "performer": ("performers",),
    "tag": ("tags",),
    "studio": ("studios",),
    "group": ("groups",),
    "gallery": ("galleries",),
    "marker": ("markers",),
}


def as_asked_by_us(body: str) -> bytes:
    """A recorded answer with the names that our queries give to listings."""
    ((listing),) = json.loads(body)["data"].values()
    (things,) = [value for name, value in listing.items() if name != "count"]
    return json.dumps({"data": {"found": {"things": things}}}).encode()


@pytest.mark.parametrize("kind", RECORDED)
@pytest.mark.parametrize("version", recordings.WITH_LIBRARY)
def test_recorded_answers(version: str, kind: Kind) -> None:
    """Every listing that a real Stash gave is read, each thing of it to a record."""
    recorded = exchanges(RECORDINGS / version / "exchanges.jsonl")
    for name in RECORDED[kind]:
        body = as_asked_by_us(recorded["", name].response["body"])
        data: Any = wire.PAGES[kind].validate_json(body).get("data")
        for thing in data["found"]["things"]:
            record = SHAPES[kind](thing, recordings.paths(kind))
            assert record["id"] == thing["id"]
