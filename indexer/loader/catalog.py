"""What is on the server: collections and the aliases that point at them. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexer.loader.answers import unless_missing
from indexer.loader.server import Typesense


@dataclass(frozen=True)
class Collection:
    """One physical collection. `created_at` is in epoch seconds, `fields` as the server has it."""

    name: str
    num_documents: int
    created_at: int
    fields: tuple[Mapping[str, Any], ...]


def collection(server: Typesense, name: str) -> Collection | None:
    """Return the collection of exactly this name; None also where the name is an alias."""
    answer = unless_missing(
        lambda: server.admin(
            f"looking at {name}", lambda client: client.collections[name].retrieve()
        )
    )
    if answer is None:
        return None
    found = _collection(server, answer)
    # Asked by an alias, Typesense answers with the collection behind it.
    return found if found.name == name else None


def count_documents(server: Typesense, name: str) -> int:
    """Return how many documents a collection has; 0 if it isn't there."""
    found = collection(server, name)
    return found.num_documents if found else 0


def list_collections(server: Typesense) -> list[Collection]:
    """Return all collections that the key may see, in no particular order."""
    answer = server.admin("listing collections", lambda client: client.collections.retrieve())
    return [_collection(server, entry) for entry in answer]


def list_aliases(server: Typesense) -> dict[str, str]:
    """Return all aliases and the collection that each points at, there or not."""
    answer = server.admin("listing aliases", lambda client: client.aliases.retrieve())
    return {alias["name"]: alias["collection_name"] for alias in answer["aliases"]}


def resolve(server: Typesense, alias: str) -> str | None:
    """Return what an alias points at, there or not; None if there is no such alias."""
    answer = unless_missing(
        lambda: server.admin(
            f"looking at alias {alias}", lambda client: client.aliases[alias].retrieve()
        )
    )
    return None if answer is None else server.member(answer, "collection_name")


def _collection(server: Typesense, answer: object) -> Collection:
    if not isinstance(answer, Mapping):
        raise server.unexpected("described a collection by what is not an object")
    return Collection(
        name=server.member(answer, "name"),
        num_documents=int(server.member(answer, "num_documents")),
        created_at=int(server.member(answer, "created_at")),
        fields=tuple(answer.get("fields", ())),
    )
