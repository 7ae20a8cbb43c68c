"""Made-up records as a source gives them, rich as those of a library that somebody looks after.

A scene has on average 7 tags, 2 performers and one file; a third has markers. The same number
gives the same record each time, so a library of any size needs no memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from indexer.records import (
    GroupMembership,
    GroupRecord,
    PerformerRecord,
    SceneMarker,
    SceneRecord,
    StashId,
    StudioRecord,
    TagRecord,
    VideoFile,
)
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
    stash_id,
    title,
)

_FIRST_SECOND = 1_600_000_000
_SIZES = ((640, 480), (1280, 720), (1920, 1080), (1920, 1080), (1080, 1920), (3840, 2160))


@dataclass(frozen=True)
class Cast:
    """How many there are of what scenes refer to, as in a library of 100,000 scenes."""

    tags: int = 3_000
    studios: int = 600
    performers: int = 10_000
    groups: int = 2_500


CAST = Cast()


def scene(number: int) -> SceneRecord:
    """The scene of a number."""
    rng = Random(number)
    plays = rng.randint(1, 6) if maybe(rng, 0.3) else 0
    performers = few(rng, rng.choice((0, 1, 1, 2, 2, 3, 4)), CAST.performers)
    changed = _FIRST_SECOND + number * 60
    return SceneRecord(
        id=number,
        title=title(rng) if maybe(rng, 0.9) else None,
        code=f"HB-{number:06}" if maybe(rng, 0.6) else None,
        details=sentence(rng, rng.randint(5, 45)) if maybe(rng, 0.65) else None,
        director="Åsa Marsh" if maybe(rng, 0.1) else None,
        urls=[f"https://www.site{at}.example/s/{number}" for at in range(rng.randint(0, 2))],
        date=day(rng) if maybe(rng, 0.9) else None,
        rating=rng.randint(1, 100) if maybe(rng, 0.5) else None,
        organized=maybe(rng, 0.35),
        interactive=maybe(rng, 0.05),
        interactive_speed=None,
        created_at=changed,
        updated_at=changed + 900,
        last_played_at=changed + 7_200 if plays else None,
        last_o_at=None,
        resume_time=12.5 if plays else 0.0,
        play_duration=plays * 301.5,
        play_count=plays,
        o_counter=rng.randint(0, 2) if plays else 0,
        studio=few(rng, 1, CAST.studios)[0] if maybe(rng, 0.85) else None,
        tags=few(rng, rng.randint(0, 14), CAST.tags),
        performers=performers,
        galleries=[],
        groups=list(_memberships(rng)),
        markers=list(_markers(rng, number)) if maybe(rng, 1 / 3) else [],
        stash_ids=list(_stash_ids(rng)),
        files=list(_files(rng, number, changed)),
        captions=[],
    )


def _memberships(rng: Random) -> Iterator[GroupMembership]:
    for group in few(rng, int(maybe(rng, 0.15)), CAST.groups):
        yield GroupMembership(group=group, index=rng.choice((None, 1, 2, 3)))


def _markers(rng: Random, scene: int) -> Iterator[SceneMarker]:
    for at in range(rng.randint(1, 4)):
        yield SceneMarker(
            id=scene * 4 + at,
            title=sentence(rng, 2) if maybe(rng, 0.7) else None,
            seconds=at * 100 + round(rng.random() * 99, 2),
            primary_tag=rng.randint(1, CAST.tags),
            tags=few(rng, rng.randint(0, 2), CAST.tags),
        )


def _stash_ids(rng: Random) -> Iterator[StashId]:
    for endpoint in ENDPOINTS[: rng.choice((0, 1, 1, 2))]:
        yield StashId(endpoint=endpoint, stash_id=stash_id(rng))


def _files(rng: Random, scene: int, changed: int) -> Iterator[VideoFile]:
    width, height = rng.choice(_SIZES)
    for at in range(rng.choice((1,) * 14 + (2,))):
        yield VideoFile(
            id=scene * 2 + at,
            folder=f"/media/films/{rng.choice(NOUNS).lower()} {rng.randint(2015, 2024)}",
            basename=f"{sentence(rng, 3).replace(' ', '.')}.{scene}.mp4",
            size=rng.randint(10**6, 9 * 10**9),
            mod_time=changed - 1_800,
            format="mp4",
            width=width,
            height=height,
            duration=round(rng.uniform(20, 7200), 2),
            video_codec=rng.choice(("h264", "hevc", "av1")),
            audio_codec="aac",
            frame_rate=rng.choice((23.98, 25.0, 29.97, 59.94)),
            bit_rate=rng.randint(200_000, 60_000_000),
            oshashes=[f"{rng.getrandbits(64):016x}"],
            md5s=[],
            phashes=[f"{rng.getrandbits(64):x}"] if maybe(rng, 0.9) else [],
        )


def tag(number: int) -> TagRecord:
    """The tag of a number; its parents have lower ones."""
    rng = Random(number)
    return TagRecord(
        id=number,
        name=f"{rng.choice(NOUNS).lower()} {sentence(rng, 1)} {number}",
        aliases=[f"tag {number} by another name"] if maybe(rng, 0.25) else [],
        parents=few(rng, rng.choice((0, 1, 1)), number - 1),
        description=None,
        sort_name=None,
        favorite=False,
        stash_ids=[],
        has_image=False,
        created_at=_FIRST_SECOND,
        updated_at=_FIRST_SECOND,
    )


def studio(number: int) -> StudioRecord:
    """The studio of a number; its parent has a lower one."""
    rng = Random(number)
    return StudioRecord(
        id=number,
        name=f"{title(rng)} Pictures {number}",
        aliases=[],
        parent=rng.randint(1, number - 1) if number > 1 and maybe(rng, 0.35) else None,
        urls=[],
        details=None,
        rating=None,
        favorite=False,
        tags=[],
        stash_ids=[],
        has_image=False,
        created_at=_FIRST_SECOND,
        updated_at=_FIRST_SECOND,
    )


def group(number: int) -> GroupRecord:
    """The group of a number."""
    rng = Random(number)
    return GroupRecord(
        id=number,
        name=f"{title(rng)} Series {number}",
        aliases=None,
        duration=None,
        date=None,
        rating=None,
        studio=None,
        director=None,
        synopsis=None,
        urls=[],
        tags=[],
        scenes=[],
        has_image=False,
        created_at=_FIRST_SECOND,
        updated_at=_FIRST_SECOND,
    )


def performer(number: int) -> PerformerRecord:
    """The performer of a number."""
    rng = Random(number)
    return PerformerRecord(
        id=number,
        name=f"{rng.choice(FIRST)} {rng.choice(LAST)} {number}",
        disambiguation=None,
        aliases=[f"{rng.choice(FIRST)} Alias {number}"] if maybe(rng, 0.5) else [],
        gender=rng.choice(GENDERS) if maybe(rng, 0.8) else None,
        birthdate=day(rng, 1950, 2000) if maybe(rng, 0.7) else None,
        death_date=None,
        ethnicity=None,
        country=rng.choice(COUNTRIES) if maybe(rng, 0.7) else None,
        eye_color=rng.choice(("Blue", "Brown", "Hazel")) if maybe(rng, 0.5) else None,
        hair_color=rng.choice(("Red", "Black", "Grey")) if maybe(rng, 0.5) else None,
        height_cm=rng.randint(150, 200) if maybe(rng, 0.5) else None,
        weight=rng.randint(45, 100) if maybe(rng, 0.4) else None,
        measurements=None,
        fake_tits=None,
        penis_length=None,
        circumcised=None,
        career_start=rng.randint(1990, 2015) if maybe(rng, 0.3) else None,
        career_end=None,
        tattoos=None,
        piercings=None,
        favorite=maybe(rng, 0.1),
        rating=rng.randint(1, 100) if maybe(rng, 0.4) else None,
        details=sentence(rng, 20) if maybe(rng, 0.4) else None,
        tags=few(rng, rng.randint(0, 3), CAST.tags),
        urls=[f"https://people.example/{number}"] if maybe(rng, 0.6) else [],
        stash_ids=list(_stash_ids(rng)),
        custom=[],
        has_image=maybe(rng, 0.3),
        created_at=_FIRST_SECOND,
        updated_at=_FIRST_SECOND,
    )
