"""Filters, orders and pages of the find… queries as SQL, as Stash understands them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError

Filter = Mapping[str, Any]

_COMPARE = {
    "EQUALS": "{x} = {a}",
    "NOT_EQUALS": "{x} != {a}",
    "GREATER_THAN": "{x} > {a}",
    "LESS_THAN": "{x} < {a}",
    "BETWEEN": "{x} BETWEEN {a} AND {b}",
    "NOT_BETWEEN": "{x} NOT BETWEEN {a} AND {b}",
    "IS_NULL": "{x} IS NULL",
    "NOT_NULL": "{x} IS NOT NULL",
}
_RELATED = {
    "performers_filter": "{t}.id IN (SELECT scene_id FROM performers_scenes "
    "JOIN performers ON performers.id = performer_id WHERE {w})",
    "tags_filter": "{t}.id IN (SELECT scene_id FROM scenes_tags "
    "JOIN tags ON tags.id = tag_id WHERE {w})",
    "studios_filter": "{t}.studio_id IN (SELECT id FROM studios WHERE {w})",
}
_JOINED = {"performers_filter": "performers_scenes", "tags_filter": "scenes_tags"}
_MEMBERS = {
    "groups": "{t}.id IN (SELECT scene_id FROM groups_scenes WHERE group_id IN ({ids}))",
    "movies": "{t}.id IN (SELECT scene_id FROM movies_scenes WHERE movie_id IN ({ids}))",
}
_SORTS = ("id", "created_at", "updated_at", "title", "name", "date", "rating", "seconds")
PER_PAGE = 25


@dataclass
class Where:
    """A condition in the making: SQL and the values bound into it.

    Stash joins the tables of a related filter so that rows without relatives drop out of the whole
    query, even where the filter stands behind an OR: `joined` holds these conditions.
    """

    parameters: dict[str, Any] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)

    def whole(self, table: str, wanted: Filter | None) -> str:
        """The condition of a whole query."""
        return " AND ".join((f"({self.sql(table, wanted)})", *self.joined))

    def sql(self, table: str, wanted: Filter | None) -> str:
        """The condition that one filter stands for; its own criteria first, then AND, OR, NOT."""
        own: list[str] = []
        for name, value in (wanted or {}).items():
            if value is None or name in ("AND", "OR", "NOT"):
                continue
            if name in _RELATED:
                related = name.removesuffix("_filter")
                if name in _JOINED:
                    self.joined.append(f"{table}.id IN (SELECT scene_id FROM {_JOINED[name]})")
                own.append(_RELATED[name].format(t=table, w=self.sql(related, value)))
            elif name in _MEMBERS:
                own.append(self._member(table, name, value))
            else:
                own.append(self._criterion(f"{table}.{name}", value))
        sql = " AND ".join(own) or "1"
        for joint, word in (("AND", "AND"), ("OR", "OR"), ("NOT", "AND NOT")):
            if wanted and wanted.get(joint):
                sql = f"({sql}) {word} ({self.sql(table, wanted[joint])})"
        return sql

    def _criterion(self, column: str, criterion: Filter) -> str:
        modifier = criterion["modifier"]
        if modifier not in _COMPARE:
            raise GraphQLError(f"invalid modifier {modifier}")
        a, b = self._bound(criterion["value"]), self._bound(criterion.get("value2"))
        return _COMPARE[modifier].format(x=column, a=a, b=b)

    def _member(self, table: str, name: str, criterion: Filter) -> str:
        if criterion["modifier"] != "INCLUDES":
            raise GraphQLError(f"invalid modifier {criterion['modifier']}")
        ids = ", ".join(map(self._bound, map(int, criterion["value"])))
        return _MEMBERS[name].format(t=table, ids=ids)

    def _bound(self, value: object) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"


def order(table: str, columns: set[str], find: Filter, default: str | None) -> str:
    """ORDER BY and LIMIT for a FindFilterType; Stash refuses orders that it doesn't know."""
    sort = find.get("sort") or default
    sql = ""
    if sort and sort.startswith("random"):
        sql = f" ORDER BY {_by_chance(table, sort)}, {table}.id"
    elif sort:
        if sort not in _SORTS or sort not in columns:
            raise GraphQLError(f"invalid sort: {sort}")
        collation = " COLLATE NATURAL_CI" if sort in ("title", "name") else ""
        direction = find.get("direction") or "ASC"
        sql = f" ORDER BY {table}.{sort}{collation} {direction}, {table}.id"
    per_page = find.get("per_page")
    per_page = PER_PAGE if per_page is None else per_page
    if per_page < 0:
        return sql
    first = (max(find.get("page") or 1, 1) - 1) * per_page
    return f"{sql} LIMIT {per_page} OFFSET {first}"


def _by_chance(table: str, sort: str) -> str:
    """An order that follows from the seed after `random_`, as in Stash, or from none."""
    found = re.fullmatch(r"random(?:_([0-9]+))?", sort)
    if not found:
        raise GraphQLError(f"invalid random seed: {sort.removeprefix('random_')}")
    number = f"({table}.id + {int(found[1] or 0) % 10**8})"
    return f"({number} % 46337 * ({number} % 46337) * 52959 + {number} * 10474837) % 2147483647"
