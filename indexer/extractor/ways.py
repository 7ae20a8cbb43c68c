"""Which fields of the API give a record's fields: for each record path, the ways of asking.

A way is one or more paths into Stash's type, separated by spaces; several ways stand in the order
in which they are tried, newest Stash first. Whoever asks for a field of a list's things asks for
the list too, and so for what the list is ordered by. The versions are those of the recorded
introspections, v0.22.1 to v0.30.1; v0.31 by its own code.
"""

from collections.abc import Mapping
from typing import TypeAlias

from indexer.records import Kind

Ways: TypeAlias = tuple[str, ...]


def _same(names: str) -> dict[str, Ways]:
    return {name: (name,) for name in names.split()}


_ALWAYS: dict[str, Ways] = {"id": ("id",), **_same("created_at updated_at")}
_RATING: dict[str, Ways] = {"rating": ("rating100",)}
_TAGS: dict[str, Ways] = {"tags": ("tags.id",)}
_URLS: dict[str, Ways] = {"urls": ("urls", "url")}
_STUDIO: dict[str, Ways] = {"studio": ("studio.id",)}
_PICTURE: dict[str, Ways] = {"has_image": ("image_path",)}
_STASH_IDS: dict[str, Ways] = dict.fromkeys(
    ("stash_ids", "stash_ids.endpoint", "stash_ids.stash_id"),
    ("stash_ids.endpoint stash_ids.stash_id",),
)
_FILES: dict[str, Ways] = {
    "files": ("files.id",),
    "files.folder": ("files.path files.basename",),
    **_same("files.id files.basename files.size files.mod_time files.format"),
    **_same("files.width files.height files.duration files.video_codec files.audio_codec"),
    **_same("files.frame_rate files.bit_rate"),
    **dict.fromkeys(
        ("files.oshashes", "files.md5s", "files.phashes"),
        ("files.fingerprints.type files.fingerprints.value",),
    ),
}
_CAPTIONS: dict[str, Ways] = dict.fromkeys(
    ("captions", "captions.language", "captions.type"),
    ("captions.language_code captions.caption_type",),
)
_MARKERS: dict[str, Ways] = {
    "markers": ("scene_markers.id scene_markers.seconds",),
    "markers.id": ("scene_markers.id",),
    "markers.title": ("scene_markers.title",),
    "markers.seconds": ("scene_markers.seconds",),
    "markers.primary_tag": ("scene_markers.primary_tag.id",),
    "markers.tags": ("scene_markers.tags.id",),
}
# Scene.groups scans a whole table for every scene: read from the group side instead.
GROUP_PATHS = frozenset({"groups", "groups.group", "groups.index"})

WAYS: Mapping[Kind, Mapping[str, Ways]] = {
    "scene": {
        **_ALWAYS,
        **_same("title code details director date organized interactive interactive_speed"),
        **_same("last_played_at resume_time play_duration play_count o_counter"),
        "last_o_at": ("o_history",),
        "performers": ("performers.id",),
        "galleries": ("galleries.id",),
        **dict.fromkeys(GROUP_PATHS, ("id",)),
        **_RATING,
        **_URLS,
        **_STUDIO,
        **_TAGS,
        **_STASH_IDS,
        **_FILES,
        **_CAPTIONS,
        **_MARKERS,
    },
    "performer": {
        **_ALWAYS,
        **_same("name disambiguation gender birthdate death_date ethnicity country eye_color"),
        **_same("hair_color height_cm weight measurements fake_tits penis_length circumcised"),
        **_same("tattoos piercings favorite details"),
        "aliases": ("alias_list",),
        "career_start": ("career_start", "career_length"),
        "career_end": ("career_end", "career_length"),
        "urls": ("urls", "url twitter instagram"),
        "custom": ("custom_fields",),
        "custom.name": ("custom_fields",),
        "custom.value": ("custom_fields",),
        **_RATING,
        **_TAGS,
        **_STASH_IDS,
        **_PICTURE,
    },
    "tag": {
        **_ALWAYS,
        **_same("name aliases description sort_name favorite"),
        "parents": ("parents.id",),
        **_STASH_IDS,
        **_PICTURE,
    },
    "studio": {
        **_ALWAYS,
        **_same("name aliases details favorite"),
        "parent": ("parent_studio.id",),
        **_RATING,
        **_URLS,
        **_TAGS,
        **_STASH_IDS,
        **_PICTURE,
    },
    "group": {
        **_ALWAYS,
        **_same("name aliases duration date director synopsis"),
        "scenes": ("scenes.id",),
        "has_image": ("front_image_path",),
        **_RATING,
        **_URLS,
        **_STUDIO,
        **_TAGS,
    },
    "gallery": {
        **_ALWAYS,
        **_same("title code details photographer date organized image_count"),
        "performers": ("performers.id",),
        "scenes": ("scenes.id",),
        "folder": ("folder.path",),
        "basenames": ("files.id files.basename",),
        **_RATING,
        **_URLS,
        **_STUDIO,
        **_TAGS,
    },
    "marker": {
        **_ALWAYS,
        **_same("title seconds end_seconds"),
        "scene": ("scene.id",),
        "primary_tag": ("primary_tag.id",),
        **_TAGS,
    },
}

OPTIONAL: Mapping[Kind, frozenset[str]] = {
    "scene": frozenset({"last_o_at"}),  # v0.25
    "performer": frozenset({"custom", "custom.name", "custom.value"}),  # v0.28
    "tag": frozenset(
        # v0.26, v0.28, and v0.30 for stash_ids
        {"favorite", "sort_name", "stash_ids", "stash_ids.endpoint", "stash_ids.stash_id"}
    ),
    "studio": frozenset({"favorite", "tags"}),  # v0.26, v0.27
    "group": frozenset({"tags"}),  # v0.27
    "gallery": frozenset({"code", "photographer"}),  # v0.24
    "marker": frozenset({"end_seconds"}),  # v0.28
}
"""What came after v0.22: a Stash without it is read all the same."""
