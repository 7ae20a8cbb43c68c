"""Presets: named sets of search parameters, of the whole server.

Each belongs to one physical collection as `<collection>--<preset>`; searchers name those of what is
live, `<alias>_<preset>`.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

import orjson

from indexer.loader.answers import unless_missing
from indexer.loader.names import belongs_to
from indexer.loader.server import Typesense

Presets: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Search parameters, by the preset's name."""

_OF = "--"


def list_presets(server: Typesense) -> Presets:
    """Return all presets of the server; 0.24.1 answers 404 where a single one is asked for."""
    answer = server.patiently("listing presets", lambda: server.ask("GET", "/presets"))
    if "presets" not in answer:
        raise server.unexpected("listed presets without `presets`")
    return {each["name"]: each["value"] for each in answer["presets"]}


def own_presets(every: Presets, collection: str) -> Presets:
    """Return the presets that were made for a physical collection, by their short names."""
    start = _own_start(collection)
    return {
        name.removeprefix(start): value for name, value in every.items() if name.startswith(start)
    }


def live_presets(every: Presets, alias: str) -> Presets:
    """Return the presets that people search an alias with, by their short names.

    Only names that one of the alias's collections has too: other people make presets as well.
    """
    known = {
        preset
        for collection, found, preset in (name.rpartition(_OF) for name in every)
        if found and belongs_to(collection, alias)
    }
    return {name: every[live] for name in known if (live := live_name(alias, name)) in every}


def live_name(alias: str, preset: str) -> str:
    """Return the name that people search with."""
    return f"{alias}_{preset}"


def write_own_presets(server: Typesense, collection: str, wanted: Presets) -> bool:
    """Write a physical collection's presets; return whether anything was changed.

    One that isn't wanted any more stays until searchers are switched: it tells that theirs is ours.
    """
    return _write(
        server, _own_start(collection), wanted, own_presets(list_presets(server), collection)
    )


def switch_presets(server: Typesense, alias: str, collection: str, wanted: Presets) -> bool:
    """Make the presets that people search with these of a collection; say if any changed."""
    every = list_presets(server)
    there = live_presets(every, alias)
    changed = _write(server, live_name(alias, ""), wanted, there)
    gone = _remove_others(server, live_name(alias, ""), wanted, there)
    _remove_others(server, _own_start(collection), wanted, own_presets(every, collection))
    return changed or gone


def drop_own_presets(server: Typesense, collection: str) -> None:
    """Remove a physical collection's presets; done as well where it has none."""
    there = own_presets(list_presets(server), collection)
    _remove_others(server, _own_start(collection), {}, there)


def _own_start(collection: str) -> str:
    return f"{collection}{_OF}"


def _write(server: Typesense, start: str, wanted: Presets, there: Presets) -> bool:
    different = [name for name, value in wanted.items() if there.get(name) != value]
    for name in different:
        _put(server, f"{start}{name}", wanted[name])
    return bool(different)


def _remove_others(server: Typesense, start: str, wanted: Presets, there: Presets) -> bool:
    needless = [name for name in there if name not in wanted]
    for name in needless:
        _delete(server, f"{start}{name}")
    return bool(needless)


def _put(server: Typesense, name: str, value: Mapping[str, Any]) -> None:
    body = orjson.dumps({"value": value})
    server.patiently(
        f"writing the preset {name}", lambda: server.request("PUT", _path(name), content=body)
    )


def _delete(server: Typesense, name: str) -> None:
    unless_missing(
        lambda: server.patiently(
            f"removing the preset {name}", lambda: server.request("DELETE", _path(name))
        )
    )


def _path(name: str) -> str:
    return f"/presets/{quote(name, safe='')}"
