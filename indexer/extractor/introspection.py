"""What a Stash has: its version and the fields of the types in use, asked once at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from indexer.extractor.answer import Answer, WireType, WireTypeRef

TYPES = (
    "Query",
    "Scene",
    "VideoFile",
    "Fingerprint",
    "VideoCaption",
    "StashID",
    "SceneMarker",
    "SceneGroup",
    "SceneMovie",
    "Performer",
    "Tag",
    "Studio",
    "Group",
    "Movie",
    "Gallery",
    "GalleryFile",
    "Folder",
    "StatsResultType",
)

_FIELDS = (
    "fragment Fields on __Type{name fields(includeDeprecated:true){name args{name} "
    "type{name ofType{name ofType{name ofType{name}}}}}}"
)
QUERY = (
    "query{version{version} "
    + " ".join(f'{name}:__type(name:"{name}"){{...Fields}}' for name in TYPES)
    + "}"
    + _FIELDS
)


@final
class WireVersion(TypedDict):
    """Stash's version; "" or null in home-made builds."""

    version: str | None


ANSWER: TypeAdapter[Answer[dict[str, WireVersion | WireType | None]]] = TypeAdapter(
    Answer[dict[str, WireVersion | WireType | None]]
)


@dataclass(frozen=True)
class Schema:
    """The part of a Stash's GraphQL schema that matters here."""

    version: str
    fields: Mapping[str, Mapping[str, str]]
    """By type, the fields it has and the type that each gives (lists and non-nulls unwrapped)."""
    arguments: Mapping[str, frozenset[str]]
    """By field of Query, the arguments it takes."""

    def has(self, owner: str, path: str) -> bool:
        """Say whether a type has a field, or a path of fields such as "files.width"."""
        for name in path.split("."):
            if name not in self.fields.get(owner, {}):
                return False
            owner = self.fields[owner][name]
        return True

    def __str__(self) -> str:
        """Name the Stash for a message."""
        return f"Stash {self.version}" if self.version else "this Stash (a build without version)"


def schema_of(answer: Mapping[str, WireVersion | WireType | None]) -> Schema:
    """Return the schema from the answer to QUERY; types that this Stash doesn't have are null."""
    version = ""
    fields: dict[str, dict[str, str]] = {}
    arguments: dict[str, frozenset[str]] = {}
    for found in answer.values():
        if found is None:
            continue
        if "version" in found:
            version = found["version"] or ""
            continue
        listed = found["fields"] or []
        fields[found["name"]] = {field["name"]: _named(field["type"]) for field in listed}
        if found["name"] == "Query":
            for field in listed:
                arguments[field["name"]] = frozenset(arg["name"] for arg in field["args"])
    return Schema(version, fields, arguments)


def _named(reference: WireTypeRef | None) -> str:
    """Return the name inside lists and non-nulls."""
    while reference is not None:
        name = reference.get("name")
        if name:
            return name
        reference = reference.get("ofType")
    return ""
