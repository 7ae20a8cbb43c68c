"""From the text of a GraphQL request to its answer: parsed, validated, executed."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

from tests.stash import resolvers
from tests.stash.catalogue import catalogue
from tests.stash.dialect import Dialect, database_schema
from tests.stash.objects import Row, Shelf
from tests.stash.resolvers import Library
from tests.stash.sql import UnsupportedValueError, exec_sql, query_sql
from tests.stash.values import connect

Answer = tuple[int, dict[str, Any]]
"""HTTP status and JSON body."""


@dataclass(frozen=True)
class Request:
    """A GraphQL request and what the server knows when it comes in."""

    query: str
    variables: Mapping[str, Any]
    operation_name: str | None
    only_queries: bool
    base: str


@dataclass(frozen=True)
class Stash:
    """How the Stash is set up: what stays the same from request to request."""

    database: Path
    dialect: Dialect
    api_key: str | None
    version: str
    backup: Callable[[], str]


def answer(stash: Stash, request: Request, status: str | None, poisoned: frozenset[int]) -> Answer:
    """Execute a request. `status` overrides what the database says (OK, NEEDS_MIGRATION)."""
    schema = stash.dialect.graphql
    document, errors = _checked(stash.dialect, request.query)
    if document is None or errors:
        return 422, {"errors": errors, "data": None}
    operation = get_operation_ast(document, request.operation_name)
    if operation is None:
        return 422, _failure("no operation found", "GRAPHQL_VALIDATION_FAILED")
    if request.only_queries and operation.operation is not OperationType.QUERY:
        return 406, _failure("GET requests only allow query operations")
    problems = _variable_problems(schema, operation, request.variables)
    if problems:
        return 422, {"errors": problems, "data": None}
    with closing(connect(stash.database)) as connection:
        library = _library(stash, connection, request.base, status, poisoned)
        result = execute_sync(
            schema,
            document,
            root_value=_roots(stash, request.base),
            context_value=library,
            variable_values=dict(request.variables),
            operation_name=request.operation_name,
        )
    errors = [_located(error) for error in result.errors or ()]
    unsupported = next((e for e in result.errors or () if _unsupported(e)), None)
    if unsupported:
        return 422, _failure(
            f"Internal system error. Error <json: unsupported value: {unsupported.original_error}>"
        )
    return 200, {"errors": errors, "data": result.data} if errors else {"data": result.data}


def _library(
    stash: Stash,
    connection: sqlite3.Connection,
    base: str,
    status: str | None,
    poisoned: frozenset[int],
) -> Library:
    held = database_schema(connection)
    parameters = {"base": base, "key": stash.api_key or ""}
    connection.execute("BEGIN")
    return Library(
        Shelf(connection, catalogue(stash.dialect), parameters),
        stash.dialect,
        held,
        status or ("OK" if held == stash.dialect.schema else "NEEDS_MIGRATION"),
        stash.version,
        poisoned,
    )


def _roots(stash: Stash, base: str) -> dict[str, Any]:
    """The resolvers of the root fields, as graphql-core's default resolver calls them."""

    def guarded(run: Callable[..., Any]) -> Callable[..., Any]:
        def resolve(info: GraphQLResolveInfo[Library], **arguments: object) -> object:
            info.context.check()
            return run(**arguments)

        return resolve

    def query_rows(sql: str, args: list[Any] | None = None) -> Row:
        return query_sql(stash.database, sql, args or ())

    def execute_rows(sql: str, args: list[Any] | None = None) -> Row:
        return dict(exec_sql(stash.database, sql, args or ()))

    def backup(input: dict[str, Any]) -> str | None:  # noqa: A002 - Stash's name
        path = stash.backup()
        return base + path if input.get("download") else None

    return {
        **resolvers.ROOTS,
        "querySQL": guarded(query_rows),
        "execSQL": guarded(execute_rows),
        "backupDatabase": guarded(backup),
    }


@lru_cache(maxsize=1000)
def _checked(dialect: Dialect, query: str) -> tuple[DocumentNode | None, list[dict[str, Any]]]:
    try:
        document = parse(query)
    except GraphQLError as error:
        return None, [_located(error, "GRAPHQL_PARSE_FAILED")]
    problems = validate(dialect.graphql, document)
    return document, [_located(problem, "GRAPHQL_VALIDATION_FAILED") for problem in problems]


def _variable_problems(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> list[dict[str, Any]]:
    problems = []
    for definition in operation.variable_definitions or ():
        found = get_variable_values(schema, (definition,), dict(variables))
        if isinstance(found, list):
            problems.append(
                {
                    "message": found[0].message,
                    "path": ["variable", definition.variable.name.value],
                    "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
                }
            )
    return problems


def _located(error: GraphQLError, code: str | None = None) -> dict[str, Any]:
    """An error as gqlgen prints it: with places where code is given, else with its path."""
    printed: dict[str, Any] = {"message": error.message}
    if code:
        printed["message"] = error.message.replace("'", '"')
        places = error.locations or []
        printed["locations"] = [{"line": p.line, "column": p.column} for p in places]
        printed["extensions"] = {"code": code}
    if error.path:
        printed["path"] = error.path
    return printed


def _unsupported(error: GraphQLError) -> bool:
    return isinstance(error.original_error, UnsupportedValueError)


def _failure(message: str, code: str | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"message": message}
    if code:
        error["extensions"] = {"code": code}
    return {"errors": [error], "data": None}
