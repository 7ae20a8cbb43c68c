"""Generated scenes: their files, tags, people, history, markers."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.stash.things import dated, stamps
from tests.stash.words import ENDPOINTS, NOUNS, day, few, maybe, sentence, stamp, stash_id, title
from tests.stash.writing import TableRow

FOLDERS = tuple(
    f"/media/{kind}/{noun.lower()} {year}"
    for kind in ("films", "clips/short ones", "odds & ends")
    for noun in NOUNS[:8]
    for year in (2019, 2022)
)
_SIZES = (
    (320, 240), (640, 360), (640, 480), (960, 540), (1280, 720), (1920, 1080), (1920, 1080),
    (1080, 1920), (1080, 1080), (2560, 1440), (3840, 2160), (2048, 858), (5120, 2880),
    (7680, 4320),
)  # fmt: skip
_CODECS = (("h264", "aac", "mp4"), ("h264", "aac", "mp4"), ("hevc", "opus", "matroska"),
           ("vp9", "opus", "webm"), ("av1", "opus", "mp4"), ("wmv3", "wmav2", "asf"))  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """How many there are of what scenes refer to: ids 1 … n each."""

    tags: int
    studios: int
    performers: int
    groups: int
    galleries: int


def folders() -> Iterator[TableRow]:
    """The folders that files lie in."""
    for key, path in enumerate(FOLDERS, start=1):
        yield "folders", {"id": key, "path": path, "mod_time": stamp(key), **stamps(key)}


def scenes(rng: Random, count: int, cast: Cast) -> Iterator[TableRow]:
    """Scenes with ids 1 … count, and all that hangs on them."""
    for key in range(1, count + 1):
        plays = rng.randint(1, 6) if maybe(rng, 0.3) else 0
        counted = rng.randint(1, 3) if plays and maybe(rng, 0.4) else 0
        yield "scenes", {**_scene(rng, key, cast), **_watched(rng, key, plays, counted)}
        for number in range(plays):
            yield "scenes_view_dates", {"scene_id": key, "view_date": stamp(key * 10 + number)}
        for number in range(counted):
            yield "scenes_o_dates", {"scene_id": key, "o_date": stamp(key * 10 + number)}
        yield from _files(rng, key)
        yield from _links(rng, key, cast)
        yield from _addresses(rng, key)
        if maybe(rng, 0.15) and cast.tags:
            yield from _markers(rng, key, cast)


def _scene(rng: Random, key: int, cast: Cast) -> dict[str, Any]:
    has_studio = cast.studios and maybe(rng, 0.85)
    return {
        "id": key,
        "title": title(rng) if maybe(rng, 0.92) else None,
        "code": f"HB-{key:05}" if maybe(rng, 0.75) else None,
        "details": sentence(rng, rng.randint(5, 45)) if maybe(rng, 0.65) else None,
        "director": "Åsa Marsh" if maybe(rng, 0.1) else None,
        **dated(rng, "date", day(rng) if maybe(rng, 0.9) else None),
        "rating": rng.randint(1, 100) if maybe(rng, 0.5) else None,
        "studio_id": few(rng, 1, cast.studios)[0] if has_studio else None,
        "organized": int(maybe(rng, 0.35)),
        **stamps(key * 10),
    }


def _watched(rng: Random, key: int, plays: int, counted: int) -> dict[str, Any]:
    return {
        "resume_time": rng.choice((0, 12.5, 335)) if plays else 0,
        "play_duration": plays * 301.5,
        "o_counter": counted,
        "play_count": plays,
        "last_played_at": stamp(key * 10 + plays - 1) if plays else None,
    }


def _files(rng: Random, scene: int) -> Iterator[TableRow]:
    count = 0 if maybe(rng, 0.01) else rng.choice((1,) * 12 + (2, 3))
    primary = rng.randrange(count) if count else 0
    for number in range(count):
        key = scene * 4 + number  # leaves gaps, so that file and scene ids are never the same
        yield from _file(rng, key, scene, number)
        link = {"scene_id": scene, "file_id": key}
        yield "scenes_files", {**link, "primary": int(number == primary)}


def _file(rng: Random, key: int, scene: int, number: int) -> Iterator[TableRow]:
    video, audio, format_ = rng.choice(_CODECS)
    width, height = rng.choice(_SIZES)
    yield (
        "files",
        {
            "id": key,
            "basename": f"{rng.choice(NOUNS).lower()}.{scene}.{number}.mp4",
            "parent_folder_id": rng.randint(1, len(FOLDERS)),
            "size": rng.randint(10**6, 9 * 10**9),
            "mod_time": stamp(scene * 10 - 30),
            **stamps(scene * 10),
        },
    )
    unprobed = maybe(rng, 0.01)
    yield (
        "video_files",
        {
            "file_id": key,
            "duration": -1 if unprobed else round(rng.uniform(20, 7200), 2),
            "video_codec": "unset" if unprobed else video,
            "format": "unset" if unprobed else format_,
            "audio_codec": "unset" if unprobed else audio,
            "width": -1 if unprobed else width,
            "height": -1 if unprobed else height,
            "frame_rate": -1 if unprobed else rng.choice((23.98, 25, 29.97, 59.94)),
            "bit_rate": -1 if unprobed else rng.randint(200_000, 60_000_000),
            "interactive": int(maybe(rng, 0.05)),
            "interactive_speed": None,
        },
    )
    prints: list[tuple[str, str | int]] = [("oshash", f"{rng.getrandbits(64):016x}")]
    prints += [("phash", rng.getrandbits(64) - 2**63)] if maybe(rng, 0.9) else []
    prints += [("md5", f"{rng.getrandbits(128):032x}")] if maybe(rng, 0.25) else []
    for kind, value in prints:
        yield "files_fingerprints", {"file_id": key, "type": kind, "fingerprint": value}
    for language in ("de", "en")[: rng.choice((0,) * 10 + (1, 2))]:
        caption = {"filename": f"{scene}.{language}.srt", "caption_type": "srt"}
        yield "video_captions", {"file_id": key, "language_code": language, **caption}


def _links(rng: Random, scene: int, cast: Cast) -> Iterator[TableRow]:
    for tag in few(rng, rng.randint(0, 12), cast.tags):
        yield "scenes_tags", {"scene_id": scene, "tag_id": tag}
    for performer in few(rng, rng.choice((0, 1, 1, 2, 2, 3, 4, 6)), cast.performers):
        yield "performers_scenes", {"scene_id": scene, "performer_id": performer}
    for group in few(rng, rng.choice((0,) * 14 + (1, 2)), cast.groups):
        index = rng.choice((None, 1, 2, 3))
        yield "groups_scenes", {"scene_id": scene, "group_id": group, "scene_index": index}
        yield "movies_scenes", {"scene_id": scene, "movie_id": group, "scene_index": index}
    for gallery in few(rng, rng.choice((0,) * 29 + (1,)), cast.galleries):
        yield "scenes_galleries", {"scene_id": scene, "gallery_id": gallery}


def _addresses(rng: Random, scene: int) -> Iterator[TableRow]:
    for position in range(rng.choice((0, 1, 1, 2))):
        url = f"https://www.site{position}.example/s/{scene}"
        yield "scene_urls", {"scene_id": scene, "position": position, "url": url}
    for endpoint in ENDPOINTS[: rng.choice((0, 0, 1, 2))]:
        known = {"stash_id": stash_id(rng), "updated_at": stamp(scene * 10)}
        yield "scene_stash_ids", {"scene_id": scene, "endpoint": endpoint, **known}


def _markers(rng: Random, scene: int, cast: Cast) -> Iterator[TableRow]:
    for number in range(rng.randint(1, 4)):
        key = scene * 4 + number
        start = round(rng.uniform(0, 600), 2)
        yield (
            "scene_markers",
            {
                "id": key,
                "title": sentence(rng, 2),
                "seconds": start,
                "end_seconds": start + 20 if maybe(rng, 0.3) else None,
                "primary_tag_id": rng.randint(1, cast.tags),
                "scene_id": scene,
                **stamps(scene * 10),
            },
        )
        for tag in few(rng, rng.choice((0, 1, 2)), cast.tags):
            yield "scene_markers_tags", {"scene_marker_id": key, "tag_id": tag}
