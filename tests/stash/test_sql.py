"""querySQL, execSQL and backups of the stand-in, beyond what the recordings show."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.stash.library import build_library
from tests.stash.server import StashServer


@pytest.fixture
def stash(tmp_path: Path) -> Iterator[StashServer]:
    """A stand-in over ten scenes, whose downloads end with their first request."""
    build_library(tmp_path / "stash.sqlite", scenes=10, performers=3)
    with StashServer(tmp_path / "stash.sqlite", download_life=0) as server:
        yield server


def _run(stash: StashServer, query: str, **variables: Any) -> Any:
    body = {"query": query, "variables": variables}
    answer = httpx.post(f"{stash.url}/graphql", json=body).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def test_numbers_are_bound_as_text(stash: StashServer) -> None:
    """A number among the arguments of querySQL is text to SQLite, as in Stash."""
    query = 'mutation ($a: [Any]) { querySQL(sql: "select typeof(?), ? = 1", args: $a) { rows } }'
    assert _run(stash, query, a=[1, 1])["querySQL"]["rows"] == [["text", 0]]


def test_a_statement_can_change_the_library(stash: StashServer) -> None:
    """What execSQL changed is counted, and seen by the next request."""
    sql = "update scenes set title = 'Kettle' where id < 4"
    changed = _run(stash, f'mutation {{ execSQL(sql: "{sql}") {{ rows_affected }} }}')
    assert changed["execSQL"]["rows_affected"] == 3
    assert _run(stash, "{ findScene(id: 3) { title } }")["findScene"]["title"] == "Kettle"


def test_a_backup_is_given_in_parts_and_not_for_ever(stash: StashServer) -> None:
    """A range of a download is answered with 206; after its life the download is gone."""
    address = _run(stash, "mutation { backupDatabase(input: {download: true}) }")["backupDatabase"]
    part = httpx.get(address, headers={"Range": "bytes=0-14"})
    assert (part.status_code, part.content) == (206, b"SQLite format 3")
    assert httpx.get(address).status_code == httpx.codes.NOT_FOUND


def test_pictures_are_served(stash: StashServer) -> None:
    """The paths of covers and portraits give a picture."""
    for path in ("/scene/4/screenshot", "/performer/1/image", "/group/1/frontimage"):
        assert httpx.get(stash.url + path).headers["content-type"] == "image/svg+xml"
