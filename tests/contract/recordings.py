"""The recordings of real Stash servers: where they are, what they say, how answers compare."""

import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

RECORDINGS = Path(
    os.environ.get("STASH_RECORDINGS") or Path(__file__).parents[2].parent / "shared" / "stash"
)
RECORDED_URL = "http://stash.test"
RECORDED_KEY = "testkey"
"""The key that the recorded servers had, as it stands in their streams' addresses; in requests it
is written <key>."""


ONE_ERROR_OF_SEVERAL = frozenset({("rows pointing nowhere", "page with them")})
"""Exchanges in which several fields fail: Stash, which resolves them side by side, reports all;
graphql-core reports the first of a list that becomes null by it, and leaves the others alone."""


@dataclass(frozen=True)
class Exchange:
    """One recorded request and its answer. `situation` only in trouble.jsonl."""

    name: str
    situation: str
    request: dict[str, Any]
    response: dict[str, Any]


def exchanges(file: Path) -> dict[tuple[str, str], Exchange]:
    """All exchanges of a file by situation ("" where there is none) and name."""
    lines = file.read_text(encoding="utf-8").splitlines()
    read = (json.loads(line) for line in lines)
    found = (Exchange(e["name"], e.get("situation", ""), e["request"], e["response"]) for e in read)
    return {(exchange.situation, exchange.name): exchange for exchange in found}


def replay(exchange: Exchange, url: str) -> httpx.Response:
    """Send a recorded request to a server; its answer."""
    request = exchange.request
    headers = {name: _keyed(value) for name, value in request["headers"].items()}
    body = request.get("body")
    content = json.dumps(body) if isinstance(body, dict) else body
    if isinstance(body, dict):
        headers.setdefault("Content-Type", "application/json")
    path = _keyed(request["path"])
    return httpx.request(request["method"], url + path, headers=headers, content=content)


def differences(answer: httpx.Response, exchange: Exchange, url: str) -> list[str]:
    """What an answer has other than the recorded one, a line each."""
    recorded = exchange.response
    found = [
        f"{name}: {got!r}, recorded {want!r}"
        for name, got, want in _heads(answer, recorded)
        if got != want
    ]
    if not recorded["body"]:
        return found
    if "json" not in answer.headers["content-type"]:
        return found + list(_differing(answer.text, recorded["body"], ""))
    got = json.loads(answer.text.replace(url, RECORDED_URL))
    want = json.loads(recorded["body"])
    got_paths, want_paths = _error_paths(got), _error_paths(want)
    one_of_them = (exchange.situation, exchange.name) in ONE_ERROR_OF_SEVERAL
    if not (set() < got_paths < want_paths if one_of_them else got_paths == want_paths):
        found.append(f"error paths: {got_paths}, recorded {want_paths}")
    return found + list(_differing(got.get("data"), want.get("data"), "data"))


def _heads(answer: httpx.Response, recorded: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    yield "status", answer.status_code, recorded["status"]
    names = ["content-type", "www-authenticate", "location"]
    if (
        "json" in answer.headers.get("content-type", "")
        and "content-encoding" in recorded["headers"]
    ):
        names.append("content-encoding")
    for name in names:
        yield name, answer.headers.get(name), recorded["headers"].get(name)


def _keyed(text: str) -> str:
    return text.replace("<key>", RECORDED_KEY)


def _error_paths(answer: dict[str, Any]) -> set[str]:
    """Where an answer has errors."""
    return {json.dumps(error.get("path")) for error in answer.get("errors", ())}


def _differing(got: Any, want: Any, path: str) -> Iterator[str]:
    if isinstance(got, dict) and isinstance(want, dict):
        for name in sorted(got.keys() | want.keys()):
            yield from _differing(
                got.get(name, "absent"), want.get(name, "absent"), f"{path}.{name}"
            )
    elif isinstance(got, list) and isinstance(want, list) and len(got) == len(want):
        for at, (one, other) in enumerate(zip(_ordered(got), _ordered(want), strict=True)):
            yield from _differing(one, other, f"{path}[{at}]")
    elif not _same(got, want):
        yield f"{path}: {got!r}, recorded {want!r}"


def _ordered(values: list[Any]) -> list[Any]:
    """Markers of the same second and an introspection's fields in one order; others as they are."""
    if all(isinstance(value, dict) and "seconds" in value for value in values):
        return sorted(values, key=lambda marker: (marker["seconds"], int(marker["id"])))
    if all(
        isinstance(value, dict) and value.keys() & {"name"} and "id" not in value
        for value in values
    ):
        return sorted(values, key=lambda field: str(field["name"]))
    return values


def _same(got: Any, want: Any) -> bool:
    """Equal; sums of floats depend on the order of their parts in the last digits."""
    if isinstance(got, float) or isinstance(want, float):
        numbers = isinstance(got, int | float) and isinstance(want, int | float)
        return numbers and math.isclose(got, want, rel_tol=1e-12)
    return type(got) is type(want) and bool(got == want)
