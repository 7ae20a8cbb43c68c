"""Generated libraries: the same each time, readable in every schema, changeable while served."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.stash import edits
from tests.stash.dialect import SCHEMAS
from tests.stash.hard import FIRST
from tests.stash.library import build_library
from tests.stash.server import StashServer

PROJECT = Path(__file__).parents[2]
ASK = """{
  findScenes(filter: {per_page: -1, sort: "id"}) {
    count
    scenes {
      id title date rating100 o_counter play_count last_played_at captions { language_code }
      files { id path duration bit_rate fingerprints { type value } }
      studio { id } tags { id name } performers { id name } stash_ids { stash_id }
      scene_markers { id seconds } galleries { id } movies { movie { id name } scene_index }
    }
  }
  findPerformers(filter: {per_page: -1}) { count performers { name alias_list tags { id } } }
  findStudios(filter: {per_page: -1}) { count studios { name parent_studio { id } } }
  findTags(filter: {per_page: -1}) { count tags { name aliases parents { id } } }
}"""


def _data(server: StashServer, query: str) -> Any:
    answer = httpx.post(f"{server.url}/graphql", json={"query": query}, timeout=60).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def _dump(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def test_the_same_seed_gives_the_same_library(tmp_path: Path) -> None:
    """Two builds with one seed are equal row for row; another seed gives another library."""
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        build_library(tmp_path / name, scenes=50, performers=10, seed=seed)
    assert _dump(tmp_path / "a") == _dump(tmp_path / "b")
    assert _dump(tmp_path / "a") != _dump(tmp_path / "c")


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_schema_is_served_with_all_that_is_hard(tmp_path: Path, schema: int) -> None:
    """A library of any schema, hard ones included, is answered without errors."""
    build_library(tmp_path / "stash.sqlite", scenes=60, performers=10, schema=schema, hard=True)
    with StashServer(tmp_path / "stash.sqlite") as server:
        data = _data(server, ASK)
    scenes = data["findScenes"]["scenes"]
    assert [scene["id"] for scene in scenes[:60]] == [str(number) for number in range(1, 61)]
    assert len(next(scene for scene in scenes if scene["id"] == str(FIRST))["tags"]) == 500
    assert data["findPerformers"]["count"] == 12


CHANGES: list[tuple[Callable[[Path], object], str, Any]] = [
    (lambda db: edits.set_title(db, 3, "Other"), "{ findScene(id: 3) { title } }", "Other"),
    (lambda db: edits.delete_scene(db, 3), "{ findScene(id: 3) { title } }", None),
    (lambda db: edits.add_scene(db, 99, title="New"), "{ findScene(id: 99) { title } }", "New"),
]


@pytest.mark.parametrize(("change", "query", "title"), CHANGES)
def test_a_change_is_seen_by_the_next_request(
    tmp_path: Path, change: Callable[[Path], object], query: str, title: str | None
) -> None:
    """The library can be changed while it is served."""
    database = tmp_path / "stash.sqlite"
    build_library(database, scenes=10, performers=3)
    with StashServer(database) as server:
        assert _data(server, "{ findScenes { count } }")["findScenes"]["count"] == 10
        change(database)
        found = _data(server, query)["findScene"]
    assert (found and found["title"]) == title


def test_merging_tags_moves_their_scenes(tmp_path: Path) -> None:
    """After a merge the source is gone and its scenes have the other tag, once."""
    database = tmp_path / "stash.sqlite"
    build_library(database, scenes=1, performers=1)
    scene = edits.add_scene(database, title="Both", tags=[1, 2])
    edits.merge_tags(database, 1, into=2)
    with StashServer(database) as server:
        found = _data(server, f"{{ findScene(id: {scene}) {{ tags {{ id }} }} }}")
    assert found["findScene"]["tags"] == [{"id": "2"}]


def test_one_row_that_points_nowhere_fails_its_neighbours(tmp_path: Path) -> None:
    """A studio that isn't there brings errors for the other scenes of its batch too."""
    database = tmp_path / "stash.sqlite"
    build_library(database, scenes=10, performers=3)
    for scene, studio in ((1, 99999), (2, 1), (3, None)):
        edits.set_studio(database, scene, studio)
    query = '{ findScenes(filter: {sort: "id", per_page: 3}) { scenes { studio { id } } } }'
    with StashServer(database) as server:
        answer = httpx.post(f"{server.url}/graphql", json={"query": query}).json()
    assert [error["path"][2] for error in answer["errors"]] == [0, 1]
    assert {error["message"] for error in answer["errors"]} == {"studio with id 99999 not found"}


def test_the_program_builds_serves_and_ends(tmp_path: Path) -> None:
    """`build` makes a library; serving prints the address and ends well on SIGTERM."""
    database = tmp_path / "stash.sqlite"
    program = [sys.executable, "-m", "tests.stash"]
    build = [*program, "build", str(database), "--scenes", "5"]
    subprocess.run(build, check=True, cwd=PROJECT)
    serve = [*program, str(database), "--api-key", "made-up-key"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as served:
        assert served.stdout
        url = served.stdout.readline().strip()
        answer = httpx.get(f"{url}/graphql?query={{version{{version}}}}&apikey=made-up-key")
        served.send_signal(signal.SIGTERM)
    assert answer.json() == {"data": {"version": {"version": ""}}}
    assert served.returncode == 0
