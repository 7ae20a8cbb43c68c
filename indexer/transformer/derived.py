"""What is made of a whole dimension: labels that are unique, ancestors, paths, levels.

A parent that is also a descendant makes a loop: the walk up ends there, with a warning.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from indexer.events import Emit, Warned, nobody
from indexer.records import Kind
from indexer.transformer.alike import alike
from indexer.transformer.shapes import Shape

Rows: TypeAlias = Mapping[int, Mapping[str, Any]]
Column: TypeAlias = dict[int, Any]

LABEL = "label"

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
    """An attribute made from a whole dimension: its shape, the record fields it reads, the rule.

    `is_own` says that no two things of a kind share a value of it.
    """

    shape: Shape
    needs: frozenset[str]
    make: Callable[[Kind, Rows, Emit], Column]
    is_own: bool = False


def _labels(kind: Kind, rows: Rows, _emit: Emit) -> Column:
    """Names made unique: "Jon Brandt (the elder)"; the id is added only where that won't do."""
    names = {number: row["name"] or f"{kind.capitalize()} {number}" for number, row in rows.items()}
    twice = alike(names.items())
    labels = {
        number: f"{name} ({rows[number]['disambiguation']})"
        if number in twice and rows[number].get("disambiguation")
        else name
        for number, name in names.items()
    }
    _told_apart(labels, labels.items)
    return labels


def _told_apart(names: dict[int, str], texts: Callable[[], Iterable[tuple[int, str]]]) -> None:
    """Add ids to names until Typesense takes no text that is made of one for another's."""
    while same := alike(texts()):
        names.update({number: f"{names[number]} #{number}" for number in same})


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


def _tag_level(level: int, kind: Kind, rows: Rows, emit: Emit) -> Column:
    """Return the paths of a level: of each tag those ways down that end in it there."""
    ways = _tag_ways(kind, rows, emit)
    return {tag: levels[level] for tag, levels in ways.items() if levels[level]}


def _tag_ways(kind: Kind, rows: Rows, emit: Emit) -> dict[int, list[list[str]]]:
    """Return, by level, the paths from a root that end in each tag.

    Paths longer than the levels are not followed: their number can double with every level. Nor
    are those of too many words.
    """
    parents = _tag_parents(_tag_families(kind, rows, emit), rows)
    names = _names_in_paths(kind, rows)
    ways: dict[int, list[list[str]]] = {}

    def paths() -> Iterator[tuple[int, str]]:
        for tag, above in parents.items():
            ways[tag] = _ways_down(names[tag], [ways[parent] for parent in above])
            yield from ((tag, path) for level in ways[tag] for path in level)

    _told_apart(names, paths)
    return ways


def _tag_parents(families: Mapping[int, list[int]], rows: Rows) -> dict[int, list[int]]:
    """Return the parents of each tag that lead up and not round; parents before their children.

    A tag has fewer ancestors than its children have.
    """
    return {
        tag: [
            parent
            for parent in rows[tag]["parents"]
            if parent in rows and tag not in families[parent]
        ]
        for tag in sorted(rows, key=lambda number: len(families[number]))
    }


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

    def path(line: Sequence[int]) -> str:
        return LEVEL.join(names[studio] for studio in line)

    _told_apart(names, lambda: ((number, path(line)) for number, line in lines.items()))
    return {
        number: [path(line[: depth + 1]) for depth in range(len(line))]
        for number, line in lines.items()
    }


def _studio_level(level: int, kind: Kind, rows: Rows, emit: Emit) -> Column:
    paths = _studio_paths(kind, rows, emit)
    return {number: path[level] for number, path in paths.items() if len(path) > level}


def _loop(kind: Kind, number: int, rows: Rows) -> Warned:
    return Warned(
        f"{kind} {number} ({rows[number]['name']}) is its own ancestor; the walk up ends there."
    )


def _ids(kind: Kind) -> Shape:
    return Shape(int, many=True, wide=True, ref=kind, known=True)


_TEXT = Shape(str)
_TEXTS = Shape(str, many=True)
_NAME = frozenset({"name"})
_IN_THE_GRAPH = _NAME | {"parents"}
_IN_THE_TREE = _NAME | {"parent"}

DERIVED: dict[tuple[Kind, str], Derived] = {
    ("performer", LABEL): Derived(_TEXT, _NAME | {"disambiguation"}, _labels, is_own=True),
    ("tag", LABEL): Derived(_TEXT, _NAME, _labels, is_own=True),
    ("studio", LABEL): Derived(_TEXT, _NAME, _labels, is_own=True),
    ("group", LABEL): Derived(_TEXT, _NAME, _labels, is_own=True),
    ("tag", "family"): Derived(_ids("tag"), _IN_THE_GRAPH, _tag_families),
    ("studio", "line"): Derived(_ids("studio"), _IN_THE_TREE, _studio_lines),
    ("studio", "path"): Derived(_TEXTS, _IN_THE_TREE, _studio_paths),
}
for _level in range(LEVELS):
    DERIVED["tag", f"lvl{_level}"] = Derived(
        _TEXTS, _IN_THE_GRAPH, partial(_tag_level, _level), is_own=True
    )
    DERIVED["studio", f"lvl{_level}"] = Derived(_TEXT, _IN_THE_TREE, partial(_studio_level, _level))
