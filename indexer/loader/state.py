"""Small documents that outlive a run, in collections of this program's own on the server.

The collections are made when something is first written; until then they read as empty.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import orjson

from indexer.errors import TypesenseError
from indexer.loader.answers import CONFLICT, Refused, unless_missing
from indexer.loader.schema import create_collection
from indexer.loader.server import Typesense

T = TypeVar("T")

# Ours always are: aliases, names of collections, ids of runs, and "alias:" or "beat:" before them.
_PLAIN = re.compile(r"[A-Za-z0-9_:-]+")


@dataclass(frozen=True)
class Shelf:
    """One of those collections: its name, and the fields that can be asked for.

    Whatever else a document has is stored as it is and not indexed.
    """

    name: str
    fields: Mapping[str, str]

    @property
    def schema(self) -> dict[str, Any]:
        """The body of POST /collections."""
        fields = [
            {"name": name, "type": kind, "optional": True} for name, kind in self.fields.items()
        ]
        return {"name": self.name, "fields": fields}

    @property
    def path(self) -> str:
        """Where its documents are."""
        return f"/collections/{self.name}/documents"


def write(
    server: Typesense, shelf: Shelf, document: Mapping[str, Any], action: str = "upsert"
) -> None:
    """Store a document; the shelf is made where it isn't there yet.

    Raises:
        Refused: 409 where `action` is "create" and the id is taken.
        TypesenseError: Typesense fails for longer than its patience.
    """

    def attempt() -> dict[str, Any]:
        return write_once(server, shelf, document, action)

    what = f"writing to {shelf.name}"
    if unless_missing(lambda: server.patiently(what, attempt)) is None:
        _make(server, shelf)
        server.patiently(what, attempt)


def write_once(
    server: Typesense, shelf: Shelf, document: Mapping[str, Any], action: str = "upsert"
) -> dict[str, Any]:
    """Store a document, tried once, on a shelf that is there; return the answer. For any thread."""
    return server.ask("POST", shelf.path, {"action": action}, orjson.dumps(dict(document)))


def change(server: Typesense, shelf: Shelf, document_id: str, **values: Any) -> bool:
    """Set some values of a document; return whether it is there."""
    path, body = _path(shelf, document_id), orjson.dumps(values)
    answer = _unless_missing(server, path, lambda: server.ask("PATCH", path, content=body))
    return answer is not None


def read(server: Typesense, shelf: Shelf, document_id: str) -> dict[str, Any] | None:
    """Return one document; None where it or the shelf isn't there."""
    path = _path(shelf, document_id)
    return _unless_missing(server, path, lambda: server.ask("GET", path))


def find(server: Typesense, shelf: Shelf, field: str, value: str) -> list[dict[str, Any]]:
    """Return the documents whose field is exactly this value, in no particular order."""
    path, params = f"{shelf.path}/export", {"filter_by": exactly(field, value)}
    documents = _unless_missing(server, path, lambda: server.ask_lines(path, params))
    # The server compares words, and to it "a_b" and "AB" are the same word.
    return [document for document in documents or () if document.get(field) == value]


def remove(server: Typesense, shelf: Shelf, filter_by: str) -> int:
    """Remove the documents that a filter finds; return how many went."""
    path, params = shelf.path, {"filter_by": filter_by}
    answer = _unless_missing(server, path, lambda: server.ask("DELETE", path, params))
    return 0 if answer is None else int(server.member(answer, "num_deleted"))


def exactly(field: str, *values: str) -> str:
    """Return the filter for a field that has one of these values.

    Raises:
        TypesenseError: a value has characters that no id of ours has.
    """
    for value in values:
        if not _PLAIN.fullmatch(value):
            raise TypesenseError(
                f"Won't ask Typesense for {field} {value!r}: it is no id of this program's making.",
                "Name aliases with letters, digits, _ or - only.",
            )
    return f"{field}:=[{','.join(f'`{value}`' for value in values)}]"


def pack(document_id: str, values: Mapping[str, Any], as_text: Sequence[str]) -> dict[str, Any]:
    """Return the document for a record's values: unset ones left out, nested ones as JSON text."""
    kept = {name: value for name, value in values.items() if value is not None}
    texts = {name: orjson.dumps(kept[name]).decode() for name in as_text}
    return {"id": document_id, **kept, **texts}


def unpack(document: Mapping[str, Any], names: Sequence[str], as_text: Sequence[str]) -> Any:
    """Return the values of these names that a document has, its JSON texts parsed.

    A name that is not asked for may have been stored by a newer version.
    """
    kept = {name: document[name] for name in names if name in document}
    return kept | {name: orjson.loads(kept[name]) for name in as_text if name in kept}


def _make(server: Typesense, shelf: Shelf) -> None:
    try:
        create_collection(server, shelf.schema)
    except Refused as refused:
        if refused.status != CONFLICT:  # another run made it at the same time
            raise


def _path(shelf: Shelf, document_id: str) -> str:
    return f"{shelf.path}/{quote(document_id, safe='')}"


def _unless_missing(server: Typesense, path: str, call: Callable[[], T]) -> T | None:
    """Ask patiently; return the answer, or None for "not found"."""
    return unless_missing(lambda: server.patiently(f"asking for {path}", call))
