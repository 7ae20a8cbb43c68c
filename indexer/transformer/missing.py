"""What people look for as missing: a converter a kind, whose parameters' names are the values."""

from collections.abc import Callable, Sequence
from typing import Any

from indexer.records import Wide


def missing_of_scene(
    title: str | None,
    date: str | None,
    rating: int | None,
    studio: Wide | None,
    performers: list[Wide],
    tags: list[Wide],
    details: str | None,
    url: list[str],
    stash_id: list[str],
    file: list[Wide],
) -> list[str]:
    """Return the names of what a scene lacks."""
    return _names_of_unset(locals())


def missing_of_performer(
    birthdate: str | None,
    country: str | None,
    gender: str | None,
    image: bool,  # noqa: FBT001 - a record's value
    stash_id: list[str],
    url: list[str],
    details: str | None,
) -> list[str]:
    """Return the names of what a performer lacks."""
    return _names_of_unset(locals())


def missing_of_studio(
    image: bool,  # noqa: FBT001 - a record's value
    parent: Wide | None,
    stash_id: list[str],
    url: list[str],
    details: str | None,
) -> list[str]:
    """Return the names of what a studio lacks."""
    return _names_of_unset(locals())


def missing_of_tag(
    image: bool,  # noqa: FBT001 - a record's value
    parents: list[Wide],
    stash_id: list[str],
    details: str | None,
) -> list[str]:
    """Return the names of what a tag lacks."""
    return _names_of_unset(locals())


def missing_of_group(
    image: bool,  # noqa: FBT001 - a record's value
    date: str | None,
    studio: Wide | None,
    tags: list[Wide],
    url: list[str],
    details: str | None,
) -> list[str]:
    """Return the names of what a group lacks."""
    return _names_of_unset(locals())


def missing_of_gallery(
    title: str | None,
    date: str | None,
    studio: Wide | None,
    performers: list[Wide],
    tags: list[Wide],
    url: list[str],
    details: str | None,
    images: int,
) -> list[str]:
    """Return the names of what a gallery lacks."""
    return _names_of_unset(locals())


def _names_of_unset(values: dict[str, object]) -> list[str]:
    return [name for name, value in values.items() if not value]


MISSING: Sequence[Callable[..., Any]] = (
    missing_of_gallery,
    missing_of_group,
    missing_of_performer,
    missing_of_scene,
    missing_of_studio,
    missing_of_tag,
)
