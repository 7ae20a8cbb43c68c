"""What is made of a whole dimension: labels that are unique, ancestors, paths, levels.

A parent that is also a descendant makes a loop: the walk up ends there, with a warning.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from indexer.events import Emit, Warned, nobody
from indexer.records import Kind
from indexer.transformer.shapes import Shape

Rows: TypeAlias = Mapping[int, Mapping[str, Any]]
Column: TypeAlias = dict[int, Any]

LABEL = "label"
"""The one text attribute that no two things of a kind share."""

LEVELS = 5
"""So many levels are there as lvl0 … lvl4; a hierarchical menu takes them as they are."""

MOST_WORDS = 31
"""Typesense 0.24.1 never answers an exact filter on a list by a value of 32 words (measured)."""

LEVEL = " > "
_LEVEL_IN_A_NAME = re.compile(r"(?<!\S)>(?!\S)")
_WORD = re.compile(r"[^\s\-_./\\>]+")
_INSTEAD = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"


@dataclass(frozen=True)
class Derived:
    """An attribute made from a whole dimension: its shape, the record fields it reads, the rule."""

    shape: Shape
    needs: frozenset[str]
    make: Callable[[Kind, Rows, Emit], Column]


def _labels(kind: Kind, rows: Rows, _emit: Emit) -> Column:
    """Names made unique: "Jon Brandt (the elder)"; the id is added only where that won't do."""
    names = {number: row["name"] or f"{kind.capitalize()} {number}" for number, row in rows.items()}
    twice = _repeated(names.values())
    labels = {
        number: f"{name} ({rows[number]['disambiguation']})"
        if name in twice and rows[number].get("disambiguation")
        else name
        for number, name in names.items()
    }
    while still_twice := _repeated(labels.values()):
        labels = {
            number: f"{label} #{number}" if label in still_twice else label
            for number, label in labels.items()
        }
    return labels


def _repeated(values: Iterable[str]) -> set[str]:
    return {value for value, times in Counter(values).items() if times > 1}


def _names_in_paths(kind: Kind, rows: Rows) -> dict[int, str]:
    labels = _labels(kind, rows, nobody)
    return {number: _LEVEL_IN_A_NAME.sub(_INSTEAD, label) for number, label in labels.items()}


def _ancestry(
    parents: Callable[[int], Sequence[int]], start: int, rows: Rows
) -> tuple[list[int], bool]:
    """Return a thing and all its ancestors, each once, nearest first; and whether they loop."""
    found = [start]
    loops = False
    for number in found:
        for parent in parents(number):
            loops = loops or parent == start
            if parent in rows and parent not in found:
                found.append(parent)
    return found, loops


def _tag_families(_kind: Kind, rows: Rows, emit: Emit) -> Column:
    families = {}
    for number in rows:
        families[number], loops = _ancestry(lambda tag: rows[tag]["parents"], number, rows)
        if loops:
            emit(_loop("tag", number, rows))
    return families


def _tag_family_labels(kind: Kind, rows: Rows, emit: Emit) -> Column:
    labels = _labels(kind, rows, emit)
    families = _tag_families(kind, rows, emit)
    return {number: [labels[tag] for tag in family] for number, family in families.items()}


def _tag_level(level: int, kind: Kind, rows: Rows, emit: Emit) -> Column:
    """Return what each tag has at a level: the paths there of all ways down to it, each once.

    A tag has fewer ancestors than its children have, so parents come before children. Paths longer
    than the levels are not followed: their number can double with every level. Nor are those of
    too many words.
    """
    families = _tag_families(kind, rows, emit)
    names = _names_in_paths(kind, rows)
    ways: dict[int, list[list[str]]] = {}
    column: Column = {}
    for tag in sorted(rows, key=lambda number: len(families[number])):
        parents = [
            parent
            for parent in rows[tag]["parents"]
            if parent in rows and tag not in families[parent]
        ]
        ways[tag] = _ways_down(names[tag], [ways[parent] for parent in parents])
        passed = (text for parent in parents for text in column.get(parent, ()))
        if found := list(dict.fromkeys([*ways[tag][level], *passed])):
            column[tag] = found
    return column


def _ways_down(name: str, parents: Sequence[Sequence[Sequence[str]]]) -> list[list[str]]:
    """Return, by level, the paths from a root that end in a thing of this name."""
    if not parents:
        return [[name], *([] for _ in range(1, LEVELS))]
    ways: list[list[str]] = [[]]
    for level in range(LEVELS - 1):
        above = dict.fromkeys(path for parent in parents for path in parent[level])
        paths = (f"{path}{LEVEL}{name}" for path in above)
        ways.append([path for path in paths if len(_WORD.findall(path)) <= MOST_WORDS])
    return ways


def _studio_lines(_kind: Kind, rows: Rows, emit: Emit) -> Column:
    lines = {}
    for number in rows:
        line, loops = _ancestry(lambda studio: _one(rows[studio]["parent"]), number, rows)
        lines[number] = line[::-1]
        if loops:
            emit(_loop("studio", number, rows))
    return lines


def _one(number: int | None) -> Sequence[int]:
    return () if number is None else (number,)


def _studio_paths(kind: Kind, rows: Rows, emit: Emit) -> Column:
    names = _names_in_paths(kind, rows)
    lines = _studio_lines(kind, rows, emit)
    return {
        number: [
            LEVEL.join(names[studio] for studio in line[: depth + 1]) for depth in range(len(line))
        ]
        for number, line in lines.items()
    }


def _studio_level(level: int, kind: Kind, rows: Rows, emit: Emit) -> Column:
    paths = _studio_paths(kind, rows, emit)
    return {number: path[level] for number, path in paths.items() if len(path) > level}


def _loop(kind: Kind, number: int, rows: Rows) -> Warned:
    return Warned(
        f"{kind} {number} ({rows[number]['name']}) is its own ancestor; the walk up ends there."
    )


_TEXT = Shape(str)
_TEXTS = Shape(str, many=True)
_IDS = Shape(int, many=True, wide=True)
_NAME = frozenset({"name"})
_IN_THE_GRAPH = _NAME | {"parents"}
_IN_THE_TREE = _NAME | {"parent"}

DERIVED: dict[tuple[Kind, str], Derived] = {
    ("performer", LABEL): Derived(_TEXT, _NAME | {"disambiguation"}, _labels),
    ("tag", LABEL): Derived(_TEXT, _NAME, _labels),
    ("studio", LABEL): Derived(_TEXT, _NAME, _labels),
    ("group", LABEL): Derived(_TEXT, _NAME, _labels),
    ("tag", "family"): Derived(_IDS, _IN_THE_GRAPH, _tag_families),
    ("tag", "family_labels"): Derived(_TEXTS, _IN_THE_GRAPH, _tag_family_labels),
    ("studio", "line"): Derived(_IDS, _IN_THE_TREE, _studio_lines),
    ("studio", "path"): Derived(_TEXTS, _IN_THE_TREE, _studio_paths),
}
for _level in range(LEVELS):
    DERIVED["tag", f"lvl{_level}"] = Derived(_TEXTS, _IN_THE_GRAPH, partial(_tag_level, _level))
    DERIVED["studio", f"lvl{_level}"] = Derived(_TEXT, _IN_THE_TREE, partial(_studio_level, _level))
