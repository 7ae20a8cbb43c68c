"""Changes to a library while somebody reads it: plain SQL, each in one short transaction.

None of them touches scenes.updated_at unless it says so: neither does Stash (docs/stash.md).
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.stash.tables import columns

NOW = "2030-01-01T00:00:00Z"
"""The time of every change; later than anything in a generated library."""

_OF_SCENES = (
    "scenes_files", "scenes_tags", "scenes_galleries", "scenes_view_dates", "scenes_o_dates",
    "scene_urls", "scene_stash_ids", "scene_markers", "performers_scenes", "groups_scenes",
    "movies_scenes",
)  # fmt: skip
_OF_PERFORMERS = (
    "performers_scenes", "performers_tags", "performers_galleries", "performer_aliases",
    "performer_urls", "performer_stash_ids", "performer_custom_fields",
)  # fmt: skip


def set_title(database: Path, scene: int, title: str | None) -> None:
    """Give a scene another title; updated_at becomes NOW."""
    with _writing(database) as connection:
        sql = "UPDATE scenes SET title = ?, updated_at = ? WHERE id = ?"
        connection.execute(sql, (title, NOW, scene))


def rewrite_scene(database: Path, scene: int, number: int) -> None:
    """Give a scene the code `number`, a title and one tag that go with it, all at once."""
    with _writing(database) as connection:
        sql = "UPDATE scenes SET code = ?, title = ? WHERE id = ?"
        connection.execute(sql, (str(number), f"edit {number}", scene))
        _delete_where(connection, "scenes_tags", "scene_id", scene)
        _insert(connection, "scenes_tags", {"scene_id": scene, "tag_id": number + 1})


def set_studio(database: Path, scene: int, studio: int | None) -> None:
    """Give a scene a studio, which need not exist: foreign keys are not checked."""
    with _writing(database) as connection:
        connection.execute("UPDATE scenes SET studio_id = ? WHERE id = ?", (studio, scene))


def add_scene(
    database: Path,
    scene: int | None = None,
    *,
    title: str | None = None,
    tags: Sequence[int] = (),
    performers: Sequence[int] = (),
    **other: object,
) -> int:
    """Add a scene without files; its id (the next one unless given). `other` are columns."""
    row = {
        "title": title, "organized": 0, "resume_time": 0, "play_duration": 0,
        "created_at": NOW, "updated_at": NOW, **other,
    }  # fmt: skip
    with _writing(database) as connection:
        key = _insert(connection, "scenes", row if scene is None else {"id": scene, **row})
        for tag in tags:
            _insert(connection, "scenes_tags", {"scene_id": key, "tag_id": tag})
        for performer in performers:
            link = {"scene_id": key, "performer_id": performer}
            _insert(connection, "performers_scenes", link)
    return key


def delete_scene(database: Path, scene: int) -> None:
    """Remove a scene and all that hangs on it; its files' rows stay, without scene."""
    with _writing(database) as connection:
        _delete(connection, "scenes", scene, "scene_id", _OF_SCENES)


def add_performer(database: Path, name: str, performer: int | None = None, **other: object) -> int:
    """Add a performer; its id (the next one unless given). `other` are columns."""
    row = {
        "name": name, "favorite": 0, "ignore_auto_tag": 0,
        "created_at": NOW, "updated_at": NOW, **other,
    }  # fmt: skip
    with _writing(database) as connection:
        given = {} if performer is None else {"id": performer}
        return _insert(connection, "performers", {**given, **row})


def delete_performer(database: Path, performer: int) -> None:
    """Remove a performer from the library and from its scenes."""
    with _writing(database) as connection:
        _delete(connection, "performers", performer, "performer_id", _OF_PERFORMERS)


def rename_performer(database: Path, performer: int, name: str) -> None:
    """Give a performer another name."""
    _rename(database, "performers", performer, name)


def rename_tag(database: Path, tag: int, name: str) -> None:
    """Give a tag another name."""
    _rename(database, "tags", tag, name)


def rename_studio(database: Path, studio: int, name: str) -> None:
    """Give a studio another name."""
    _rename(database, "studios", studio, name)


def add_tag(database: Path, name: str, tag: int | None = None) -> int:
    """Add a tag; its id (the next one unless given)."""
    row = {
        "name": name, "ignore_auto_tag": 0, "favorite": 0, "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    with _writing(database) as connection:
        return _insert(connection, "tags", row if tag is None else {"id": tag, **row})


def tag_scene(database: Path, scene: int, tag: int) -> None:
    """Put a tag, which need not exist, on a scene."""
    with _writing(database) as connection:
        _insert(connection, "scenes_tags", {"scene_id": scene, "tag_id": tag})


def nest_tag(database: Path, parent: int, child: int) -> None:
    """Put a tag below another, which may already be below it."""
    with _writing(database) as connection:
        _insert(connection, "tags_relations", {"parent_id": parent, "child_id": child})


def merge_tags(database: Path, source: int, into: int) -> None:
    """Move a tag's scenes and markers to another, as tagsMerge does: no time changes."""
    with _writing(database) as connection:
        for table in ("scenes_tags", "scene_markers_tags"):
            move = f"UPDATE OR IGNORE {table} SET tag_id = ? WHERE tag_id = ?"
            connection.execute(move, (into, source))
        move = "UPDATE scene_markers SET primary_tag_id = ? WHERE primary_tag_id = ?"
        connection.execute(move, (into, source))
        for column in ("parent_id", "child_id"):
            _delete_where(connection, "tags_relations", column, source)
        tables = ("scenes_tags", "tag_aliases", "performers_tags", "scene_markers_tags")
        _delete(connection, "tags", source, "tag_id", tables)


def play(database: Path, scene: int, when: str = NOW) -> None:
    """Watch a scene once."""
    with _writing(database) as connection:
        if columns(connection, "scenes_view_dates"):
            _insert(connection, "scenes_view_dates", {"scene_id": scene, "view_date": when})
        else:
            sql = "UPDATE scenes SET play_count = play_count + 1, last_played_at = ? WHERE id = ?"
            connection.execute(sql, (when, scene))


@contextmanager
def write_lock(database: Path, *, exclusively: bool = False) -> Iterator[None]:
    """Hold the write lock, as another program would; or, without a log, readers out as well."""
    with _writing(database, "EXCLUSIVE" if exclusively else "IMMEDIATE"):
        yield


@contextmanager
def _writing(database: Path, lock: str = "IMMEDIATE") -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(database, timeout=5, isolation_level=None)
    try:
        connection.execute(f"BEGIN {lock}")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


def _insert(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int:
    known = columns(connection, table)
    kept = {name: value for name, value in row.items() if name in known}
    names, values = ", ".join(kept), ", ".join("?" * len(kept))
    sql = f"INSERT INTO {table} ({names}) VALUES ({values})"
    return connection.execute(sql, tuple(kept.values())).lastrowid or 0


def _rename(database: Path, table: str, key: int, name: str) -> None:
    with _writing(database) as connection:
        sql = f"UPDATE {table} SET name = ?, updated_at = ? WHERE id = ?"
        connection.execute(sql, (name, NOW, key))


def _delete(
    connection: sqlite3.Connection, table: str, key: int, column: str, dependent: Sequence[str]
) -> None:
    for other in dependent:
        if columns(connection, other):
            _delete_where(connection, other, column, key)
    _delete_where(connection, table, "id", key)


def _delete_where(connection: sqlite3.Connection, table: str, column: str, value: int) -> None:
    connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (value,))
