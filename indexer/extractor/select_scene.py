"""Scenes by SQL: the columns of each field, and what becomes of their values.

The table itself is `t`; every other one is gathered as JSON by a subquery, one row a scene.
"""

from collections.abc import Mapping
from typing import Any, cast

import orjson

from indexer.extractor import canonical
from indexer.extractor.canonical import epoch
from indexer.extractor.columns import Tables
from indexer.extractor.expressions import (
    codec,
    list_of,
    nested,
    objects_of,
    positive,
    real,
    real_as_text,
    rows_of,
    stored,
    text,
    whole,
)
from indexer.extractor.history import O_DATES, VIEWS, Dates
from indexer.extractor.rows import BEFOREHAND, EMPTY, Field, Fields, number, plain, unset
from indexer.extractor.select_common import (
    dated,
    links,
    stamps,
    stash_ids,
    texts,
    urls,
)
from indexer.records import Caption, SceneMarker, VideoFile

_PRIMARY_FILE = (
    ' LEFT JOIN scenes_files AS pl ON pl.scene_id = t.id AND pl."primary" = 1'
    " LEFT JOIN video_files AS pv ON pv.file_id = pl.file_id"
)
"""A unique index lets a scene have one such file at most."""
_FILES = (
    "scenes_files AS l JOIN files AS f ON f.id = l.file_id "
    "JOIN video_files AS v ON v.file_id = l.file_id "
    "LEFT JOIN folders AS o ON o.id = f.parent_folder_id WHERE l.scene_id = t.id"
)

_FOLDER = "rtrim(o.path, '/\\')"


def _fingerprints(type_: str) -> str:
    """The fingerprints of a file; a phash is stored with a sign, printed without."""
    value = "CASE typeof(p.fingerprint) WHEN 'integer' THEN printf('%x', p.fingerprint) "
    source = f"files_fingerprints AS p WHERE p.file_id = l.file_id AND p.type = '{type_}'"
    return nested(list_of(f"{value} ELSE p.fingerprint||'' END", source))


_FILE: Mapping[str, str] = {
    "id": "l.file_id",
    "folder": f"coalesce(nullif({_FOLDER}, ''), substr(o.path, 1, 1), '')",
    "basename": "f.basename",
    "size": positive("f.size"),
    "mod_time": stored("f.mod_time"),
    "format": codec("v.format"),
    "width": positive("v.width"),
    "height": positive("v.height"),
    "duration": real_as_text(positive("v.duration")),
    "video_codec": codec("v.video_codec"),
    "audio_codec": codec("v.audio_codec"),
    "frame_rate": real_as_text(positive("v.frame_rate")),
    "bit_rate": positive("v.bit_rate"),
    "oshashes": _fingerprints("oshash"),
    "md5s": _fingerprints("md5"),
    "phashes": _fingerprints("phash"),
}
_MARKER: Mapping[str, str] = {
    "id": "m.id",
    "title": text("m.title"),
    "seconds": real_as_text("m.seconds"),
    "primary_tag": "m.primary_tag_id",
    "tags": nested(list_of("g.tag_id", "scene_markers_tags AS g WHERE g.scene_marker_id = m.id")),
}


def scene(tables: Tables, asked: frozenset[str]) -> Fields:
    """Return the fields of a scene; its groups are read once for all scenes."""
    return {
        **texts("title code details director"),
        "urls": urls(tables, "scene", "scenes"),
        "date": dated(tables, "scenes", "date"),
        "rating": plain("t.rating"),
        "organized": Field((whole("t.organized"),), bool),
        "interactive": Field((whole("pv.interactive"),), bool, _PRIMARY_FILE),
        "interactive_speed": plain("pv.interactive_speed", _PRIMARY_FILE),
        **stamps(),
        **_history(tables),
        "resume_time": Field((real("t.resume_time"),), number),
        "play_duration": Field((real("t.play_duration"),), number),
        "studio": plain("t.studio_id"),
        "tags": links("scenes_tags", "scene_id", "tag_id"),
        "performers": links("performers_scenes", "scene_id", "performer_id"),
        "galleries": links("scenes_galleries", "scene_id", "gallery_id"),
        "markers": _markers(asked),
        "stash_ids": stash_ids("scene_stash_ids", "scene_id"),
        "files": _files(asked),
        "captions": _captions(),
    }


def _history(tables: Tables) -> Fields:
    """Return how often and when it was played: columns before v0.25, then rows."""
    if not tables.has("scenes_view_dates"):
        return {
            "last_played_at": Field((stored("t.last_played_at"),), epoch),
            "play_count": plain("coalesce(t.play_count, 0)"),
            "o_counter": plain("coalesce(t.o_counter, 0)"),
        }
    return {**_dates(tables, VIEWS), **_dates(tables, O_DATES)}


def _dates(tables: Tables, dates: Dates) -> Fields:
    if tables.scanned(dates.table, "scene_id"):
        return dict.fromkeys((dates.last, dates.number), BEFOREHAND)
    source = f"FROM {dates.table} WHERE scene_id = t.id)"
    return {
        dates.last: Field((f"(SELECT max({dates.column}) {source}",), epoch),
        dates.number: plain(f"(SELECT count(*) {source}"),
    }


def _captions() -> Field:
    source = "video_captions WHERE file_id = pl.file_id"

    def read(captions: str) -> list[Caption]:
        if captions == EMPTY:
            return []
        return canonical.captions(
            Caption(language=language, type=type_) for language, type_ in orjson.loads(captions)
        )

    return Field((rows_of("language_code, caption_type", source),), read, _PRIMARY_FILE)


def _files(asked: frozenset[str]) -> Field:
    """Return the files with those of their fields that are asked for."""
    columns = _part(VideoFile, "files", _FILE, asked | {"files.id"})
    lists = [name for name in ("oshashes", "md5s", "phashes") if f"files.{name}" in asked]

    def read(text: str) -> list[VideoFile]:
        files: list[dict[str, Any]] = orjson.loads(text)
        if len(files) > 1:
            files.sort(key=lambda file: (not file["primary"], file["id"]))
        for file in files:
            del file["primary"]
            file["mod_time"] = epoch(file["mod_time"])
            file["duration"] = number(file["duration"])
            file["frame_rate"] = number(file["frame_rate"])
            for name in lists:
                file[name].sort()
        return cast("list[VideoFile]", files)

    return Field((objects_of({**columns, "primary": 'l."primary"+0'}, _FILES),), read)


def _markers(asked: frozenset[str]) -> Field:
    """Return the markers with those of their fields that are asked for, and always the second."""
    columns = _part(SceneMarker, "markers", _MARKER, asked | {"markers.id", "markers.seconds"})

    def read(text: str) -> list[SceneMarker]:
        if text == EMPTY:
            return []
        markers: list[SceneMarker] = orjson.loads(text)
        for marker in markers:
            marker["seconds"] = float(marker["seconds"] or 0)
            marker["tags"].sort()
        return canonical.markers(markers)

    return Field((objects_of(columns, "scene_markers AS m WHERE m.scene_id = t.id"),), read)


def _part(
    part: type, name: str, columns: Mapping[str, str], asked: frozenset[str]
) -> dict[str, str]:
    """Return the columns of a thing inside a scene by key; what isn't asked for is unset."""
    return {
        key: columns[key] if f"{name}.{key}" in asked else _UNSET[repr(value)]
        for key, value in unset(part).items()
    }


_UNSET = {"None": "NULL", "''": "''", "[]": "json('[]')"}
"""What is unset, in SQL."""
