"""The search key: made once, bound to aliases, good for searching them and for nothing else."""

import stat
from pathlib import Path

import pytest

from indexer.errors import ConfigurationError, TypesenseError
from indexer.loader.answers import UNAUTHORIZED, Refused
from indexer.loader.keys import list_keys, may_search
from indexer.loader.search import search
from indexer.loader.server import Typesense
from indexer.pipeline.keys import DESCRIPTION, ensure_search_key, revoke
from indexer.pipeline.reindex import reindex
from indexer.pipeline.tuning import apply_tuning
from indexer.retries import ONCE
from indexer.shipped import shipped_collections
from indexer.transformer.presets import with_tuning
from tests.pipeline.world import World

REFUSED = [
    ("POST", "/collections/{alias}/documents", b'{"id": "x", "title": "x"}'),
    ("DELETE", "/collections/{alias}", None),
    ("DELETE", "/collections/{alias}/documents/main-1", None),
    ("GET", "/collections/{alias}/documents/main-1", None),
    ("GET", "/collections/{alias}/documents/export", None),
    ("GET", "/collections/{alias}", None),
    ("GET", "/collections/{live}/documents/search?q=*", None),
    ("GET", "/collections/indexer_locks/documents/search?q=*", None),
    ("GET", "/collections/indexer_collections/documents/search?q=*", None),
    ("POST", "/multi_search", b'{"searches": [{"collection": "indexer_runs", "q": "*"}]}'),
    ("GET", "/collections", None),
    ("GET", "/aliases", None),
    ("PUT", "/aliases/{alias}", b'{"collection_name": "x"}'),
    ("GET", "/presets", None),
    ("PUT", "/presets/{alias}_browse", b'{"value": {}}'),
    ("GET", "/keys", None),
    ("POST", "/keys", b'{"description": "x", "actions": ["*"], "collections": ["*"]}'),
    ("POST", "/operations/cache/clear", None),
]


def searcher(world: World, key: str) -> Typesense:
    """A connection with another key."""
    return Typesense(world.server.url, key, patience=ONCE)


def made(world: World, file: Path) -> str:
    """The value of the key that is in a file."""
    ensure_search_key(world.server, [world.alias], file)
    return file.read_text("utf-8").strip()


def numbers(world: World) -> list[int]:
    """The ids of the keys for this world's alias."""
    keys = list_keys(world.server)
    return [key.id for key in keys if world.alias in key.collections]


def test_refused(indexed: World, tmp_path: Path) -> None:
    """The key can't write, see other collections or single documents, or administrate."""
    value = made(indexed, tmp_path / "search.key")
    names = {"alias": indexed.alias, "live": indexed.live}
    with searcher(indexed, value) as server:
        assert search(server, indexed.alias, {"q": "*"})["found"]
        for method, path, body in REFUSED:
            with pytest.raises(Refused) as caught:
                server.request(method, path.format_map(names), content=body)
            assert caught.value.status == UNAUTHORIZED, path


def test_swap(indexed: World, tmp_path: Path) -> None:
    """After a swap the key is as good as before, presets too, and by id a filter finds."""
    value = made(indexed, tmp_path / "search.key")
    (spec,) = with_tuning([indexed.scenes], shipped_collections())
    apply_tuning(indexed.run(specs=[spec]), ["scenes"])
    with searcher(indexed, value) as server:
        parameters = {"q": "*", "preset": f"{indexed.alias}_browse", "filter_by": "id:=main-1"}
        before = search(server, indexed.alias, parameters)
        assert before["found"] == 1
        assert reindex(indexed.run(specs=[spec]), ["scenes"]).exit_code == 0
        after = search(server, indexed.alias, parameters)
        assert after["hits"] == before["hits"]
        assert after["facet_counts"] == before["facet_counts"]


def test_same_every_time(world: World, tmp_path: Path) -> None:
    """A file's key is made once, its file readable by its owner only; more runs change nothing."""
    file = tmp_path / "search.key"
    first = ensure_search_key(world.server, [world.alias], file)
    value = file.read_text("utf-8")
    again = ensure_search_key(world.server, [world.alias], file)
    assert (first.made, again.made) == (True, False)
    assert first.value is None
    assert file.read_text("utf-8") == value
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(numbers(world)) == 1


def test_lost_server(world: World, tmp_path: Path) -> None:
    """On a server that lost its keys the file's value is made a key again."""
    file = tmp_path / "search.key"
    value = made(world, file)
    for number in numbers(world):
        revoke(world.server, str(number))
    assert ensure_search_key(world.server, [world.alias], file).made
    assert file.read_text("utf-8").strip() == value


def test_more_aliases(world: World, tmp_path: Path) -> None:
    """With more to search the same value serves, by one key."""
    file = tmp_path / "search.key"
    made(world, file)
    wider = [world.alias, f"{world.alias}_more"]
    assert ensure_search_key(world.server, wider, file).made
    (key,) = [each for each in list_keys(world.server) if world.alias in each.collections]
    assert key.collections == wider


def kept(tmp_path: Path, name: str) -> Path:
    """A file with a value that begins as the others do."""
    file = tmp_path / name
    file.write_text(f"prod-{name}-obviously-no-secret", "utf-8")
    return file


@pytest.mark.parametrize("other", ["", "_other"])
def test_values_that_begin_alike(world: World, tmp_path: Path, other: str) -> None:
    """Two values that begin alike are two keys, for whichever aliases; neither ends the other."""
    first, second = kept(tmp_path, "first"), kept(tmp_path, "second")
    wanted = [(first, [world.alias]), (second, [f"{world.alias}{other}"])]
    for file, aliases in wanted:
        assert ensure_search_key(world.server, aliases, file).made
    for file, aliases in wanted:
        assert not ensure_search_key(world.server, aliases, file).made
        assert may_search(world.server, file.read_text("utf-8"), aliases[0])


def test_another_value(world: World, tmp_path: Path) -> None:
    """A value that begins as one before it did is made a key, and not taken for that one."""
    file = kept(tmp_path, "first")
    made(world, file)
    file.write_text(file.read_text("utf-8").replace("first", "another"), "utf-8")
    assert ensure_search_key(world.server, [world.alias], file).made
    assert may_search(world.server, file.read_text("utf-8"), world.alias)


def test_more_aliases_for_one_of_two(world: World, tmp_path: Path) -> None:
    """Of two keys that begin alike the one whose value it is gets more; where none can tell, none.

    Each is known by what its value may search.
    """
    first, second = kept(tmp_path, "first"), kept(tmp_path, "second")
    wider = [world.alias, f"{world.alias}_more"]
    ensure_search_key(world.server, wider[1:], first)
    ensure_search_key(world.server, wider[:1], second)
    assert ensure_search_key(world.server, wider, second).made
    assert may_search(world.server, first.read_text("utf-8"), wider[1])
    assert not may_search(world.server, first.read_text("utf-8"), wider[0])
    ensure_search_key(world.server, wider, first)
    with pytest.raises(ConfigurationError, match="Another key"):
        ensure_search_key(world.server, wider[:1], first)
    for file in (first, second):
        assert all(may_search(world.server, file.read_text("utf-8"), name) for name in wider)


def test_without_a_file(world: World) -> None:
    """Without a file the value is told once."""
    first = ensure_search_key(world.server, [world.alias])
    again = ensure_search_key(world.server, [world.alias])
    assert first.value
    assert (again.made, again.value) == (False, None)
    (key,) = [each for each in list_keys(world.server) if world.alias in each.collections]
    assert key.description == DESCRIPTION


def test_revoked(indexed: World, tmp_path: Path) -> None:
    """A revoked key finds nothing any more; one that isn't there can't be revoked."""
    value = made(indexed, tmp_path / "search.key")
    (number,) = numbers(indexed)
    assert [key.id for key in revoke(indexed.server, str(number))] == [number]
    with searcher(indexed, value) as server, pytest.raises(TypesenseError):
        search(server, indexed.alias, {"q": "*"})
    with pytest.raises(ConfigurationError, match="There is no key"):
        revoke(indexed.server, str(number))


@pytest.mark.parametrize("content", ["", "my lamp", "ö" * 30])
def test_unfit_file(world: World, tmp_path: Path, content: str) -> None:
    """A file that holds no key is refused, and what it holds is not told."""
    file = tmp_path / "search.key"
    file.write_text(content, "utf-8")
    with pytest.raises(ConfigurationError, match="INDEXER_SEARCH_KEY_FILE") as caught:
        ensure_search_key(world.server, [world.alias], file)
    assert not content or content not in caught.value.message


def test_taken(world: World, tmp_path: Path) -> None:
    """A value that another key has already is refused."""
    file = tmp_path / "search.key"
    value = made(world, file)
    body = b'{"description": "%s", "actions": ["documents:search"], "collections": ["x"]}'
    for number in numbers(world):
        revoke(world.server, str(number))
    content = body.replace(b"%s", b"somebody's")[:-1] + b', "value": "%s"}' % value.encode()
    world.server.request("POST", "/keys", content=content)
    with pytest.raises(ConfigurationError, match="Another key"):
        ensure_search_key(world.server, [world.alias], file)
