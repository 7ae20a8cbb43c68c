"""What each physical collection is for, and which aliases a person holds.

An entry is written before its collection is created. It says what a run meant; what an alias
points at is live, whatever the entry says: standing() brings the two together.
Everything here is read as the server has it now: call settled() first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, TypeAlias

from indexer.loader.catalog import list_aliases, list_collections
from indexer.loader.names import belongs_to
from indexer.loader.server import Typesense
from indexer.loader.state import Shelf, change, exactly, find, pack, read, remove, unpack, write

State: TypeAlias = Literal["building", "refused", "live", "retired"]

COLLECTIONS = Shelf("indexer_collections", {"alias": "string", "state": "string", "run": "string"})


@dataclass(frozen=True)
class Entry:
    """One physical collection. Counts are in documents; `t0`, the run's start, in epoch seconds.

    `run` is the owner id of the run that builds it; `previous` what the alias pointed at when it
    was moved here; `coverage` in how many documents each facet field is set; `gates` what the
    gates saw where they refused it.
    """

    collection: str
    alias: str
    spec_hash: str
    state: State
    run: str
    t0: int
    previous: str | None = None
    documents: int | None = None
    source_count: int | None = None
    read: int | None = None
    refused: int | None = None
    coverage: Mapping[str, int] = field(default_factory=dict)
    gates: Sequence[Mapping[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """A collection that is there, and what it is by alias and entry; documents as counted now."""

    collection: str
    state: State
    documents: int
    entry: Entry | None


@dataclass(frozen=True)
class Hold:
    """An alias that a person keeps where it is: since when in epoch seconds, and why.

    `moved_from` is what it pointed at before: where it still does, the move is yet to come.
    """

    since: int
    reason: str
    moved_from: str | None = None


_ENTRY_NAMES = [each.name for each in fields(Entry)]
_HOLD_NAMES = [each.name for each in fields(Hold)]
_AS_TEXT = ("coverage", "gates")


def record(server: Typesense, entry: Entry) -> None:
    """Store an entry, in place of the one its collection has."""
    write(server, COLLECTIONS, pack(entry.collection, vars(entry), _AS_TEXT))


def set_state(server: Typesense, collection: str, state: State) -> bool:
    """Change an entry's state and nothing else; return whether the collection has one."""
    return change(server, COLLECTIONS, collection, state=state)


def entry(server: Typesense, collection: str) -> Entry | None:
    """Return one collection's entry."""
    document = read(server, COLLECTIONS, collection)
    return None if document is None else _entry(document)


def entries(server: Typesense, alias: str) -> list[Entry]:
    """Return an alias's entries, newest first, also those whose collection is gone."""
    found = [
        _entry(document)
        for document in find(server, COLLECTIONS, "alias", alias)
        if document["id"] != _alias_id(alias)
    ]
    return sorted(found, key=lambda each: each.collection, reverse=True)


def forget(server: Typesense, collection: str) -> None:
    """Remove a collection's entry; done as well where it has none."""
    remove(server, COLLECTIONS, exactly("id", collection))


def standing(server: Typesense, alias: str) -> list[Standing]:
    """Return the alias's collections that are there, newest first, each with what it is now.

    Live is what any alias points at. One that was live and is not any more is retired; so is one
    without an entry, as nothing that is being built lacks one.
    """
    known = {each.collection: each for each in entries(server, alias)}
    aliases = list_aliases(server)
    live = set(aliases.values())
    found = [
        Standing(
            each.name, _state(each.name, known, live), each.num_documents, known.get(each.name)
        )
        for each in list_collections(server)
        if belongs_to(each.name, alias) or each.name == aliases.get(alias)
    ]
    return sorted(found, key=lambda each: each.collection, reverse=True)


def hold_alias(
    server: Typesense, alias: str, reason: str, now: datetime, moved_from: str | None = None
) -> None:
    """Keep an alias where it is, until it is released; `now` carries its zone."""
    hold = Hold(int(now.timestamp()), reason, moved_from)
    write(server, COLLECTIONS, pack(_alias_id(alias), {"alias": alias, **vars(hold)}, ()))


def release_alias(server: Typesense, alias: str) -> bool:
    """Let an alias move again; return whether it was held."""
    return remove(server, COLLECTIONS, exactly("id", _alias_id(alias))) > 0


def held(server: Typesense, alias: str) -> Hold | None:
    """Return since when and why an alias is held; None if it is not."""
    document = read(server, COLLECTIONS, _alias_id(alias))
    return None if document is None else Hold(**unpack(document, _HOLD_NAMES, ()))


def _state(name: str, known: Mapping[str, Entry], live: set[str]) -> State:
    if name in live:
        return "live"
    if name not in known or known[name].state == "live":
        return "retired"
    return known[name].state


def _entry(document: Mapping[str, Any]) -> Entry:
    return Entry(**unpack(document, _ENTRY_NAMES, _AS_TEXT))


def _alias_id(alias: str) -> str:
    return f"alias:{alias}"
