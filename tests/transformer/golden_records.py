"""The records of the golden documents: plain ones first, then what is hard about libraries."""

from collections.abc import Sequence

from indexer.records import Kind
from indexer.transformer.suggestions import suggestion
from tests.transformer.building import Record, marker, record, video_file

BOX = "https://box.example/graphql"
OTHER_BOX = "https://other-box.example/graphql"

PERFORMERS: Sequence[Record] = [
    record(
        "performer",
        1,
        name="Vera Lindqvist",
        aliases=["Keeper", "V. L."],
        gender="FEMALE",
        birthdate="1990-05-04",
        country="NO",
        ethnicity="northern",
        eye_color="grey",
        hair_color="red",
        height_cm=171,
        weight=64,
        measurements="90-60-90",
        fake_tits="No",
        career_start=2010,
        career_end=2020,
        tattoos="an anchor",
        piercings="one ear",
        favorite=True,
        rating=50,
        details="Keeps the northern light.",
        tags=[1, 3],
        urls=["https://www.lamp.example/vera", "https://quay.example:8443/v"],
        stash_ids=[{"endpoint": BOX, "stash_id": "a1"}, {"endpoint": OTHER_BOX, "stash_id": "b2"}],
        custom=[{"name": "boat", "value": "blue"}, {"name": "oars", "value": "2"}],
        has_image=True,
        created_at=1_600_000_000,
        updated_at=1_700_000_000,
    ),
    record("performer", 2),
    record("performer", 3, name="Jon Brandt", disambiguation="the elder", birthdate="1960-02-29"),
    record("performer", 4, name="Jon Brandt", disambiguation="the younger", gender="MALE"),
    record("performer", 5, name="Jon Brandt (the elder)", birthdate="1985", penis_length=15.5),
    record(
        "performer", 6, name=" Ødegård ", birthdate="2020-01", death_date="2024-12-31", tags=[9]
    ),
]

DIMENSIONS: dict[Kind, Sequence[Record]] = {
    "tag": [
        record(
            "tag",
            1,
            name="lantern",
            aliases=["lamp"],
            parents=[2, 3],
            description="What burns in the dark.",
            sort_name="a lantern",
            favorite=True,
            stash_ids=[{"endpoint": BOX, "stash_id": "t1"}],
            has_image=True,
            created_at=1_500_000_000,
            updated_at=1_500_000_001,
        ),
        record("tag", 2, name="light", parents=[3]),
        record("tag", 3, name="harbour", aliases=["haven", "port"]),
        record("tag", 7, name="loop", parents=[8]),
        record("tag", 8, name="pool", parents=[7]),
        record("tag", 9, name='\N{ANCHOR} "quoted", comma\\backslash'),
        record("tag", 10),
    ],
    "studio": [
        record(
            "studio",
            1,
            name="Quay",
            aliases=["Quayside"],
            urls=["https://quay.example/"],
            details="Since the first boat.",
            rating=90,
            favorite=True,
            tags=[1],
            stash_ids=[{"endpoint": BOX, "stash_id": "q1"}],
            has_image=True,
            created_at=1_500_000_000,
            updated_at=1_500_000_001,
        ),
        record("studio", 2, name="North > Quay", parent=1),
        record("studio", 3, name="Pier", parent=2),
        record("studio", 7, name="Round", parent=8),
        record("studio", 8, name="About", parent=7),
    ],
    "group": [
        record(
            "group",
            1,
            name="Storms",
            aliases="Gales, Winds",
            duration=7200,
            date="2020-07",
            rating=30,
            studio=2,
            director="Ada Holm",
            synopsis="Three nights.",
            urls=["https://quay.example/storms"],
            tags=[1],
            has_image=True,
            created_at=1_500_000_000,
            updated_at=1_500_000_001,
        ),
        record("group", 2, name="Calms"),
        record("group", 3, name="Calms"),
    ],
}

SCENES: Sequence[Record] = [
    record(
        "scene",
        1,
        title="Lamp 2: the storm",
        code="LMP-002",
        details="A night at the quay.",
        director="Ada Holm",
        urls=["https://www.lamp.example/2", "https://lamp.example/two", "no url"],
        date="2021-05-04",
        rating=70,
        organized=True,
        interactive=True,
        interactive_speed=30,
        created_at=1_620_000_000,
        updated_at=1_700_000_000,
        last_played_at=1_690_000_000,
        last_o_at=1_690_000_100,
        resume_time=12.5,
        play_duration=3600.25,
        play_count=3,
        o_counter=1,
        studio=3,
        tags=[1, 9],
        performers=[1, 3],
        galleries=[4, 11],
        groups=[{"group": 1, "index": 3}, {"group": 2, "index": None}],
        markers=[
            marker(2, title="Storm", seconds=1.5, primary_tag=1, tags=[3, 9]),
            marker(1, seconds=1.5, primary_tag=9),
            marker(3, seconds=60.0),
        ],
        stash_ids=[{"endpoint": BOX, "stash_id": "s1"}],
        captions=[{"language": "de", "type": "srt"}, {"language": "en", "type": "vtt"}],
        files=[
            video_file(
                9,
                folder="/media/lamps/north",
                basename="lamp_02.mp4",
                size=5_000_000_000,
                mod_time=1_610_000_000,
                format="mp4",
                width=1920,
                height=1080,
                duration=1234.567,
                video_codec="h264",
                audio_codec="aac",
                frame_rate=29.97,
                bit_rate=8_000_000_000,
                oshashes=["0011223344556677"],
                md5s=["d41d8cd98f00b204e9800998ecf8427e"],
                phashes=["8000000000000000"],
            ),
            video_file(4, folder="/media/old", basename="lamp_02.mp4", phashes=["f00000000001"]),
        ],
    ),
    record("scene", 2),
    record(
        "scene",
        3,
        date="1899",
        rating=1,
        studio=7,
        tags=[7],
        files=[
            video_file(1, folder="D:\\media\\north quay", basename="Two Ferries.wmv", width=1080,
                       height=1920)
        ],
    ),
    record("scene", 4, code="QUAY-10", date="2024-02-29", performers=[2, 3, 4, 5, 6], tags=[10]),
    record("scene", 5, title="?!", date="2021-05", rating=10, studio=2, groups=[
        {"group": 2, "index": 0}, {"group": 3, "index": 10},
    ]),
    record("scene", 6, title="\u200f灯台 \N{ANCHOR} Éclair 007 ", details="a\x07b\nc", created_at=0,
           files=[video_file(2, folder="/", basename="x.mkv", width=6144, height=6144)]),
    record("scene", 2_147_483_648, title="beyond", performers=[6], date="2020-02-01", rating=100),
]  # fmt: skip

GALLERIES: Sequence[Record] = [
    record(
        "gallery",
        4,
        title="Stills of the storm",
        code="ST-4",
        details="Taken from the pier.",
        photographer="Ada Holm",
        urls=["https://quay.example/stills"],
        date="2021-05-04",
        rating=20,
        organized=True,
        studio=3,
        tags=[1, 9],
        performers=[1, 3],
        image_count=12,
        folder="/media/stills/storm",
        created_at=1_500_000_000,
        updated_at=1_500_000_001,
    ),
    record("gallery", 5, basenames=["stills.2.zip", "stills.1.zip"]),
    record("gallery", 6, folder="/media/stills/blue"),
    record("gallery", 7),
]

MARKERS: Sequence[Record] = [
    record(
        "marker",
        1,
        title="Storm",
        seconds=1.5,
        end_seconds=20.0,
        scene=1,
        primary_tag=1,
        tags=[3, 9],
        created_at=1_500_000_000,
        updated_at=1_500_000_001,
    ),
    record("marker", 2, scene=1, primary_tag=9),
    record("marker", 3),
]

_TO_SUGGEST: Sequence[tuple[Kind, Sequence[Record]]] = (
    ("performer", PERFORMERS[:3]),
    ("studio", DIMENSIONS["studio"][:2]),
    ("tag", DIMENSIONS["tag"][:2]),
    ("group", DIMENSIONS["group"][:2]),
    ("gallery", GALLERIES),
)
SUGGESTIONS: Sequence[Record] = [
    {**suggestion(kind, each)} for kind, records in _TO_SUGGEST for each in records
]
