"""Suggestions: numbers that don't meet, and what is called what."""

import pytest

from indexer.records import Kind
from indexer.transformer.suggestions import CODES, number, stash_id, suggestion
from tests.transformer.building import Record, record, shipped, transformed

LARGEST = 10**12 - 1


def test_numbers_of_kinds_do_not_meet() -> None:
    """Each kind has numbers of its own, ascending with the kinds, that fit 18 digits."""
    numbers = [number(kind, each) for kind in CODES for each in (1, LARGEST)]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] < 10**18


def test_back_to_the_thing() -> None:
    """The thing's own id is found again, and only by its own kind."""
    for kind in CODES:
        assert [stash_id(other, number(kind, 12)) for other in CODES] == [
            12 if other == kind else None for other in CODES
        ]


@pytest.mark.parametrize(
    ("kind", "thing", "expected"),
    [
        ("performer", {"name": "Vera", "aliases": ["V"], "disambiguation": "a"}, ("Vera", ["V"])),
        ("studio", {"name": "Quay"}, ("Quay", None)),
        ("tag", {}, ("Tag 12", None)),
        ("group", {"name": "Storms", "aliases": "Gales"}, ("Storms", ["Gales"])),
        ("gallery", {"title": "Stills", "basenames": ["a.zip"]}, ("Stills", None)),
        ("gallery", {"basenames": ["a.zip"]}, ("a.zip", None)),
        ("gallery", {}, ("Gallery 12", None)),
    ],
)
def test_names(kind: Kind, thing: Record, expected: tuple[str, list[str] | None]) -> None:
    """Each is called as Stash calls it; its id in Stash is its own, not the suggestion's."""
    (content,) = transformed(
        shipped("suggestions"), [{**suggestion(kind, record(kind, 12, **thing))}]
    )
    assert (content["name"], content.get("aliases")) == expected
    assert (content["kind"], content["stash_id"]) == (kind, 12)
    assert content["id"] == f"main-{number(kind, 12)}"


def test_only_what_is_needed_is_asked() -> None:
    """A collection of suggestions asks the kinds behind it, each for a few paths."""
    asked = shipped("suggestions").asked
    assert asked.keys() == CODES.keys()
    assert "details" not in set().union(*asked.values())
