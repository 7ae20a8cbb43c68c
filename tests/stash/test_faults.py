"""The stand-in goes wrong in the ways it is told to, and only then."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.stash.faults import Fault, FaultKind
from tests.stash.library import build_library
from tests.stash.server import StashServer

QUERY = '{ findScenes(filter: {per_page: 4, sort: "id"}) { scenes { id } } }'


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of ten scenes."""
    path = tmp_path_factory.mktemp("faults") / "stash.sqlite"
    build_library(path, scenes=10, performers=3)
    return path


@pytest.fixture
def stash(database: Path) -> Iterator[StashServer]:
    """A stand-in without a login."""
    with StashServer(database, control=True) as server:
        yield server


def _ask(stash: StashServer) -> httpx.Response:
    return httpx.post(f"{stash.url}/graphql", json={"query": QUERY})


def _ids(answer: httpx.Response) -> list[str]:
    return [scene["id"] for scene in answer.json()["data"]["findScenes"]["scenes"]]


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("locked", 200, "database is locked"),
        ("html", 200, "<!doctype html>"),
        ("partial", 200, "partial answer"),
        ("401", 401, ""),
        ("302", 302, ""),
        ("500", 500, "internal error"),
        ("truncated", 200, '{"data":{"findScenes"'),
    ],
)
def test_a_fault_happens_once_and_then_all_is_well(
    stash: StashServer, kind: FaultKind, status: int, body: str
) -> None:
    """The first request meets the fault, the second one doesn't."""
    stash.faults.add(Fault(kind, match="findScenes"))
    answer = _ask(stash)
    assert answer.status_code == status
    assert body in answer.text
    assert _ids(_ask(stash)) == ["1", "2", "3", "4"]


@pytest.mark.parametrize("kind", ["cut", "refused"])
def test_a_connection_can_be_cut(stash: StashServer, kind: FaultKind) -> None:
    """The client sees a broken connection, and is served when it comes again."""
    stash.faults.add(Fault(kind, after_bytes=10))
    with pytest.raises(httpx.RemoteProtocolError):
        _ask(stash)
    assert _ask(stash).status_code == httpx.codes.OK


def test_a_fault_waits_for_the_request_that_it_is_meant_for(stash: StashServer) -> None:
    """Requests without the text that a fault wants pass by it."""
    stash.faults.add(Fault("500", match="findTags"))
    assert _ask(stash).status_code == httpx.codes.OK


def test_a_poisoned_scene_fails_every_page_that_has_it(stash: StashServer) -> None:
    """Pages with the scene answer errors until the faults are cleared, others are well."""
    stash.faults.add(Fault("poison", scene_id=3))
    assert _ask(stash).json()["errors"]
    assert _ask(stash).json()["errors"]
    other = {"query": '{ findScenes(filter: {per_page: 2, sort: "id"}) { scenes { id } } }'}
    assert _ids(httpx.post(f"{stash.url}/graphql", json=other)) == ["1", "2"]
    stash.faults.clear()
    assert _ids(_ask(stash)) == ["1", "2", "3", "4"]


def test_a_fault_can_last_for_a_time(stash: StashServer) -> None:
    """A fault with `lasts` meets every request until its time is over."""
    stash.faults.add(Fault("locked", lasts=3600))
    assert all("locked" in _ask(stash).text for _ in range(3))
    stash.faults.clear()
    stash.faults.add(Fault("locked", lasts=0))
    assert _ids(_ask(stash))


def test_faults_come_over_http_too_where_that_is_open(stash: StashServer) -> None:
    """/__faults adds and clears faults, and tells what was asked how often."""
    control = f"{stash.url}/__faults"
    httpx.post(control, json={"kind": "500", "times": None})
    assert _ask(stash).status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert httpx.delete(control).json() == {"findScenes": 1}
    assert _ask(stash).status_code == httpx.codes.OK


def test_control_is_closed_unless_asked_for(database: Path) -> None:
    """Without `control` the path is a page like any other."""
    with StashServer(database) as server:
        assert httpx.get(f"{server.url}/__faults").headers["content-type"].startswith("text/html")


def test_what_was_asked_is_kept(stash: StashServer) -> None:
    """Each request is there with its headers, its body and the first field that it asked."""
    httpx.post(f"{stash.url}/graphql", json={"query": QUERY}, headers={"ApiKey": ""})
    (seen,) = stash.requests
    assert (seen.method, seen.path, seen.operation) == ("POST", "/graphql", "findScenes")
    assert seen.headers["Host"] == stash.url.removeprefix("http://")
    assert stash.counts() == {"findScenes": 1}
