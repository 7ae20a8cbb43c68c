"""Drops collections that are no longer needed; never one that an alias points at."""

from collections.abc import Set as AbstractSet

from indexer.errors import TypesenseError
from indexer.loader.answers import NOT_FOUND, Refused
from indexer.loader.catalog import Collection, list_aliases, list_collections
from indexer.loader.names import belongs_to
from indexer.loader.server import Typesense


def spare_collections(server: Typesense, alias: str) -> list[Collection]:
    """Return the alias's physical collections that no alias points at, newest first."""
    live = set(list_aliases(server).values())
    spare = [
        each
        for each in list_collections(server)
        if belongs_to(each.name, alias) and each.name not in live
    ]
    return sorted(spare, key=lambda each: each.name, reverse=True)


def prune(
    server: Typesense, alias: str, keep: int, protected: AbstractSet[str] = frozenset()
) -> list[str]:
    """Drop the alias's spare collections but for the `keep` newest; return what was dropped.

    The `protected` ones are neither dropped nor counted among those kept.
    """
    spare = [each.name for each in spare_collections(server, alias) if each.name not in protected]
    outdated = spare[keep:]
    for name in outdated:
        drop_collection(server, name, alias)
    return outdated


def drop_collection(server: Typesense, name: str, alias: str) -> None:
    """Drop one physical collection of this alias; done as well if it is gone already.

    Raises:
        TypesenseError: the name is no physical name of this alias, or an alias points at it.
    """
    if not belongs_to(name, alias):
        raise _kept(server, name, f"it is no collection made for the alias {alias}")
    server.patiently(f"dropping {name}", lambda: _drop(server, name))


def _drop(server: Typesense, name: str) -> None:
    users = [alias for alias, target in list_aliases(server).items() if target == name]
    if users:
        raise _kept(server, name, f"the alias {users[0]} points at it")
    try:
        server.admin_once(lambda client: client.collections[name].delete())
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise


def _kept(server: Typesense, name: str, reason: str) -> TypesenseError:
    return TypesenseError(
        f"Won't drop {name} from Typesense at {server.url}: {reason}.",
        "Look at `indexer status`; drop it by hand if it really is to go.",
    )
