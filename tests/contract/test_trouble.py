"""Situations that a real Stash v0.30.1 was in when it was recorded, each made again."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from tests.contract.recordings import RECORDED_KEY, RECORDINGS, differences, exchanges, replay
from tests.stash.edits import write_lock
from tests.stash.library import build_library
from tests.stash.server import StashServer

pytestmark = pytest.mark.recordings

RELEASE = "v0.30.1"

Make = Callable[[str, Path], AbstractContextManager[StashServer]]
"""From a situation and a path for its database to a server that is in it."""

CHANGES = {
    "one file's duration is infinite": "UPDATE video_files SET duration = 9e999 WHERE file_id = 2",
    "rows pointing nowhere": """
        UPDATE scenes SET studio_id = 99999 WHERE id = 1;
        INSERT INTO performers_scenes (scene_id, performer_id) VALUES (1, 99999)""",
    "bytes that are not UTF-8, and a NUL": """
        UPDATE scenes SET title = CAST(x'41ff42c328f09f9843' AS TEXT),
        details = CAST(x'610062' AS TEXT) WHERE id = 3""",
    "a date that is none": """
        UPDATE scenes SET date = 'some day' WHERE id = 1;
        UPDATE scenes SET created_at = '1970-01-01 00:00:00' WHERE id = 2""",
}
"""What was done to the recorded library, as SQL."""


@contextmanager
def _changed(situation: str, database: Path) -> Iterator[StashServer]:
    shutil.copyfile(RECORDINGS / RELEASE / "stash.sqlite", database)
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(CHANGES[situation])
    with StashServer(database, api_key=RECORDED_KEY) as server:
        yield server


@contextmanager
def _not_migrated(_: str, database: Path) -> Iterator[StashServer]:
    shutil.copyfile(RECORDINGS / "v0.25.0" / "stash.sqlite", database)
    with StashServer(database, api_key=RECORDED_KEY, app_schema=75) as server:
        yield server


@contextmanager
def _without_login(_: str, database: Path) -> Iterator[StashServer]:
    build_library(database, scenes=0, performers=0)
    with StashServer(database) as server:
        yield server


@contextmanager
def _locked(_: str, database: Path) -> Iterator[StashServer]:
    shutil.copyfile(RECORDINGS / RELEASE / "stash.sqlite", database)
    with StashServer(database, api_key=RECORDED_KEY) as server, write_lock(database):
        yield server


@contextmanager
def _empty(_: str, database: Path) -> Iterator[StashServer]:
    build_library(database, scenes=0, performers=0)
    with StashServer(database, api_key=RECORDED_KEY) as server:
        yield server


SITUATIONS: dict[str, Make] = {
    **dict.fromkeys(CHANGES, _changed),
    "the database waits for migration": _not_migrated,
    "no login configured": _without_login,
    "another program holds the write lock": _locked,
    "an empty library": _empty,
}


@pytest.mark.parametrize(("situation", "make"), SITUATIONS.items())
def test_the_stand_in_is_in_trouble_as_stash_was(
    situation: str, make: Make, tmp_path: Path
) -> None:
    """Every answer in the situation is the recorded one; an address of a backup may differ."""
    known = exchanges(RECORDINGS / RELEASE / "trouble.jsonl")
    with make(situation, tmp_path / "stash.sqlite") as server:
        for (named, name), exchange in known.items():
            if named == situation:
                answer = replay(exchange, server.url)
                if name == "backup":
                    assert "/downloads/" in answer.json()["data"]["backupDatabase"]
                else:
                    assert differences(answer, exchange, server.url) == [], name


def test_every_recorded_situation_is_made() -> None:
    """No recorded situation is forgotten in the list above."""
    known = exchanges(RECORDINGS / RELEASE / "trouble.jsonl")
    assert {situation for situation, _ in known} == set(SITUATIONS)
