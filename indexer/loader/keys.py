"""API keys of the server. Their values are known when they are made, and never again."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import orjson

from indexer.loader.answers import CONFLICT, NOT_FOUND, UNAUTHORIZED, Refused, unless_missing
from indexer.loader.server import Typesense

SEARCH = "documents:search"
_SHOWN = 4
"""Characters of a key's value that the server tells."""


@dataclass(frozen=True)
class Key:
    """One key: `collections` are names as searches use them, `start` its value's first 4 signs."""

    id: int
    description: str
    actions: Sequence[str]
    collections: Sequence[str]
    start: str

    def may_be(self, value: str) -> bool:
        """Say whether this may be the key of that value."""
        return self.start == value[:_SHOWN]


def list_keys(server: Typesense) -> list[Key]:
    """Return all keys but the one that the server was started with, oldest first."""
    answer = server.patiently("listing keys", lambda: server.ask("GET", "/keys"))
    if "keys" not in answer:
        raise server.unexpected("listed keys without `keys`")
    keys = [
        Key(
            id=int(each["id"]),
            description=each.get("description", ""),
            actions=each["actions"],
            collections=each["collections"],
            start=each.get("value_prefix", ""),
        )
        for each in answer["keys"]
    ]
    return sorted(keys, key=lambda key: key.id)


def may_search(server: Typesense, value: str, name: str) -> bool:
    """Say whether this value is a key that may search this name, be there such a collection or not.

    The server is asked with the value itself: what it tells of its keys proves nothing.
    """
    path = f"/collections/{quote(name, safe='')}/documents/search"
    asked = {"q": "*", "per_page": "0"}
    try:
        server.patiently(
            "trying a search key", lambda: server.request("GET", path, params=asked, key=value)
        )
    except Refused as refused:
        if refused.status not in {NOT_FOUND, UNAUTHORIZED}:
            raise
        return refused.status == NOT_FOUND
    return True


def create_search_key(
    server: Typesense, description: str, collections: Sequence[str], value: str
) -> bool:
    """Make a key of this value that may search these names and nothing else.

    A key is matched against the name in the URL: bound to an alias it outlives every swap.
    Returns False where a key has that value already.
    """
    body = {
        "description": description,
        "actions": [SEARCH],
        "collections": list(collections),
        "value": value,
    }
    content = orjson.dumps(body)
    try:
        server.patiently(
            "making a search key", lambda: server.request("POST", "/keys", content=content)
        )
    except Refused as refused:
        if refused.status != CONFLICT:
            raise
        return False
    return True


def delete_key(server: Typesense, number: int) -> bool:
    """Remove a key; return whether it was there."""
    answer = unless_missing(
        lambda: server.patiently(
            f"removing key {number}", lambda: server.request("DELETE", f"/keys/{number}")
        )
    )
    return answer is not None
