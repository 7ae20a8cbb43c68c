"""All ways of reading a library give equal records, whatever is in it and whoever edits it."""

import math
import shutil
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from indexer.extractor.source import Source
from indexer.extractor.ways import WAYS
from indexer.records import Kind
from tests.extractor.edited import Edited
from tests.extractor.reading import KINDS, open_database, paths, records, sql, whole
from tests.extractor.ways import chosen, every_way
from tests.stash.dialect import SCHEMAS
from tests.stash.hard import FIRST, NO_PRIMARY
from tests.stash.library import build_library
from tests.stash.server import StashServer

pytestmark = pytest.mark.no_cover

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_BYTES = st.binary(max_size=12)

REAL_COLUMNS = (
    ("scenes", "resume_time"),
    ("scenes", "play_duration"),
    ("scene_markers", "seconds"),
    ("scene_markers", "end_seconds"),
    ("video_files", "duration"),
    ("video_files", "frame_rate"),
    ("performers", "penis_length"),
)


@pytest.fixture(scope="module")
def hard_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with every hard case that nobody may change."""
    library = tmp_path_factory.mktemp("hard") / "stash.sqlite"
    build_library(library, scenes=1200, performers=100, hard=True)
    return library


@pytest.fixture
def edited(hard_library: Path, tmp_path: Path) -> Edited:
    """A copy of that library for somebody to edit."""
    return Edited(Path(shutil.copy(hard_library, tmp_path / "stash.sqlite")))


def test_all_five_ways_are_equal(hard_library: Path, tmp_path: Path) -> None:
    """Api = sql = file = backup = snapshot: every record of every kind, byte for byte."""
    with (
        StashServer(hard_library) as stash,
        every_way(stash.url, hard_library, tmp_path) as sources,
    ):
        read_ = {name: _bytes(whole(source)) for name, source in sources.items()}
        absent = {name: _absent(source) for name, source in sources.items()}
    api = read_.pop("api")
    (scene,) = (one for one in orjson.loads(api)["scene"].values() if one["title"] == NO_PRIMARY)
    assert len(scene["files"]) == 2
    assert (scene["interactive"], scene["interactive_speed"], scene["captions"]) == (
        False,
        None,
        [],
    )
    assert len(read_) == 4
    assert all(found == api for found in read_.values())
    assert all(found == absent["api"] for found in absent.values())


def test_every_single_path_is_equal(hard_library: Path, tmp_path: Path) -> None:
    """Whatever one path is asked for, all ways fill the same fields and leave the same unset."""
    some = range(FIRST, FIRST + 25)
    with (
        StashServer(hard_library) as stash,
        every_way(stash.url, hard_library, tmp_path) as sources,
    ):
        api = sources.pop("api")
        for kind in KINDS:
            ids = [*range(1, 12), *some]
            for path in sorted(WAYS[kind]):
                one = frozenset({path})
                wanted = records(api.pages(kind, one, ids))
                for name, source in sources.items():
                    assert records(source.pages(kind, one, ids)) == wanted, (name, kind, path)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_each_schema(schema: int, tmp_path: Path) -> None:
    """A database of each released schema, empty and not, gives what its Stash's API gives."""
    empty, small = tmp_path / "empty.sqlite", tmp_path / "small.sqlite"
    build_library(empty, scenes=0, performers=0, schema=schema)
    build_library(small, scenes=150, performers=40, schema=schema)
    with closing(open_database(empty)) as source:
        assert set(source.info().counts.values()) == {0}
        assert [list(source.pages(kind, paths(kind))) for kind in KINDS] == [[]] * len(KINDS)
    with (
        StashServer(small) as stash,
        every_way(stash.url, small, tmp_path) as sources,
    ):
        wanted, counts = whole(sources["api"]), sources["api"].info().counts
        for way in sources.values():
            assert whole(way) == wanted
            assert way.info().counts == counts
            assert way.info().schema == schema
            assert _absent(way) == _absent(sources["api"])


@pytest.mark.parametrize("endless", ["9e999", "-9e999"])
def test_no_number_is_infinite(endless: str, tmp_path: Path) -> None:
    """Whatever a database holds, all ways give finite numbers: JSON has no word for others."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=20, performers=5)
    for table, column in REAL_COLUMNS:
        sql(library, f"UPDATE {table} SET {column} = {endless}")
    with (
        StashServer(library) as stash,
        every_way(stash.url, library, tmp_path) as sources,
    ):
        for name, source in sources.items():
            found = list(_floats(whole(source)))
            assert found
            assert all(map(math.isfinite, found)), name


def test_what_a_person_could_not_have_typed(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, endless numbers, no text where text belongs: alike by all ways."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=20, performers=5)
    bad = b"A\xffB\xc3(\xf0\x9f\x98C"
    sql(library, "UPDATE scenes SET title = CAST(? AS TEXT) WHERE id = 3", bad)
    sql(library, "UPDATE scene_urls SET url = CAST(? AS TEXT) WHERE scene_id = 4", bad)
    sql(library, "UPDATE files SET basename = CAST(? AS TEXT) WHERE id = 20", bad)
    sql(library, "UPDATE scenes SET details = ? WHERE id = 5", "a\x00b\u2028\ud7ff\uffff")
    sql(library, "UPDATE video_files SET duration = 9e999, frame_rate = -9e999")
    sql(library, "UPDATE scenes SET resume_time = 9e999, play_duration = 1e-7 WHERE id = 6")
    sql(library, "UPDATE performers SET penis_length = 2.905141754788442e301 WHERE id = 2")
    sql(library, "UPDATE scenes SET resume_time = 9e307, play_duration = -9e307 WHERE id = 9")
    sql(library, "UPDATE video_files SET duration = 1e307 WHERE file_id % 2")
    sql(library, "UPDATE scene_markers SET seconds = 123.45600000000002")
    sql(library, "UPDATE scenes SET date = '2021-02-00', date_precision = 2 WHERE id = 7")
    sql(library, "UPDATE scenes SET created_at = '0001-01-01T00:00:00Z' WHERE id = 8")
    sql(library, "INSERT INTO performer_custom_fields VALUES (2, 'blob', ?)", b"\xff\x00\x01")
    with (
        StashServer(library) as stash,
        every_way(stash.url, library, tmp_path) as sources,
    ):
        api = whole(sources["api"])
        for name, source in sources.items():
            assert whole(source) == api, name
    assert api["scene"][3]["title"] == "A\ufffdB\ufffd(\ufffd\ufffd\ufffdC"
    assert {"name": "blob", "value": "/wAB"} in api["performer"][2]["custom"]
    assert {m["seconds"] for s in api["scene"].values() for m in s["markers"]} == {
        123.45600000000002
    }


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking builds a library each time
)
@given(data=st.data())
def test_random_libraries(data: st.DataObject) -> None:
    """Whatever stands in a few columns of a small library, api and file give equal records."""
    with TemporaryDirectory() as directory:
        library = Path(directory) / "stash.sqlite"
        schema = data.draw(st.sampled_from(SCHEMAS))
        build_library(library, scenes=6, performers=3, schema=schema, seed=data.draw(st.integers()))
        _scribble(library, data)
        with (
            StashServer(library) as stash,
            chosen("api", stash.url) as api,
            closing(open_database(library)) as file,
        ):
            assert whole(file) == whole(api)


def _scribble(library: Path, data: st.DataObject) -> None:
    """Write what comes to mind into what people and other programs can write to."""
    text = st.none() | _TEXT
    number = st.none() | st.floats(allow_nan=False)
    day = st.dates().map(str) | st.sampled_from(["", "2021", "2021-13-01", "0001-01-01", "x"])
    for table, column, value in (
        ("scenes", "title", text),
        ("scenes", "details", text),
        ("scenes", "date", st.none() | day),
        ("scenes", "rating", st.none() | st.integers(1, 100)),
        ("scenes", "play_duration", st.floats(0, 1e9)),
        ("video_files", "duration", st.floats(allow_nan=False)),
        ("video_files", "width", st.integers(-1, 10**5)),
        ("files", "size", st.integers(0, 2**62)),
        ("folders", "path", st.sampled_from(["/", "C:\\", "/media/a b", "D:\\x\\", "\\\\nas\\y"])),
        ("performers", "name", _TEXT),
        ("performers", "career_length", text | st.sampled_from(["2001 - 2004", "-2009"])),
        ("performers", "penis_length", number),
        ("tags", "description", text),
        ("tag_aliases", "alias", _TEXT.filter(bool)),
    ):
        for key in sql(library, f"SELECT rowid FROM {table} LIMIT 4"):
            statement = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE rowid = ?"
            sql(library, statement, data.draw(value), key)


@pytest.mark.parametrize("way", ["api", "sql", "file", "backup", "snapshot"])
def test_a_writer_all_the_time(way: str, edited: Edited) -> None:
    """While somebody edits, no scene comes with another's tags, and none that stays is lost."""
    for seen in edited.passes(way):
        if way == "api":  # which reads a page by many statements, as Stash does
            return
        assert seen.torn == []


def test_a_writer_is_seen(edited: Edited) -> None:
    """The control: scenes whose titles and tags are read by two statements are soon found torn."""
    assert any(seen.torn for seen in edited.passes("torn"))


def _bytes(library: dict[Kind, dict[int, Any]]) -> bytes:
    """A library as JSON: 1, 1.0 and True are equal in Python, and not in a document."""
    return orjson.dumps(library, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def _absent(source: Source) -> dict[Kind, frozenset[str]]:
    return {kind: source.absent(kind, paths(kind)) for kind in KINDS}


def _floats(value: object) -> Iterator[float]:
    """Yield every float inside a value."""
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict):
        yield from chain.from_iterable(map(_floats, value.values()))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_floats, value))
