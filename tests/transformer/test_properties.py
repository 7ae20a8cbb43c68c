"""What holds for every record there can be."""

import math
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.documents import Document
from indexer.records import Kind
from indexer.transformer.compile import CompiledSpec
from indexer.transformer.dimensions import Dimensions
from indexer.transformer.membership import Membership
from indexer.transformer.paths import Context
from indexer.transformer.references import References
from indexer.transformer.seal import seal
from tests.transformer.building import DIMENSIONS, Record, shipped
from tests.transformer.strategies import records, tables

Tables = Mapping[Kind, list[Record]]

# The same examples every time: whoever breaks something sees it, and nobody else.
settings.register_profile("same", derandomize=True, database=None, deadline=None, max_examples=40)
settings.load_profile("same")

TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "int32": int,
    "int64": int,
    "float": (float, int),
    "bool": bool,
}
RANGES = {"int32": 2**31, "int64": 2**63}

ALIGNED: dict[str, list[list[str]]] = {
    "scenes": [
        ["performers", "performer_ids"],
        ["tags", "tag_ids"],
        ["tags_all", "tag_all_ids"],
        ["groups", "group_ids", "group_indexes"],
        ["studio_path", "studio_all_ids"],
        ["marker_titles", "marker_seconds"],
    ],
    "performers": [
        ["tags", "tag_ids"],
        ["tags_all", "tag_all_ids"],
        ["studios", "studio_ids"],
    ],
    "tags": [["parents", "parent_ids"], ["tags_all", "tag_all_ids"]],
    "studios": [["tags_all", "tag_all_ids"], ["studio_path", "studio_all_ids"]],
    "groups": [["tags", "tag_ids"], ["studio_path", "studio_all_ids"]],
    "galleries": [["performers", "performer_ids"], ["tags_all", "tag_all_ids"]],
    "markers": [["tags", "tag_ids"], ["tags_all", "tag_all_ids"]],
    "suggestions": [],
}


def _document(
    compiled: CompiledSpec, record: Record, tables: Tables, scenes: list[Record]
) -> Document:
    """Return a record's document, made as the stream makes it."""
    context = Context(Dimensions(), Membership())
    transform = compiled.transform(context)
    for kind in context.dimensions.kinds:
        context.dimensions.load(kind, tables[kind])
    context.membership.add(scenes)
    references = References(compiled.kind, context.dimensions)
    unknown = references.unknown([record])
    known = references.without(record, unknown) if unknown else record
    return seal(transform(known), record["id"])


def _check(value: object, field_type: str) -> None:
    if field_type.endswith("[]"):
        assert isinstance(value, list)
        assert value
        for item in value:
            _check(item, field_type[:-2])
        return
    assert isinstance(value, TYPES[field_type])
    assert isinstance(value, bool) == (field_type == "bool")
    if field_type in RANGES:
        assert isinstance(value, int)
        assert -RANGES[field_type] <= value < RANGES[field_type]
    if isinstance(value, float):
        assert math.isfinite(value)
    assert value != ""


@pytest.mark.parametrize("name", ALIGNED)
@given(data=st.data())
def test_a_document_fits_its_schema(name: str, data: st.DataObject) -> None:
    """Each value has its field's type and range; what must be there is; nothing is empty.

    Lists that stand beside each other have one length, and keys ascend up to the digest.
    """
    compiled = shipped(name)
    record = data.draw(records(compiled.kind))
    scenes = data.draw(st.lists(records("scene"), max_size=3))
    document = _document(compiled, record, data.draw(tables()), scenes)
    content = orjson.loads(document.body)
    assert content["id"] == document.id == f"main-{record['id']}"
    names = list(content)
    assert names == [*sorted(name for name in names if name != "digest"), "digest"]
    fields = {field["name"]: field for field in compiled.schema_fields}
    assert content.keys() - fields.keys() == {"id"}
    assert content.keys() >= {name for name in fields if not fields[name]["optional"]}
    for field_name in content.keys() & fields.keys():
        _check(content[field_name], fields[field_name]["type"])
    for together in ALIGNED[name]:
        assert len({len(content.get(each, ())) for each in together}) == 1, together


@pytest.mark.parametrize("kind", ["scene", "performer"])
@given(data=st.data())
def test_equal_records_have_equal_bytes(kind: Kind, data: st.DataObject) -> None:
    """The same record and dimensions make the same bytes, also from a copy with shuffled keys."""
    record, known = data.draw(records(kind)), data.draw(tables())
    copy = dict(reversed(deepcopy(record).items()))
    compiled = shipped(f"{kind}s")
    first = _document(compiled, record, known, [])
    assert _document(compiled, copy, deepcopy(known), []) == first


@pytest.mark.parametrize("kind", ["scene", "performer"])
@given(data=st.data())
def test_different_records_have_different_digests(kind: Kind, data: st.DataObject) -> None:
    """What makes a difference in the document makes one in its digest, and nothing else does."""
    compiled, known = shipped(f"{kind}s"), data.draw(tables())
    one, other = data.draw(records(kind)), data.draw(records(kind))
    for changed in (other, one | {"updated_at": 1}, one | {"rating": 77}):
        documents = [_document(compiled, each, known, []) for each in (one, changed)]
        contents: list[dict[str, Any]] = [orjson.loads(each.body) for each in documents]
        digests = {content.pop("digest") for content in contents}
        assert (len(digests) == 1) == (contents[0] == contents[1])


@given(record=records("scene"), known=tables())
def test_a_record_is_left_as_it_was(record: Record, known: Tables) -> None:
    """Making a document changes neither the record nor the dimensions."""
    before = deepcopy((record, known))
    _document(shipped("scenes"), record, known, [record])
    assert (record, known) == before


@pytest.mark.parametrize("kind", ["scene", "performer"])
@given(data=st.data())
def test_stripped_records_name_nothing_unknown(kind: Kind, data: st.DataObject) -> None:
    """Without what no dimension has, a record names only what they have, in the same order."""
    dimensions = Dimensions()
    for each in DIMENSIONS:
        dimensions.column(each, "name")
    for each, table in data.draw(tables()).items():
        dimensions.load(each, table)
    references = References(kind, dimensions)
    record = data.draw(records(kind))
    left = references.without(record, references.unknown([record]))
    assert references.unknown([left]) == set()
    assert left["tags"] == [tag for tag in record["tags"] if tag in dimensions.ids["tag"]]
    assert left.keys() == record.keys()
