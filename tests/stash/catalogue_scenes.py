"""Scenes, their files and markers: where each field comes from, lists in Stash's order."""

from tests.stash.dialect import Dialect
from tests.stash.objects import Kind, Links, Relation, Rows, Values
from tests.stash.pieces import (
    BATCH,
    FILE_PATH,
    first_url,
    many,
    plain,
    precise,
    stamps,
    stash_ids,
    studio_of,
    tags,
    texts,
    urls,
)
from tests.stash.values import number, time

_PRIMARY = """(SELECT file_id FROM scenes_files WHERE scene_id = scenes.id AND "primary" = 1)"""
"""Of files none of which is the primary one, Stash takes none for it, although one comes first."""


def scene(dialect: Dialect) -> Kind:
    """The kind Scene."""
    video = f"(SELECT {{}} FROM video_files WHERE file_id = {_PRIMARY})"
    columns = {
        **plain("id", "organized"),
        **texts("title", "code", "details", "director"),
        **stamps(),
        "url": first_url("scene_urls", "scene_id", "scenes"),
        "date": precise(dialect),
        "rating100": "rating",
        "interactive": f"coalesce({video.format('interactive')}, 0)",
        "interactive_speed": video.format("interactive_speed"),
        "resume_time": number("resume_time"),
        "play_duration": number("play_duration"),
        **_history(dialect),
    }
    relations: dict[str, Relation] = {
        "urls": urls("scene_urls", "scene_id"),
        "play_history": Values(many("scenes_view_dates", "scene_id", "view_date", "1, 2 DESC")),
        "o_history": Values(many("scenes_o_dates", "scene_id", "o_date", "1, 2 DESC")),
        "captions": Rows(
            f"SELECT scenes.id, language_code, caption_type FROM scenes JOIN video_captions "
            f"ON file_id = {_PRIMARY} WHERE scenes.id IN {BATCH} ORDER BY 1, 2, 3",
            null_when_empty=True,
        ),
        "files": Links(many("scenes_files", "scene_id", "file_id", '1, "primary" DESC, 2'), "File"),
        "paths": Rows(_paths(), one=True),
        "sceneStreams": Rows(_streams()),
        "scene_markers": Links(many("scene_markers", "scene_id", "id", "1, seconds, 2"), "Marker"),
        "galleries": Links(many("scenes_galleries", "scene_id", "gallery_id"), "Gallery"),
        "studio": Links(studio_of("scenes"), "Studio", one=True),
        "tags": tags("scenes_tags", "scene_id"),
        "performers": Links(many("performers_scenes", "scene_id", "performer_id"), "Performer"),
        "stash_ids": stash_ids(dialect, "scene_stash_ids", "scene_id", "1, 2"),
        "groups": _groups_of_scene(dialect, "Group"),
        "movies": _groups_of_scene(dialect, "Movie"),
    }
    return Kind("Scene", "scenes", columns, relations)


def _history(dialect: Dialect) -> dict[str, str]:
    if not dialect.has(55):
        return {**_counters("o_counter", "play_count"), "last_played_at": time("last_played_at")}
    views = "FROM scenes_view_dates WHERE scene_id = scenes.id)"
    return {
        "o_counter": "(SELECT count(*) FROM scenes_o_dates WHERE scene_id = scenes.id)",
        "play_count": f"(SELECT count(*) {views}",
        "last_played_at": f"(SELECT max(view_date) {views}",
    }


def _counters(*names: str) -> dict[str, str]:
    return {name: f"coalesce({name}, 0)" for name in names}


def _groups_of_scene(dialect: Dialect, kind: str) -> Rows:
    return Rows(
        f'SELECT scene_id, {dialect.group}_id AS "{kind.lower()}", scene_index '
        f"FROM {dialect.groups}_scenes WHERE scene_id IN {BATCH} ORDER BY 1, 2",
        links={kind.lower(): kind},
    )


def _paths() -> str:
    here = ":base || '/scene/' || scenes.id || "
    checksum = f"""coalesce((SELECT fingerprint FROM files_fingerprints
        WHERE file_id = {_PRIMARY} AND type = 'oshash'), '')"""
    return f"""SELECT id, {here} '/screenshot?t=' || strftime('%s', updated_at) AS screenshot,
        {here} '/preview' AS preview,
        {here} '/stream' || iif(:key = '', '', '?apikey=' || :key) AS stream,
        {here} '/webp' AS webp,
        :base || '/scene/' || {checksum} || '_thumbs.vtt' AS vtt,
        :base || '/scene/' || {checksum} || '_sprite.jpg' AS sprite,
        {here} '/funscript' AS funscript,
        {here} '/interactive_heatmap' AS interactive_heatmap,
        {here} '/caption' AS caption
        FROM scenes WHERE id IN {BATCH}"""


def _streams() -> str:
    return f"""SELECT id, :base || '/scene/' || id || '/stream' ||
        iif(:key = '', '', '?apikey=' || :key) AS url, 'video/mp4' AS mime_type,
        'Direct stream' AS label FROM scenes WHERE id IN {BATCH}"""


def file(_: Dialect) -> Kind:
    """The kind VideoFile."""
    columns = {
        **plain("id", "basename", "parent_folder_id", "size", "width", "height", "bit_rate"),
        **texts("format", "video_codec", "audio_codec"),
        **stamps(),
        "path": FILE_PATH,
        "mod_time": time("mod_time"),
        "duration": number("duration"),
        "frame_rate": number("frame_rate"),
    }
    prints = "CASE WHEN type = 'phash' THEN printf('%x', fingerprint) ELSE fingerprint END"
    fingerprints = Rows(
        f"SELECT file_id, type, {prints} AS value FROM files_fingerprints "
        f"WHERE file_id IN {BATCH} ORDER BY 1, 2, 3"
    )
    table = "files JOIN video_files ON video_files.file_id = files.id"
    return Kind("File", table, columns, {"fingerprints": fingerprints}, id="files.id")


def marker(dialect: Dialect) -> Kind:
    """The kind SceneMarker."""
    columns = {**plain("id"), **texts("title"), **stamps(), "seconds": number("seconds")}
    if dialect.has(70):
        columns["end_seconds"] = number("end_seconds")
    relations: dict[str, Relation] = {
        "scene": Links(many("scene_markers", "id", "scene_id"), "Scene", one=True),
        "primary_tag": Links(many("scene_markers", "id", "primary_tag_id"), "Tag", one=True),
        "tags": tags("scene_markers_tags", "scene_marker_id"),
    }
    return Kind("Marker", "scene_markers", columns, relations)
