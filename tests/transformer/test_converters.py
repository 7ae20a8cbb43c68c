"""Converters, each with what it makes of plain, odd and missing values."""

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest

from indexer.transformer import converters
from indexer.transformer.converters import CONVERTERS, RESOLUTIONS, join_path
from indexer.transformer.natural import natural_order, natural_rank, natural_rank_2, natural_rank_3

LONG = "x" * 100


def _second(year: int, month: int = 1, day: int = 1) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


TABLE: dict[str, list[tuple[tuple[Any, ...], Any]]] = {
    "first_day": [
        (("2021",), _second(2021)),
        (("2021-05",), _second(2021, 5)),
        (("2021-05-04",), _second(2021, 5, 4)),
        (("1970-01-01",), 0),
        (("1899-12-31",), -2209075200),
        (("0001-05-04",), _second(1, 5, 4)),
        (("9999-12-31",), _second(9999, 12, 31)),
        (("2021-02-29",), None),
        (("2021-13",), None),
        (("0000",), None),
        (("-5",), None),
        (("99999999999999999999",), None),
        (("spring",), None),
        (("",), None),
    ],
    "year": [
        (("2021",), 2021),
        (("2021-05",), 2021),
        (("2021-05-04",), 2021),
        (("1899-12-31",), 1899),
        (("2021-02-30",), None),
        (("some time",), None),
        (("",), None),
    ],
    "ages": [
        ((["1990-05-04"], "2020-05-03"), [29]),
        ((["1990-05-04"], "2020-05-04"), [30]),
        ((["1990-05-04"], "2020-05-05"), [30]),
        ((["1990-05-04"], "2020-04-30"), [29]),
        ((["2000-02-29"], "2021-02-28"), [20]),
        ((["2000-02-29"], "2021-03-01"), [21]),
        ((["2000-02-29"], "2024-02-29"), [24]),
        ((["1990-05-04", "1980-01-01", "1990-05-01"], "2020-05-04"), [30, 40]),
        ((["1990-05-04", None, "1990", "1990-05"], "2020-05-04"), [30]),
        ((["1990-05-04"], "1990-05-04"), [0]),
        ((["1990-05-04"], "1990-05-03"), []),
        ((["1990-02-30"], "2020-05-04"), []),
        ((["1990-05-04"], "2020-05"), []),
        ((["1990-05-04"], "2020"), []),
        ((["1990-05-04"], "2020-02-30"), []),
        ((["1990-05-04"], None), []),
        (([], "2020-05-04"), []),
    ],
    "youngest": [
        ((["1980-01-01", "1990-05-04"], "2020-05-04"), 30),
        ((["2021-01-01"], "2020-05-04"), None),
        (([], "2020-05-04"), None),
        ((["1990-05-04"], None), None),
    ],
    "stars": [
        ((1,), 1),
        ((10,), 1),
        ((29,), 1),
        ((30,), 2),
        ((49,), 2),
        ((50,), 3),
        ((69,), 3),
        ((70,), 4),
        ((89,), 4),
        ((90,), 5),
        ((100,), 5),
    ],
    "resolution": [
        ((143, 4000), None),
        ((144, 144), "144p"),
        ((1920, 1080), "1080p"),
        ((1080, 1920), "1080p"),
        ((1920, 1079), "720p"),
        ((2560, 1440), "1440p"),
        ((3840, 1919), "1440p"),
        ((3840, 1920), "4K"),
        ((3840, 2160), "4K"),
        ((99999, 99999), "8K+"),
        ((None, 1080), None),
        ((1920, None), None),
    ],
    "orientation": [
        ((1920, 1080), "landscape"),
        ((1080, 1920), "portrait"),
        ((720, 720), "square"),
        ((721, 720), "landscape"),
        ((None, 720), None),
        ((720, None), None),
    ],
    "sites": [
        ((["https://www.harbour.example/a", "http://harbour.example/b"],), ["harbour.example"]),
        ((["https://Lamp.EXAMPLE:8443/x?y#z"],), ["lamp.example"]),
        ((["HTTPS://WWW.LAMP.EXAMPLE"],), ["lamp.example"]),
        ((["https://www.www.example"],), ["www.example"]),
        ((["https://wwwlamp.example"],), ["wwwlamp.example"]),
        ((["https://keeper:word@lamp.example/x"],), ["lamp.example"]),
        ((["https://lamp.example?next=http://other.example/"],), ["lamp.example"]),
        ((["https://[::1]:9999/x"],), ["::1"]),
        ((["https://b.example", "https://a.example"],), ["b.example", "a.example"]),
        ((["lamp.example/x", "/x", "lamp", "", "mailto:keeper@lamp.example"],), []),
        ((["https://[::1", "http://", "https:///x", "://x", "http://www."],), []),
        (([],), []),
    ],
    "paths": [
        ((["/media", "D:\\lamps"], ["a.mp4", "b.mp4"]), ["/media/a.mp4", "D:\\lamps\\b.mp4"]),
        (([], []), []),
    ],
    "path_words": [
        ((["/media/north quay"], ["two-ferries_01.mp4"]),
         ["media", "north", "quay", "two", "ferries", "01", "mp4"]),
        ((["D:\\media\\(old) lamps"], ["a'b.mp4"]),
         ["D", "media", "old", "lamps", "a", "b", "mp4"]),
        ((["/media", "/media"], ["lamp.mp4", "quay.mp4"]), ["media", "lamp", "mp4", "quay"]),
        ((["/lamp"], ["Lamp.LAMP"]), ["LAMP"]),
        ((["/Ä/灯"], ["ä.mp4"]), ["ä", "灯", "mp4"]),
        ((["/"], ["---"]), []),
        (([], []), []),
    ],
    "last_levels": [
        (("/media/lamps/north",), "lamps/north"),
        (("/media",), "media"),
        (("D:\\media\\lamps\\north",), "lamps/north"),
        (("D:\\media/lamps",), "media/lamps"),
        (("D:",), "D:"),
        (("//server//share//",), "server/share"),
        (("/",), None),
        (("",), None),
    ],
    "natural_order": [
        (("Lamp 2",), "lamp 012"),
        (("Lamp 10",), "lamp 0210"),
        (("Lamp 007",), "lamp 017"),
        (("Lamp 000",), "lamp 010"),
        (("lamp2b",), "lamp012b"),
        (("Éclair, the: Lamp!",), "eclair the lamp"),
        (("Straße",), "strasse"),
        (("灯台",), "灯台"),
        (("?!",), "?!"),
        (("\u0301",), "\u0301"),
        ((LONG,), LONG[:60]),
        (("!" * 100,), "!" * 60),
        (("1" * 100,), "99" + "1" * 58),
    ],
    "later_parts": [
        (("日本語",), ["本語", "語"]),
        (("港の 日本 2",), ["の", "本"]),
        (("Lamp 灯",), []),
        (("",), []),
    ],
    "natural_rank": [
        (("",), 0),
        (("A",), 11 * 38**11),
        (("a, b",), 11 * 38**11 + 12 * 38**9),
        (("z" * 20,), (38**12 - 1) * 36 // 37),
        (("ф",), 37 * 38**11 + ord("ф") * 38**9),
        (("台",), 37 * 38**11 + 37 * 38**10 + ord("台") * 38**6),
        (("\x7f",), 37 * 38**11 + 0x7F * 38**9),
    ],
    "natural_rank_2": [(("a" * 12,), 0), (("a" * 12 + "b",), 12 * 38**11)],
    "natural_rank_3": [(("a" * 24,), 0), (("a" * 24 + "b",), 12 * 38**11)],
    "count": [(([],), 0), (([None, None],), 2), ((["a"],), 1)],
    "any_of": [(([],), False), (([False, None],), False), (([False, True],), True)],
    "is_positive": [((0,), False), ((1,), True), ((-1,), False)],
    "seconds": [((0,), 0.0), ((1500,), 1.5), ((1,), 0.001)],
    "together": [
        ((["a", "b"], ["b", "c"]), ["a", "b", "c"]),
        (([None, "a"], ["b", None]), ["a", "b"]),
        (([], []), []),
    ],
    "group_numbers": [(([3, None, 0],), [3, -1, 0]), (([],), [])],
    "marker_titles": [
        ((["Storm", None, None], ["lamp", "quay", None]), ["Storm", "quay", "Marker"]),
        (([], []), []),
    ],
    "custom_text": [
        ((["wick", "oil"], ["long", ""]), ["wick: long", "oil: "]),
        (([], []), []),
    ],
    "shuffle": [((1,), 64810935), ((12,), 1330857165), ((2**62,), 1061559496)],
    "screenshot": [
        ((12, 1700000000), "/scene/12/screenshot?t=1700000000"),
        ((12, None), "/scene/12/screenshot?t=0"),
    ],
    "performer_image": [
        ((7, 1700000000, True), "/performer/7/image?t=1700000000"),
        ((7, None, True), "/performer/7/image?t=0"),
        ((7, 1700000000, False), None),
    ],
    "marker_title": [
        (("Storm", "lamp"), "Storm"), ((None, "lamp"), "lamp"), ((None, None), "Marker"),
    ],
    "together_ids": [(([1, 2], [2, 3]), [1, 2, 3]), (([], []), [])],
    "gallery_title": [
        ((12, "Stills", ["a.zip"], "/media/b"), "Stills"),
        ((12, None, ["a.zip"], "/media/b"), "a.zip"),
        ((12, None, [], "/media/blue stills/"), "blue stills"),
        ((12, None, [], "D:\\media\\blue"), "blue"),
        ((12, None, [], "/"), "Gallery 12"),
        ((12, None, [], None), "Gallery 12"),
    ],
    "suggestion_name": [
        (("tag", 12, "lamp", None), "lamp"),
        (("gallery", 12, None, "a.zip"), "a.zip"),
        (("tag", 12, None, None), "Tag 12"),
    ],
    "studio_image": [((12, 17, True), "/studio/12/image?t=17"), ((12, 17, False), None)],
    "tag_image": [((12, 17, True), "/tag/12/image?t=17"), ((12, 17, False), None)],
    "group_image": [((12, None, True), "/group/12/frontimage?t=0"), ((12, 17, False), None)],
    "gallery_image": [((12, 17, 3), "/gallery/12/cover?t=17"), ((12, 17, 0), None)],
    "marker_image": [
        ((3, 12, 17), "/scene/12/scene_marker/3/screenshot?t=17"), ((3, None, 17), None),
    ],
    "suggestion_image": [
        (("group", 12, 17, True), "/group/12/frontimage?t=17"),
        (("performer", 12, 17, False), None),
    ],
    "missing_of_studio": [
        ((True, 1, ["s"], ["u"], "d"), []),
        ((False, None, [], [], None), ["image", "parent", "stash_id", "url", "details"]),
    ],
    "missing_of_tag": [
        ((True, [1], ["s"], "d"), []),
        ((False, [], [], None), ["image", "parents", "stash_id", "details"]),
    ],
    "missing_of_group": [
        ((True, "2021", 1, [1], ["u"], "d"), []),
        ((False, None, None, [], [], None), ["image", "date", "studio", "tags", "url", "details"]),
    ],
    "missing_of_gallery": [
        (("t", "2021", 1, [1], [1], ["u"], "d", 5), []),
        (
            (None, None, None, [], [], [], None, 0),
            ["title", "date", "studio", "performers", "tags", "url", "details", "images"],
        ),
    ],
    "missing_of_scene": [
        (("a", "2021", 1, 5, [1], [2], "d", ["u"], ["s"], [1]), []),
        (
            (None, None, None, None, [], [], None, [], [], []),
            ["title", "date", "rating", "studio", "performers", "tags", "details", "url",
             "stash_id", "file"],
        ),
        (("a", None, 1, 5, [1], [], "d", ["u"], ["s"], [1]), ["date", "tags"]),
    ],
    "missing_of_performer": [
        (("1990", "NO", "FEMALE", True, ["s"], ["u"], "d"), []),
        (
            (None, None, None, False, [], [], None),
            ["birthdate", "country", "gender", "image", "stash_id", "url", "details"],
        ),
    ],
}  # fmt: skip

ROWS = [(name, given, expected) for name, rows in TABLE.items() for given, expected in rows]


def test_every_converter_has_its_rows() -> None:
    """A converter that a spec may name is tested below, and nothing else is."""
    assert TABLE.keys() == CONVERTERS.keys()


@pytest.mark.parametrize(("name", "given", "expected"), ROWS)
def test_converter(name: str, given: tuple[Any, ...], expected: object) -> None:
    """What a converter answers, in value and in type."""
    answer = CONVERTERS[name](*given)
    assert answer == expected
    assert type(answer) is type(expected)


@pytest.mark.parametrize(("bound", "name"), RESOLUTIONS)
def test_resolution_bounds(bound: int, name: str) -> None:
    """A resolution begins at its bound, on the shorter side, whichever that is."""
    assert converters.resolution(bound, bound * 2) == name
    assert converters.resolution(bound * 2, bound) == name
    assert converters.resolution(bound - 1, bound * 2) != name


def test_resolutions_are_those_of_stash() -> None:
    """The names and bounds are those that Stash shows, none left out."""
    lines = [f"{bound}p" for bound in (144, 240, 360, 480, 540, 720, 1080, 1440)]
    names = [*lines, "4K", "5K", "6K", "7K", "8K", "8K+"]
    bounds = [144, 240, 360, 480, 540, 720, 1080, 1440, 1920, 2560, 3000, 3584, 3840, 6144]
    assert dict(RESOLUTIONS) == dict(zip(bounds, names, strict=True))


@pytest.mark.parametrize(
    ("folder", "basename", "expected"),
    [
        ("/media", "a.mp4", "/media/a.mp4"),
        ("/", "a.mp4", "/a.mp4"),
        ("D:\\media", "a.mp4", "D:\\media\\a.mp4"),
        ("D:\\", "a.mp4", "D:\\a.mp4"),
        ("\\\\server\\share", "a.mp4", "\\\\server\\share\\a.mp4"),
        ("D:\\media/lamps", "a.mp4", "D:\\media/lamps/a.mp4"),
        ("/odd\\name", "a.mp4", "/odd\\name/a.mp4"),
        ("/media", "back\\slash.mp4", "/media/back\\slash.mp4"),
    ],
)
def test_join_path(folder: str, basename: str, expected: str) -> None:
    """A file's path has its folder's own separator."""
    assert join_path(folder, basename) == expected


def test_titles_in_natural_order() -> None:
    """Titles come as a person would sort them: numbers by size, marks beside plain letters."""
    titles = [
        "1 lamp",
        "2 lamps",
        "10 lamps",
        "Arbor",
        "Árbour",
        "arbours",
        "Lamp 1",
        "Lamp 02",
        "lamp 9: storm",
        "Lamp - 10",
        "Lamp 100",
        "Summer at the Harbour House, part 2",
        "Summer at the Harbour House, part 10",
        "Zebra crossing",
        "Маяк, чудо 2",
        "Маяк, чудо 10",
        "灯台の港 2",
        "灯台の港 10",
    ]
    shuffled = sorted(titles, key=len)
    assert sorted(shuffled, key=natural_order) == titles
    ranks = {
        title: (natural_rank(title), natural_rank_2(title), natural_rank_3(title))
        for title in titles
    }
    assert sorted(shuffled, key=ranks.__getitem__) == titles
    assert all(0 <= rank < 2**63 for three in ranks.values() for rank in three)


def test_marks_and_case_do_not_tell_titles_apart() -> None:
    """Titles that differ by case, marks, signs or leading zeros alone stand together."""
    keys = {natural_order(title) for title in ("Café 7", "cafe\u0301 07", "CAFE: 7", "café  7")}
    assert len(keys) == 1


def test_shuffle_is_spread() -> None:
    """Neighbouring ids land anywhere in the range, each in a place of its own."""
    places = [converters.shuffle(number) for number in range(1, 10_001)]
    assert len(set(places)) > 9_990
    assert all(0 <= place < 2**31 for place in places)
    in_tenths = [sum(place * 10 // 2**31 == tenth for place in places) for tenth in range(10)]
    assert min(in_tenths) > 900
    rises = sum(second > first for first, second in itertools.pairwise(places))
    assert 4_000 < rises < 6_000
