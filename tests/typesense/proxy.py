"""A real HTTP proxy that stands between the indexer and a Typesense and breaks things when told.

    with FaultyProxy(server.url) as proxy:
        proxy.fail(Answer(503, b'{ "message": "Not Ready or Lagging"}', times=2))
        ... use proxy.url in place of server.url ...

Each fault meets the next requests whose path contains `on`, or ends so where `on` ends with a $,
`times` of them; the others go through.
"""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import httpx

IMPORT = "/documents/import"
MANY = 1_000_000
SECONDS_TO_END = 10.0


@dataclass(kw_only=True)
class Fault:
    """What goes wrong; the kinds below."""

    on: str = IMPORT
    times: int = 1
    method: str = ""


@dataclass
class Answer(Fault):
    """The proxy answers itself; Typesense never sees the request."""

    status: int
    body: bytes


@dataclass
class CutRequest(Fault):
    """The connection ends when `after` bytes of the body came; nothing gets through."""

    after: int = 0


@dataclass
class CutAnswer(Fault):
    """The request gets through, and the connection ends after that many bytes of the answer."""

    after: int = 0


@dataclass
class LoseLines(Fault):
    """The request gets through, and the answer looks whole but lacks its last lines."""

    count: int = 1


@dataclass
class ReplaceAnswer(Fault):
    """The request gets through, and another body comes back, with status 200."""

    body: bytes


@dataclass
class LimitBody(Fault):
    """A body above so many bytes is refused with 413, as a web server in front does."""

    max_bytes: int


@dataclass
class StatusZero(Fault):
    """The status line is "HTTP/1.1 0", as in a cluster that elects a leader."""


@dataclass
class Meanwhile(Fault):
    """Something else happens, before the request gets through as it is."""

    act: Callable[[], object]


@dataclass(frozen=True)
class Seen:
    """A request that came; `size` counts the bytes of its body as declared."""

    method: str
    path: str
    size: int


class FaultyProxy:
    """A proxy on 127.0.0.1 and a free port, from `with` to its end.

    `slow_seconds` holds back each request on its way; `most_at_once` counts those under way.
    """

    def __init__(self, target_url: str) -> None:
        self.seen: list[Seen] = []
        self.most_at_once = 0
        self.slow_seconds = 0.0
        self._at_once = 0
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._quiet = threading.Condition(self._lock)
        self._target = httpx.Client(base_url=target_url, timeout=60, trust_env=False)
        self._server = _Server(("127.0.0.1", 0), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def fail(self, *faults: Fault) -> None:
        """Add faults; the first that fits a request, in their order, meets it."""
        with self._lock:
            self._faults.extend(faults)

    def requests(self, on: str, method: str = "") -> list[Seen]:
        """The requests that came so far whose path contains `on`, by method if one is named."""
        return [seen for seen in self.seen if on in seen.path and method in ("", seen.method)]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        with self._quiet:  # a request that connects while this closes would leave a connection
            self._quiet.wait_for(lambda: not self._at_once, timeout=SECONDS_TO_END)
            self._target.close()

    def begin(self, seen: Seen) -> Fault | None:
        """Note a request and return the fault that meets it."""
        with self._lock:
            self.seen.append(seen)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            return self._take(seen)

    def end(self) -> None:
        """Note that a request is over."""
        with self._quiet:
            self._at_once -= 1
            self._quiet.notify_all()

    def forward(self, method: str, path: str, key: str, body: bytes) -> httpx.Response:
        """Ask Typesense."""
        time.sleep(self.slow_seconds)
        headers = {"X-TYPESENSE-API-KEY": key, "Accept-Encoding": "identity"}
        return self._target.request(method, path, headers=headers, content=body)

    def _take(self, seen: Seen) -> Fault | None:
        for fault in self._faults:
            path = f"{seen.path.partition('?')[0]}$" if fault.on.endswith("$") else seen.path
            fits = fault.on in path and fault.method in ("", seen.method)
            large = not isinstance(fault, LimitBody) or seen.size > fault.max_bytes
            if fault.times and fits and large:
                fault.times -= 1
                return fault
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], proxy: FaultyProxy) -> None:
        super().__init__(address, _Handler)
        self.proxy = proxy

    def process_request_thread(self, request: Any, client_address: object) -> None:
        """Answer without being watched by coverage, as the stand-in Stash does."""
        sys.settrace(None)
        super().process_request_thread(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing when the client went away: some are killed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for the head to be acknowledged
    server: _Server

    def handle_one(self) -> None:
        proxy = self.server.proxy
        size = int(self.headers.get("Content-Length", "0"))
        fault = proxy.begin(Seen(self.command, self.path, size))
        try:
            self._answer(fault, size)
        finally:
            proxy.end()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_one  # noqa: N815

    def _answer(self, fault: Fault | None, size: int) -> None:
        if isinstance(fault, CutRequest):
            self.rfile.read(min(fault.after, size))
            self.close_connection = True
            return
        body = self.rfile.read(size)
        if isinstance(fault, Answer):
            self._send(fault.status, fault.body)
        elif isinstance(fault, LimitBody):
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"<html>too large</html>")
        elif isinstance(fault, StatusZero):
            self.wfile.write(b"HTTP/1.1 0 \r\nContent-Length: 0\r\n\r\n")
        else:
            self._forward(fault, body)

    def _forward(self, fault: Fault | None, body: bytes) -> None:
        if isinstance(fault, Meanwhile):
            fault.act()
        key = self.headers.get("X-TYPESENSE-API-KEY", "")
        try:
            answer = self.server.proxy.forward(self.command, self.path, key, body)
        except (httpx.HTTPError, RuntimeError):  # Typesense is away, or this proxy is at its end
            self.close_connection = True
            return
        content = answer.content
        if isinstance(fault, LoseLines):
            content = b"\n".join(content.split(b"\n")[: -fault.count])
        elif isinstance(fault, ReplaceAnswer):
            content = fault.body
        self._send(answer.status_code, content, fault)

    def _send(self, status: int, content: bytes, fault: Fault | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if isinstance(fault, CutAnswer):
            self.close_connection = True
            content = content[: fault.after]
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""
