"""Leaves of a whole record what was asked for, as if nothing else had been read."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from indexer.extractor.rows import unset
from indexer.extractor.ways import WAYS
from indexer.records import RECORD_TYPES, GroupMembership, Kind, Record, SceneMarker, VideoFile

_Part: TypeAlias = tuple[type, frozenset[str]]

_PARTS: Mapping[str, _Part] = {
    "files": (VideoFile, frozenset({"id"})),
    "markers": (SceneMarker, frozenset({"id", "seconds"})),
    "groups": (GroupMembership, frozenset({"group"})),
}
"""Things inside a scene, and those of their fields that come along unasked; other lists of things
(stash_ids, captions, custom fields) come whole."""


def narrowing(kind: Kind, paths: frozenset[str]) -> Callable[[Record], Record]:
    """Return what leaves of a record of a kind the id and these paths."""
    if paths >= WAYS[kind].keys():
        return lambda record: record
    blank = unset(RECORD_TYPES[kind])
    heads = {"id", *(path.partition(".")[0] for path in paths)}
    names = [name for name in blank if name in heads]
    parts = [(name, _part(name, paths)) for name in names if name in _PARTS and kind == "scene"]

    def narrow(record: Record) -> Record:
        whole = cast("dict[str, Any]", record)
        kept = {name: [] if value == [] else value for name, value in blank.items()}
        kept.update((name, whole[name]) for name in names)
        for name, narrow_part in parts:
            kept[name] = [narrow_part(thing) for thing in whole[name]]
        return cast("Record", kept)

    return narrow


def _part(name: str, paths: frozenset[str]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return what leaves of a thing inside a scene what was asked for."""
    type_, always = _PARTS[name]
    blank = unset(type_)
    kept = [key for key in blank if key in always or f"{name}.{key}" in paths]

    def narrow(thing: Mapping[str, Any]) -> dict[str, Any]:
        left = {key: [] if value == [] else value for key, value in blank.items()}
        left.update((key, thing[key]) for key in kept)
        return left

    return narrow
