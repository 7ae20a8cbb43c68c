"""Any canonical record at all: strategies made from the annotations of the record types.

No number is NaN or infinite: the extractor gives none, by whatever way it reads, which
tests/extractor/test_equal.py holds. What is finite is drawn up to the largest it gives.
"""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from typing_extensions import is_typeddict

from indexer.extractor.canonical import LARGEST
from indexer.records import RECORD_TYPES, Kind
from indexer.transformer.shapes import Shape, fields_of
from indexer.transformer.suggestions import CODES
from tests.transformer.building import DIMENSIONS, record, shipped

INT32 = st.integers(-(2**31), 2**31 - 1)
INT64 = st.integers(-(2**63), 2**63 - 1)
IDS = st.integers(1, 6)
"""Few, so that things meet; the tables of the other things hold some of them."""

TEXTS = st.one_of(
    st.sampled_from(["lamp", "Lamp", "lamp #1", "lamp (a)", "a > b", " ", "?!", "\u0301", "10"]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
)
DATES = st.one_of(
    st.dates().map(lambda day: day.isoformat()[:10]),
    st.sampled_from(["2021", "2021-05", "1899", "2020-02-29", "0001-05-04", "9999-12-31"]),
)
URLS = st.one_of(st.just("https://www.lamp.example/x"), TEXTS.map("https://{}".format), TEXTS)
FOLDERS = st.one_of(st.sampled_from(["/", "D:\\media", "/media/lamps", ""]), TEXTS)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
MEASURES = st.one_of(st.floats(0.001, 1e7), st.floats(0, LARGEST, exclude_min=True))
BY_NAME: Mapping[tuple[str, type], st.SearchStrategy[Any]] = {
    ("date", str): DATES,
    ("birthdate", str): DATES,
    ("death_date", str): DATES,
    ("urls", str): URLS,
    ("endpoint", str): URLS,
    ("folder", str): FOLDERS,
    ("kind", str): st.sampled_from(list(CODES)),
    ("rating", int): st.integers(1, 100),
    ("duration", float): MEASURES,
    ("frame_rate", float): MEASURES,
}
BY_TYPE: Mapping[type, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: INT32,
    float: FLOATS,
    bool: st.booleans(),
}


def records(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    """Return any record of a kind."""
    return _objects(RECORD_TYPES[kind], top=True)


def tables() -> st.SearchStrategy[dict[Kind, list[dict[str, Any]]]]:
    """Return any dimensions, with some of the things that records name."""
    return st.fixed_dictionaries({kind: _table(kind) for kind in DIMENSIONS})


def _table(kind: Kind) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return any table; only what scenes read of it varies: all else would take time."""
    fields = fields_of(RECORD_TYPES[kind])
    names = sorted(shipped("scenes").asked[kind] - {"id"})
    values = st.fixed_dictionaries({name: _values(name, fields[name]) for name in names})
    things = st.dictionaries(IDS, values, max_size=4)
    return things.map(lambda table: [record(kind, number, **table[number]) for number in table])


def _objects(record_type: type, *, top: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    fields = fields_of(record_type)
    return st.fixed_dictionaries(
        {name: IDS if top and name == "id" else _values(name, fields[name]) for name in fields}
    )


def _values(name: str, shape: Shape) -> st.SearchStrategy[Any]:
    one = _single(name, shape)
    if shape.many:
        return _lists(one, shape)
    return st.one_of(st.none(), one) if shape.optional else one


def _single(name: str, shape: Shape) -> st.SearchStrategy[Any]:
    if is_typeddict(shape.base):
        return _objects(shape.base)
    if shape.ref is not None:
        return IDS
    if (name, shape.base) in BY_NAME:
        return BY_NAME[name, shape.base]
    return INT64 if shape.wide else BY_TYPE[shape.base]


def _lists(one: st.SearchStrategy[Any], shape: Shape) -> st.SearchStrategy[list[Any]]:
    """Ids come in order, each once; a scene has one place in a group."""
    if not is_typeddict(shape.base):
        lists = st.lists(one, max_size=4, unique=shape.base is int)
        return lists.map(sorted) if shape.base is int else lists
    if "group" in fields_of(shape.base):
        return st.lists(one, max_size=3, unique_by=lambda place: place["group"])
    return st.lists(one, max_size=3)
