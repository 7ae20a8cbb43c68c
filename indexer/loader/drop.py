"""Drops a collection that is no longer needed; never one that an alias points at."""

from indexer.errors import TypesenseError
from indexer.loader.answers import unless_missing
from indexer.loader.catalog import list_aliases
from indexer.loader.names import belongs_to
from indexer.loader.server import Typesense


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
    unless_missing(lambda: server.admin_once(lambda client: client.collections[name].delete()))


def _kept(server: Typesense, name: str, reason: str) -> TypesenseError:
    return TypesenseError(
        f"Won't drop {name} from Typesense at {server.url}: {reason}.",
        "Look at `indexer status`; drop it by hand if it really is to go.",
    )
