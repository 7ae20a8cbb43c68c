"""Creates a collection, and checks that the server took its schema as it was meant."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from typesense.types.collection import CollectionCreateSchema

from indexer.errors import NameTaken, TypesenseError
from indexer.loader.answers import CONFLICT, Refused
from indexer.loader.catalog import resolve
from indexer.loader.server import Typesense


def create_collection(server: Typesense, schema: Mapping[str, Any]) -> None:
    """Create a collection; `schema` is the body of POST /collections, with its new name.

    Raises:
        NameTaken: an alias has that name; the new, empty collection would hide it from searches.
        TypesenseError: the server refused the schema, or took it and dropped a part of it, as
            old ones do with options that they don't know; then the collection is removed again.
    """
    name = schema["name"]
    if resolve(server, name) is not None:
        raise NameTaken(
            f"Typesense at {server.url} has an alias {name}: no collection may have that name.",
            "Choose another name.",
        )
    echoed = _create(server, schema)
    lost = list(differences(schema, echoed))
    if lost:
        server.admin(f"removing {name}", lambda client: client.collections[name].delete())
        raise TypesenseError(
            f"Typesense at {server.url} did not take the schema of {name} as sent: "
            + "; ".join(lost),
            "Use a newer Typesense, or leave these options out of the collection's spec.",
        )


def differences(sent: Mapping[str, Any], echoed: Mapping[str, Any]) -> Iterator[str]:
    """Name what was sent and did not come back the same: `field title: stem sent true, got …`.

    What the server adds, its defaults, is no difference.
    """
    yield from _options("collection", sent, echoed)
    fields = {field["name"]: field for field in echoed.get("fields", ())}
    for field in sent.get("fields", ()):
        if field["name"] not in fields:
            yield f"field {field['name']}: missing"
        else:
            yield from _options(f"field {field['name']}", field, fields[field["name"]])


def _options(where: str, sent: Mapping[str, Any], echoed: Mapping[str, Any]) -> Iterator[str]:
    for option, value in sent.items():
        if option == "fields":
            continue
        if option not in echoed:
            yield f"{where}: {option} was dropped"
        elif echoed[option] != value:
            yield f"{where}: {option} sent {value!r}, got {echoed[option]!r}"


def _create(server: Typesense, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema as the server has it.

    A try whose answer was lost may have created it: the name is new, so what a later try finds
    there is ours.
    """
    name, tries = schema["name"], 0

    def create() -> Mapping[str, Any]:
        nonlocal tries
        tries += 1
        try:
            return server.admin_once(
                lambda client: client.collections.create(cast("CollectionCreateSchema", schema))
            )
        except Refused as refused:
            if refused.status == CONFLICT and tries > 1:
                return server.admin_once(lambda client: client.collections[name].retrieve())
            raise

    return server.patiently(f"creating {name}", create)
