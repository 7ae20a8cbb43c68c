"""docs/search.md, held to a real server: each request is sent, each answer is as is shown."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from indexer.ui.rules import picture_path
from tests.search.library import COLLECTIONS, Shelves

pytestmark = pytest.mark.no_cover

PAGE = (Path(__file__).parents[2] / "docs" / "search.md").read_text("utf-8")
EXAMPLE = re.compile(r"```http\n(.*?)```\n\n```json\n(.*?)```", re.DOTALL)


class Example(NamedTuple):
    """A request as the page has it, and what its answer has to have."""

    method: str
    path: str
    parameters: dict[str, str]
    body: str
    answer: Any


def examples() -> Iterator[Example]:
    """Yield the examples of the page."""
    for request, answer in EXAMPLE.findall(PAGE):
        head, _, body = request.partition("\n\n")
        first, *rest = head.splitlines()
        method, path = first.split()
        parameters = dict(line.split("=", maxsplit=1) for line in rest)
        yield Example(method, path, parameters, body, json.loads(answer))


def prefixed(text: str, prefix: str) -> str:
    """Put a prefix before the aliases, and so before the presets, of a request."""
    names = "|".join(COLLECTIONS)
    text = re.sub(rf"(/collections/|\"collection\": \")({names})", rf"\1{prefix}\2", text)
    return re.sub(rf"((?:^|\"preset\": \"))({names})_", rf"\1{prefix}\2_", text)


def lacks(shown: Any, real: Any, where: str = "") -> Iterator[str]:
    """Name what is shown and not answered; of lists the beginning is shown."""
    if isinstance(shown, dict) and isinstance(real, dict):
        for key, value in shown.items():
            yield from lacks(value, real.get(key), f"{where}.{key}")
    elif isinstance(shown, list) and isinstance(real, list) and len(real) >= len(shown):
        for at, value in enumerate(shown):
            yield from lacks(value, real[at], f"{where}[{at}]")
    elif shown != real:
        yield f"{where}: {shown!r} is shown, {real!r} answered"


@pytest.mark.parametrize("example", list(examples()), ids=lambda each: each.path)
def test_examples(shelves: Shelves, example: Example) -> None:
    """A request of the page is answered as the page says."""
    preset = prefixed(example.parameters.get("preset", ""), shelves.prefix)
    answer = shelves.server.request(
        example.method,
        prefixed(example.path, shelves.prefix),
        params={**example.parameters, **({"preset": preset} if preset else {})},
        content=prefixed(example.body, shelves.prefix).encode() or None,
    )
    assert list(lacks(example.answer, json.loads(answer))) == []


def test_no_example_is_overlooked() -> None:
    """Every request of the page has an answer beside it."""
    assert PAGE.count("```http") == len(list(examples())) > 7


PICTURES = (
    "/scene/12/screenshot?t=1790000000",
    "/scene/12/scene_marker/3/screenshot",
    "/performer/7/image?t=9",
    "/studio/7/image",
    "/tag/7/image",
    "/group/2/frontimage?t=9",
    "/gallery/2/cover",
)
NO_PICTURES = (
    "/scene/12/stream",
    "/scene/12/funscript?t=9",
    "/scene/0/screenshot",
    "/scene/12/screenshot?apikey=x",
    "/scene/12/screenshot/../stream",
    "/scene/12/screenshot?t=9&default=true",
    "/performer/7/screenshot",
    "/group/2/cover",
    "/gallery/2/image",
    "/scene_marker/3/screenshot",
    "//performer/7/image",
    "@other.example/performer/7/image",
)


def test_pictures() -> None:
    """The page's way of passing pictures on takes Stash's pictures, and no more than ours does."""
    (code,) = re.findall(r"regexp\.MustCompile\((.*?)\)\n\n", PAGE, re.DOTALL)
    pattern = re.compile("".join(re.findall("`(.*?)`", code)), re.ASCII)
    for path in (*PICTURES, *NO_PICTURES):
        assert bool(pattern.search(path)) == (path in PICTURES), path
        assert bool(picture_path(f"/picture{path}")) == (path in PICTURES), path
    assert "http.ErrUseLastResponse" in PAGE
