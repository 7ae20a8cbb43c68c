"""HTTP as Stash speaks it: login, content negotiation, downloads, pictures, faults."""

import gzip
import json
import time
from http.server import BaseHTTPRequestHandler
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import orjson

from tests.stash.backup import byte_range
from tests.stash.execution import Answer, Request
from tests.stash.faults import Fault, Seen
from tests.stash.pictures import picture
from tests.stash.sql import LOCKED

if TYPE_CHECKING:
    from tests.stash.server import StashServer

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"
HTML = "text/html; charset=utf-8"
PAGE = b"<!doctype html><title>Stash</title><p>This is not the API.</p>"
NOT_FOUND = b"404 page not found\n"


class Handler(BaseHTTPRequestHandler):
    """One connection. Knows HTTP; what GraphQL answers is execution.py's."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    fault: Fault | None = None

    @property
    def stash(self) -> "StashServer":
        """The server that this connection belongs to."""
        return self.server.stash  # type: ignore[attr-defined,no-any-return]

    def do_GET(self) -> None:
        """Answer a GET."""
        self._handle(b"")

    def do_DELETE(self) -> None:
        """Answer a DELETE."""
        self._handle(b"")

    def do_POST(self) -> None:
        """Answer a POST."""
        self._handle(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: `requests` of the server keeps what came."""

    def _handle(self, body: bytes) -> None:
        url = urlsplit(self.path)
        if self.stash.control and url.path == "/__faults":
            self._control(body)
            return
        seen = Seen(self.command, url.path, dict(self.headers), _json(body))
        self.stash.requests.append(seen)
        self.fault = self.stash.faults.take(f"{self.path} {body.decode(errors='replace')}")
        if self.fault and self._misbehaves(self.fault, seen):
            return
        if url.path == "/healthz":
            self._send(200, b".", "text/plain")
        elif not self._refused(url.path, parse_qs(url.query)):
            self._route(url.path, url.query, body)

    def _route(self, path: str, query: str, body: bytes) -> None:
        image = picture(path)
        if path == "/graphql":
            self._graphql(query, body)
        elif path.startswith("/downloads/"):
            self._download(path)
        elif image:
            self._send(200, image, "image/svg+xml")
        else:
            self._send(200, PAGE, HTML)

    def _refused(self, path: str, query: dict[str, list[str]]) -> bool:
        """Whether the request was turned away for want of a login."""
        given = self.headers.get("ApiKey") or query.get("apikey", [""])[0]
        wanted = self.stash.stash.api_key
        if given and given != wanted:
            if self.stash.stash.dialect.has(58):
                self._unauthorised()
            else:
                self._send(500, b"unauthorized\n", "text/plain; charset=utf-8")
            return True
        if given or not wanted or path.startswith("/login"):
            return False
        if path == "/graphql" or PurePosixPath(path).suffix not in ("", ".html"):
            self._unauthorised()
        else:
            self._to_login()
        return True

    def _unauthorised(self) -> None:
        self._send(401, b"", None, {"WWW-Authenticate": "FormBased"})

    def _to_login(self) -> None:
        self._send(302, b"", HTML, {"Location": f"/login?returnURL={quote(self.path, safe='')}"})

    def _graphql(self, query: str, body: bytes) -> None:
        try:
            asked = self._asked(query, body)
        except ValueError:
            self._answer((400, self._undecodable(body)))
            return
        answer = self.stash.answer(
            Request(
                str(asked.get("query") or ""),
                asked.get("variables") or {},
                asked.get("operationName"),
                only_queries=self.command == "GET",
                base=f"http://{self.headers.get('Host')}",
            )
        )
        if self.fault and self.fault.kind == "partial":
            answer = (200, _partial(answer[1]))
        self._answer(answer)

    def _asked(self, query: str, body: bytes) -> dict[str, Any]:
        if self.command != "GET":
            asked = json.loads(body)
            if not isinstance(asked, dict):
                raise ValueError(asked)
            return asked
        found = {name: values[0] for name, values in parse_qs(query).items()}
        return {**found, "variables": json.loads(found.get("variables", "{}"))}

    def _undecodable(self, body: bytes) -> dict[str, Any]:
        what = "unexpected EOF" if body else "EOF"
        message = f"json body could not be decoded: {what}"
        if self.stash.stash.dialect.has(58):
            shown = body.decode(errors="replace")
            message = f"json request body could not be decoded: {what} body:{shown}"
        return {"errors": [{"message": message}], "data": None}

    def _answer(self, answer: Answer) -> None:
        status, content = answer
        accepted = self.headers.get("Accept", "*/*")
        kind = JSON
        if self.stash.stash.dialect.has(75) and JSON not in accepted:
            kind = RESPONSE_JSON
            status = 400 if status == 422 else status
        headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
        body = _dumped(content)
        if self.fault and self.fault.kind == "truncated":
            kept = self.fault.after_bytes
            body = body[: len(body) // 2 if kept is None else kept]
        if kind == JSON and "gzip" in self.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, compresslevel=1)
        self._send(status, body, kind, headers)

    def _download(self, path: str) -> None:
        file = self.stash.downloads.open(path)
        if file is None:
            self._send(404, NOT_FOUND, "text/plain; charset=utf-8")
            return
        content = file.read_bytes()
        headers = {"Cache-Control": "no-store", "Accept-Ranges": "bytes"}
        try:
            part = byte_range(self.headers.get("Range"), len(content))
        except ValueError:
            self._send(416, b"", None, {"Content-Range": f"bytes */{len(content)}"})
            return
        if part is None:
            self._send(200, content, "application/octet-stream", headers)
            return
        first, last = part
        headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
        self._send(206, content[first : last + 1], "application/octet-stream", headers)

    def _send(
        self, status: int, body: bytes, kind: str | None, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.fault and self.fault.kind == "cut":
            body = body[: self.fault.after_bytes or len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)
        self.wfile.flush()

    def _misbehaves(self, fault: Fault, seen: Seen) -> bool:
        """Do what a fault wants at once; whether that was all of the answer."""
        time.sleep(fault.delay)
        match fault.kind:
            case "locked":
                error = {"message": LOCKED, "path": [seen.operation]}
                self._answer((200, {"errors": [error], "data": None}))
            case "refused":
                self.close_connection = True
            case "html":
                self._send(200, PAGE, HTML)
            case "401":
                self._unauthorised()
            case "302":
                self._to_login()
            case "500":
                self._send(500, b"internal error\n", "text/plain; charset=utf-8")
            case _:
                return False
        return True

    def _control(self, body: bytes) -> None:
        """POST adds a fault, DELETE clears them, GET tells how often what was asked."""
        if self.command == "POST":
            self.stash.faults.add(Fault(**json.loads(body)))
        elif self.command == "DELETE":
            self.stash.faults.clear()
        self._send(200, orjson.dumps(dict(self.stash.counts())), JSON)


def _dumped(content: dict[str, Any]) -> bytes:
    """JSON as gqlgen writes it: bytes of the database that are not UTF-8 go out as they are."""
    try:
        return orjson.dumps(content)
    except TypeError:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogateescape")


def _json(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _partial(content: dict[str, Any]) -> dict[str, Any]:
    """An answer with an error added and half of its first list missing."""
    roots: dict[str, Any] = content["data"] or {}
    for found in roots.values():
        lists = [name for name, value in found.items() if isinstance(value, list)]
        for name in lists[:1]:
            found[name] = found[name][: len(found[name]) // 2]
    error = {"message": "partial answer", "path": list(roots)[:1]}
    return {"errors": [error], "data": roots}
