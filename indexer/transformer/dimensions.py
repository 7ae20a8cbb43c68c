"""The dimensions as the transformer uses them: a column of values by id, in memory.

A column is one attribute of one kind, for example ("performer", "label"): a plain field of the
record, or one that is derived (derived.py): labels that are unique, a tag's ancestors, levels.
What is unset, None or [], is not in its column.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from indexer.events import Emit, Once, nobody
from indexer.records import RECORD_TYPES, Kind
from indexer.transformer.derived import DERIVED, Column, Rows
from indexer.transformer.shapes import Shape, fields_of


def attribute(kind: Kind, name: str) -> tuple[Shape, frozenset[str]] | None:
    """Return the shape of a kind's attribute and the record fields behind it, None if unknown."""
    derived = DERIVED.get((kind, name))
    if derived is not None:
        return derived.shape, derived.needs
    shape = fields_of(RECORD_TYPES[kind]).get(name)
    return None if shape is None else (shape, frozenset({name}))


def is_own(kind: Kind, name: str) -> bool:
    """Say whether no two things of a kind share a value of an attribute."""
    derived = DERIVED.get((kind, name))
    return derived is not None and derived.is_own


class Dimensions:
    """The columns in use; loading a kind again renews them in place."""

    def __init__(self, emit: Emit = nobody) -> None:
        self._emit = Once(emit)
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
        needed = self._needed(kind)
        rows = {record["id"]: {name: record[name] for name in needed} for record in records}
        known = self.ids.setdefault(kind, set())
        known.clear()
        known.update(rows)
        for (of, name), column in self._columns.items():
            if of == kind:
                column.clear()
                column.update(self._make(kind, name, rows))

    def _needed(self, kind: Kind) -> frozenset[str]:
        """Return the record fields behind the columns of a kind: whole records take far more."""
        found = (attribute(of, name) for of, name in self._columns if of == kind)
        return frozenset().union(*(needs for _, needs in filter(None, found)))

    def _make(self, kind: Kind, name: str, rows: Rows) -> Column:
        derived = DERIVED.get((kind, name))
        if derived is None:
            values = ((number, row[name]) for number, row in rows.items())
            return {number: value for number, value in values if value is not None and value != []}
        return derived.make(kind, rows, self._emit)
