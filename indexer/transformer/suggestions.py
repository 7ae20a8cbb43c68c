"""Suggestions: what anything is called, whatever its kind, small enough for every keystroke.

Scenes and markers are not among them: they are many, and a page asks for scenes beside.
A suggestion's number is its kind's code, then twelve digits of the thing's own id.
"""

from collections.abc import Mapping
from typing import Any

from indexer.records import Kind, SuggestionRecord
from indexer.transformer.converters import file_name

CODES: Mapping[Kind, int] = {"performer": 1, "studio": 2, "tag": 3, "group": 4, "gallery": 5}
"""Fixed for good, ascending: the kinds are read in this order."""

PER_KIND = 10**12

_NAMED = frozenset({"id", "name", "aliases", "has_image", "updated_at"})
PATHS: Mapping[Kind, frozenset[str]] = {
    "performer": _NAMED | {"disambiguation", "favorite"},
    "studio": _NAMED | {"favorite"},
    "tag": _NAMED | {"favorite"},
    "group": _NAMED,
    "gallery": frozenset({"id", "title", "basenames", "folder", "image_count", "updated_at"}),
}
"""What is asked of each kind."""


def number(kind: Kind, stash_id: int) -> int:
    """Return the number of a thing's suggestion."""
    return CODES[kind] * PER_KIND + stash_id


def stash_id(kind: Kind, number: int) -> int | None:
    """Return the thing's own id behind a suggestion's number; None if it is of another kind."""
    code, own = divmod(number, PER_KIND)
    return own if code == CODES[kind] else None


def suggestion(kind: Kind, record: Mapping[str, Any]) -> SuggestionRecord:
    """Return what can be suggested of a record."""
    aliases = record.get("aliases") or []
    return SuggestionRecord(
        id=number(kind, record["id"]),
        kind=kind,
        stash_id=record["id"],
        name=record["title"] if kind == "gallery" else record["name"],
        file_name=file_name(record["basenames"], record["folder"]) if kind == "gallery" else None,
        disambiguation=record.get("disambiguation"),
        aliases=[aliases] if isinstance(aliases, str) else aliases,  # a group's are one text
        favorite=record.get("favorite", False),
        has_image=record["image_count"] > 0 if kind == "gallery" else record["has_image"],
        updated_at=record["updated_at"],
    )
