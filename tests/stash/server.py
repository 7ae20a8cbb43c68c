"""The stand-in Stash as a server: `with StashServer(database) as stash: … stash.url`."""

import socket
import sys
import threading
from collections import Counter
from contextlib import closing, suppress
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.stash.backup import Downloads
from tests.stash.dialect import Dialect, database_schema
from tests.stash.execution import Answer, Request, Stash, answer
from tests.stash.faults import Faults, Seen
from tests.stash.handler import Handler
from tests.stash.values import connect

Connection = socket.socket | tuple[bytes, socket.socket]
"""What socketserver calls a request; over TCP it's always a socket."""


class StashServer:
    """A Stash over a database, on 127.0.0.1.

    `app_schema` is the database schema that this Stash wants (default: what the database has);
    an older database needs migration. `status` overrides what systemStatus says. `control` opens
    /__faults, for tests that run the server as a process of its own.
    """

    def __init__(
        self,
        database: Path,
        *,
        api_key: str | None = None,
        port: int = 0,
        version: str = "",
        app_schema: int | None = None,
        download_life: float = 30.0,
        control: bool = False,
    ) -> None:
        with closing(connect(database, write=True)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")  # as Stash: readers and a writer
            schema = app_schema or database_schema(connection)
        self.downloads = Downloads(download_life)
        self.stash = Stash(
            database, Dialect(schema), api_key, version, lambda: self.downloads.backup(database)
        )
        self.faults = Faults()
        self.requests: list[Seen] = []
        self.status: str | None = None
        self.control = control
        self._server = _Server(("127.0.0.1", port), Handler)
        self._server.stash = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    @property
    def url(self) -> str:
        """The base address, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def counts(self) -> Counter[str]:
        """How often each root field was asked first, or each path that isn't /graphql."""
        return Counter(seen.operation or seen.path for seen in list(self.requests))

    def answer(self, request: Request) -> Answer:
        """Execute one GraphQL request."""
        poisoned = self.faults.poisoned(request.query)
        answered = answer(self.stash, request, self.status, frozenset(poisoned))
        crashes = "crash" in poisoned.values() and "errors" in answered[1]
        return (500, answered[1]) if crashes else answered

    def start(self) -> Self:
        """Begin to serve, in a thread of its own."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, end the connections that are open, remove backups."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.downloads.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    """Knows its open connections, so that stopping ends them as the end of a process would."""

    daemon_threads = False
    request_queue_size = 64
    stash: StashServer

    def __init__(self, address: tuple[str, int], handler: type[Handler]) -> None:
        super().__init__(address, handler)
        self._open: set[Connection] = set()

    def process_request(self, request: Connection, client_address: object) -> None:
        """Answer a connection in a thread of its own."""
        self._open.add(request)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Connection, client_address: object) -> None:
        """Answer unwatched by coverage: nothing of it is measured, and it takes long."""
        sys.settrace(None)
        super().process_request_thread(request, client_address)

    def shutdown_request(self, request: Connection) -> None:
        """End a connection that has been answered."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Connection, client_address: object) -> None:
        """Nothing when the client went away; that is its right."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def server_close(self) -> None:
        """Close the socket, and the connections with it."""
        for connection in list(self._open):
            assert isinstance(connection, socket.socket)
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()
