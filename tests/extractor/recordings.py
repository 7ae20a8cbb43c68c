"""The recordings of real Stashes: schemas of eight versions, databases of three."""

import json
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from graphql import GraphQLSchema, build_client_schema, graphql_sync
from typing_extensions import is_typeddict

from indexer.extractor import introspection
from indexer.extractor.introspection import Schema
from indexer.records import RECORD_TYPES, Kind
from tests.contract.recordings import RECORDINGS

VERSIONS = (
    "v0.22.1", "v0.24.3", "v0.25.0", "v0.26.2", "v0.27.2", "v0.28.1", "v0.29.3", "v0.30.1",
)  # fmt: skip
WITH_LIBRARY = ("v0.25.0", "v0.28.1", "v0.30.1")


@cache
def graphql_schema(version: str) -> GraphQLSchema:
    """The schema of a version as graphql-core has it, to validate queries with."""
    recorded = json.loads((RECORDINGS / version / "introspection.json").read_text("utf-8"))
    recorded = recorded.get("data", recorded)
    # Stash announces @defer, which graphql-core executes only where told to; nobody here uses it.
    recorded["__schema"]["directives"] = []
    return build_client_schema(recorded)


@cache
def schema(version: str) -> Schema:
    """The schema of a version as the extractor knows it: from the answer to its own question."""
    answer = graphql_sync(
        graphql_schema(version), introspection.QUERY, root_value=_Version(version)
    )
    assert not answer.errors
    body = json.dumps({"data": answer.data}).encode()
    data = introspection.ANSWER.validate_json(body).get("data")
    assert data is not None
    return introspection.schema_of(data)


class _Version:
    def __init__(self, version: str) -> None:
        self.version = {"version": version}


def paths(kind: Kind) -> frozenset[str]:
    """Every record path of a kind, lists of things with and without their fields."""
    return frozenset(_paths(RECORD_TYPES[kind], ""))


def _paths(record: type, prefix: str) -> list[str]:
    found = []
    for name, hint in get_type_hints(record).items():
        found.append(prefix + name)
        item: Any = get_args(hint)[0] if get_origin(hint) is list else hint
        if is_typeddict(item):
            found += _paths(item, f"{prefix}{name}.")
    return found
