"""Asks Stash's GraphQL API and turns everything that can go wrong into one StashError."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TypeVar

import httpx
import orjson
from pydantic import TypeAdapter, ValidationError

from indexer.errors import ConfigurationError, StashError
from indexer.events import Emit
from indexer.extractor import canonical, trouble
from indexer.extractor.answer import Answer
from indexer.extractor.trouble import NotBegun
from indexer.quoting import quoting
from indexer.retries import Patience, patiently

T = TypeVar("T")

_OK = 200
_DOWNLOADS = frozenset({200, 206, 404, 416})
_ENDPOINT = "/graphql"
_SURROGATES = re.compile(
    rb"\\\\"  # an escaped backslash, after which "ud800" is plain text
    rb"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


class StashClient:
    """One Stash server. Its key is in no message, repr or traceback line of this program."""

    def __init__(
        self, url: str, api_key: str | None, *, patience: Patience, emit: Emit, timeout: float = 60
    ) -> None:
        """Take Stash's URL, with or without "/graphql", and its key, if a login is configured.

        Args:
            url: such as "http://stash.example:9999" or one behind a path of a proxy.
            api_key: sent only if given, for a Stash without login refuses any.
            patience: for how long passing failures are tried again.
            emit: told of each new try.
            timeout: seconds for connecting and for each wait for more of an answer.

        Raises:
            ConfigurationError: if the URL or the key can't be one.
        """
        endpoint, login = _endpoint(url)
        self.endpoint = str(endpoint)
        self.url = self.endpoint.removesuffix(_ENDPOINT)
        self.emit = emit
        self._patience = patience
        self._has_key = bool(api_key)
        self._timeout = timeout
        self._answered = False
        self.stash_time: int | None = None
        """When Stash sent its last answer, by its own clock in epoch seconds."""
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        if api_key:
            headers["ApiKey"] = _checked(api_key)
        self._quote = quoting(api_key, login)
        self._http = httpx.Client(
            headers=headers, auth=login, timeout=timeout, follow_redirects=False
        )

    def ask(
        self,
        query: str,
        variables: dict[str, object],
        shape: TypeAdapter[Answer[T]],
        *,
        timeout: float | None = None,
        patience: Patience | None = None,
        once: bool = False,
    ) -> T:
        """Return the data of Stash's answer, validated.

        Args:
            query: what to ask, in GraphQL.
            variables: the values of its variables.
            shape: what the data must be like.
            timeout: in seconds, if not the usual.
            patience: with what may pass, if it is less than the usual.
            once: that Stash must not do it twice: it is tried again only if it was not begun.

        Raises:
            QueryFailed: if Stash was asked rightly and says that it can't: `errors` with 200.
            StashError: for anything else that went wrong, after patience with what may pass.
        """
        body = orjson.dumps({"query": query, "variables": variables})
        seconds = timeout or self._timeout
        ask = partial(self._ask_once, body, shape, seconds)
        return self.patiently(partial(_begun_once, ask) if once else ask, patience)

    def patiently(self, call: Callable[[], T], patience: Patience | None = None) -> T:
        """Return what a call to this Stash returns, after patience with what may pass."""
        usual = self._patience
        less = patience if patience and patience.seconds < usual.seconds else usual
        return patiently(call, f"Stash at {self.url}", less, self.emit)

    @contextmanager
    def download(self, path: str, start: int) -> Iterator[httpx.Response]:
        """Yield the answer to a GET of a path, from its byte `start` on; nothing is read yet.

        Raises StashError, also where reading it breaks off; of the statuses only 200, 206, 404
        and 416 come back.
        """
        headers = {"Accept-Encoding": "identity", "Range": f"bytes={start}-"}
        try:
            with self._http.stream("GET", self.url + path, headers=headers) as response:
                if response.status_code not in _DOWNLOADS:
                    response.read()
                    raise trouble.refused(
                        self.url + path, response, self._quote, has_key=self._has_key
                    )
                yield response
        except httpx.RequestError as error:
            raise trouble.unreachable(self.url, error, known=self._answered) from error

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask_once(self, body: bytes, shape: TypeAdapter[Answer[T]], timeout: float) -> T:
        headers = {"Content-Type": "application/json"}
        try:
            response = self._http.post(
                self.endpoint, content=body, headers=headers, timeout=timeout
            )
        except httpx.RequestError as error:
            raise trouble.unreachable(self.endpoint, error, known=self._answered) from error
        self.stash_time = _epoch(response.headers.get("Date"))
        content = _mended(response.content)
        del response.stream  # it leads back to the answer: a ring that would keep whole pages
        if response.status_code != _OK:
            raise trouble.refused(self.endpoint, response, self._quote, has_key=self._has_key)
        try:
            answer = shape.validate_json(content)
        except ValidationError as error:
            raise trouble.misshapen(self.endpoint, response, content, error, self._quote) from error
        data = answer.get("data")
        if answer.get("errors"):
            raise trouble.failed(self.endpoint, content, self._quote)
        if data is None:
            raise trouble.not_stash(self.endpoint)
        self._answered = True
        return data


def _begun_once(ask: Callable[[], T]) -> T:
    """Return what a call returns; only where nothing was begun may its error pass."""
    try:
        return ask()
    except NotBegun:
        raise
    except StashError as error:
        error.transient = False
        raise


def _epoch(date: str | None) -> int | None:
    """Return the moment that a header tells; None if it tells none."""
    try:
        return int(parsedate_to_datetime(date or "").timestamp())
    except ValueError:
        return None


def _endpoint(url: str) -> tuple[httpx.URL, tuple[str, str] | None]:
    """Return where to post to, and apart from it the login of a proxy that the URL may hold."""
    try:
        parsed = httpx.URL(url.strip())
    except httpx.InvalidURL:
        parsed = httpx.URL()
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise ConfigurationError(
            "STASH_URL is not a URL of a web server.",
            "Write it as http://localhost:9999, with your own host and port.",
        )
    login = (parsed.username, parsed.password) if parsed.userinfo else None
    path = parsed.path.rstrip("/").removesuffix(_ENDPOINT) + _ENDPOINT
    bare = parsed.copy_with(path=path, query=None, fragment=None, username="", password="")
    return bare, login


def _checked(api_key: str) -> str:
    # An HTTP library's complaint about a header quotes it, so it must never get to see such a key.
    if not (api_key.isascii() and api_key.isprintable() and " " not in api_key):
        raise ConfigurationError(
            "STASH_API_KEY holds a character that no key of Stash has.",
            "Copy it again from Stash: Settings > Security > API Key, without spaces or newlines.",
        )
    return api_key


def _mended(content: bytes) -> bytes:
    """Replace bytes and lone surrogates that are no characters by U+FFFD: the one place for it.

    Stash prints such bytes as they are stored. It never writes such surrogates; a proxy or another
    server in its place may.
    """
    try:
        content.decode()
    except UnicodeDecodeError:
        content = canonical.decoded(content).encode()
    if b"\\ud" not in content and b"\\uD" not in content:
        return content
    return _SURROGATES.sub(
        lambda match: b"\\ufffd" if match["lone"] is not None else match[0], content
    )
