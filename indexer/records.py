"""The typed records: the one language that extractor and transformer share.

A record is one thing as Stash has it, in one canonical form, whatever way it was read:

* ids are int; what is unset ("", null, a size of -1, "unset") is None; lists are never None;
* timestamps are epoch seconds; dates are text as Stash prints them: "2021", "2021-05",
  "2021-05-04";
* tags, performers and galleries are ids in ascending order; group memberships by group id;
  markers by (seconds, id); urls by position; stash_ids by (endpoint, stash_id); aliases, captions
  and fingerprints sorted; files primary first, then by id;
* a record always has every key; a field that was not asked for is None, False, 0 or [].

`Ref` marks an id that is resolved through a dimension, `Wide` an int that can pass 2^31.
"""

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from typing_extensions import TypedDict

Kind: TypeAlias = Literal[
    "scene", "performer", "tag", "studio", "group", "gallery", "marker", "suggestion"
]


@dataclass(frozen=True)
class Ref:
    """Marks an id that names a record of another kind."""

    kind: Kind


@dataclass(frozen=True)
class WideMark:
    """Marks an int that can pass 2^31 and so never fits an int32 field."""


Wide: TypeAlias = Annotated[int, WideMark()]
Timestamp: TypeAlias = Annotated[int, WideMark()]
Tag: TypeAlias = Annotated[int, WideMark(), Ref("tag")]
Performer: TypeAlias = Annotated[int, WideMark(), Ref("performer")]
Studio: TypeAlias = Annotated[int, WideMark(), Ref("studio")]
Group: TypeAlias = Annotated[int, WideMark(), Ref("group")]


class StashId(TypedDict):
    """A thing's id in a stash-box: the endpoint's URL and the id there."""

    endpoint: str
    stash_id: str


class VideoFile(TypedDict):
    """A video file; sizes in bytes, duration in seconds, bit rate in bits a second."""

    id: Wide
    folder: str
    basename: str
    size: Wide | None
    mod_time: Timestamp | None
    format: str | None
    width: int | None
    height: int | None
    duration: float | None
    video_codec: str | None
    audio_codec: str | None
    frame_rate: float | None
    bit_rate: Wide | None
    oshashes: list[str]
    md5s: list[str]
    phashes: list[str]


class Caption(TypedDict):
    """A caption file beside the video."""

    language: str
    type: str


class SceneMarker(TypedDict):
    """A marker inside a scene; seconds from its start."""

    id: Wide
    title: str | None
    seconds: float
    primary_tag: Tag | None
    tags: list[Tag]


class GroupMembership(TypedDict):
    """A scene's place in a group; index None where Stash has no number for it."""

    group: Group
    index: int | None


class SceneRecord(TypedDict):
    """A scene; resume_time and play_duration in seconds."""

    id: Wide
    title: str | None
    code: str | None
    details: str | None
    director: str | None
    urls: list[str]
    date: str | None
    rating: int | None
    organized: bool
    interactive: bool
    interactive_speed: int | None
    created_at: Timestamp | None
    updated_at: Timestamp | None
    last_played_at: Timestamp | None
    last_o_at: Timestamp | None
    resume_time: float | None
    play_duration: float | None
    play_count: int
    o_counter: int
    studio: Studio | None
    tags: list[Tag]
    performers: list[Performer]
    galleries: list[Wide]
    groups: list[GroupMembership]
    markers: list[SceneMarker]
    stash_ids: list[StashId]
    files: list[VideoFile]
    captions: list[Caption]


class CustomField(TypedDict):
    """A field that the owner of the library added; numbers as text, whole ones without a point."""

    name: str
    value: str


class PerformerRecord(TypedDict):
    """A performer; height in cm, weight in kg, penis_length in cm, career as years."""

    id: Wide
    name: str | None
    disambiguation: str | None
    aliases: list[str]
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
    career_start: int | None
    career_end: int | None
    tattoos: str | None
    piercings: str | None
    favorite: bool
    rating: int | None
    details: str | None
    tags: list[Tag]
    urls: list[str]
    stash_ids: list[StashId]
    custom: list[CustomField]
    has_image: bool
    created_at: Timestamp | None
    updated_at: Timestamp | None


class TagRecord(TypedDict):
    """A tag; its parents form a graph."""

    id: Wide
    name: str | None
    aliases: list[str]
    parents: list[Tag]
    description: str | None
    sort_name: str | None
    favorite: bool
    stash_ids: list[StashId]
    has_image: bool
    created_at: Timestamp | None
    updated_at: Timestamp | None


class StudioRecord(TypedDict):
    """A studio; it has one parent at most."""

    id: Wide
    name: str | None
    aliases: list[str]
    parent: Studio | None
    urls: list[str]
    details: str | None
    rating: int | None
    favorite: bool
    tags: list[Tag]
    stash_ids: list[StashId]
    has_image: bool
    created_at: Timestamp | None
    updated_at: Timestamp | None


class GroupRecord(TypedDict):
    """A group (a movie before Stash v0.27); duration in seconds."""

    id: Wide
    name: str | None
    aliases: str | None
    duration: Wide | None
    date: str | None
    rating: int | None
    studio: Studio | None
    director: str | None
    synopsis: str | None
    urls: list[str]
    tags: list[Tag]
    scenes: list[Wide]
    has_image: bool
    created_at: Timestamp | None
    updated_at: Timestamp | None


class GalleryRecord(TypedDict):
    """A gallery of images."""

    id: Wide
    title: str | None
    code: str | None
    details: str | None
    photographer: str | None
    urls: list[str]
    date: str | None
    rating: int | None
    organized: bool
    studio: Studio | None
    tags: list[Tag]
    performers: list[Performer]
    scenes: list[Wide]
    image_count: int
    folder: str | None
    basenames: list[str]
    created_at: Timestamp | None
    updated_at: Timestamp | None


class MarkerRecord(TypedDict):
    """A marker as a thing of its own; seconds from the start of its scene."""

    id: Wide
    title: str | None
    seconds: float
    end_seconds: float | None
    scene: Wide | None
    primary_tag: Tag | None
    tags: list[Tag]
    created_at: Timestamp | None
    updated_at: Timestamp | None


class SuggestionRecord(TypedDict):
    """What can be suggested of a thing, whatever its kind; made of its record, not read.

    `id` is unique over all kinds, `stash_id` the thing's own among its kind; `file_name` is what
    Stash calls a gallery without a title.
    """

    id: Wide
    kind: str
    stash_id: Wide
    name: str | None
    file_name: str | None
    disambiguation: str | None
    aliases: list[str]
    favorite: bool
    has_image: bool
    updated_at: Timestamp | None


Record: TypeAlias = (
    SceneRecord
    | PerformerRecord
    | TagRecord
    | StudioRecord
    | GroupRecord
    | GalleryRecord
    | MarkerRecord
    | SuggestionRecord
)

RECORD_TYPES: dict[Kind, type] = {
    "scene": SceneRecord,
    "performer": PerformerRecord,
    "tag": TagRecord,
    "studio": StudioRecord,
    "group": GroupRecord,
    "gallery": GalleryRecord,
    "marker": MarkerRecord,
    "suggestion": SuggestionRecord,
}
STASH_KINDS: tuple[Kind, ...] = tuple(kind for kind in RECORD_TYPES if kind != "suggestion")
"""The kinds that a source reads."""
