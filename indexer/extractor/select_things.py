"""Performers, tags, studios, groups, galleries and markers by SQL; see select_scene.py."""

import base64
from typing import Any

import orjson

from indexer.extractor import canonical
from indexer.extractor.columns import Tables
from indexer.extractor.expressions import (
    ordered_list_of,
    positive,
    real,
    real_as_text,
    rows_of,
    stored,
    text,
    whole,
)
from indexer.extractor.rows import Field, Fields, ids, number, plain
from indexer.extractor.select_common import (
    aliases,
    dated,
    gathered,
    has_image,
    links,
    read_stash_ids,
    stamps,
    stash_ids,
    texts,
    urls,
)
from indexer.records import CustomField


def performer(tables: Tables) -> Fields:
    """Return the fields of a performer."""
    fields: dict[str, Field] = {
        **texts("name disambiguation gender ethnicity country eye_color hair_color measurements"),
        **texts("fake_tits circumcised tattoos piercings details"),
        "aliases": aliases("performer"),
        "birthdate": dated(tables, "performers", "birthdate"),
        "death_date": dated(tables, "performers", "death_date"),
        "height_cm": plain("t.height"),
        "weight": plain("t.weight"),
        "penis_length": Field((real("t.penis_length"),), number),
        **_career(tables),
        "favorite": Field((whole("t.favorite"),), bool),
        "rating": plain("t.rating"),
        "tags": links("performers_tags", "performer_id", "tag_id"),
        "urls": urls(tables, "performer", "performers"),
        "stash_ids": stash_ids("performer_stash_ids", "performer_id"),
        "has_image": has_image("image_blob"),
        **stamps(),
    }
    if tables.has("performer_custom_fields"):
        fields["custom"] = _custom("performer_custom_fields WHERE performer_id = t.id")
    return fields


def tag(tables: Tables) -> Fields:
    """Return the fields of a tag."""
    fields: dict[str, Field] = {
        **texts("name description"),
        "aliases": aliases("tag"),
        "parents": gathered("parents", "parent_id", "tags_relations", "child_id", ids),
        "has_image": has_image("image_blob"),
        **stamps(),
    }
    if tables.has("tags", "sort_name"):
        fields |= texts("sort_name")
    if tables.has("tags", "favorite"):
        fields["favorite"] = Field((whole("t.favorite"),), bool)
    if tables.has("tag_stash_ids"):
        pair = "json_array(endpoint, stash_id)"
        fields["stash_ids"] = gathered("boxes", pair, "tag_stash_ids", "tag_id", read_stash_ids)
    return fields


def studio(tables: Tables) -> Fields:
    """Return the fields of a studio."""
    fields: dict[str, Field] = {
        **texts("name details"),
        "aliases": aliases("studio"),
        "parent": plain("t.parent_id"),
        "urls": urls(tables, "studio", "studios"),
        "rating": plain("t.rating"),
        "stash_ids": stash_ids("studio_stash_ids", "studio_id"),
        "has_image": has_image("image_blob"),
        **stamps(),
    }
    if tables.has("studios", "favorite"):
        fields["favorite"] = Field((whole("t.favorite"),), bool)
    if tables.has("studios_tags"):
        fields["tags"] = links("studios_tags", "studio_id", "tag_id")
    return fields


def group(tables: Tables) -> Fields:
    """Return the fields of a group, which was a movie before v0.27."""
    name = "group" if tables.has("groups") else "movie"
    synopsis = "description" if tables.has("groups", "description") else "synopsis"
    fields: dict[str, Field] = {
        **texts("name aliases director"),
        "duration": plain(positive("t.duration")),
        "date": dated(tables, f"{name}s", "date"),
        "rating": plain("t.rating"),
        "studio": plain("t.studio_id"),
        "synopsis": plain(text(f"t.{synopsis}")),
        "urls": urls(tables, name, f"{name}s"),
        "scenes": links(f"{name}s_scenes", f"{name}_id", "scene_id"),
        "has_image": has_image("front_image_blob"),
        **stamps(),
    }
    if tables.has(f"{name}s_tags"):
        fields["tags"] = links(f"{name}s_tags", f"{name}_id", "tag_id")
    return fields


def gallery(tables: Tables) -> Fields:
    """Return the fields of a gallery."""
    files = (
        "galleries_files AS l JOIN files AS f ON f.id = l.file_id WHERE l.gallery_id = t.id",
        'l."primary" DESC, f.id',
    )
    fields: dict[str, Field] = {
        **texts("title details"),
        "urls": urls(tables, "gallery", "galleries"),
        "date": dated(tables, "galleries", "date"),
        "rating": plain("t.rating"),
        "organized": Field((whole("t.organized"),), bool),
        "studio": plain("t.studio_id"),
        "tags": links("galleries_tags", "gallery_id", "tag_id"),
        "performers": links("performers_galleries", "gallery_id", "performer_id"),
        "scenes": links("scenes_galleries", "gallery_id", "scene_id"),
        "image_count": plain("(SELECT count(*) FROM galleries_images WHERE gallery_id = t.id)"),
        "folder": Field(
            ("(SELECT path FROM folders WHERE id = t.folder_id)",),
            lambda path: canonical.folder_path(path) if path else None,
        ),
        "basenames": Field((ordered_list_of("f.basename", *files),), orjson.loads),
        **stamps(),
    }
    if tables.has("galleries", "photographer"):
        fields |= texts("code photographer")
    return fields


def marker(tables: Tables) -> Fields:
    """Return the fields of a marker."""
    fields: dict[str, Field] = {
        **texts("title"),
        "seconds": Field((real("t.seconds"),), lambda value: float(value or 0)),
        "scene": plain("t.scene_id"),
        "primary_tag": plain("t.primary_tag_id"),
        "tags": links("scene_markers_tags", "scene_marker_id", "tag_id"),
        **stamps(),
    }
    if tables.has("scene_markers", "end_seconds"):
        fields["end_seconds"] = Field((real("t.end_seconds"),), number)
    return fields


def _career(tables: Tables) -> Fields:
    """Return a career's years: free text before v0.31, then dates (docs/stash.md)."""
    if tables.has("performers", "career_start"):
        return {
            name: Field((stored(f"t.{name}"),), canonical.year)
            for name in ("career_start", "career_end")
        }
    return {
        "career_start": Field(("t.career_length",), lambda length: canonical.career(length)[0]),
        "career_end": Field(("t.career_length",), lambda length: canonical.career(length)[1]),
    }


def _custom(source: str) -> Field:
    """Return custom fields; a value may be of any type, and JSON holds no blobs."""
    value = (
        f"CASE typeof(value) WHEN 'real' THEN {real_as_text('value')} "
        "WHEN 'blob' THEN hex(value) ELSE value END"
    )

    def read(found: str) -> list[CustomField]:
        rows = orjson.loads(found)
        return canonical.custom({name: _typed(type_, value) for name, type_, value in rows})

    return Field((rows_of(f"field, typeof(value), {value}", source),), read)


def _typed(type_: str, value: Any) -> Any:
    match type_:
        case "real":
            return number(value)
        case "blob":  # as the API prints it
            return base64.b64encode(bytes.fromhex(value)).decode()
        case _:
            return value
