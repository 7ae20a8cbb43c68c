"""What people type, and what has to come first: by the shipped presets, on a real Typesense."""

import pytest

from tests.search.library import CROWD, STASH_ID, Shelves

pytestmark = pytest.mark.no_cover

CASES = {
    "a typo in a performer's name": ("performers", "svenson", [2]),
    "the same, by their scenes": ("scenes", "svenson", [2]),
    "an alias finds the performer": ("performers", "quennell", [1]),
    "an alias finds their scenes": ("scenes", "quennell", [1]),
    "a tag's alias": ("scenes", "lamplight", [1]),
    "words of studio and tag": ("scenes", "anchor lantern", [1]),
    "words of studio, tag and performer": ("scenes", "quayside fog svensson", [2]),
    "words of title and details": ("scenes", "windmill harbour", [7]),
    "a code": ("scenes", "HB-00012", [1]),
    "a code without its dash": ("scenes", "hb00012", [1]),
    "a code with a space": ("scenes", "HB 00012", [1]),
    "a code's number": ("scenes", "00013", [2]),
    "words of a folder": ("scenes", "northern voyages", [6]),
    "words of a file name": ("scenes", "pilot boat", [6]),
    "a whole file name": ("scenes", "pilot_boat-07.mp4", [6]),
    "a whole stash id": ("scenes", STASH_ID, [40]),
    "letters without their marks": ("scenes", "cafe lodz", [2]),
    "letters with their marks": ("scenes", "Café Łódź", [2]),
    "a name without its marks": ("performers", "asa marsh", [1]),
    "a whole title in Japanese": ("scenes", "日本語の本", [3]),
    "the beginning of a title in Japanese, then what is within": ("scenes", "日本語", [3, 9]),
    "one sign within a title in Japanese": ("scenes", "本", [3, 9]),
    "words within a title in Japanese": ("scenes", "ノート", [9]),
    "a later word in Japanese": ("scenes", "東京", [3]),
    "the tag of a scene before its details": ("scenes", "orchard", [42, 41, 3, 7]),
}


@pytest.mark.parametrize(("name", "words", "expected"), CASES.values(), ids=CASES)
def test_found(shelves: Shelves, name: str, words: str, expected: list[int]) -> None:
    """The words find exactly these, in this order."""
    assert shelves.found(name, words) == expected


def test_exact_title(shelves: Shelves) -> None:
    """A title that is the word itself comes before titles that have it among others."""
    assert shelves.found("scenes", "regatta")[0] == 4


def test_many_performers(shelves: Shelves) -> None:
    """Scenes whose performers have the word, however many, come after those titled by it."""
    found = shelves.found("scenes", "regatta")
    assert set(found[:3]) == {4, 5, 43}
    assert set(found[3:]) == {8, *CROWD}


def test_while_typing(shelves: Shelves) -> None:
    """The beginning of a word is enough, by the preset for that."""
    assert shelves.found("performers", "svens", "suggest") == [2]
    assert 1 in shelves.found("scenes", "harb", "suggest")


def test_similar(shelves: Shelves) -> None:
    """Of scenes that share anything, those that share performer and tag come first."""
    alike = "performer_ids:=3 || tag_ids:=3"
    found = shelves.found("scenes", "Odalys Finch Orchard", "similar", filter_by=alike)
    assert set(found[:2]) == {41, 42}
    assert 3 in found[2:]


def test_details_are_not_sent(shelves: Shelves) -> None:
    """Of long texts a hit has the words around what was found, not the whole."""
    answer = shelves.answer("scenes", "keeper")
    (hit,) = answer["hits"]
    assert "details" not in hit["document"]
    assert "<mark>keeper</mark>" in hit["highlight"]["details"]["snippet"]
