"""Loads objects of the API in batches: one statement for a kind's own columns, one per relation.

What exists is described by `Kind`s (catalogue.py); what is loaded is only what was selected.
"""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, GraphQLError, GraphQLResolveInfo, SelectionNode
from graphql.language import InlineFragmentNode

from tests.stash.values import decode

Row = dict[str, Any]
Selection = dict[str, "Selection"]
"""The fields asked for, each with those asked of it."""

STASH_BATCH = 100
"""Stash's dataloaders fetch 100 objects at a time: one that is missing fails its whole batch."""


@dataclass(frozen=True)
class Values:
    """A list of plain values. The SQL gives (owner, value)."""

    sql: str


@dataclass(frozen=True)
class Pairs:
    """A map. The SQL gives (owner, key, value)."""

    sql: str


@dataclass(frozen=True)
class Links:
    """Other objects. The SQL gives (owner, id of the other)."""

    sql: str
    kind: str
    one: bool = False
    by_sort_key: bool = False


@dataclass(frozen=True)
class Rows:
    """Small objects without identity. The SQL gives `owner` and one column per field.

    `links` names the columns that hold the id of another object, and its kind.
    """

    sql: str
    links: Mapping[str, str] = field(default_factory=dict)
    one: bool = False
    null_when_empty: bool = False


Relation = Values | Pairs | Links | Rows


@dataclass(frozen=True)
class Kind:
    """One type of the API: a table, its columns as SQL expressions, its relations."""

    name: str
    table: str
    columns: Mapping[str, str]
    relations: Mapping[str, Relation]
    id: str = "id"
    sort_key: str | None = None
    sorted_by: Callable[[str], Any] = str


@dataclass(frozen=True)
class Shelf:
    """Everything that objects are loaded from and with, for one request."""

    connection: sqlite3.Connection
    kinds: Mapping[str, Kind]
    parameters: Mapping[str, str]

    def load(self, kind_name: str, ids: Iterable[int], selection: Selection) -> dict[int, Row]:
        """The objects with these ids, by id; those that don't exist are left out."""
        kind = self.kinds[kind_name]
        wanted = {name: kind.columns[name] for name in selection if name in kind.columns}
        if kind.sort_key:
            wanted["_sort"] = kind.sort_key
        columns = ", ".join(f'{sql} AS "{name}"' for name, sql in wanted.items())
        sql = f"SELECT {kind.id} AS _id, {columns or 'NULL'} FROM {kind.table} WHERE {kind.id} IN"
        names = ("_id", *wanted)
        rows = self._select(f"{sql} (SELECT value FROM json_each(:ids))", ids)
        objects = {row[0]: dict(zip(names, row, strict=False)) for row in rows}
        if kind.sort_key:
            for row in objects.values():
                row["_sort"] = kind.sorted_by(row["_sort"] or "")
        for name, relation in kind.relations.items():
            if name in selection:
                self._relate(objects, name, relation, selection[name])
        return objects

    def _relate(
        self,
        objects: dict[int, Row],
        name: str,
        relation: Relation,
        selection: Selection,
    ) -> None:
        match relation:
            case Values(sql):
                found = self._select(sql, objects)
                self._give(objects, name, ((owner, _scanned(value)) for owner, value in found))
            case Pairs(sql):
                for row in objects.values():
                    row[name] = {}
                for owner, key, value in self._select(sql, objects):
                    blob = isinstance(value, bytes)
                    objects[owner][name][key] = b64encode(value).decode() if blob else value
            case Links():
                self._link(objects, name, relation, selection)
            case Rows():
                self._rows(objects, name, relation, selection)

    def _rows(self, objects: dict[int, Row], name: str, rows: Rows, selection: Selection) -> None:
        cursor = self.connection.execute(rows.sql, self._bind(objects))
        fields = [column[0] for column in cursor.description][1:]
        found = [(row[0], dict(zip(fields, row[1:], strict=True))) for row in cursor]
        for link, kind in rows.links.items():
            if link in selection:
                targets = self.load(kind, {row[link] for _, row in found}, selection[link])
                for _, row in found:
                    row[link] = targets.get(row[link])
        self._give(objects, name, found, one=rows.one)
        if rows.null_when_empty:
            for owner in objects.values():
                owner[name] = owner[name] or None

    def _link(self, objects: dict[int, Row], name: str, links: Links, selection: Selection) -> None:
        pairs = self._select(links.sql, objects)
        ids = list(dict.fromkeys(target for _, target in pairs))
        targets = self.load(links.kind, ids, selection)
        found = [(owner, targets.get(target)) for owner, target in pairs]
        if links.by_sort_key:
            found.sort(key=lambda pair: (pair[1] is None, pair[1] and pair[1]["_sort"]))
        self._give(objects, name, found, one=links.one)
        failed = dict(_failed_batches(links.kind, ids, targets))
        for owner, target in pairs:
            if target in failed:
                objects[owner][name] = GraphQLError(failed[target])

    def _give(
        self,
        objects: dict[int, Row],
        name: str,
        pairs: Iterable[Sequence[Any]],
        *,
        one: bool = False,
    ) -> None:
        for row in objects.values():
            row[name] = None if one else []
        for owner, value in pairs:
            if one:
                objects[owner][name] = value
            else:
                objects[owner][name].append(value)

    def _select(self, sql: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, self._bind(ids)).fetchall()

    def _bind(self, ids: Iterable[int]) -> dict[str, str]:
        return {**self.parameters, "ids": json.dumps(list(ids))}


def _scanned(value: object) -> object:
    """A value as Go scans it into a string: a BLOB is as good as text."""
    return decode(value) if isinstance(value, bytes) else value


def _failed_batches(
    kind: str, ids: Sequence[int], targets: Mapping[int, Row]
) -> Iterator[tuple[int, str]]:
    for start in range(0, len(ids), STASH_BATCH):
        batch = ids[start : start + STASH_BATCH]
        missing = next((one for one in batch if one not in targets), None)
        if missing is not None:
            for one in batch:
                yield one, f"{kind.lower()} with id {missing} not found"


def selected(info: GraphQLResolveInfo[Any]) -> Selection:
    """What a query asks of the field that is being resolved."""
    tree: Selection = {}
    for node in info.field_nodes:
        _collect(node.selection_set.selections if node.selection_set else (), info, tree)
    return tree


def _collect(
    nodes: Iterable[SelectionNode], info: GraphQLResolveInfo[Any], tree: Selection
) -> None:
    for node in nodes:
        match node:
            case FieldNode(name=name, selection_set=selection_set):
                below = tree.setdefault(name.value, {})
                _collect(selection_set.selections if selection_set else (), info, below)
            case FragmentSpreadNode(name=name):
                _collect(info.fragments[name.value].selection_set.selections, info, tree)
            case InlineFragmentNode(selection_set=selection_set):
                _collect(selection_set.selections, info, tree)
