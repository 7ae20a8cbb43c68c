"""Which way is taken: the first that works and tells what the API tells; it is said and why."""

import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from indexer.errors import ConfigurationError, StashError
from indexer.events import Step, Warned
from indexer.extractor.api import ApiSource
from indexer.extractor.choose import ChosenSource
from indexer.extractor.crosscheck import differences
from indexer.extractor.database import DatabaseSource
from indexer.extractor.trouble import DatabaseLocked, SourceUnavailable
from tests.extractor.reading import open_database, paths, read, records, sql
from tests.extractor.ways import a_client, chosen, taken
from tests.stash import edits
from tests.stash.faults import Fault
from tests.stash.library import build_library
from tests.stash.server import StashServer

_TITLE = frozenset({"title"})
_BY_ID = re.compile(r"id(\d+):")


@pytest.mark.parametrize("setting", ["auto", "sql", "backup", "file"])
def test_the_first_way_is_taken_where_it_works(setting: str, stash: StashServer) -> None:
    """Each setting takes its own way; a sample was compared with the API, and that is said."""
    path = f":{stash.stash.database}" if setting == "file" else ""
    name, told = taken(setting + path, stash)
    assert name == {"auto": "sql"}.get(setting, setting)
    assert [type(event) for event in told] == [Step]
    assert {"findScenes", "findPerformers"} <= stash.counts().keys()


def test_nothing_is_asked_before(stash: StashServer) -> None:
    """Opening asks nothing of Stash: an error comes where something is asked."""
    with chosen("auto", stash.url):
        pass
    assert not stash.requests


def test_api_asks_no_sql(stash: StashServer) -> None:
    """`api` keeps SQL off for good."""
    with chosen("api", stash.url) as source:
        read(source, "scene", "title")
        assert source.name == "api"
    assert not {"querySQL", "backupDatabase"} & stash.counts().keys()


def test_auto_falls_through_to_the_api(stash: StashServer) -> None:
    """A Stash that takes no SQL is read through its API, which is said with the reason."""
    stash.faults.add(Fault("html", times=None, match="querySQL"))
    name, told = taken("auto", stash)
    assert name == "api"
    (event,) = told
    assert isinstance(event, Warned)
    assert "not read by sql" in event.message
    assert "web page" in event.message


def test_file_falls_through_to_sql(stash: StashServer) -> None:
    """A file that can't be opened here is said to be so, and SQL over the API is next."""
    copy = Path(f"{stash.stash.database}.copy")
    shutil.copy(stash.stash.database, copy)
    for beside in ("-wal", "-shm"):
        Path(f"{copy}{beside}").mkdir()
    name, told = taken(f"file:{copy}", stash)
    assert name == "sql"
    assert [type(event) for event in told] == [Warned, Step]


def test_file_that_is_not_there(stash: StashServer) -> None:
    """A wrong path is told, not passed over."""
    with pytest.raises(ConfigurationError):
        taken("file:/nowhere/stash.sqlite", stash)


@pytest.mark.parametrize(("setting", "asks"), [("sql", "querySQL"), ("backup", "backupDatabase")])
def test_a_way_that_was_named_is_not_replaced(setting: str, asks: str, stash: StashServer) -> None:
    """Where the one way that was asked for doesn't work, that is an error."""
    stash.faults.add(Fault("html", times=None, match=asks))
    with pytest.raises(StashError):
        taken(setting, stash)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE schema_migrations SET version = 47", "schema 47, older than"),
        ("ALTER TABLE scenes DROP COLUMN director", "no such column: t.director"),
    ],
)
def test_schemas_that_no_sql_can_read(change: str, said: str, tmp_path: Path) -> None:
    """A schema that is too old, or lacks a column, is an error by `sql`; `auto` takes the API."""
    library = tmp_path / "old.sqlite"
    build_library(library, scenes=30, performers=5, schema=48)
    sql(library, change)
    with StashServer(library) as stash:
        for setting in ("sql", "backup"):
            with pytest.raises(SourceUnavailable, match=said):
                taken(setting, stash)
        told: list[object] = []
        for setting in ("auto", f"file:{library}"):
            with chosen(setting, stash.url, emit=told.append) as source:
                assert source.name == "api"
                assert len(read(source, "scene", "title")) == 30
    warned = [event.message for event in told if isinstance(event, Warned)]
    assert len(warned) == 3
    assert all(said in message for message in warned)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE scenes SET title = 'of another library' WHERE id <= 150", "scene"),
        ("UPDATE performers SET height = 20 WHERE id <= 30", "performer"),
        ("DELETE FROM scenes WHERE id > 120", "scene"),
    ],
)
def test_what_differs_from_the_api_is_not_used(
    change: str, said: str, stash: StashServer, small_library: Path
) -> None:
    """A difference that stands on a second look is told, and the API is read instead."""
    other = Path(shutil.copy(small_library, small_library.with_name("other.sqlite")))
    sql(other if change.startswith("UPDATE") else small_library, change)
    name, told = taken(f"file:{other}", stash)
    assert name == "api"
    (event,) = told
    assert isinstance(event, Warned)
    assert f"{said} " in event.message


def test_an_edit_between_two_looks_is_no_difference(
    stash: StashServer, small_library: Path
) -> None:
    """What was edited between reading it by SQL and by the API is looked at once more."""
    stale = Path(shutil.copy(small_library, small_library.with_name("stale.sqlite")))
    sql(stale, "UPDATE scenes SET rating = 77")
    waited: list[float] = []

    def catch_up(seconds: float) -> None:
        waited.append(seconds)
        sql(stale, "UPDATE scenes SET rating = 33")
        sql(small_library, "UPDATE scenes SET rating = 33")

    with a_client(stash.url) as client, closing(open_database(stale)) as file:
        assert differences(file, ApiSource(client), wait=catch_up) == []
    assert len(waited) == 1


def test_unreadable_by_the_api_is_no_difference(stash: StashServer, small_library: Path) -> None:
    """A row that points nowhere, which the API can't give, doesn't count against SQL."""
    edits.set_studio(small_library, 5, 99_999)
    sql(small_library, "DELETE FROM scenes WHERE id > 20")
    assert taken("auto", stash)[0] == "sql"


@pytest.mark.parametrize("setting", ["auto", "api", "backup"])
def test_ids_that_are_gone(setting: str, stash: StashServer, small_library: Path) -> None:
    """Whether asked for all or by ids that are gone: where there is nothing, nothing comes."""
    sql(small_library, "DELETE FROM scene_markers")
    with chosen(setting, stash.url) as source:
        assert read(source, "marker") == {}
        for kind in ("marker", "scene"):
            assert records(source.pages(kind, paths(kind), [9_999])) == {}


def test_empty_library(stash: StashServer, small_library: Path) -> None:
    """Where there is nothing to compare, nothing differs."""
    for table in ("scenes", "performers"):
        sql(small_library, f"DELETE FROM {table}")
    assert taken("auto", stash)[0] == "sql"


@pytest.fixture
def whole_library(tmp_path: Path) -> Path:
    """A library of several pages, whichever way it is read."""
    library = tmp_path / "whole.sqlite"
    build_library(library, scenes=1500, performers=60)
    return library


@pytest.mark.parametrize("setting", ["auto", "file"])
def test_a_way_that_stops_half_way_is_gone_on_with(setting: str, whole_library: Path) -> None:
    """SQL that is refused, or a file that breaks, half-way: the API goes on, and it is said."""
    told: list[object] = []
    path = f":{whole_library}" if setting == "file" else ""
    with StashServer(whole_library) as stash:
        with chosen("api", stash.url) as api:
            wanted = read(api, "scene")
        with chosen(setting + path, stash.url, emit=told.append) as source:
            pages, titles = (source.pages("scene", some) for some in (paths("scene"), _TITLE))
            found, titled = [next(pages)], [next(titles)]
            stash.faults.add(Fault("html", times=None, match="querySQL"))
            _break(source)
            assert records([*found, *pages]) == wanted
            assert source.name == "api"
            assert records([*titled, *titles]).keys() == wanted.keys()
    warned = [event.message for event in told if isinstance(event, Warned)]
    assert len(warned) == 1
    assert "no longer read by" in warned[0]


def _break(source: ChosenSource) -> None:
    """Take away the connection to the file, if that is what is read."""
    for opened in source._opened:
        if isinstance(opened, DatabaseSource):
            opened._connection.set_authorizer(lambda *_: sqlite3.SQLITE_DENY)


@pytest.mark.parametrize("ids", [None, [3, 7, 40, 41]])
def test_a_statement_that_fails_for_good(ids: list[int] | None, whole_library: Path) -> None:
    """A value that no JSON holds fails the statements of one kind: the API gives that kind."""
    sql(whole_library, "DELETE FROM performer_aliases")
    told: list[object] = []
    with StashServer(whole_library) as stash:
        with chosen("auto", stash.url, emit=told.append) as source:
            assert source.name == "sql"
            sql(whole_library, "INSERT INTO performer_aliases VALUES (40, ?)", b"Odd")
            found = records(source.pages("performer", paths("performer"), ids))
            assert source.name == "api"
        with chosen("api", stash.url) as api:
            assert found == records(api.pages("performer", paths("performer"), ids))
    assert found[40]["aliases"] == ["Odd"]
    assert [type(event) for event in told] == [Step, Warned]


def test_a_way_that_was_named_is_not_gone_on_with(whole_library: Path) -> None:
    """Who asked for SQL alone gets the error, not the API."""
    with StashServer(whole_library) as stash, chosen("sql", stash.url) as source:
        pages = source.pages("scene", frozenset({"title"}))
        next(pages)
        stash.faults.add(Fault("html", times=None, match="querySQL"))
        with pytest.raises(StashError):
            next(pages)


@pytest.mark.parametrize("setting", ["auto", "file"])
def test_a_lock_that_stays(
    setting: str, whole_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who writes for longer than patience lasts doesn't keep the API from reading on."""
    monkeypatch.setattr("indexer.extractor.database._LOCK_SECONDS", 0.05)
    own = Path(shutil.copy(whole_library, whole_library.with_name("own.sqlite")))
    sql(own, "PRAGMA journal_mode = DELETE")  # where a lock keeps readers out
    told: list[object] = []
    locked, path = (own, f":{own}") if setting == "file" else (whole_library, "")
    with (
        StashServer(whole_library) as stash,
        chosen(setting + path, stash.url, emit=told.append) as source,
    ):
        pages = source.pages("scene", _TITLE)
        found = [next(pages)]
        with edits.write_lock(locked, exclusively=True):
            assert len(records([*found, *pages])) == 1500
    assert source.name == "api"
    (warned,) = (event.message for event in told if isinstance(event, Warned))
    assert "no longer read by" in warned
    assert "is locked" in warned


def test_a_lock_where_sql_was_named(whole_library: Path) -> None:
    """Who asked for SQL alone is told of the lock."""
    with StashServer(whole_library) as stash, chosen("sql", stash.url) as source:
        pages = source.pages("scene", _TITLE)
        next(pages)
        with edits.write_lock(whole_library), pytest.raises(DatabaseLocked):
            next(pages)


@pytest.mark.parametrize("setting", ["auto", "sql"])
def test_a_stash_that_goes_away(setting: str, whole_library: Path) -> None:
    """One that can't be reached any more is an error: its API isn't there either."""
    with StashServer(whole_library) as stash, chosen(setting, stash.url) as source:
        pages = source.pages("scene", _TITLE)
        next(pages)
        stash.faults.add(Fault("refused", times=None))
        with pytest.raises(StashError) as caught:
            next(pages)
    assert caught.value.transient
    assert source.name == "sql"


@pytest.mark.parametrize("ids", [None, range(1, 1501)])
def test_the_api_begins_where_the_other_way_stopped(
    ids: Sequence[int] | None, whole_library: Path
) -> None:
    """Of scenes, which Stash lists by id, what was given is not read once more."""
    with StashServer(whole_library) as stash, chosen("auto", stash.url) as source:
        pages = source.pages("scene", _TITLE, ids)
        found = [next(pages)]
        last = found[0].records[-1]["id"]
        asked = len(stash.requests)
        stash.faults.add(Fault("html", times=None, match="querySQL"))
        assert len(records([*found, *pages])) == 1500
        bodies = [seen.body for seen in stash.requests[asked:] if seen.operation == "findScenes"]
    assert last >= 500
    if ids is None:
        assert [body["variables"]["after"] for body in bodies] == [last, 1500]
    else:
        asked_for = {int(one) for body in bodies for one in _BY_ID.findall(body["query"])}
        assert asked_for == set(range(last + 1, 1501))
