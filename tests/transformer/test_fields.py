"""The fields of the collections that come with the program, as they were asked for."""

import pytest

from indexer.shipped import shipped_collections
from indexer.transformer.compile import CompiledSpec
from indexer.transformer.spec import load_specs
from tests.transformer.building import shipped

_TAG_LEVELS = " ".join(f"tag_lvl{level}:f" for level in range(5))
_STUDIO_LEVELS = " ".join(f"studio_lvl{level}:f" for level in range(5))
# A name, then its marks: f = facet, s = sortable text, . = stored only, ! = in every document.
SCENES = f"""
title! title_parts title_sort! title_sort_2! title_sort_3! code details director:f file_names
path_words marker_titles urls stash_ids performer_aliases tag_aliases

performers:f performer_ids tags:f tag_ids tags_all:f tag_all_ids studio:f studio_id studio_path:f
{_TAG_LEVELS} {_STUDIO_LEVELS}
studio_all_ids groups:f group_ids group_indexes gallery_ids marker_tags:f marker_seconds:.

performer_genders:f performer_countries:f performer_tags:f performer_ages:f performer_age
performer_count!f favorite_performer!f

rating stars:f organized!f interactive!f interactive_speed missing:f

played!f play_count! play_duration resume_time last_played_at o_counter! last_o_at

date date_text:. year:f created_at! updated_at file_mod_time

duration size width height resolution:f orientation:f video_codec:f audio_codec:f format:f
frame_rate bit_rate file_count! paths folder:f captions:f caption_types oshashes phashes:f md5s

tag_count! marker_count! gallery_count!

library!f stash_id! sites:f endpoints:f shuffle screenshot:. digest:.
"""
PERFORMERS = """
name!s disambiguation label!f aliases details gender:f birthdate birth_year:f birth_text:.
death_date country:f ethnicity:f eye_color:f hair_color:f height_cm weight measurements fake_tits:f
penis_length circumcised:f tattoos piercings career_start career_end favorite!f rating stars:f
tags:f tag_ids tags_all:f tag_all_ids urls sites:f stash_ids endpoints:f custom custom_keys:f
missing:f created_at! updated_at

scene_count! first_scene_date last_scene_date play_count! o_counter! scenes_duration! studios:f
studio_ids group_ids

library!f stash_id! shuffle image:. digest:.
"""
TAGS = f"""
name! name_sort!s label!f aliases details
parents:f parent_ids tags_all:f tag_all_ids {_TAG_LEVELS}
favorite!f missing:f stash_ids endpoints:f created_at! updated_at scene_count! scene_count_all!
library!f stash_id! shuffle image:. digest:.
"""
STUDIOS = f"""
name!s label!f aliases details
parent:f parent_id studio_path studio_all_ids {_STUDIO_LEVELS}
favorite!f rating stars:f missing:f tags:f tag_ids tags_all:f tag_all_ids urls sites:f stash_ids
endpoints:f created_at! updated_at scene_count! scene_count_all!
library!f stash_id! shuffle image:. digest:.
"""
GROUPS = f"""
name!s label!f aliases details director:f studio:f studio_id studio_path:f studio_all_ids
{_STUDIO_LEVELS}
tags:f tag_ids tags_all:f tag_all_ids urls sites:f rating stars:f missing:f
date date_text:. year:f created_at! updated_at duration scene_count!
library!f stash_id! shuffle image:. digest:.
"""
GALLERIES = f"""
title:s code details photographer:f performer_aliases tag_aliases
performers:f performer_ids tags:f tag_ids tags_all:f tag_all_ids studio:f studio_id studio_path:f
studio_all_ids {_STUDIO_LEVELS} urls sites:f rating stars:f organized!f missing:f
date date_text:. year:f created_at! updated_at folder:f file_names
image_count! performer_count! tag_count! scene_count!
library!f stash_id! shuffle image:. digest:.
"""
MARKERS = """
title primary_tag:f primary_tag_id tags:f tag_ids tags_all:f tag_all_ids tag_aliases
scene_id seconds end_seconds created_at! updated_at
library!f stash_id! shuffle image:. digest:.
"""
SUGGESTIONS = """
name disambiguation aliases file_name kind:f favorite!f scene_count! image:.
library!f stash_id! digest:.
"""
TABLES = {
    "scenes": SCENES,
    "performers": PERFORMERS,
    "tags": TAGS,
    "studios": STUDIOS,
    "groups": GROUPS,
    "galleries": GALLERIES,
    "markers": MARKERS,
    "suggestions": SUGGESTIONS,
}
WIDE = {"bit_rate", "size", "date", "birthdate", "death_date", "stash_id"}


def test_every_collection_is_here() -> None:
    """No collection comes with the program that nobody asked for."""
    assert {spec.name for spec in load_specs(shipped_collections())} == TABLES.keys()


def _asked_for(table: str) -> dict[str, str]:
    """Return marks by name."""
    words = (word.replace(":", "|:").replace("!", "|!") for word in table.split())
    fields = {}
    for word in words:
        name, _, marks = word.partition("|")
        fields[name] = "".join(sorted(marks.removeprefix(":")))
    return fields


def _as_compiled(compiled: CompiledSpec) -> dict[str, str]:
    fields = {}
    for field in compiled.schema_fields:
        is_text = field["type"].startswith("string")
        marks = {
            "f": field["facet"],
            "s": is_text and field["sort"],
            ".": not field["index"],
            "!": not field["optional"],
        }
        fields[field["name"]] = "".join(sorted(mark for mark, is_set in marks.items() if is_set))
    return fields


@pytest.mark.parametrize(("name", "table"), TABLES.items())
def test_fields(name: str, table: str) -> None:
    """Each field that was asked for is there, as facet, sortable or stored only; no other is."""
    assert _as_compiled(shipped(name)) == _asked_for(table)


@pytest.mark.parametrize("name", TABLES)
def test_types(name: str) -> None:
    """Ids, sizes and times have 64 bits; single numbers can be sorted by, lists can't."""
    for field in shipped(name).schema_fields:
        plain = field["type"].removesuffix("[]")
        is_wide = field["name"].endswith(("_id", "_ids", "_at", "_time", "_date"))
        if (is_wide and plain.startswith("int")) or field["name"] in WIDE:
            assert plain == "int64", field["name"]
        if field["type"].endswith("[]"):
            assert not field["sort"], field["name"]


@pytest.mark.parametrize("name", TABLES)
def test_facets_that_need_no_sort(name: str) -> None:
    """Of single numbers only those that repeat another one's order can't be sorted by."""
    numbers = {"int32", "int64", "float"}
    unsortable = {
        field["name"]
        for field in shipped(name).schema_fields
        if field["type"] in numbers and not field["sort"]
    }
    assert unsortable <= {"stars", "year", "stash_id"}


@pytest.mark.parametrize("name", TABLES)
def test_words_of_paths(name: str) -> None:
    """Without these separators the words of a path are never found."""
    assert shipped(name).spec.token_separators == ("-", "_", ".", "/", "\\")
    default = "scene_count" if name == "suggestions" else "created_at"
    assert shipped(name).spec.default_sorting_field == default
