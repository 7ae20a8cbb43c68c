"""What is hard to read in a library; each a row or two that stand for a trap that was met."""

import math
from collections.abc import Iterator
from typing import Any

from tests.stash.things import stamps
from tests.stash.writing import TableRow

FIRST = 100_000_001
"""All ids here begin at this one, so that they can't meet generated ones."""

NO_PRIMARY = "No file is the primary one"
LOOP_A, LOOP_B, SPLIT_STUDIO, MANY_TAGS = FIRST, FIRST + 1, FIRST + 2, FIRST + 100


def hard_rows(details_bytes: int = 5_000_000) -> Iterator[TableRow]:
    """All of it; `details_bytes` is the length of the longest details."""
    yield from _tags()
    yield from _studios()
    yield from _performers()
    yield "folders", _folder(FIRST, "D:\\media\\north quay")
    yield "folders", _folder(FIRST + 1, "/media/" + "long " * 31 + "way")
    for key, (scene, files) in enumerate(_scenes(details_bytes), start=FIRST):
        yield "scenes", _scene(key, **scene)
        for at, own in enumerate(files):
            primary = own.pop("primary", at == len(files) - 1)
            yield from _file(key * 4 + at, key, primary=primary, **own)
    for tag in range(500):
        yield "scenes_tags", {"scene_id": FIRST, "tag_id": MANY_TAGS + tag}
    for language, kind in (("00", "srt"), ("de", "vtt"), ("en", "srt")):
        caption = {"language_code": language, "filename": f"x.{language}", "caption_type": kind}
        yield "video_captions", {"file_id": FIRST * 4, **caption}
        yield "video_captions", {"file_id": (FIRST + 20) * 4, **caption}
    yield "performers_scenes", {"scene_id": FIRST, "performer_id": FIRST}
    prints: tuple[tuple[int, str, str | int], ...] = (
        (FIRST * 4, "oshash", "00ffee0000000001"),
        (FIRST * 4, "md5", "d41d8cd98f00b204e9800998ecf8427e"),
        (FIRST * 4, "phash", -2),
        ((FIRST + 1) * 4, "phash", -(2**63)),
    )
    for file, kind, value in prints:
        yield "files_fingerprints", {"file_id": file, "type": kind, "fingerprint": value}


def _scenes(details_bytes: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each scene's own columns, and those of its files."""
    yield {"title": "500 tags", "studio_id": SPLIT_STUDIO}, [{}]
    yield {"title": "Endless"}, [{"duration": math.inf}]
    yield {"title": "Of no length"}, [{"duration": 0}]
    yield {"title": "Never probed"}, [{"duration": -1, "video_codec": "unset", "width": -1}]
    yield {"title": "A date that is none", "date": "some day"}, [{}]
    yield {"title": "A month that is none", "date": "2021-13-45"}, [{}]
    yield {"title": "Before all", "date": "1899-12-31"}, [{}]
    yield {"title": "Leap day", "date": "2024-02-29"}, [{}]
    yield {"title": "  spaces around  ", "studio_id": LOOP_A}, [{}]
    yield {"title": "Ünïcode \u2013 \u201cquotes\u201d \u202ertl\u202c 日本語 \U0001f3ac"}, [{}]
    yield {"title": "control \x07 and NUL \x00 inside"}, [{}]
    yield {"title": "Long", "details": "lantern " * (details_bytes // 8)}, [{}]
    yield {"title": None, "code": None}, []
    yield {"title": None}, [{"basename": "Two Ferries.wmv", "parent_folder_id": FIRST}]
    yield {"title": "Deep down"}, [{"parent_folder_id": FIRST + 1}]
    yield {"title": "The last file is the first"}, [{}, {"width": 1080, "height": 1920}]
    yield {"title": "Fast", "rating": 100}, [{"bit_rate": 2**33, "frame_rate": 240}]
    yield {"title": "Square", "rating": 1}, [{"width": 1080, "height": 1080}]
    yield {"title": "Older than times with zones", "created_at": "1970-01-01 00:00:00"}, [{}]
    yield {"title": "Interactive"}, [{"interactive": 1, "interactive_speed": 120}]
    none = {"primary": False, "interactive": 1, "interactive_speed": 90}
    yield {"title": NO_PRIMARY}, [none, {"primary": False}]


def _scene(key: int, **own: object) -> dict[str, Any]:
    unset = dict.fromkeys(("title", "code", "details", "director", "date", "rating", "studio_id"))
    zero = {"organized": 0, "resume_time": 0, "play_duration": 0, "o_counter": 0, "play_count": 0}
    return {"id": key, **unset, **zero, **stamps(1_000_000), **own}


def _file(key: int, scene: int, *, primary: bool, **own: object) -> Iterator[TableRow]:
    row = {
        "file_id": key, "duration": 61.5, "video_codec": "h264", "format": "mp4",
        "audio_codec": "aac", "width": 1920, "height": 1080, "frame_rate": 25,
        "bit_rate": 5_000_000, "interactive": 0, "interactive_speed": None,
    }  # fmt: skip
    yield (
        "files",
        {
            "id": key,
            "basename": own.pop("basename", f"hard {key}.mp4"),
            "parent_folder_id": own.pop("parent_folder_id", 1),
            "size": 1000,
            "mod_time": "2023-07-01T10:00:00+10:00",
            **stamps(1_000_000),
        },
    )
    yield "video_files", {**row, **own}
    yield "scenes_files", {"scene_id": scene, "file_id": key, "primary": int(primary)}


def _tags() -> Iterator[TableRow]:
    names = ["loop a", "loop b", "\U0001f3d6 tag", 'quo"te, comma; \\ slash', " spaces around "]
    many = [f"many {number}" for number in range(500)]
    ids = [*range(FIRST, FIRST + len(names)), *range(MANY_TAGS, MANY_TAGS + len(many))]
    for key, name in zip(ids, names + many, strict=True):
        plain = {"ignore_auto_tag": 0, "description": None, "favorite": 0, "sort_name": None}
        yield "tags", {"id": key, "name": name, **stamps(1_000_000), **plain}
    yield "tags_relations", {"parent_id": LOOP_A, "child_id": LOOP_B}
    yield "tags_relations", {"parent_id": LOOP_B, "child_id": LOOP_A}


def _studios() -> Iterator[TableRow]:
    for key, name, parent in (
        (LOOP_A, "Loop A", LOOP_B),
        (LOOP_B, "Loop B", LOOP_A),
        (SPLIT_STUDIO, "North > South", None),
    ):
        plain = {"details": None, "rating": None, "ignore_auto_tag": 0, "favorite": 0, "url": None}
        row = {"id": key, "name": name, "parent_id": parent, **stamps(1_000_000), **plain}
        yield "studios", row


def _performers() -> Iterator[TableRow]:
    body = {
        "gender": "TRANSGENDER_FEMALE", "birthdate": "1984-01-01", "birthdate_precision": 2,
        "ethnicity": "caucasian", "country": "", "eye_color": "Hazel", "hair_color": "Auburn",
        "height": 168, "weight": 61, "measurements": "90-60-90", "fake_tits": "no",
        "penis_length": 12.5, "circumcised": "CUT", "career_length": "2004 - 2010",
        "tattoos": "left arm: anchor", "piercings": "ears", "favorite": 1, "rating": 55,
        "ignore_auto_tag": 1, "url": "https://people.example/ueda", "twitter": "uedaexample",
    }  # fmt: skip
    yield "performers", {"id": FIRST, "name": "Weighed Ueda", **body, **stamps(1_000_000)}
    plain = {"favorite": 0, "ignore_auto_tag": 0, **stamps(1_000_000)}
    yield "performers", {"id": FIRST + 1, "name": "  Wide Wren  ", **plain}
    for field, value in (("note", "text"), ("rank", 3), ("ratio", 1.5), ("Big", 2**53 + 1)):
        custom = {"performer_id": FIRST, "field": field, "value": value}
        yield "performer_custom_fields", custom


def _folder(key: int, path: str) -> dict[str, Any]:
    return {"id": key, "path": path, "mod_time": "2023-07-01T10:00:00Z", **stamps(1_000_000)}
