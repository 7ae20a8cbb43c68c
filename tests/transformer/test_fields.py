"""The fields of the collections that come with the program, as they were asked for."""

import pytest

from indexer.transformer.compile import CompiledSpec
from tests.transformer.building import shipped

# A name, then its marks: f = facet, s = sortable text, . = stored only, ! = in every document.
SCENES = """
title!s title_sort!s code details director:f file_names path_words marker_titles urls stash_ids
performer_aliases tag_aliases

performers:f performer_ids tags:f tag_ids tags_all:f tag_all_ids studio:f studio_id studio_path:f
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
WIDE = {"bit_rate", "size", "date", "birthdate", "death_date", "stash_id"}


def _asked_for(table: str) -> dict[str, str]:
    """Return marks by name; a title's order is by a key of its own, so it needs no sort itself."""
    words = (word.replace(":", "|:").replace("!", "|!") for word in table.split())
    fields = {}
    for word in words:
        name, _, marks = word.partition("|")
        fields[name] = "".join(sorted(marks.removeprefix(":")))
    fields |= {"title": "!"} if "title" in fields else {}
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


@pytest.mark.parametrize(("name", "table"), [("scenes", SCENES), ("performers", PERFORMERS)])
def test_fields(name: str, table: str) -> None:
    """Each field that was asked for is there, as facet, sortable or stored only; no other is."""
    assert _as_compiled(shipped(name)) == _asked_for(table)


@pytest.mark.parametrize("name", ["scenes", "performers"])
def test_types(name: str) -> None:
    """Ids, sizes and times have 64 bits; single numbers can be sorted by, lists can't."""
    for field in shipped(name).schema_fields:
        plain = field["type"].removesuffix("[]")
        is_wide = field["name"].endswith(("_id", "_ids", "_at", "_time", "_date"))
        if (is_wide and plain.startswith("int")) or field["name"] in WIDE:
            assert plain == "int64", field["name"]
        if field["type"].endswith("[]"):
            assert not field["sort"], field["name"]


@pytest.mark.parametrize("name", ["scenes", "performers"])
def test_facets_that_need_no_sort(name: str) -> None:
    """Of single numbers only those that repeat another one's order can't be sorted by."""
    numbers = {"int32", "int64", "float"}
    unsortable = {
        field["name"]
        for field in shipped(name).schema_fields
        if field["type"] in numbers and not field["sort"]
    }
    assert unsortable <= {"stars", "year", "stash_id"}


@pytest.mark.parametrize("name", ["scenes", "performers"])
def test_words_of_paths(name: str) -> None:
    """Without these separators the words of a path are never found."""
    assert shipped(name).spec.token_separators == ("-", "_", ".", "/", "\\")
    assert shipped(name).spec.default_sorting_field == "created_at"
