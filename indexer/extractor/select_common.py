"""What several kinds have alike, by SQL."""

from collections.abc import Callable
from typing import Any

import orjson

from indexer.extractor import canonical, expressions
from indexer.extractor.canonical import epoch
from indexer.extractor.columns import NEWEST, Tables
from indexer.extractor.expressions import list_of, ordered_list_of, rows_of, stored, text
from indexer.extractor.rows import EMPTY, Field, Fields, ids, names, plain
from indexer.records import StashId


def texts(columns: str) -> Fields:
    """Return fields that are plain text in columns of the same names."""
    return {name: plain(text(f"t.{name}")) for name in columns.split()}


def stamps() -> Fields:
    """Return when a thing was made and last changed."""
    return {name: Field((stored(f"t.{name}"),), epoch) for name in ("created_at", "updated_at")}


def dated(tables: Tables, table: str, column: str) -> Field:
    """Return a date; since v0.30 (schema 75) it may be known only to its month or year."""
    precise = tables.has(table, f"{column}_precision") or tables.schema >= NEWEST
    precision = f"t.{column}_precision" if precise else None
    return plain(expressions.date(f"t.{column}", precision))


def links(table: str, owner: str, other: str) -> Field:
    """Return the ids of what a thing is joined with."""
    return Field((list_of(other, f"{table} WHERE {owner} = t.id"),), ids)


def gathered(name: str, value: str, table: str, owner: str, read: Callable[[str], Any]) -> Field:
    """Return a list that a table holds without an index on its owner: one scan for a statement."""
    each = f"SELECT {owner} AS owner, json_group_array({value}) AS found FROM {table}"
    join = f" LEFT JOIN ({each} GROUP BY {owner}) AS {name} ON {name}.owner = t.id"
    return Field((f"coalesce({name}.found, '{EMPTY}')",), read, join)


def aliases(kind: str) -> Field:
    """Return a thing's other names."""
    return Field((list_of("alias", f"{kind}_aliases WHERE {kind}_id = t.id"),), names)


def urls(tables: Tables, kind: str, table: str) -> Field:
    """Return a thing's addresses: a list or, in older schemas, columns."""
    listing = f"{kind}_urls"
    if tables.has(listing):
        source = f"{listing} WHERE {kind}_id = t.id"
        return Field((ordered_list_of("url", source, "position"),), orjson.loads)
    known = ("url", "twitter", "instagram")
    columns = [name for name in known if tables.has(table, name)] or ["url"]  # which is refused
    return Field(
        tuple(f"t.{name}" for name in columns), lambda *found: canonical.urls(None, *found)
    )


def stash_ids(table: str, owner: str) -> Field:
    """Return what stash-boxes call a thing."""
    return Field((rows_of("endpoint, stash_id", f"{table} WHERE {owner} = t.id"),), read_stash_ids)


def read_stash_ids(found: str) -> list[StashId]:
    """Return what stash-boxes call a thing, of pairs as JSON."""
    if found == EMPTY:
        return []
    return canonical.stash_ids(
        StashId(endpoint=endpoint, stash_id=stash_id) for endpoint, stash_id in orjson.loads(found)
    )


def has_image(blob: str) -> Field:
    """Return whether there is a picture of its own."""
    return Field((f"t.{blob} IS NOT NULL",), bool)
