"""References: ids that no dimension has are found wherever they stand, and leave no trace."""

from copy import deepcopy

from indexer.records import Kind
from indexer.transformer.dimensions import Dimensions
from indexer.transformer.references import References
from tests.transformer.building import DIMENSIONS, Record, marker, record

SCENE = record(
    "scene",
    1,
    studio=8,
    tags=[1, 8],
    performers=[8, 1],
    galleries=[8],
    groups=[{"group": 1, "index": 5}, {"group": 8, "index": None}],
    markers=[marker(1, primary_tag=8, tags=[1, 7]), marker(2, primary_tag=1, tags=[8])],
)


def _references(kind: Kind, *in_use: Kind) -> References:
    """Return the references into dimensions that have a thing of the id 1 each."""
    dimensions = Dimensions()
    for each in in_use:
        dimensions.column(each, "name")
    for each in in_use:
        dimensions.load(each, [record(each, 1)])
    return References(kind, dimensions)


def test_unknown_references_are_found() -> None:
    """Every reference counts, at the top, in lists and inside markers and memberships."""
    assert _references("scene", *DIMENSIONS).unknown([SCENE]) == {
        ("studio", 8),
        ("tag", 8),
        ("tag", 7),
        ("performer", 8),
        ("group", 8),
    }


def test_unset_references_are_not_unknown() -> None:
    """A scene without studio or marker tag names nothing."""
    scene = record("scene", 1, tags=[1], markers=[marker()])
    assert _references("scene", *DIMENSIONS).unknown([scene]) == set()


def test_dimensions_out_of_use_are_not_looked_at() -> None:
    """What no field needs was not read, so nothing is known to be unknown."""
    assert _references("scene", "studio").unknown([SCENE]) == {("studio", 8)}
    assert _references("scene").unknown([SCENE]) == set()


def test_a_record_without_them() -> None:
    """Unknown ids go; a membership goes with its group, a marker stays without its tag."""
    references = _references("scene", *DIMENSIONS)
    given = deepcopy(SCENE)
    left = references.without(given, references.unknown([given]))
    expected: Record = SCENE | {
        "studio": None,
        "tags": [1],
        "performers": [1],
        "groups": [{"group": 1, "index": 5}],
        "markers": [marker(1, primary_tag=None, tags=[1]), marker(2, primary_tag=1, tags=[])],
    }
    assert left == expected
    assert references.unknown([left]) == set()
    assert given == SCENE, "the record itself was changed"


def test_performers() -> None:
    """A performer's references are its tags."""
    references = _references("performer", "tag", "performer")
    performer = record("performer", 5, tags=[1, 2])
    assert references.unknown([performer]) == {("tag", 2)}
    assert references.without(performer, {("tag", 2)})["tags"] == [1]


def test_a_later_load_makes_them_known() -> None:
    """References read from the dimensions as they are now."""
    dimensions = Dimensions()
    dimensions.column("tag", "name")
    dimensions.load("tag", [])
    references = References("scene", dimensions)
    scene = record("scene", 1, tags=[3])
    assert references.unknown([scene]) == {("tag", 3)}
    dimensions.load("tag", [record("tag", 3)])
    assert references.unknown([scene]) == set()
