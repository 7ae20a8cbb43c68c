"""Dimensions: labels that are unique, families of tags, lines of studios."""

from collections.abc import Sequence

import pytest

from indexer.events import Event, Warned
from indexer.records import Kind
from indexer.transformer.derived import Column
from indexer.transformer.dimensions import Dimensions
from tests.transformer.building import Record, record


def _column(kind: Kind, name: str, records: Sequence[Record]) -> tuple[Column, list[str]]:
    """Return a column and the warnings on the way to it."""
    events: list[Event] = []
    dimensions = Dimensions(events.append)
    column = dimensions.column(kind, name)
    dimensions.load(kind, records)
    return column, [event.message for event in events if isinstance(event, Warned)]


def _labels(*names: tuple[str | None, str | None]) -> list[str]:
    records = [
        record("performer", number, name=name, disambiguation=disambiguation)
        for number, (name, disambiguation) in enumerate(names, start=1)
    ]
    return list(_column("performer", "label", records)[0].values())


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        ([("Jon", None)], ["Jon"]),
        ([("Jon", "the elder")], ["Jon"]),
        ([("Jon", None), ("jon", None)], ["Jon #1", "jon #2"]),
        ([(" Jon ", None), ("Jon", None)], [" Jon  #1", "Jon #2"]),
        ([("Jon", "the elder"), ("Jón!", None)], ["Jon (the elder)", "Jón!"]),
        ([("A+B", None), ("A & B", None), ("a&b", None)], ["A+B #1", "A & B", "a&b #3"]),
        ([("Маяк", None), ("маяк", None)], ["Маяк", "маяк"]),
        ([("Jon", "the elder"), ("Jon", None)], ["Jon (the elder)", "Jon"]),
        ([("Jon", "the elder"), ("Jon", "a")], ["Jon (the elder)", "Jon (a)"]),
        ([("Jon", None), ("Jon", None), ("Vera", None)], ["Jon #1", "Jon #2", "Vera"]),
        ([("Jon", "a"), ("Jon", "a")], ["Jon (a) #1", "Jon (a) #2"]),
        ([("Jon", "a"), ("Jon", "b"), ("Jon (a)", None)], ["Jon (a) #1", "Jon (b)", "Jon (a) #3"]),
        ([("Jon", None), ("Jon", None), ("Jon #1", None)], ["Jon #1 #1", "Jon #2", "Jon #1 #3"]),
        ([(None, None), (None, None)], ["Performer 1", "Performer 2"]),
        ([(None, None), ("Performer 1", None)], ["Performer 1 #1", "Performer 1 #2"]),
        ([], []),
    ],
)
def test_labels(names: list[tuple[str | None, str | None]], labels: list[str]) -> None:
    """Namesakes are told apart by disambiguation, and by id only where that won't do."""
    assert _labels(*names) == labels


def test_labels_are_unique() -> None:
    """No two things share a label, however much their names look like labels."""
    names = [None, "Jon", "Jon", "Jon #2", "Jon #3", "Jon #2 #2", "Jon (a)", "Performer 1"]
    labels = _labels(*((name, extra) for name in names for extra in (None, "a", "#2")))
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("kind", ["tag", "studio", "group"])
def test_labels_without_disambiguation(kind: Kind) -> None:
    """Kinds that have no disambiguation are told apart by id; unnamed ones have a name still."""
    records = [record(kind, number, name=name) for number, name in ((1, "x"), (2, "x"), (3, None))]
    labels, _ = _column(kind, "label", records)
    assert labels == {1: "x #1", 2: "x #2", 3: f"{kind.capitalize()} 3"}


TAGS = [
    record("tag", 1, name="light"),
    record("tag", 2, name="oil", parents=[1]),
    record("tag", 3, name="glass"),
    record("tag", 4, name="lantern", parents=[2, 3]),
    record("tag", 5, name="old lantern", parents=[3, 4, 99]),
]


def test_families() -> None:
    """A family is the tag and all its ancestors, each once, nearest first."""
    families, warnings = _column("tag", "family", TAGS)
    assert families == {1: [1], 2: [2, 1], 3: [3], 4: [4, 2, 3, 1], 5: [5, 3, 4, 2, 1]}
    assert warnings == []


LOOP = [
    record("tag", 1, name="a", parents=[2]),
    record("tag", 2, name="b", parents=[1]),
    record("tag", 3, name="c", parents=[1]),
    record("tag", 4, name="d", parents=[4]),
]


def test_loops_of_tags() -> None:
    """A loop ends the walk; each tag in it is named in a warning, one below it is not."""
    families, warnings = _column("tag", "family", LOOP)
    assert families == {1: [1, 2], 2: [2, 1], 3: [3, 1, 2], 4: [4]}
    assert [warning.split(" is its own")[0] for warning in warnings] == [
        "tag 1 (a)",
        "tag 2 (b)",
        "tag 4 (d)",
    ]


def test_a_loop_is_told_once() -> None:
    """Neither a second column nor a second load repeats a warning."""
    events: list[Event] = []
    dimensions = Dimensions(events.append)
    for name in ("family", "lvl1"):
        dimensions.column("tag", name)
    dimensions.load("tag", LOOP)
    dimensions.load("tag", LOOP)
    assert len(events) == 3


STUDIOS = [
    record("studio", 1, name="Quay"),
    record("studio", 2, name="North > Quay", parent=1),
    record("studio", 3, name="Pier", parent=2),
    record("studio", 4, name="Orchard", parent=99),
]


def test_studio_paths() -> None:
    """A path has a text for each level, root first; a separator in a name is written otherwise."""
    paths, _ = _column("studio", "path", STUDIOS)
    north = "Quay > North \u203a Quay"
    assert paths == {
        1: ["Quay"],
        2: ["Quay", north],
        3: ["Quay", north, f"{north} > Pier"],
        4: ["Orchard"],
    }
    lines, warnings = _column("studio", "line", STUDIOS)
    assert lines == {1: [1], 2: [1, 2], 3: [1, 2, 3], 4: [4]}
    assert warnings == []


def test_studio_paths_of_namesakes() -> None:
    """Studios of one name under different parents don't share a path."""
    studios = [record("studio", 1, name="Pier"), record("studio", 2, name="Pier", parent=1)]
    paths, _ = _column("studio", "path", studios)
    assert paths == {1: ["Pier #1"], 2: ["Pier #1", "Pier #1 > Pier #2"]}


def test_paths_that_look_alike() -> None:
    """Branches that Typesense would take for one are told apart by the ids of their ends."""
    names = ["North", "Quay House", "North Quay", "House"]
    studios = [
        record("studio", number, name=name, parent=None if number % 2 else number - 1)
        for number, name in enumerate(names, start=1)
    ]
    paths, _ = _column("studio", "path", studios)
    assert [path[-1] for path in paths.values()] == [
        "North",
        "North > Quay House #2",
        "North Quay",
        "North Quay > House #4",
    ]
    tags = [each | {"parents": [each["parent"]] if each["parent"] else []} for each in studios]
    levels = _levels("tag", [record("tag", tag["id"], **_of_tags(tag)) for tag in tags])
    assert levels[4][1] == ["North Quay > House #4"]


def _of_tags(studio: Record) -> Record:
    return {key: studio[key] for key in ("name", "parents")}


def test_loops_of_studios() -> None:
    """A loop of studios ends the walk, with a warning for each; its line is still whole."""
    studios = [
        record("studio", 1, name="a", parent=2),
        record("studio", 2, name="b", parent=1),
        record("studio", 3, name="c", parent=3),
    ]
    lines, warnings = _column("studio", "line", studios)
    assert lines == {1: [2, 1], 2: [1, 2], 3: [3]}
    assert len(warnings) == 3
    paths, _ = _column("studio", "path", studios)
    assert paths[1] == ["b", "b > a"]


def test_columns_are_renewed_in_place() -> None:
    """Who holds a column sees what a later load brings, and no longer what is gone."""
    dimensions = Dimensions()
    names = dimensions.column("tag", "name")
    assert dimensions.column("tag", "name") is names
    assert dimensions.kinds == {"tag"}
    dimensions.load("tag", TAGS)
    ids = dimensions.ids["tag"]
    assert names[2] == "oil"
    dimensions.load("tag", [record("tag", 2, name="wick"), record("tag", 9)])
    assert names == {2: "wick"}
    assert ids == {2, 9}
    assert dimensions.ids["tag"] is ids


def test_loading_one_kind_leaves_the_others() -> None:
    """Loading tags again changes nothing of the studios."""
    dimensions = Dimensions()
    tags, studios = dimensions.column("tag", "name"), dimensions.column("studio", "name")
    dimensions.load("studio", STUDIOS)
    dimensions.load("tag", TAGS)
    dimensions.load("tag", [])
    assert tags == {}
    assert len(studios) == len(STUDIOS)


def _levels(kind: Kind, records: Sequence[Record]) -> dict[int, list[object]]:
    """Return what each thing has at each level, down to the last level that it has anything at.

    A tag has what ends in itself or in one of its ancestors.
    """
    columns = [_column(kind, f"lvl{level}", records)[0] for level in range(5)]
    families = _column(kind, "family", records)[0] if kind == "tag" else {}
    found: dict[int, list[object]] = {}
    for number in (each["id"] for each in records):
        family = families.get(number)
        levels = [
            column.get(number)
            if family is None
            else [path for one in family for path in column.get(one, ())]
            for column in columns
        ]
        found[number] = levels[: 1 + max(at for at, level in enumerate(levels) if level)]
    return found


def test_levels_of_studios() -> None:
    """A studio has the path to each of its levels, as a hierarchical menu takes it."""
    north = "Quay > North \u203a Quay"
    assert _levels("studio", STUDIOS) == {
        1: ["Quay"],
        2: ["Quay", north],
        3: ["Quay", north, f"{north} > Pier"],
        4: ["Orchard"],
    }


def test_levels_of_tags() -> None:
    """A tag with several parents has every way down to it, each path once."""
    assert _levels("tag", TAGS) == {
        1: [["light"]],
        2: [["light"], ["light > oil"]],
        3: [["glass"]],
        4: [
            ["glass", "light"],
            ["glass > lantern", "light > oil"],
            ["light > oil > lantern"],
        ],
        5: [
            ["glass", "light"],
            ["glass > old lantern", "glass > lantern", "light > oil"],
            ["glass > lantern > old lantern", "light > oil > lantern"],
            ["light > oil > lantern > old lantern"],
        ],
    }


def test_below_the_last_level() -> None:
    """A tag deeper than the levels has those above it; its own name is in no level."""
    chain = [
        record("tag", number, name=f"t{number}", parents=[number - 1] if number > 1 else [])
        for number in range(1, 8)
    ]
    levels = _levels("tag", chain)
    assert levels[7] == levels[5]
    assert levels[5][4] == ["t1 > t2 > t3 > t4 > t5"]


def test_many_ways_down() -> None:
    """Where ways down double with every level, levels still end, and the walk with them."""
    ladder = [
        record("tag", number, name=f"t{number}", parents=_two_above(number))
        for number in range(1, 61)
    ]
    levels = _levels("tag", ladder)[60]
    assert [len(level) for level in levels if isinstance(level, list)] == [2, 4, 8, 16, 32]


def _two_above(number: int) -> list[int]:
    """Tags stand in pairs, and each is below both of the pair above."""
    first = number - 2 if number % 2 else number - 3
    return [first, first + 1] if first > 0 else []


def test_levels_of_loops() -> None:
    """Tags of a loop don't stand above each other; each has what all of the loop have."""
    loop = {1: [["a", "b"]], 2: [["b", "a"]], 3: [["a", "b"], ["a > c"]], 4: [["d"]]}
    assert _levels("tag", LOOP) == loop


@pytest.mark.parametrize("name", ["a > b", "> b", "a >", "a > > b", ">", "a >b"])
def test_signs_of_levels_in_names(name: str) -> None:
    """A name never makes a level: cut at the signs, a path has as many parts as levels."""
    tags = [record("tag", 1, name=name), record("tag", 2, name=name, parents=[1])]
    for text in _column("tag", "lvl1", tags)[0][2]:
        assert len(text.split(" > ")) == 2


def test_paths_of_many_words() -> None:
    """A path that Typesense could not filter by is left out, with all that is below it."""
    tags = [
        record("tag", number, name=" ".join(["lamp"] * 16), parents=[number - 1] * (number > 1))
        for number in (1, 2, 3)
    ]
    labels = [tag["name"] + f" #{tag['id']}" for tag in tags]
    assert _levels("tag", tags) == {number: [[labels[0]]] for number in (1, 2, 3)}
