"""A library is read whole through the API, and every record is in canonical form."""

from collections.abc import Callable
from pathlib import Path
from typing import get_type_hints

import pytest
from pydantic import TypeAdapter

from indexer.records import RECORD_TYPES
from tests.extractor import recordings
from tests.extractor.conftest import OpenSource
from tests.extractor.reading import KINDS, paths, read
from tests.stash.hard import FIRST
from tests.stash.library import build_library
from tests.stash.server import StashServer


@pytest.mark.recordings
@pytest.mark.parametrize("version", recordings.WITH_LIBRARY)
def test_recorded_libraries_whole(
    version: str, recorded_library: Callable[[str], Path], open_source: OpenSource
) -> None:
    """Every kind of three recorded libraries is read whole, each record complete and well typed."""
    with StashServer(recorded_library(version), version=version) as stash:
        source = open_source(stash.url, page_size=40)
        info = source.info()
        assert info.version == version
        for kind in KINDS:
            found = read(source, kind)
            assert len(found) == info.counts[kind]
            shape: TypeAdapter[object] = TypeAdapter(RECORD_TYPES[kind])
            for record in found.values():
                shape.validate_python(record, strict=True)
                assert record.keys() == get_type_hints(RECORD_TYPES[kind]).keys()


@pytest.mark.recordings
def test_hard_scenes_of_a_recorded_library(
    recorded_library: Callable[[str], Path], open_source: OpenSource
) -> None:
    """What is awkward in the v0.30.1 library comes out in canonical form."""
    with StashServer(recorded_library("v0.30.1")) as stash:
        scenes = read(open_source(stash.url), "scene")
    assert scenes[901]["files"][0]["phashes"] == ["fffffffffffffffe"]
    assert scenes[901]["files"][0]["md5s"] == ["d41d8cd98f00b204e9800998ecf8427e"]
    files = [file for scene in scenes.values() for file in scene["files"]]
    assert {"D:\\media\\north quay"} == {f["folder"] for f in files if f["folder"].startswith("D")}
    assert any(len(file["folder"]) >= 160 for file in files)
    assert any(file["height"] > file["width"] for file in files if file["width"])
    assert None in {file["duration"] for file in files}
    assert "unset" not in {file["video_codec"] for file in files}
    assert any(
        scene["files"][0]["id"] > scene["files"][1]["id"]
        for scene in scenes.values()
        if len(scene["files"]) > 1
    )
    assert {len(scene["date"]) for scene in scenes.values() if scene["date"]} == {4, 7, 10}
    assert max(len(scene["tags"]) for scene in scenes.values()) == 40
    assert max(len(scene["captions"]) for scene in scenes.values()) == 3
    for scene in scenes.values():
        for name in ("tags", "performers", "galleries"):
            assert scene[name] == sorted(scene[name])
        assert scene["markers"] == sorted(scene["markers"], key=lambda m: (m["seconds"], m["id"]))


@pytest.mark.recordings
def test_performer_alike_across_versions(
    recorded_library: Callable[[str], Path], open_source: OpenSource
) -> None:
    """The same performer, from a Stash with columns and one with lists and custom fields."""
    found = {}
    for version in ("v0.25.0", "v0.30.1"):
        with StashServer(recorded_library(version)) as stash:
            found[version] = read(open_source(stash.url), "performer")[900]
    older, newer = found["v0.25.0"], found["v0.30.1"]
    assert older["urls"] == [
        "https://people.example/ueda",
        "https://www.twitter.com/uedaexample",
        "https://www.instagram.com/uedagram",
    ]
    assert older["custom"] == []
    assert newer["custom"] == [
        {"name": "Big", "value": "9007199254740993"},
        {"name": "note", "value": "text"},
        {"name": "rank", "value": "3"},
        {"name": "ratio", "value": "1.5"},
    ]
    assert (older["birthdate"], newer["birthdate"]) == ("1984-01-01", "1984")
    assert (newer["career_start"], newer["career_end"]) == (2004, 2010)
    assert [one["stash_id"] for one in newer["stash_ids"]] == ["p-a", "p-z"]
    assert newer["has_image"] is False
    same = set(older) - {"urls", "custom", "birthdate"}
    assert {key: older[key] for key in same} == {key: newer[key] for key in same}


@pytest.mark.recordings
def test_loops_come_as_they_are(
    recorded_library: Callable[[str], Path], open_source: OpenSource
) -> None:
    """Tags and studios whose parents form a loop are records like others."""
    with StashServer(recorded_library("v0.30.1")) as stash:
        source = open_source(stash.url)
        tags, studios = read(source, "tag"), read(source, "studio")
    assert (tags[900]["parents"], tags[901]["parents"]) == ([901], [900])
    assert (studios[900]["parent"], studios[901]["parent"]) == (901, 900)
    assert len(tags[905]["parents"]) == 2


@pytest.mark.parametrize("schema", [48, 54, 58, 67])
def test_older_stashes(tmp_path: Path, open_source: OpenSource, schema: int) -> None:
    """Versions without recorded library (v0.22, v0.24, v0.26, v0.27) are read whole too."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=120, performers=20, schema=schema)
    with StashServer(library) as stash:
        source = open_source(stash.url)
        info = source.info()
        found = {kind: read(source, kind) for kind in KINDS}
    assert {kind: len(found[kind]) for kind in KINDS} == info.counts
    assert info.schema == schema
    numbered = [place["index"] for scene in found["scene"].values() for place in scene["groups"]]
    assert any(index is not None for index in numbered)


def test_hard_library(tmp_path: Path, open_source: OpenSource) -> None:
    """Endless durations, garbage dates, control characters, 500 tags and 5 MB of details."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=10, performers=5, hard=True)
    with StashServer(library) as stash:
        scenes = read(open_source(stash.url), "scene")
    assert len(scenes[FIRST]["tags"]) == 500
    by_title = {scene["title"]: scene for scene in scenes.values()}
    assert by_title["Endless"]["files"][0]["duration"] is None
    assert by_title["Of no length"]["files"][0]["duration"] is None
    assert by_title["Never probed"]["files"][0]["video_codec"] is None
    assert by_title["Never probed"]["files"][0]["width"] is None
    assert by_title["A date that is none"]["date"] is None
    assert by_title["A month that is none"]["date"] is None
    assert by_title["Before all"]["date"] == "1899-12-31"
    assert by_title["  spaces around  "]["studio"] == FIRST
    assert len(by_title["Long"]["details"]) == 5_000_000
    assert "control \x07 and NUL \x00 inside" in by_title


def test_empty_library(tmp_path: Path, open_source: OpenSource) -> None:
    """A library of nothing has no pages and counts of 0."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=0, performers=0)
    with StashServer(library) as stash:
        source = open_source(stash.url)
        assert set(source.info().counts.values()) == {0}
        assert [list(source.pages(kind, paths(kind))) for kind in KINDS] == [[]] * len(KINDS)


def test_only_what_is_used_is_asked_and_filled(stash: StashServer, open_source: OpenSource) -> None:
    """One path costs one field: the query names no other, and the record holds no other."""
    found = read(open_source(stash.url), "scene", "files.folder", "files.oshashes")
    query = stash.requests[-1].body["query"]
    assert "title" not in query
    assert "count" not in query
    file = found[1]["files"][0]
    assert file["folder"]
    assert file["oshashes"]
    assert (file["basename"], file["phashes"], file["width"]) == ("", [], None)
    assert (found[1]["title"], found[1]["tags"], found[1]["organized"]) == (None, [], False)


def test_pages_of_scenes_are_by_id(stash: StashServer, open_source: OpenSource) -> None:
    """Scenes are never asked for by page number, nor all at once."""
    read(open_source(stash.url), "scene", "title")
    asked = [seen.body["variables"] for seen in stash.requests if seen.operation == "findScenes"]
    assert asked == [{"after": after, "n": 50} for after in (0, 50, 100, 150, 200)]


@pytest.mark.recordings
def test_absent_paths_are_told_and_unset(
    recorded_library: Callable[[str], Path], open_source: OpenSource
) -> None:
    """What this Stash doesn't have is told beforehand and reads as unset."""
    with StashServer(recorded_library("v0.25.0")) as stash:
        source = open_source(stash.url)
        assert source.absent("tag", frozenset({"name", "favorite"})) == {"favorite"}
        assert not read(source, "tag", "name", "favorite")[1]["favorite"]
