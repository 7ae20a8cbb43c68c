"""Every way in which asking Stash can go wrong, as a StashError: what happened and what to do.

No text of an exception or header goes into a message: it could quote a key or a proxy's password.
The manners of real servers stand in docs/stash.md (Answers, HTTP).
"""

import socket
import ssl
from collections.abc import Iterator

import httpx
from pydantic import JsonValue, TypeAdapter, ValidationError

from indexer.errors import StashError
from indexer.quoting import Quote
from indexer.retries import passes

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
_REPORT_HINT = "Report it with Stash's version: indexer does not know this Stash well enough."
_KEY_HINT = "Set STASH_API_KEY to the key of Stash's Settings > Security."
_URL_HINT = "Set STASH_URL to the address at which Stash's own pages open in a browser."
WHICH_FILE_HINT = "Name the file that Stash's Settings > System call its database."
_WAIT_HINT = "See whether Stash runs and what its log says, then start again."


class QueryFailed(StashError):
    """Stash was asked rightly and says that it can't give this: `errors` in an answer of 200."""


class QueryRefused(StashError):
    """Stash doesn't take a query at all: HTTP 4xx with `errors`, which no other server has."""


class NotBegun(StashError):
    """Stash did nothing of what it was asked: nobody was there, or its database is locked."""


class DatabaseLocked(NotBegun):
    """Another program has Stash's database for itself; what asks less of it may still work."""


class SourceUnavailable(StashError):
    """This way of reading can't be used here; another one may."""


def unreachable(url: str, error: httpx.RequestError, *, known: bool) -> StashError:
    """Return the error for an answer that didn't come, or not whole.

    `known`: this server has answered before. One that never did has a wrong address and is not
    waited for, unless a person asked for that; one that did is probably restarting.
    """
    causes = tuple(_causes(error))
    if isinstance(error, httpx.TimeoutException):
        message = f"Stash at {url} did not answer in time."
        if isinstance(error, httpx.ConnectTimeout):
            return NotBegun(message, _WAIT_HINT, transient=known, starting=True)
        return StashError(message, _WAIT_HINT, transient=True, starting=True)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        message = f"The host of {url} is not known."
        return NotBegun(message, _URL_HINT, transient=known, starting=True)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        hint = "Set STASH_URL to http:// if Stash has no certificate, or give it a valid one."
        return StashError(f"No secure connection to {url} could be made.", hint)
    if isinstance(error, httpx.ConnectError):
        message = f"Nothing accepts connections at {url}."
        return NotBegun(message, _URL_HINT, transient=known, starting=True)
    message = f"The connection to {url} broke before the whole answer was there."
    return StashError(message, _WAIT_HINT, transient=True)


def refused(url: str, response: httpx.Response, quote: Quote, *, has_key: bool) -> StashError:
    """Return the error for a status other than 200."""
    status = response.status_code
    if _unauthorized(response):
        return _login_wanted(url, has_key=has_key)
    if response.is_redirect:
        message = f"{url} sends on to another address (HTTP {status})."
        return StashError(message, "Set STASH_URL to that address.")
    if status == httpx.codes.FORBIDDEN:
        hint = (
            "A Stash without login shuts itself off once it is reached from the internet: "
            "set a login in its config file and restart it, or let the proxy pass this host."
        )
        return StashError(f"Stash at {url} forbids access (HTTP 403).", hint)
    if passes(status):
        message = f"Stash at {url} failed to answer (HTTP {status})."
        return StashError(message, _WAIT_HINT, transient=True)
    if text := quote(_first_error(response.content)):
        return QueryRefused(
            f"Stash at {url} doesn't take a query (HTTP {status}): {text}", _REPORT_HINT
        )
    return StashError(f"There is no GraphQL API at {url} (HTTP {status}).", _URL_HINT)


def misshapen(
    url: str, response: httpx.Response, content: bytes, error: ValidationError, quote: Quote
) -> StashError:
    """Return the error for an answer with status 200 that doesn't have the shape asked for."""
    if not _is_json(response):
        return StashError(f"There is a web page at {url}, not Stash's API.", _URL_HINT)
    try:
        answer = _JSON.validate_json(content)
    except ValidationError:
        message = f"The answer of {url} breaks off or is no JSON."
        return StashError(message, _WAIT_HINT, transient=True)
    if not isinstance(answer, dict) or not ("data" in answer or "errors" in answer):
        return not_stash(url)
    if answer.get("errors"):
        return failed(url, content, quote)
    wrong = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, wrong["loc"]))
    return QueryFailed(f"Stash at {url} answers in an unknown form: {place}.", _REPORT_HINT)


def failed(url: str, content: bytes, quote: Quote) -> StashError:
    """Return the error for an answer with `errors`, whatever data came with it."""
    text = quote(_first_error(content))
    if "database is locked" in text:
        hint = "Close the other program that has Stash's database open, or let its task finish."
        return DatabaseLocked(f"Stash at {url}: its database is locked.", hint, transient=True)
    hint = "See Stash's own log; `indexer doctor` tells whether it waits for a migration."
    return QueryFailed(f"Stash at {url} can't answer: {text}", hint)


def not_stash(url: str) -> StashError:
    """Return the error for a server that answers JSON, but not as Stash does."""
    return StashError(f"What answers at {url} is not a Stash.", _URL_HINT)


def needs_attention(url: str, status: str) -> StashError:
    """Return the error for a Stash whose system status is anything but OK."""
    if status == "NEEDS_MIGRATION":
        message = f"Stash at {url} waits for its database to be migrated."
        return StashError(message, "Open Stash in a browser and let it migrate, then start again.")
    message = f"Stash at {url} is not set up yet ({status})."
    return StashError(message, "Open Stash in a browser and finish its setup, then start again.")


def _login_wanted(url: str, *, has_key: bool) -> StashError:
    if has_key:
        hint = (
            f"{_KEY_HINT} If no login is configured there, leave STASH_API_KEY unset: "
            "such a Stash refuses every key."
        )
        return StashError(f"Stash at {url} refuses the API key.", hint)
    return StashError(f"Stash at {url} wants a login and no API key is configured.", _KEY_HINT)


def _unauthorized(response: httpx.Response) -> bool:
    """Say whether a login is wanted: 401, a way to the login page, v0.25's 500 `unauthorized`."""
    return (
        response.status_code == httpx.codes.UNAUTHORIZED
        or (response.is_redirect and "/login" in response.headers.get("location", ""))
        or (response.is_server_error and response.content.strip() == b"unauthorized")
    )


def _first_error(content: bytes) -> str:
    """Return the message of the first of an answer's errors; "" if it has none."""
    try:
        answer = _JSON.validate_json(content)
    except ValidationError:
        return ""
    errors = answer.get("errors") if isinstance(answer, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    return str(first.get("message")) if isinstance(first, dict) else str(first or "")


def _is_json(response: httpx.Response) -> bool:
    return "json" in response.headers.get("content-type", "")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
