"""Paths of pictures in Stash, without host or key; None where Stash would show its default one.

They are Stash's own routes since v0.27; `t` changes with the thing, so that a cache may keep them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from indexer.records import Timestamp, Wide


def screenshot(number: Wide, updated_at: Timestamp | None) -> str:
    """Return the path of a scene's picture."""
    return f"/scene/{number}/screenshot?t={updated_at or 0}"


def performer_image(number: Wide, updated_at: Timestamp | None, has_image: bool) -> str | None:  # noqa: FBT001 - a record's value
    """Return the path of a performer's picture."""
    return _image("performer", number, updated_at, has_image=has_image)


def studio_image(number: Wide, updated_at: Timestamp | None, has_image: bool) -> str | None:  # noqa: FBT001 - a record's value
    """Return the path of a studio's picture."""
    return _image("studio", number, updated_at, has_image=has_image)


def tag_image(number: Wide, updated_at: Timestamp | None, has_image: bool) -> str | None:  # noqa: FBT001 - a record's value
    """Return the path of a tag's picture."""
    return _image("tag", number, updated_at, has_image=has_image)


def group_image(number: Wide, updated_at: Timestamp | None, has_image: bool) -> str | None:  # noqa: FBT001 - a record's value
    """Return the path of the front of a group's cover."""
    return _image("group", number, updated_at, has_image=has_image)


def gallery_image(number: Wide, updated_at: Timestamp | None, images: int) -> str | None:
    """Return the path of a gallery's cover."""
    return _image("gallery", number, updated_at, has_image=images > 0)


def marker_image(number: Wide, scene: Wide | None, updated_at: Timestamp | None) -> str | None:
    """Return the path of a marker's picture; Stash makes it when it generates for the scene."""
    if scene is None:
        return None
    return f"/scene/{scene}/scene_marker/{number}/screenshot?t={updated_at or 0}"


def suggestion_image(
    kind: str,
    number: Wide,
    updated_at: Timestamp | None,
    has_image: bool,  # noqa: FBT001 - a record's value
) -> str | None:
    """Return the path of the picture of what is suggested."""
    return _image(kind, number, updated_at, has_image=has_image)


_LAST = {"group": "frontimage", "gallery": "cover"}


def _image(kind: str, number: int, updated_at: int | None, *, has_image: bool) -> str | None:
    if not has_image:
        return None
    return f"/{kind}/{number}/{_LAST.get(kind, 'image')}?t={updated_at or 0}"


PICTURES: Sequence[Callable[..., Any]] = (
    gallery_image,
    group_image,
    marker_image,
    performer_image,
    screenshot,
    studio_image,
    suggestion_image,
    tag_image,
)
