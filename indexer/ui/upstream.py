"""Typesense and Stash, asked on behalf of the page. Their keys stay here."""

from http import HTTPStatus
from typing import Self

import httpx

from indexer.errors import StashError, TypesenseError
from indexer.events import Emit, Warned
from indexer.loader.server import Typesense
from indexer.retries import Patience, patiently
from indexer.ui.answer import JSON, Answer, refused

LARGEST_PICTURE = 20_000_000
PICTURE_SECONDS = 30.0
PATIENCE = Patience(3)
"""A connection that was kept open may break at the next question; a page doesn't wait for long."""
_KEPT = "private, max-age=86400"
_NOT_RUN = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For pictures that are opened by themselves: an SVG may carry scripts."""


class Upstream:
    """The two servers behind the page; without a Stash there are no pictures. A context manager."""

    def __init__(
        self, typesense: Typesense, stash_url: str, stash_key: str | None, emit: Emit
    ) -> None:
        self._typesense = typesense
        self._emit = emit
        self._stash = httpx.Client(
            base_url=stash_url,
            headers={"ApiKey": stash_key} if stash_key else None,
            follow_redirects=False,
            timeout=PICTURE_SECONDS,
        )
        self._has_stash = bool(stash_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stash.close()

    def search(self, body: bytes) -> Answer:
        """Return Typesense's answer to a checked multi_search."""
        try:
            found = patiently(
                lambda: self._typesense.request("POST", "/multi_search", content=body),
                "a search",
                PATIENCE,
                self._emit,
            )
        except TypesenseError as error:
            self._emit(Warned(error.message))
            return refused(HTTPStatus.BAD_GATEWAY, "Typesense didn't answer the search.")
        return Answer(HTTPStatus.OK, found, JSON, {"Cache-Control": "no-store"})

    def picture(self, path: str) -> Answer:
        """Return a picture of Stash; anything else that it answers is not passed on."""
        missing = refused(HTTPStatus.NOT_FOUND, "There is no such picture.")
        if not self._has_stash:
            return missing
        try:
            found = patiently(lambda: self._picture(path), "a picture", PATIENCE, self._emit)
        except StashError as error:
            self._emit(Warned(error.message))
            return refused(HTTPStatus.BAD_GATEWAY, "Stash didn't send the picture.")
        return found or missing

    def _picture(self, path: str) -> Answer | None:
        try:
            with self._stash.stream("GET", path) as response:
                content_type = response.headers.get("Content-Type", "")
                if not response.is_success or not content_type.startswith("image/"):
                    return None
                body = _at_most(response, LARGEST_PICTURE)
        except httpx.HTTPError as error:
            raise StashError(
                f"Stash sent no picture for {path}: {type(error).__name__}.",
                "Look whether Stash is up and whether STASH_URL is right.",
                transient=True,
            ) from error
        if body is None:
            return refused(HTTPStatus.BAD_GATEWAY, "The picture is too large.")
        headers = {"Cache-Control": _KEPT, "Content-Security-Policy": _NOT_RUN}
        return Answer(HTTPStatus.OK, body, content_type, headers)


def _at_most(response: httpx.Response, limit: int) -> bytes | None:
    """Return the body, or None if it is longer than `limit` bytes."""
    pieces = bytearray()
    for piece in response.iter_bytes():
        pieces += piece
        if len(pieces) > limit:
            return None
    return bytes(pieces)
