"""What is passed on: searches of the aliases by known parameters, pictures by kind and id.

Everything else is refused. A target is compared as it came, nothing in it is decoded: a path with
an escape, a dot or a second slash matches nothing.
"""

import re
from collections.abc import Collection
from http import HTTPStatus
from typing import Any

import orjson

from indexer.ui.answer import Answer, refused

MOST_SEARCHES = 50
"""In one request, as Typesense itself has it."""

PARAMETERS = frozenset(
    {
        "collection",
        "exclude_fields",
        "facet_by",
        "facet_query",
        "filter_by",
        "highlight_fields",
        "highlight_full_fields",
        "include_fields",
        "max_facet_values",
        "num_typos",
        "page",
        "per_page",
        "prefix",
        "q",
        "query_by",
        "query_by_weights",
        "sort_by",
    }
)

_ID = "[1-9][0-9]{0,18}"
_PICTURE = re.compile(
    "/picture("
    f"/scene/{_ID}/screenshot"
    f"|/scene/{_ID}/scene_marker/{_ID}/screenshot"
    f"|/(?:performer|studio|tag)/{_ID}/image"
    f"|/group/{_ID}/frontimage"
    f"|/gallery/{_ID}/cover"
    r")(\?t=[0-9]{1,12})?"
)
_QUOTED = re.compile(r"(?<=[:=,\[])\s*`[^`]*`")
"""A value as the page quotes it; a backtick that stands elsewhere may begin or end anything."""


def picture_path(target: str) -> str | None:
    """Return Stash's path of a picture, None if the target is no picture's.

    /picture/scene/12/screenshot?t=9 → /scene/12/screenshot?t=9.
    """
    found = _PICTURE.fullmatch(target)
    return None if found is None else found[1] + (found[2] or "")


def checked_searches(body: bytes, aliases: Collection[str]) -> bytes | Answer:
    """Return the body of a multi_search, written anew, or the refusal."""
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError:
        return refused(HTTPStatus.BAD_REQUEST, "The body is not JSON.")
    searches = request.get("searches") if isinstance(request, dict) else None
    if not isinstance(searches, list) or len(request) != 1:
        return refused(HTTPStatus.BAD_REQUEST, 'The body must be {"searches": [...]}.')
    if len(searches) > MOST_SEARCHES:
        return refused(HTTPStatus.BAD_REQUEST, f"More than {MOST_SEARCHES} searches at once.")
    for search in searches:
        refusal = _refusal(search, aliases)
        if refusal is not None:
            return refusal
    return orjson.dumps({"searches": searches})


def _refusal(search: Any, aliases: Collection[str]) -> Answer | None:
    if not isinstance(search, dict):
        return refused(HTTPStatus.BAD_REQUEST, "A search must be an object.")
    unknown = sorted(search.keys() - PARAMETERS)
    if unknown:
        return refused(HTTPStatus.BAD_REQUEST, f"Not a parameter here: {', '.join(unknown)}.")
    if not all(isinstance(value, str | int | float) for value in search.values()):
        return refused(HTTPStatus.BAD_REQUEST, "A parameter must be a text, a number or a bool.")
    if search.get("collection") not in aliases:
        return refused(HTTPStatus.FORBIDDEN, "Only the collections of this page can be searched.")
    if any(_may_join(name, str(value)) for name, value in search.items()):
        return refused(HTTPStatus.FORBIDDEN, "A search can't reach into another collection.")
    return None


def _may_join(name: str, text: str) -> bool:
    """Whether a parameter may have `$other(…)`, by which a search reaches another collection.

    Where people's own words stand, a $ is a sign as any other.
    """
    if name == "q":
        return False
    if name == "facet_query":
        return "$" in text.partition(":")[0]
    if name == "filter_by":
        rest = _QUOTED.sub("", text)
        return "$" in rest or ("$" in text and "`" in rest)
    return "$" in text
