"""From a thing as it came over the wire to its record, one function a kind.

`asked` are the record paths in use: see shape_scene.py.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from indexer.extractor import canonical
from indexer.extractor.answer import id_of, ids_of
from indexer.extractor.canonical import date, epoch, text
from indexer.extractor.shape_scene import scene
from indexer.extractor.wire import (
    WireGallery,
    WireGroup,
    WireMarker,
    WirePerformer,
    WireStudio,
    WireTag,
)
from indexer.records import (
    GalleryRecord,
    GroupRecord,
    Kind,
    MarkerRecord,
    PerformerRecord,
    Record,
    StudioRecord,
    TagRecord,
)

Asked: TypeAlias = frozenset[str]


def performer(wire: WirePerformer, asked: Asked) -> PerformerRecord:
    """Return a performer."""
    first, last = canonical.career(wire.get("career_length"))
    first = canonical.year(wire.get("career_start")) or first
    last = canonical.year(wire.get("career_end")) or last
    return PerformerRecord(
        id=wire["id"],
        name=text(wire.get("name")),
        disambiguation=text(wire.get("disambiguation")),
        aliases=sorted(wire.get("alias_list", ())),
        gender=text(wire.get("gender")),
        birthdate=date(wire.get("birthdate")),
        death_date=date(wire.get("death_date")),
        ethnicity=text(wire.get("ethnicity")),
        country=text(wire.get("country")),
        eye_color=text(wire.get("eye_color")),
        hair_color=text(wire.get("hair_color")),
        height_cm=wire.get("height_cm"),
        weight=wire.get("weight"),
        measurements=text(wire.get("measurements")),
        fake_tits=text(wire.get("fake_tits")),
        penis_length=wire.get("penis_length"),
        circumcised=text(wire.get("circumcised")),
        career_start=first if "career_start" in asked else None,
        career_end=last if "career_end" in asked else None,
        tattoos=text(wire.get("tattoos")),
        piercings=text(wire.get("piercings")),
        favorite=wire.get("favorite", False),
        rating=wire.get("rating100"),
        details=text(wire.get("details")),
        tags=ids_of(wire.get("tags", ())),
        urls=canonical.urls(
            wire.get("urls"), wire.get("url"), wire.get("twitter"), wire.get("instagram")
        ),
        stash_ids=canonical.stash_ids(wire.get("stash_ids", ())),
        custom=canonical.custom(wire.get("custom_fields")),
        has_image=canonical.picture(wire.get("image_path")),
        created_at=epoch(wire.get("created_at")),
        updated_at=epoch(wire.get("updated_at")),
    )


def tag(wire: WireTag, _asked: Asked) -> TagRecord:
    """Return a tag."""
    return TagRecord(
        id=wire["id"],
        name=text(wire.get("name")),
        aliases=sorted(wire.get("aliases", ())),
        parents=ids_of(wire.get("parents", ())),
        description=text(wire.get("description")),
        sort_name=text(wire.get("sort_name")),
        favorite=wire.get("favorite", False),
        stash_ids=canonical.stash_ids(wire.get("stash_ids", ())),
        has_image=canonical.picture(wire.get("image_path")),
        created_at=epoch(wire.get("created_at")),
        updated_at=epoch(wire.get("updated_at")),
    )


def studio(wire: WireStudio, _asked: Asked) -> StudioRecord:
    """Return a studio."""
    return StudioRecord(
        id=wire["id"],
        name=text(wire.get("name")),
        aliases=sorted(wire.get("aliases", ())),
        parent=id_of(wire.get("parent_studio")),
        urls=canonical.urls(wire.get("urls"), wire.get("url")),
        details=text(wire.get("details")),
        rating=wire.get("rating100"),
        favorite=wire.get("favorite", False),
        tags=ids_of(wire.get("tags", ())),
        stash_ids=canonical.stash_ids(wire.get("stash_ids", ())),
        has_image=canonical.picture(wire.get("image_path")),
        created_at=epoch(wire.get("created_at")),
        updated_at=epoch(wire.get("updated_at")),
    )


def group(wire: WireGroup, _asked: Asked) -> GroupRecord:
    """Return a group."""
    return GroupRecord(
        id=wire["id"],
        name=text(wire.get("name")),
        aliases=text(wire.get("aliases")),
        duration=canonical.positive_whole(wire.get("duration")),
        date=date(wire.get("date")),
        rating=wire.get("rating100"),
        studio=id_of(wire.get("studio")),
        director=text(wire.get("director")),
        synopsis=text(wire.get("synopsis")),
        urls=canonical.urls(wire.get("urls"), wire.get("url")),
        tags=ids_of(wire.get("tags", ())),
        scenes=ids_of(wire.get("scenes", ())),
        has_image=canonical.picture(wire.get("front_image_path")),
        created_at=epoch(wire.get("created_at")),
        updated_at=epoch(wire.get("updated_at")),
    )


def gallery(wire: WireGallery, _asked: Asked) -> GalleryRecord:
    """Return a gallery; one of images alone has neither folder nor files."""
    folder = wire.get("folder")
    files = canonical.primary_first(wire.get("files", []), lambda file: file["id"])
    return GalleryRecord(
        id=wire["id"],
        title=text(wire.get("title")),
        code=text(wire.get("code")),
        details=text(wire.get("details")),
        photographer=text(wire.get("photographer")),
        urls=canonical.urls(wire.get("urls"), wire.get("url")),
        date=date(wire.get("date")),
        rating=wire.get("rating100"),
        organized=wire.get("organized", False),
        studio=id_of(wire.get("studio")),
        tags=ids_of(wire.get("tags", ())),
        performers=ids_of(wire.get("performers", ())),
        scenes=ids_of(wire.get("scenes", ())),
        image_count=wire.get("image_count", 0),
        folder=canonical.folder_path(folder["path"]) if folder else None,
        basenames=[file["basename"] for file in files],
        created_at=epoch(wire.get("created_at")),
        updated_at=epoch(wire.get("updated_at")),
    )


def marker(wire: WireMarker, _asked: Asked) -> MarkerRecord:
    """Return a marker as a thing of its own."""
    return MarkerRecord(
        id=wire["id"],
        title=text(wire.get("title")),
        seconds=wire.get("seconds", 0.0),
        end_seconds=wire.get("end_seconds"),
        scene=id_of(wire.get("scene")),
        primary_tag=id_of(wire.get("primary_tag")),
        tags=ids_of(wire.get("tags", ())),
        created_at=epoch(wire.get("created_at")),
        updated_at=epoch(wire.get("updated_at")),
    )


SHAPES: Mapping[Kind, Callable[[Any, Asked], Record]] = {
    "scene": scene,
    "performer": performer,
    "tag": tag,
    "studio": studio,
    "group": group,
    "gallery": gallery,
    "marker": marker,
}
