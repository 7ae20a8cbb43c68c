"""Pieces that the kinds of catalogue.py are described with: columns and statements in SQL.

Statements run once for a whole batch; `:ids` is a JSON list of the ids of its objects.
"""

from tests.stash.dialect import Dialect
from tests.stash.objects import Links, Rows, Values
from tests.stash.values import date, text, time

BATCH = "(SELECT value FROM json_each(:ids))"
FILE_PATH = (
    "rtrim((SELECT path FROM folders WHERE folders.id = files.parent_folder_id), '/')"
    " || '/' || basename"
)


def many(table: str, owner: str, other: str, order: str = "1, 2") -> str:
    """Everything `other` that belongs to each owner."""
    return f'SELECT {owner}, {other} FROM "{table}" WHERE {owner} IN {BATCH} ORDER BY {order}'


def urls(table: str, owner: str) -> Values:
    """Addresses in their order."""
    return Values(many(table, owner, "url", "1, position"))


def first_url(table: str, owner: str, kind: str, like: str = "%") -> str:
    """The first address that looks like this, or null."""
    sql = f"SELECT url FROM {table} WHERE {owner} = {kind}.id AND url LIKE '{like}'"
    return f"({sql} ORDER BY position LIMIT 1)"


def stash_ids(dialect: Dialect, table: str, owner: str, order: str = "rowid") -> Rows:
    """What stash-boxes call an object."""
    updated = f", {time('updated_at')} AS updated_at" if dialect.has(69) else ""
    return Rows(
        f"SELECT {owner}, endpoint, stash_id{updated} FROM {table} "
        f"WHERE {owner} IN {BATCH} ORDER BY {order}"
    )


def tags(table: str, owner: str) -> Links:
    """An object's tags in Stash's order."""
    return Links(many(table, owner, "tag_id"), "Tag", by_sort_key=True)


def stamps() -> dict[str, str]:
    """When a row was made and last changed."""
    return {name: time(name) for name in ("created_at", "updated_at")}


def precise(dialect: Dialect, column: str = "date") -> str:
    """A date as far as it is known; before v0.30 all dates are whole."""
    return date(column, f"{column}_precision" if dialect.has(75) else None)


def texts(*names: str) -> dict[str, str]:
    """Columns that print "" when unset."""
    return {name: text(name) for name in names}


def plain(*names: str) -> dict[str, str]:
    """Columns that print as they are."""
    return {name: name for name in names}


def studio_of(table: str) -> str:
    """The studio of each row of a table."""
    return f'SELECT id, studio_id FROM "{table}" WHERE id IN {BATCH} AND studio_id IS NOT NULL'
