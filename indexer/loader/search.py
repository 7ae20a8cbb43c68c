"""Searches a collection, as people do."""

from collections.abc import Mapping
from typing import Any

from indexer.loader.server import Typesense


def search(server: Typesense, name: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return the server's answer to one search of a collection or alias.

    Raises:
        TypesenseError: there is no such collection, or a parameter names no field.
    """
    path = f"/collections/{name}/documents/search"
    return server.patiently(f"searching {name}", lambda: server.ask("GET", path, parameters))
