"""The dimensions as the transformer uses them: a column of values by id, whole and in memory.

A column is one attribute of one kind, for example ("performer", "label"): a plain field of the
record, or one derived here: labels that are unique, a tag's ancestors, a studio's path.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from indexer.events import Emit, Warned, nobody
from indexer.records import RECORD_TYPES, Kind
from indexer.transformer.shapes import Shape, fields_of

Rows: TypeAlias = Mapping[int, Mapping[str, Any]]
Column: TypeAlias = dict[int, Any]

LABEL = "label"
"""The one text attribute that no two things of a kind share."""

LEVEL = " > "
LEVEL_IN_A_NAME = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


@dataclass(frozen=True)
class Derived:
    """An attribute made from a whole dimension: its shape, the record fields it reads, the rule."""

    shape: Shape
    needs: frozenset[str]
    make: Callable[[Kind, Rows, Emit], Column]


def attribute(kind: Kind, name: str) -> tuple[Shape, frozenset[str]] | None:
    """Return the shape of a kind's attribute and the record fields behind it, None if unknown."""
    derived = DERIVED.get((kind, name))
    if derived is not None:
        return derived.shape, derived.needs
    shape = fields_of(RECORD_TYPES[kind]).get(name)
    return None if shape is None else (shape, frozenset({name}))


class Dimensions:
    """The columns in use; loading a kind again renews them in place."""

    def __init__(self, emit: Emit = nobody) -> None:
        self._emit = emit
        self._warned: set[str] = set()
        self._columns: dict[tuple[Kind, str], Column] = {}
        self.ids: dict[Kind, set[int]] = {}

    def column(self, kind: Kind, name: str) -> Column:
        """Return a column that later loads of its kind fill; ask for it before they do."""
        return self._columns.setdefault((kind, name), {})

    @property
    def kinds(self) -> set[Kind]:
        """The kinds that some column needs."""
        return {kind for kind, _ in self._columns}

    def load(self, kind: Kind, records: Iterable[Mapping[str, Any]]) -> None:
        """Replace what is known of a kind by these records."""
        rows = {record["id"]: record for record in records}
        known = self.ids.setdefault(kind, set())
        known.clear()
        known.update(rows)
        for (of, name), column in self._columns.items():
            if of == kind:
                column.clear()
                column.update(self._make(kind, name, rows))

    def _make(self, kind: Kind, name: str, rows: Rows) -> Column:
        derived = DERIVED.get((kind, name))
        if derived is None:
            return {number: row[name] for number, row in rows.items()}
        return derived.make(kind, rows, self._warn_once)

    def _warn_once(self, event: object) -> None:
        if isinstance(event, Warned) and event.message not in self._warned:
            self._warned.add(event.message)
            self._emit(event)


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
    names = {
        number: label.replace(LEVEL, LEVEL_IN_A_NAME)
        for number, label in _labels(kind, rows, emit).items()
    }
    lines = _studio_lines(kind, rows, emit)
    return {
        number: [
            LEVEL.join(names[studio] for studio in line[: depth + 1]) for depth in range(len(line))
        ]
        for number, line in lines.items()
    }


def _loop(kind: Kind, number: int, rows: Rows) -> Warned:
    return Warned(
        f"{kind} {number} ({rows[number]['name']}) is its own ancestor; the walk up ends there."
    )


_TEXT = Shape(str)
_TEXTS = Shape(str, many=True)
_IDS = Shape(int, many=True, wide=True)
_NAME = frozenset({"name"})

DERIVED: dict[tuple[Kind, str], Derived] = {
    ("performer", "label"): Derived(_TEXT, _NAME | {"disambiguation"}, _labels),
    ("tag", "label"): Derived(_TEXT, _NAME, _labels),
    ("studio", "label"): Derived(_TEXT, _NAME, _labels),
    ("group", "label"): Derived(_TEXT, _NAME, _labels),
    ("tag", "family"): Derived(_IDS, _NAME | {"parents"}, _tag_families),
    ("tag", "family_labels"): Derived(_TEXTS, _NAME | {"parents"}, _tag_family_labels),
    ("studio", "line"): Derived(_IDS, _NAME | {"parent"}, _studio_lines),
    ("studio", "path"): Derived(_TEXTS, _NAME | {"parent"}, _studio_paths),
}
