"""The one set of SELECTs: built from the columns that are there and the record paths asked for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from indexer.extractor import select_things
from indexer.extractor.columns import Tables
from indexer.extractor.expressions import listed
from indexer.extractor.rows import Fields
from indexer.extractor.select_scene import scene
from indexer.extractor.ways import GROUP_PATHS, WAYS
from indexer.records import Kind

_THINGS: Mapping[Kind, Callable[[Tables], Fields]] = {
    "performer": select_things.performer,
    "tag": select_things.tag,
    "studio": select_things.studio,
    "group": select_things.group,
    "gallery": select_things.gallery,
    "marker": select_things.marker,
}
_TABLES: Mapping[Kind, str] = {
    "scene": "scenes",
    "performer": "performers",
    "tag": "tags",
    "studio": "studios",
    "gallery": "galleries",
    "marker": "scene_markers",
}


@dataclass(frozen=True)
class Select:
    """A SELECT of things of one kind: their id first, then the columns of `fields`."""

    table: str
    fields: Fields

    def after(self, last: int, limit: int) -> str:
        """Return the statement for the next things after an id."""
        return f"{self._head()} WHERE t.id > {last} ORDER BY t.id LIMIT {limit}"

    def only(self, ids: Iterable[int]) -> str:
        """Return the statement for those of these things that exist."""
        return f"{self._head()} WHERE t.id IN ({listed(ids)}) ORDER BY t.id"

    def _head(self) -> str:
        columns = ["t.id", *(sql for field in self.fields.values() for sql in field.sql)]
        joins = "".join(dict.fromkeys(field.join for field in self.fields.values()))
        return f'SELECT {", ".join(columns)} FROM "{self.table}" AS t{joins}'


def select(tables: Tables, kind: Kind, paths: frozenset[str]) -> Select:
    """Return the SELECT for the record paths that this database has of those asked for."""
    heads = {path.partition(".")[0] for path in paths}
    fields = _fields(tables, kind, paths)
    asked = {name: field for name, field in fields.items() if name in heads}
    return Select(table(tables, kind), asked)


def absent(tables: Tables, kind: Kind, paths: frozenset[str]) -> frozenset[str]:
    """Return those of `paths` that this database doesn't have."""
    there = {"id", *_fields(tables, kind, paths)}
    groups = GROUP_PATHS if kind == "scene" else frozenset()
    return frozenset(path for path in paths - groups if path.partition(".")[0] not in there)


def every_path(kind: Kind) -> frozenset[str]:
    """Return all record paths of a kind."""
    return frozenset(WAYS[kind])


def table(tables: Tables, kind: Kind) -> str:
    """Return the name of a kind's table."""
    if kind == "group":
        return "groups" if tables.has("groups") else "movies"
    return _TABLES[kind]


def counts(tables: Tables, kinds: Iterable[Kind]) -> str:
    """Return the statement for how many there are of each kind, in one row."""
    each = (f'(SELECT count(*) FROM "{table(tables, kind)}")' for kind in kinds)
    return f"SELECT {', '.join(each)}"


def last_id(tables: Tables, kind: Kind) -> str:
    """Return the statement for the largest id of a kind, null if there is none."""
    return f'SELECT max(id) FROM "{table(tables, kind)}"'


def ids_among(tables: Tables, kind: Kind, ids: Iterable[int]) -> str:
    """Return the statement for those of some ids that a kind has."""
    return f'SELECT id FROM "{table(tables, kind)}" WHERE id IN ({listed(ids)})'


def some_ids(tables: Tables, kind: Kind, number: int) -> str:
    """Return the statement for up to `number` ids of a kind, picked by chance, each as likely.

    It reads all ids there are.
    """
    return f'SELECT id FROM "{table(tables, kind)}" ORDER BY random() LIMIT {int(number)}'


def _fields(tables: Tables, kind: Kind, paths: frozenset[str]) -> Fields:
    return scene(tables, paths) if kind == "scene" else _THINGS[kind](tables)
