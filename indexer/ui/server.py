"""The page's server: HTTP and nothing else. What it answers is decided by the modules beside it."""

import re
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

import orjson

from indexer.errors import ConfigurationError
from indexer.ui.answer import HEADERS, Answer, refused
from indexer.ui.guard import guard
from indexer.ui.page_config import PageConfig
from indexer.ui.rules import checked_searches, picture_path
from indexer.ui.static_files import static_files
from indexer.ui.upstream import Upstream

LARGEST_BODY = 256 * 1024
SEARCH = "/multi_search"


@dataclass(frozen=True)
class Address:
    """Where to listen; port 0 takes a free one."""

    bind: str
    port: int


class PageServer(ThreadingHTTPServer):
    """Serves one page: `with PageServer(…) as server: server.serve_forever()`.

    Raises:
        ConfigurationError: the address is taken, or needs a password.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, address: Address, password: str | None, config: PageConfig, upstream: Upstream
    ) -> None:
        guard(address.bind, address.port, password)  # before anybody can reach it
        self.address_family = socket.AF_INET6 if ":" in address.bind else socket.AF_INET
        try:
            super().__init__((address.bind, address.port), _Handler)
        except OSError as error:
            raise ConfigurationError(
                f"Can't listen on {address.bind} port {address.port}: {error.strerror}.",
                "Choose another --port or --bind.",
            ) from error
        self.guard = guard(address.bind, self.server_port, password)
        self.upstream = upstream
        self.aliases = frozenset(each.alias for each in config.collections)
        told = Answer(HTTPStatus.OK, orjson.dumps(config.as_json()))
        self.files: Mapping[str, Answer] = {**static_files(), "/config.json": told}

    def server_bind(self) -> None:
        """Bind without asking for this machine's name, which can take long."""
        TCPServer.server_bind(self)
        host, self.server_port = self.server_address[:2]
        self.server_name = str(host)

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing when the client went away; that is its right."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def get(self, target: str) -> Answer:
        """Return what a GET answers."""
        path = picture_path(target)
        if path is not None:
            return self.upstream.picture(path)
        if target.startswith("/?"):  # the page's state, which only its script reads
            target = "/"
        return self.files.get(target) or refused(HTTPStatus.NOT_FOUND, "There is nothing here.")

    def search(self, body: bytes) -> Answer:
        """Return what a POST of searches answers."""
        searches = checked_searches(body, self.aliases)
        return searches if isinstance(searches, Answer) else self.upstream.search(searches)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60.0
    server: PageServer

    def do_GET(self) -> None:
        """Answer a GET; a body that comes along isn't read, and so ends the connection."""
        self.close_connection |= bool({"Content-Length", "Transfer-Encoding"} & {*self._headers()})
        refusal = self.server.guard.refusal(self._headers())
        self._send(refusal or self.server.get(self._target))

    def do_HEAD(self) -> None:
        """Answer as a GET, without the body."""
        self.do_GET()

    def do_POST(self) -> None:
        """Answer a search; nothing else may be posted."""
        refusal = self.server.guard.refusal(self._headers())
        if refusal is None and self._target.partition("?")[0] != SEARCH:
            refusal = refused(HTTPStatus.NOT_FOUND, "There is nothing here.")
        refusal = refusal or self._refusal_of_body()
        if refusal is None:
            length = int(self.headers["Content-Length"])
            self._send(self.server.search(self.rfile.read(length)))
        else:
            self.close_connection = True  # its body was not read
            self._send(refusal)

    def _refusal_of_body(self) -> Answer | None:
        """Return why a body isn't read: its end must be plain, to whatever stands in front too."""
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not re.fullmatch("[0-9]+", length):
            return refused(HTTPStatus.LENGTH_REQUIRED, "The length of the body is needed.")
        if len(length) > len(str(LARGEST_BODY)) or int(length) > LARGEST_BODY:
            return refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")
        return None

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no request, or another method, as everything is refused."""
        del message, explain
        self.close_connection = True
        self._send(refused(code, HTTPStatus(code).phrase))

    def version_string(self) -> str:
        """Return the Server header: no versions."""
        return "indexer"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: what people search for is their own affair."""

    @property
    def _target(self) -> str:
        """What was asked for, as it came: `self.path` has lost a second slash at its beginning."""
        return self.requestline.split()[1]

    def _headers(self) -> Mapping[str, str]:
        return {name.title(): value for name, value in self.headers.items()}

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        headers = {"Content-Type": answer.content_type, **HEADERS, **answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
