"""The connection to one Typesense server.

Bytes go through httpx as they are; admin calls go through the `typesense` package, on the same
connections. Whichever way, an error comes out as one of the error tree (answers.py).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import httpx
import orjson

from indexer.errors import UnexpectedAnswer
from indexer.events import Emit, nobody
from indexer.loader.answers import Refused, broken, refusal
from indexer.loader.package import Client, new_client, quietly
from indexer.loader.timeouts import USUAL_SECONDS, give_time, usual
from indexer.quoting import quoting
from indexer.retries import Patience, patiently

T = TypeVar("T")

USUAL_PATIENCE = Patience()
KEY_HEADER = "X-TYPESENSE-API-KEY"


@dataclass(frozen=True)
class Memory:
    """What the server's host has and uses, in bytes. A container's own limit is not in it."""

    memory_total: int
    memory_used: int
    disk_total: int
    disk_used: int
    typesense_used: int


class Typesense:
    """One server, one key; a context manager.

    `patience` is for how long a call is tried again while the server is away or not ready;
    `timeout` is for how many seconds one request may stay without any byte of an answer, if it is
    none of those that take long. `emit` may be called from several threads.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        patience: Patience = USUAL_PATIENCE,
        emit: Emit = nobody,
        timeout: float = USUAL_SECONDS,
    ) -> None:
        address = httpx.URL(url.rstrip("/"))
        self.url = str(address.copy_with(userinfo=b""))
        self.emit = emit
        self.patience = patience
        self._login = (address.username, address.password) if address.userinfo else None
        self._quote = quoting(api_key, self._login)
        self._http = httpx.Client(
            base_url=self.url,
            auth=self._login,
            # Import answers would be compressed otherwise: work for both ends, few bytes saved.
            headers={KEY_HEADER: api_key, "Accept-Encoding": "identity"},
            timeout=usual(timeout),
            event_hooks={"request": [give_time], "response": [self._raise_refusal]},
        )
        self._client = new_client(address, api_key, self._http)

    def __repr__(self) -> str:
        return f"Typesense({self.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def patiently(self, what: str, call: Callable[[], T]) -> T:
        """Return call()'s answer, tried again with this server's patience."""
        return patiently(call, what, self.patience, self.emit)

    def admin(self, what: str, call: Callable[[Client], T]) -> T:
        """Return call(client)'s answer by way of the `typesense` package, tried again.

        For one thread only: that client keeps notes about its server without a lock.
        """
        return self.patiently(what, lambda: self.admin_once(call))

    def admin_once(self, call: Callable[[Client], T]) -> T:
        """Return call(client)'s answer, tried once."""
        try:
            with self._plain_errors(), quietly():
                return call(self._client)
        except ValueError as error:
            raise self._no_object() from error

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        key: str | None = None,
    ) -> bytes:
        """Send one request, once, and return the whole answer; `key` is another than our own.

        Raises:
            Refused: the answer had an error status.
            TypesenseError: no whole answer came; transient.
        """
        headers = {KEY_HEADER: key} if key else None
        with self._plain_errors():
            response = self._http.request(
                method, path, params=params, content=content, headers=headers
            )
        answer = response.content
        del response.stream  # it leads back to the answer: a ring that would keep whole requests
        return answer

    def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> dict[str, Any]:
        """Send one request, once, and return the parsed answer; raises as `parsed` does too."""
        return self.parsed(self.request(method, path, params=params, content=content))

    def ask_lines(self, path: str, params: Mapping[str, str]) -> list[dict[str, Any]]:
        """Get an answer of one JSON object a line, once, and return them."""
        answer = self.request("GET", path, params=params)
        return [self.parsed(line) for line in answer.split(b"\n") if line]

    def parsed(self, answer: bytes) -> dict[str, Any]:
        """Return the JSON object that an answer is.

        Raises:
            UnexpectedAnswer: it is none; transient, as it may be a page of what stands in front.
        """
        try:
            found = orjson.loads(answer)
        except orjson.JSONDecodeError as error:
            raise self._no_object() from error
        if not isinstance(found, dict):
            raise self._no_object()
        return found

    @contextmanager
    def stream(self, path: str, params: Mapping[str, str]) -> Iterator[Iterator[bytes]]:
        """Get a long answer piece by piece; raises like `request`, also while it is read."""
        with self._plain_errors(), self._http.stream("GET", path, params=params) as response:
            yield response.iter_bytes()

    def reach(self) -> None:
        """Make sure, once, that something answers: an address that is wrong is not waited for.

        Raises:
            TypesenseError: nothing does, or with a web page.
        """
        try:
            self.ask("GET", "/health")
        except Refused:
            return  # whether it gets ready, and takes the key, is asked patiently

    def check_key(self) -> None:
        """Ask something small, so that a wrong key shows before a large body is sent.

        A server that refuses a large body early shows as a time-out instead of the refusal.

        Raises:
            Refused: the key is wrong.
        """
        self.admin("checking the Typesense key", lambda client: client.aliases.retrieve())

    def version(self) -> str:
        """Return the server's version as it prints it, such as "0.24.1" or "27.1"."""
        answer = self.admin("asking Typesense's version", lambda client: client.debug.retrieve())
        return self.member(answer, "version")

    def memory(self) -> Memory:
        """Return what the server says of its memory and disk."""
        answer = self.admin("asking Typesense's memory", lambda client: client.metrics.retrieve())
        return Memory(
            memory_total=int(self.member(answer, "system_memory_total_bytes")),
            memory_used=int(self.member(answer, "system_memory_used_bytes")),
            disk_total=int(self.member(answer, "system_disk_total_bytes")),
            disk_used=int(self.member(answer, "system_disk_used_bytes")),
            typesense_used=int(self.member(answer, "typesense_memory_resident_bytes")),
        )

    def clear_cache(self) -> None:
        """Forget cached answers: those of `use_cache` outlive the move of an alias."""
        path = "/operations/cache/clear"
        self.patiently("clearing Typesense's cache", lambda: self.request("POST", path))

    def member(self, answer: object, name: str) -> str:
        """Return one member of an answered object, as text.

        Raises:
            UnexpectedAnswer: it isn't there; what answered may be no Typesense.
        """
        if isinstance(answer, Mapping) and name in answer:
            return str(answer[name])
        raise self.unexpected(f"answered without `{name}`")

    def unexpected(self, what: str, *, transient: bool = False) -> UnexpectedAnswer:
        """Return the error for an answer that can't be true; `what` follows the server's name."""
        hint = "Check that TYPESENSE_URL leads straight to a Typesense server; its log may say why."
        return UnexpectedAnswer(f"Typesense at {self.url} {what}.", hint, transient=transient)

    def _no_object(self) -> UnexpectedAnswer:
        return self.unexpected("answered what is no JSON object", transient=True)

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            raise broken(error, self.url, self._quote) from error

    def _raise_refusal(self, response: httpx.Response) -> None:
        """Turn every error status into its error, for both ways of asking (a hook of httpx)."""
        if not response.is_success:
            response.read()
            quote = quoting(response.request.headers[KEY_HEADER], self._login)
            raise refusal(response, self.url, quote)
