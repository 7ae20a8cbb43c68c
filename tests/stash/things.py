"""Generated tags, studios, performers, groups and galleries: the dimensions of a library."""

from collections.abc import Iterator
from random import Random
from typing import Any

from tests.stash.words import (
    COUNTRIES,
    ENDPOINTS,
    FIRST,
    GENDERS,
    LAST,
    NOUNS,
    day,
    few,
    maybe,
    sentence,
    stamp,
    stash_id,
    title,
)
from tests.stash.writing import TableRow

_ARCHIVES = 10**9
"""The files of galleries have ids from here on, where no scene's file has one."""
_PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'


def stamps(minutes: int) -> dict[str, str]:
    """When a row was made and last changed."""
    sydney = minutes % 5 == 0
    return {
        "created_at": stamp(minutes, sydney=sydney),
        "updated_at": stamp(minutes + 90, sydney=sydney),
    }


def dated(rng: Random, column: str, date: str | None) -> dict[str, Any]:
    """A date, one in ten known only to its month or year."""
    if date is None or not maybe(rng, 0.1):
        return {column: date, f"{column}_precision": None}
    precision = rng.choice((1, 2))
    known = f"{date[:7]}-01" if precision == 1 else f"{date[:4]}-01-01"
    return {column: known, f"{column}_precision": precision}


def tags(rng: Random, count: int) -> Iterator[TableRow]:
    """Tags with aliases; a third has one parent, some two; never a loop (parents come before)."""
    for key in range(1, count + 1):
        yield (
            "tags",
            {
                "id": key,
                "name": f"{rng.choice(NOUNS).lower()} {sentence(rng, 1)} {key}",
                **stamps(key),
                "ignore_auto_tag": 0,
                "description": sentence(rng, 8) if maybe(rng, 0.3) else None,
                "favorite": int(maybe(rng, 0.1)),
                "sort_name": f"{key:05}" if maybe(rng, 0.1) else None,
            },
        )
        if maybe(rng, 0.25):
            yield "tag_aliases", {"tag_id": key, "alias": f"tag {key} by another name"}
        if maybe(rng, 0.1):
            yield "tag_stash_ids", _stash_id(rng, "tag_id", key)
        for parent in few(rng, rng.choice((0, 0, 1, 2)), key - 1):
            yield "tags_relations", {"parent_id": parent, "child_id": key}


def studios(rng: Random, count: int) -> Iterator[TableRow]:
    """Studios, a third of them under another one."""
    for key in range(1, count + 1):
        url = f"https://studio{key}.example/" if maybe(rng, 0.7) else None
        yield (
            "studios",
            {
                "id": key,
                "name": f"{title(rng)} Pictures {key}",
                "url": url,
                "parent_id": rng.randint(1, key - 1) if key > 1 and maybe(rng, 0.35) else None,
                **stamps(key),
                "details": sentence(rng, 10) if maybe(rng, 0.4) else None,
                "rating": rng.randint(1, 100) if maybe(rng, 0.3) else None,
                "ignore_auto_tag": 0,
                "favorite": int(maybe(rng, 0.2)),
            },
        )
        if url:
            yield "studio_urls", {"studio_id": key, "position": 0, "url": url}
        if maybe(rng, 0.2):
            yield "studio_aliases", {"studio_id": key, "alias": f"Studio {key} Ltd"}
        if maybe(rng, 0.3):
            yield "studio_stash_ids", _stash_id(rng, "studio_id", key)
        for tag in few(rng, rng.choice((0, 0, 1)), 20):
            yield "studios_tags", {"studio_id": key, "tag_id": tag}


def performers(rng: Random, count: int, tag_count: int) -> Iterator[TableRow]:
    """Performers; some share a name and differ in their disambiguation."""
    yield "blobs", {"checksum": "0" * 32, "blob": _PICTURE}
    for key in range(1, count + 1):
        url = f"https://people.example/{key}" if maybe(rng, 0.6) else None
        yield "performers", {"id": key, "url": url, **_performer(rng, key)}
        if url:
            yield "performer_urls", {"performer_id": key, "position": 0, "url": url}
        for number in range(rng.choice((0, 0, 1, 2))):
            alias = f"{rng.choice(FIRST)} Alias {key}-{number}"
            yield "performer_aliases", {"performer_id": key, "alias": alias}
        for tag in few(rng, rng.choice((0, 1, 2)), tag_count):
            yield "performers_tags", {"performer_id": key, "tag_id": tag}
        if maybe(rng, 0.4):
            yield "performer_stash_ids", _stash_id(rng, "performer_id", key)
        if maybe(rng, 0.2):
            value = rng.choice(("a note", 3, 1.5))
            yield (
                "performer_custom_fields",
                {"performer_id": key, "field": rng.choice(("note", "rank")), "value": value},
            )


def _performer(rng: Random, key: int) -> dict[str, Any]:
    namesake = maybe(rng, 0.05)
    name = "Jon Brandt" if namesake else f"{rng.choice(FIRST)} {rng.choice(LAST)} {key}"
    return {
        "name": name,
        "disambiguation": f"of {rng.choice(NOUNS)} {key}" if namesake else None,
        "gender": rng.choice(GENDERS) if maybe(rng, 0.8) else None,
        **dated(rng, "birthdate", day(rng, 1950, 2000) if maybe(rng, 0.7) else None),
        **dated(rng, "death_date", day(rng, 2010, 2024) if maybe(rng, 0.03) else None),
        "ethnicity": rng.choice(("caucasian", "asian", "mixed")) if maybe(rng, 0.3) else None,
        "country": rng.choice(COUNTRIES) if maybe(rng, 0.7) else None,
        "eye_color": rng.choice(("Blue", "Brown", "Hazel", "Green")) if maybe(rng, 0.5) else None,
        "hair_color": rng.choice(("Red", "Black", "Auburn", "Grey")) if maybe(rng, 0.5) else None,
        "height": rng.randint(150, 200) if maybe(rng, 0.5) else None,
        "weight": rng.randint(45, 100) if maybe(rng, 0.4) else None,
        "measurements": "90-60-90" if maybe(rng, 0.2) else None,
        "career_length": f"{rng.randint(1990, 2015)} - " if maybe(rng, 0.3) else None,
        "tattoos": "left arm: anchor" if maybe(rng, 0.2) else None,
        "piercings": "ears" if maybe(rng, 0.2) else None,
        "favorite": int(maybe(rng, 0.1)),
        "details": sentence(rng, 20) if maybe(rng, 0.4) else None,
        "rating": rng.randint(1, 100) if maybe(rng, 0.4) else None,
        "ignore_auto_tag": 0,
        "image_blob": "0" * 32 if maybe(rng, 0.3) else None,
        **stamps(key),
    }


def groups(rng: Random, count: int, studio_count: int) -> Iterator[TableRow]:
    """Groups (movies in older schemas); some are parts of the one before."""
    for key in range(1, count + 1):
        synopsis = sentence(rng, 12) if maybe(rng, 0.5) else None
        row = {
            "id": key,
            "name": f"{title(rng)} Series {key}",
            "aliases": f"Series {key}" if maybe(rng, 0.2) else None,
            "duration": rng.randint(1000, 9000) if maybe(rng, 0.3) else None,
            **dated(rng, "date", day(rng) if maybe(rng, 0.7) else None),
            "rating": rng.randint(1, 100) if maybe(rng, 0.3) else None,
            "studio_id": rng.randint(1, studio_count) if studio_count else None,
            "director": "Åsa Marsh" if maybe(rng, 0.3) else None,
            **stamps(key),
        }
        yield "groups", {**row, "description": synopsis}
        yield "movies", {**row, "synopsis": synopsis}
        if key % 7 == 0:
            related = {"containing_id": key - 1, "sub_id": key, "order_index": 1}
            yield "groups_relations", {**related, "description": None}


def galleries(rng: Random, count: int, studio_count: int) -> Iterator[TableRow]:
    """Galleries without pictures: some are folders, some archives."""
    for key in range(1, count + 1):
        if key % 3 == 0:
            yield from _archives(key)
        yield (
            "galleries",
            {
                "id": key,
                "folder_id": 1 if key % 3 == 1 else None,
                "title": f"{title(rng)} stills",
                **dated(rng, "date", day(rng) if maybe(rng, 0.3) else None),
                "details": None,
                "studio_id": rng.randint(1, studio_count) if studio_count else None,
                "rating": None,
                "organized": 0,
                **stamps(key),
            },
        )


def _archives(gallery: int) -> Iterator[TableRow]:
    """The two files of a gallery, of which the second is the primary one."""
    for number in (0, 1):
        key = _ARCHIVES + 2 * gallery + number
        row = {"id": key, "basename": f"stills.{gallery}.{number}.zip", "size": 5000}
        yield "files", {**row, "parent_folder_id": 1, "mod_time": stamp(gallery), **stamps(gallery)}
        link = {"gallery_id": gallery, "file_id": key}
        yield "galleries_files", {**link, "primary": number}


def _stash_id(rng: Random, owner: str, key: int) -> dict[str, Any]:
    return {
        owner: key,
        "endpoint": rng.choice(ENDPOINTS),
        "stash_id": stash_id(rng),
        "updated_at": stamp(key),
    }
