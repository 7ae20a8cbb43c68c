"""What the indexer builds on, asked of the stand-in and of a real Stash alike."""

from collections.abc import Iterator

import httpx

from tests.contract.conftest import Stash

PAGE = """query ($after: Int!) {
  findScenes(
    scene_filter: {id: {value: $after, modifier: GREATER_THAN}}
    filter: {per_page: 50, sort: "id"}
  ) { scenes { id updated_at tags { id } } }
}"""


def test_keyset_pages_are_ordered_and_complete(any_stash: Stash) -> None:
    """Walking by id meets every scene once, in the order of ids."""
    ids = list(_walk(any_stash))
    assert ids == sorted(set(ids))
    assert len(ids) == _count(any_stash)


def test_the_count_is_that_of_stats(any_stash: Stash) -> None:
    """The count of a listing without filter is the number in stats."""
    stats = any_stash.data("{ stats { scene_count } }")["stats"]
    assert stats["scene_count"] == _count(any_stash)


def test_pages_by_number_are_complete_where_there_is_no_keyset(any_stash: Stash) -> None:
    """Tags by number of page, sorted by id, come once each."""
    query = """query ($page: Int!) {
      findTags(filter: {per_page: 40, page: $page, sort: "id"}) { count tags { id } }
    }"""
    count = any_stash.data(query, page=1)["findTags"]["count"]
    pages = (any_stash.data(query, page=1 + at // 40)["findTags"] for at in range(0, count, 40))
    ids = [int(tag["id"]) for page in pages for tag in page["tags"]]
    assert ids == sorted(set(ids))
    assert len(ids) == count


def test_things_by_chance_and_the_newest(any_stash: Stash) -> None:
    """An order by chance gives other scenes for another seed; by id backwards the newest come."""
    query = """query ($sort: String!, $n: Int!) {
      findScenes(filter: {per_page: $n, sort: $sort, direction: DESC}) { scenes { id } }
    }"""

    def ids(sort: str, number: int) -> list[int]:
        found = any_stash.data(query, sort=sort, n=number)["findScenes"]["scenes"]
        return [int(scene["id"]) for scene in found]

    every = list(_walk(any_stash))
    chosen = [ids(f"random_{seed}", 8) for seed in (1, 1, 71_503_229)]
    assert chosen[0] == chosen[1] != chosen[2]
    assert all(len(set(some)) == 8 and set(some) <= set(every) for some in chosen)
    assert ids("id", 8) == every[:-9:-1]


def test_an_unknown_field_is_refused(any_stash: Stash) -> None:
    """A field that the schema lacks is a validation error with status 422."""
    answer = any_stash.ask("{ findScenes { nope } }")
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert answer.json()["errors"]


def test_a_missing_id_fails_the_whole_call(any_stash: Stash) -> None:
    """FindScenes by ids answers errors when one of them does not exist."""
    answer = any_stash.ask('{ findScenes(ids: ["2147483000"]) { scenes { id } } }')
    assert answer.status_code == httpx.codes.OK
    assert answer.json()["errors"]


def test_a_wrong_key_is_refused(any_stash: Stash) -> None:
    """A key that isn't Stash's gets no data: 401, or 500 up to v0.25."""
    answer = Stash(any_stash.url, "certainly-wrong").ask("{ version { version } }")
    assert answer.status_code in (401, 500)
    assert "data" not in answer.text


def test_json_is_gzipped_when_asked_for_by_name(any_stash: Stash) -> None:
    """Accept: application/json gives that type, compressed."""
    answer = any_stash.ask(PAGE, after=0)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-encoding"] == "gzip"


def _walk(stash: Stash) -> Iterator[int]:
    after = 0
    while scenes := stash.data(PAGE, after=after)["findScenes"]["scenes"]:
        yield from (int(scene["id"]) for scene in scenes)
        after = int(scenes[-1]["id"])


def _count(stash: Stash) -> int:
    return int(stash.data("{ findScenes(filter: {per_page: 0}) { count } }")["findScenes"]["count"])
