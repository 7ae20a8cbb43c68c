"""The frame of Stash's answers: errors, status, listings, introspections; no kind of thing."""

from collections.abc import Iterable
from typing import Generic, NotRequired, TypeVar, final

from pydantic import TypeAdapter
from typing_extensions import TypedDict

T = TypeVar("T")


class WireError(TypedDict):
    """One of the `errors` of an answer; the path can't be trusted, so it isn't read."""

    message: str


class Answer(TypedDict, Generic[T], total=False):
    """The envelope of every answer."""

    data: T | None
    errors: list[WireError] | None


class WireStatus(TypedDict):
    """Stash's own state; without a database yet there is no schema."""

    databaseSchema: int | None
    appSchema: int
    status: str


class StatusAnswer(TypedDict):
    """The answer to queries.STATUS."""

    systemStatus: WireStatus


STATUS = TypeAdapter(Answer[StatusAnswer])


class Id(TypedDict):
    """Nothing but an id."""

    id: int


def id_of(thing: Id | None) -> int | None:
    """Return a thing's id; None for none."""
    return thing["id"] if thing else None


def ids_of(things: Iterable[Id]) -> list[int]:
    """Return the ids of things in ascending order."""
    return sorted(thing["id"] for thing in things)


class Things(TypedDict, Generic[T]):
    """Some things of one kind."""

    things: list[T]


class Listed(TypedDict, Generic[T]):
    """A page of a listing; for a numbered page also the one thing before it."""

    found: Things[T]
    before: NotRequired[Things[Id]]


class Named(TypedDict):
    """A field's name in an introspection."""

    name: str


class WireTypeRef(TypedDict, total=False):
    """The type of a field: its name, or what it wraps (a list, a non-null)."""

    name: str | None
    ofType: "WireTypeRef | None"


class WireField(TypedDict):
    """A field in an introspection."""

    name: str
    args: list[Named]
    type: WireTypeRef


@final
class WireType(TypedDict):
    """A type in an introspection; enums and inputs have no fields."""

    name: str
    fields: list[WireField] | None
