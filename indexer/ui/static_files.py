"""The files of the page, read once: there is no path into a directory."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from indexer.ui.answer import Answer

STATIC = Path(__file__).with_name("static")
_TYPES = {
    "index.html": "text/html; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "styles.css": "text/css; charset=utf-8",
    "favicon.svg": "image/svg+xml",
    "licenses.txt": "text/plain; charset=utf-8",
}


def static_files() -> Mapping[str, Answer]:
    """Return the answer for each path that is a file's; `/` is the page itself."""
    fresh = {"Cache-Control": "no-cache"}
    files = {
        f"/{name}": Answer(HTTPStatus.OK, (STATIC / name).read_bytes(), content_type, fresh)
        for name, content_type in _TYPES.items()
    }
    return files | {"/": files["/index.html"]}
