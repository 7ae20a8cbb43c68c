"""Every value has one canonical form, whatever way Stash stores or prints it."""

import math

import pytest
from pydantic import JsonValue

from indexer.extractor import canonical


@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, None), ("", None), (" ", " "), (" lantern ", " lantern "), ("a\x00b", "a\x00b")],
)
def test_text(given: str | None, expected: str | None) -> None:
    """Empty text is unset; nothing else is trimmed or changed."""
    assert canonical.text(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"), [(None, None), ("", None), ("unset", None), ("h264", "h264")]
)
def test_codec(given: str | None, expected: str | None) -> None:
    """The codec of a file that was never probed is unset."""
    assert canonical.codec(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        (0, None),
        (-1, None),
        (math.nan, None),
        (math.inf, None),
        (-math.inf, None),
        (60, 60.0),
        (0.04, 0.04),
    ],
)
def test_positive(given: float | None, expected: float | None) -> None:
    """A measure that can't be one is unset; a whole one is a float all the same."""
    found = canonical.positive(given)
    assert found == expected
    assert found is None or isinstance(found, float)


@pytest.mark.parametrize(("given", "expected"), [(None, None), (0, None), (-1, None), (7, 7)])
def test_positive_whole(given: int | None, expected: int | None) -> None:
    """A whole measure of 0 or less is unset."""
    assert canonical.positive_whole(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2020-01-01T00:10:00Z", 1577837400),
        ("2020-01-01T11:10:00+11:00", 1577837400),
        ("2019-12-31T19:10:00.999999999-05:00", 1577837400),
        ("2020-01-01 00:10:00", 1577837400),
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01 00:00:00", 0),
        ("1969-12-31T23:59:59.5Z", -1),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("some day", None),
        ("", None),
        (None, None),
    ],
)
def test_epoch(given: str | None, expected: int | None) -> None:
    """A time is epoch seconds whatever its offset; the epoch itself is one, Go's zero is none."""
    assert canonical.epoch(given) == expected


def test_latest() -> None:
    """Of a history the latest moment counts, not the last text."""
    history = ["2024-03-31T01:30:00+01:00", "2024-03-31T00:45:00Z", "nonsense"]
    assert canonical.latest(history) == 1711845900
    assert canonical.latest([]) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2021", "2021"),
        ("2021-05", "2021-05"),
        ("2024-02-29", "2024-02-29"),
        ("1899-12-31", "1899-12-31"),
        ("2021-02-29", None),
        ("2021-13", None),
        ("0000", None),
        ("0001", None),
        ("0001-01", None),
        ("0001-01-01", None),
        ("0001-05-04", "0001-05-04"),
        ("21", None),
        ("20210504", None),
        ("2021-05-04T00:00:00Z", None),
        ("٢٠٢١", None),
        ("some day", None),
        ("", None),
        (None, None),
    ],
)
def test_date(given: str | None, expected: str | None) -> None:
    """A date stays as exact as it is; what Stash prints for garbage is unset."""
    assert canonical.date(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2004 - 2010", (2004, 2010)),
        ("2004-2010", (2004, 2010)),
        ("2004 \u2013 2010", (2004, 2010)),
        (" 2004- ", (2004, None)),
        ("2004 - present", (2004, None)),
        ("- 2010", (None, 2010)),
        ("2004", (2004, None)),
        ("since long ago", (None, None)),
        ("04-10", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_career(given: str | None, expected: tuple[int | None, int | None]) -> None:
    """The years of a career are read from Stash's free text, or not at all."""
    assert canonical.career(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [(2004, 2004), ("2004", 2004), ("2004-05-01", 2004), ("", None), (None, None), ("soon", None)],
)
def test_year(given: int | str | None, expected: int | None) -> None:
    """A career's start may be a year or a date."""
    assert canonical.year(given) == expected


@pytest.mark.parametrize(
    ("path", "basename", "expected"),
    [
        ("/media/north quay/ferry.mp4", "ferry.mp4", "/media/north quay"),
        ("/ferry.mp4", "ferry.mp4", "/"),
        ("D:\\media\\north quay/Two Ferries.wmv", "Two Ferries.wmv", "D:\\media\\north quay"),
        ("D:\\media\\ferry.mp4", "ferry.mp4", "D:\\media"),
        ("D:\\ferry.mp4", "ferry.mp4", "D:"),
        ("/media/mp4/mp4", "mp4", "/media/mp4"),
        ("", "", ""),
    ],
)
def test_folder(path: str, basename: str, expected: str) -> None:
    """A folder is what is before the name, without the separator that the server put there."""
    assert canonical.folder(path, basename) == expected


def test_urls_of_older_stashes() -> None:
    """Single fields become the list that Stash's own migration makes: handles become URLs."""
    found = canonical.urls(None, "https://lamp.example/", "lamplighter", "https://i.example/lamp")
    assert found == [
        "https://lamp.example/",
        "https://www.twitter.com/lamplighter",
        "https://i.example/lamp",
    ]
    assert canonical.urls(None, "", None, "harbour") == ["https://www.instagram.com/harbour"]
    assert canonical.urls(None, None) == []


def test_urls_listed_win() -> None:
    """A Stash with lists has the single fields too, for old clients; they say nothing more."""
    assert canonical.urls(["https://b.example", "https://a.example"], "https://b.example") == [
        "https://b.example",
        "https://a.example",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ""),
        ("text", "text"),
        (3, "3"),
        (3.0, "3"),
        (1.5, "1.5"),
        (9007199254740993, "9007199254740993"),
        (2**70, str(2**70)),
        (math.nan, "nan"),
        (True, "true"),
        (["a", 1], '["a",1]'),
    ],
)
def test_custom_value(value: JsonValue, expected: str) -> None:
    """A custom field's value is text; a whole number has no point."""
    assert canonical.custom({"key": value}) == [{"name": "key", "value": expected}]


def test_custom_fields_by_name() -> None:
    """Custom fields come by name, without those that are unset."""
    found = canonical.custom({"b": 1, "a": "x", "none": None})
    assert [field["name"] for field in found] == ["a", "b"]
    assert canonical.custom(None) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("http://stash.example/tag/1/image?t=5", True),
        ("http://stash.example/tag/1/image?t=5&default=true", False),
        ("", False),
        (None, False),
    ],
)
def test_picture(given: str | None, *, expected: bool) -> None:
    """Stash's default picture is none."""
    assert canonical.picture(given) is expected


def test_primary_first() -> None:
    """The primary file stays first, though its id may be the highest."""
    assert canonical.primary_first([9, 5, 3], lambda one: one) == [9, 3, 5]
