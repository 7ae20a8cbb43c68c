"""Synonyms and stop words of a physical collection, in whichever way the server has them.

Synonyms belong to a collection up to v29; from v30 they are sets of their own that a collection
names, and the old address is gone. Stop words are sets as well, from v26. Which it is shows by
what the server answers. A set has the physical collection's name.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import orjson

from indexer.loader.answers import unless_missing
from indexer.loader.server import Typesense

Groups: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Synonyms as Typesense takes them, `synonyms` and perhaps `root`, by id."""


def write_synonyms(server: Typesense, collection: str, wanted: Groups) -> bool:
    """Make a collection's synonyms these; return whether anything was changed."""
    there = read_synonyms(server, collection)
    if there == wanted:
        return False
    if _has(server, "/synonym_sets"):
        _write_set(server, collection, wanted)
    else:
        _write_each(server, f"/collections/{collection}/synonyms", wanted, there)
    return True


def read_synonyms(server: Typesense, collection: str) -> Groups:
    """Return the synonyms that a collection is searched with, by id.

    A set that it doesn't name, as a run leaves it that dies in between, is none of them.
    """
    found = _ask(server, f"/synonym_sets/{collection}")
    if found is None:
        found = _ask(server, f"/collections/{collection}/synonyms") or {}
    elif not _names_its_set(server, collection):
        return {}
    items = found.get("items", found.get("synonyms", ()))
    return {item["id"]: _group(item) for item in items}


def write_stop_words(server: Typesense, collection: str, words: Sequence[str]) -> bool | None:
    """Make a collection's stop words these; None where this server knows no stop words."""
    if not _has(server, "/stopwords"):
        return None
    if sorted(read_stop_words(server, collection)) == sorted(words):
        return False
    path = f"/stopwords/{collection}"
    if words:
        _send(server, "PUT", path, {"stopwords": list(words)})
    else:
        _remove(server, path)
    return True


def read_stop_words(server: Typesense, collection: str) -> Sequence[str]:
    """Return a collection's stop words; none where the server knows none."""
    answer = _ask(server, f"/stopwords/{collection}") or {}
    # Up to v29 the set itself is what is answered, later it stands one level below.
    found = answer.get("stopwords", ())
    words: Sequence[str] = found.get("stopwords", ()) if isinstance(found, Mapping) else found
    return words


def drop_words(server: Typesense, collection: str) -> None:
    """Remove a collection's sets; its synonyms up to v29 go with itself."""
    _remove(server, f"/synonym_sets/{collection}")
    _remove(server, f"/stopwords/{collection}")


def _write_set(server: Typesense, collection: str, wanted: Groups) -> None:
    items = [{"id": name, **group} for name, group in wanted.items()]
    _send(server, "PUT", f"/synonym_sets/{collection}", {"items": items})
    _send(server, "PATCH", f"/collections/{collection}", {"synonym_sets": [collection]})


def _names_its_set(server: Typesense, collection: str) -> bool:
    known = _ask(server, f"/collections/{collection}") or {}
    return collection in known.get("synonym_sets", ())


def _write_each(server: Typesense, path: str, wanted: Groups, there: Groups) -> None:
    for name, group in wanted.items():
        if there.get(name) != group:
            _send(server, "PUT", f"{path}/{name}", group)
    for name in there:
        if name not in wanted:
            _remove(server, f"{path}/{name}")


def _group(item: Mapping[str, Any]) -> dict[str, Any]:
    root = item.get("root")
    return {"synonyms": item["synonyms"], **({"root": root} if root else {})}


def _has(server: Typesense, path: str) -> bool:
    return _ask(server, path) is not None


def _ask(server: Typesense, path: str) -> dict[str, Any] | None:
    """Return the parsed answer, None for "not found"."""
    return unless_missing(
        lambda: server.patiently(f"asking for {path}", lambda: server.ask("GET", path))
    )


def _send(server: Typesense, method: str, path: str, body: Mapping[str, Any]) -> None:
    content = orjson.dumps(body)
    server.patiently(f"writing {path}", lambda: server.request(method, path, content=content))


def _remove(server: Typesense, path: str) -> None:
    unless_missing(
        lambda: server.patiently(f"removing {path}", lambda: server.request("DELETE", path))
    )
