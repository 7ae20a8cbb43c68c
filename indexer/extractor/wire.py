"""What comes over the wire, typed: the things in Stash's answers to the queries of queries.py.

The keys are Stash's own. Only what a selection names is there, so most may be missing.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue, TypeAdapter
from typing_extensions import TypedDict

from indexer.extractor.answer import Answer, Id, Listed, Things
from indexer.records import Kind, StashId


class WireFingerprint(TypedDict):
    """A fingerprint; a phash as unsigned hex."""

    type: str
    value: str


class WireFile(TypedDict, total=False):
    """A video file."""

    id: int
    path: str
    basename: str
    size: int | None
    mod_time: str | None
    format: str | None
    width: int | None
    height: int | None
    duration: float | None
    video_codec: str | None
    audio_codec: str | None
    frame_rate: float | None
    bit_rate: int | None
    fingerprints: list[WireFingerprint]


class WireCaption(TypedDict):
    """A caption file."""

    language_code: str
    caption_type: str


class WireMarker(TypedDict, total=False):
    """A marker."""

    id: int
    title: str | None
    seconds: float
    end_seconds: float | None
    scene: Id | None
    primary_tag: Id | None
    tags: list[Id]
    created_at: str | None
    updated_at: str | None


class WireScene(TypedDict, total=False):
    """A scene."""

    id: int
    title: str | None
    code: str | None
    details: str | None
    director: str | None
    url: str | None
    urls: list[str] | None
    date: str | None
    rating100: int | None
    organized: bool
    interactive: bool
    interactive_speed: int | None
    created_at: str | None
    updated_at: str | None
    last_played_at: str | None
    o_history: list[str]
    resume_time: float | None
    play_duration: float | None
    play_count: int | None
    o_counter: int | None
    studio: Id | None
    tags: list[Id]
    performers: list[Id]
    galleries: list[Id]
    scene_markers: list[WireMarker]
    stash_ids: list[StashId]
    files: list[WireFile]
    captions: list[WireCaption] | None


class WirePerformer(TypedDict, total=False):
    """A performer; career_start and career_end since v0.31."""

    id: int
    name: str | None
    disambiguation: str | None
    alias_list: list[str]
    gender: str | None
    birthdate: str | None
    death_date: str | None
    ethnicity: str | None
    country: str | None
    eye_color: str | None
    hair_color: str | None
    height_cm: int | None
    weight: int | None
    measurements: str | None
    fake_tits: str | None
    penis_length: float | None
    circumcised: str | None
    career_length: str | None
    career_start: int | str | None
    career_end: int | str | None
    tattoos: str | None
    piercings: str | None
    favorite: bool
    rating100: int | None
    details: str | None
    tags: list[Id]
    url: str | None
    twitter: str | None
    instagram: str | None
    urls: list[str] | None
    stash_ids: list[StashId]
    custom_fields: dict[str, JsonValue]
    image_path: str | None
    created_at: str | None
    updated_at: str | None


class WireTag(TypedDict, total=False):
    """A tag."""

    id: int
    name: str | None
    aliases: list[str]
    parents: list[Id]
    description: str | None
    sort_name: str | None
    favorite: bool
    stash_ids: list[StashId]
    image_path: str | None
    created_at: str | None
    updated_at: str | None


class WireStudio(TypedDict, total=False):
    """A studio."""

    id: int
    name: str | None
    aliases: list[str]
    parent_studio: Id | None
    url: str | None
    urls: list[str]
    details: str | None
    rating100: int | None
    favorite: bool
    tags: list[Id]
    stash_ids: list[StashId]
    image_path: str | None
    created_at: str | None
    updated_at: str | None


class WireGroup(TypedDict, total=False):
    """A group, or a movie as it was called before v0.27."""

    id: int
    name: str | None
    aliases: str | None
    duration: int | None
    date: str | None
    rating100: int | None
    studio: Id | None
    director: str | None
    synopsis: str | None
    url: str | None
    urls: list[str]
    tags: list[Id]
    scenes: list[Id]
    front_image_path: str | None
    created_at: str | None
    updated_at: str | None


class WireFolder(TypedDict):
    """A folder that is a gallery."""

    path: str


class WireGalleryFile(TypedDict, total=False):
    """An archive that is a gallery."""

    id: int
    basename: str


class WireGallery(TypedDict, total=False):
    """A gallery."""

    id: int
    title: str | None
    code: str | None
    details: str | None
    photographer: str | None
    url: str | None
    urls: list[str]
    date: str | None
    rating100: int | None
    organized: bool
    studio: Id | None
    tags: list[Id]
    performers: list[Id]
    scenes: list[Id]
    image_count: int
    folder: WireFolder | None
    files: list[WireGalleryFile]
    created_at: str | None
    updated_at: str | None


class WirePlace(TypedDict):
    """A scene's place in a group."""

    group: Id
    scene_index: int | None


class WireSceneGroups(TypedDict):
    """A scene with nothing but its places in groups."""

    id: int
    places: list[WirePlace]


class Count(TypedDict):
    """How many there are."""

    count: int


class Counted(TypedDict):
    """The answer to queries.between."""

    found: Count


PAGES: Mapping[Kind, TypeAdapter[Answer[Listed[Any]]]] = {
    "scene": TypeAdapter(Answer[Listed[WireScene]]),
    "performer": TypeAdapter(Answer[Listed[WirePerformer]]),
    "tag": TypeAdapter(Answer[Listed[WireTag]]),
    "studio": TypeAdapter(Answer[Listed[WireStudio]]),
    "group": TypeAdapter(Answer[Listed[WireGroup]]),
    "gallery": TypeAdapter(Answer[Listed[WireGallery]]),
    "marker": TypeAdapter(Answer[Listed[WireMarker]]),
}
EXACTLY: Mapping[Kind, TypeAdapter[Answer[dict[str, Things[Any]]]]] = {
    "scene": TypeAdapter(Answer[dict[str, Things[WireScene]]]),
    "gallery": TypeAdapter(Answer[dict[str, Things[WireGallery]]]),
}
PLACES = TypeAdapter(Answer[Listed[WireSceneGroups]])
COUNT = TypeAdapter(Answer[Counted])
