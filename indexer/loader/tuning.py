"""Search behaviour on the server: prepared under a physical collection's name, switched after it.

So a swap that is refused, or a way back, changes nothing for people who search until it is done.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.events import Warned
from indexer.loader.presets import (
    Presets,
    drop_own_presets,
    list_presets,
    live_presets,
    own_presets,
    switch_presets,
    write_own_presets,
)
from indexer.loader.server import Typesense
from indexer.loader.synonyms import (
    Groups,
    drop_words,
    read_stop_words,
    read_synonyms,
    write_stop_words,
    write_synonyms,
)


@dataclass(frozen=True)
class Behaviour:
    """What belongs to one collection; `presets` by their short names."""

    presets: Presets
    synonyms: Groups
    stop_words: Sequence[str]


def prepare_behaviour(server: Typesense, collection: str, wanted: Behaviour) -> bool:
    """Put a collection's search behaviour on the server; return whether anything was changed.

    Nobody searches with its presets yet, unless they are switched to.
    """
    changed = write_synonyms(server, collection, wanted.synonyms)
    known = write_stop_words(server, collection, wanted.stop_words)
    if known is None and wanted.stop_words:
        server.emit(Warned(f"Typesense at {server.url} knows no stop words: it is older than v26."))
    presets = wanted.presets
    if known is not None and wanted.stop_words:
        presets = {name: with_stop_words(value, collection) for name, value in presets.items()}
    return write_own_presets(server, collection, presets) or changed or bool(known)


def switch_behaviour(
    server: Typesense, alias: str, collection: str, names: Collection[str] | None = None
) -> None:
    """Let people search with the presets of a collection that the alias now points at.

    `names` are those that it should have, where others may be left of an earlier day: none may be
    right. Where nobody says, a collection without any was built before there were any, and leaves
    things as they are.
    """
    own = own_presets(list_presets(server), collection)
    wanted = {name: value for name, value in own.items() if names is None or name in names}
    if (own or names is not None) and switch_presets(server, alias, collection, wanted):
        server.clear_cache()


def drop_behaviour(server: Typesense, collection: str) -> None:
    """Remove all that belongs to a collection that is about to go."""
    drop_own_presets(server, collection)
    drop_words(server, collection)


def read_behaviour(server: Typesense, alias: str, collection: str) -> Behaviour:
    """Return what people who search the alias get now; presets are those they search with."""
    presets = live_presets(list_presets(server), alias)
    return Behaviour(
        presets={name: without_stop_words(value) for name, value in presets.items()},
        synonyms=read_synonyms(server, collection),
        stop_words=read_stop_words(server, collection),
    )


def with_stop_words(preset: Mapping[str, Any], collection: str) -> dict[str, Any]:
    """Return a preset that leaves out a collection's stop words."""
    return {**preset, "stopwords": collection}


def without_stop_words(preset: Mapping[str, Any]) -> dict[str, Any]:
    """Return a preset as its file has it."""
    return {key: value for key, value in preset.items() if key != "stopwords"}
