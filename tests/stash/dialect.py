"""Which GraphQL schema, tables and manners a Stash has whose database is at a schema version."""

import sqlite3
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graphql import (
    REMOVE,
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    Node,
    Visitor,
    build_ast_schema,
    parse,
    print_ast,
    visit,
)
from graphql.language.visitor import VisitorActionEnum

SCHEMAS = (48, 52, 54, 55, 58, 67, 68, 72, 75)
"""The database schemas of v0.22, v0.23, v0.24, v0.25, v0.26, v0.27.0, v0.27.1, v0.28/29, v0.30."""

_SDL = Path(__file__).with_name("schema.graphql")
_LONG_INT = GraphQLScalarType("Int64", serialize=int)
_LONG_INT.name = "Int"
_MARKS = ("since", "until")


@dataclass(frozen=True)
class Dialect:
    """One release's way of speaking, known by its database schema."""

    schema: int

    @property
    def groups(self) -> str:
        """The table of groups; they were movies before v0.27."""
        return "groups" if self.schema >= 65 else "movies"

    @property
    def group(self) -> str:
        """What a group is called in column names, paths and messages."""
        return self.groups.removesuffix("s")

    @property
    def graphql(self) -> GraphQLSchema:
        """The GraphQL schema of this release, as far as the stand-in knows it."""
        return _graphql(self.schema)

    def has(self, schema: int) -> bool:
        """Whether this release has what came with that database schema."""
        return self.schema >= schema


def database_schema(connection: sqlite3.Connection) -> int:
    """The version in a database's schema_migrations."""
    (version,) = connection.execute("SELECT version FROM schema_migrations").fetchone()
    return int(version)


class _Release(Visitor):
    """Leaves out every definition whose @since or @until excludes the release, and the marks."""

    def __init__(self, schema: int) -> None:
        super().__init__()
        self.schema = schema

    def enter(self, node: Node, *_: object) -> VisitorActionEnum | None:
        if isinstance(node, DirectiveDefinitionNode):
            return REMOVE if node.name.value in _MARKS else None
        marks = {
            mark.name.value: _version(mark)
            for mark in getattr(node, "directives", None) or ()
            if mark.name.value in _MARKS
        }
        first, last = marks.get("since", 0), marks.get("until", self.schema)
        return None if first <= self.schema <= last else REMOVE

    def leave_directive(self, node: ConstDirectiveNode, *_: object) -> VisitorActionEnum | None:
        return REMOVE if node.name.value in _MARKS else None


def _version(mark: ConstDirectiveNode) -> int:
    (argument,) = mark.arguments or ()
    return int(print_ast(argument.value))


@cache
def _graphql(schema: int) -> GraphQLSchema:
    document = visit(parse(_SDL.read_text(encoding="utf-8")), _Release(schema))
    built = build_ast_schema(document)
    for kind in built.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for field in kind.fields.values():
                field.type = _with_long_int(field.type)
    return built


def _with_long_int(kind: GraphQLOutputType) -> GraphQLOutputType:
    """The same type, but Int of 64 bits as gqlgen has it: bit rates pass 2^31."""
    if kind is GraphQLInt:
        return _LONG_INT
    if isinstance(kind, GraphQLNonNull) and kind.of_type is GraphQLInt:
        return GraphQLNonNull(_LONG_INT)
    return kind
