"""Moves an alias: the one moment of a run that people who search notice."""

from collections.abc import Callable

from indexer.errors import AliasMoved, NameTaken, TypesenseError
from indexer.events import Warned
from indexer.loader.catalog import collection, resolve
from indexer.loader.server import Typesense
from indexer.loader.settling import settled


def check_name_free(server: Typesense, alias: str) -> None:
    """Make sure that no real collection has the alias's name: it would hide the alias.

    Raises:
        NameTaken: one has.
    """
    if collection(server, alias) is not None:
        raise NameTaken(
            f"Typesense at {server.url} has a collection {alias}, so no alias can have that name.",
            f"Remove or rename the collection {alias} if nothing needs it, or choose other alias "
            "names with INDEXER_ALIAS_PREFIX.",
        )


def swap(
    server: Typesense,
    alias: str,
    target: str,
    expected: str | None,
    still_ours: Callable[[], None] = lambda: None,
) -> None:
    """Point `alias` at `target` and read it back; `expected` is where it pointed at launch.

    Everything is looked at again right before the move, and each time the move is tried again;
    `still_ours` comes last and raises where the lock on the alias is lost.
    After it the server's cache is cleared; where that fails there is a warning, no more.

    Raises:
        LockHeld: as `still_ours` raises it.
        AliasMoved: somebody else moved the alias meanwhile; it stays as they left it.
        NameTaken: a real collection got the alias's name meanwhile.
        TypesenseError: the target is gone or not settled, or Typesense fails.
    """
    server.patiently(
        f"moving alias {alias}", lambda: _move(server, alias, target, expected, still_ours)
    )
    read_back(server, alias, target)
    try:
        server.clear_cache()
    except TypesenseError as error:
        server.emit(Warned(f"Cached answers of the old {alias} may live on: {error.message}"))


def read_back(server: Typesense, alias: str, target: str) -> None:
    """Make sure that an alias points where it should. Raises AliasMoved."""
    seen = resolve(server, alias)
    if seen != target:
        raise _moved(server, alias, seen, target)


def _move(
    server: Typesense,
    alias: str,
    target: str,
    expected: str | None,
    still_ours: Callable[[], None],
) -> None:
    settled(server, target)
    check_name_free(server, alias)
    seen = resolve(server, alias)
    if seen == target:  # a try before this one got through and its answer was lost
        return
    if seen != expected:
        raise _moved(server, alias, seen, expected)
    still_ours()
    server.admin_once(lambda client: client.aliases.upsert(alias, {"collection_name": target}))


def _moved(server: Typesense, alias: str, seen: str | None, meant: str | None) -> AliasMoved:
    return AliasMoved(
        f"Alias {alias} of Typesense at {server.url} points at {seen or 'nothing'}, not at "
        f"{meant or 'nothing'}: somebody else moved it. It was left as it is.",
        "See that only one run works on this alias, then run again.",
    )
