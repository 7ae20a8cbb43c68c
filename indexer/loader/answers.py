"""What a refusal or a broken connection means, in the words of the error tree."""

from collections.abc import Callable
from typing import TypeVar

import httpx
import orjson

from indexer.errors import TypesenseError
from indexer.quoting import Quote
from indexer.retries import passes

T = TypeVar("T")

BAD_REQUEST = 400
UNAUTHORIZED = 401
NOT_FOUND = 404
CONFLICT = 409
TOO_LARGE = 413
UNPROCESSABLE = 422

_EXHAUSTED = "running out of resource type"


class Refused(TypesenseError):
    """Typesense, or what stands in front of it, answered with an error status."""

    def __init__(self, status: int, message: str, hint: str, *, transient: bool = False) -> None:
        super().__init__(message, hint, transient=transient)
        self.status = status


def unless_missing(call: Callable[[], T]) -> T | None:
    """Return call()'s answer; None where the server says "not found"."""
    try:
        return call()
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        return None


def refusal(response: httpx.Response, shown_url: str, quote: Quote) -> Refused:
    """Return the error for an answer with an error status; its body must have been read."""
    status, said = response.status_code, quote(_message(response))
    request = f"{response.request.method} {response.request.url.path}"
    if status == UNAUTHORIZED:
        message = f"Typesense at {shown_url} refuses the API key for {request}."
        return Refused(status, message, "Check TYPESENSE_API_KEY and what that key may do.")
    if status == UNPROCESSABLE and _EXHAUSTED in said:
        resource = "disk" if "OUT_OF_DISK" in said else "memory"
        return Refused(
            status,
            f"Typesense at {shown_url} takes no more writes, its {resource} is used up: {said}",
            f"Give it more {resource}, or drop a spare collection by hand, as no command can now: "
            "see docs/operations.md. Then run again; `indexer doctor` shows the figures.",
        )
    message = f"Typesense at {shown_url} answered {request} with {status}: {said}"
    return Refused(status, message, _hint(status), transient=passes(status))


def broken(error: httpx.HTTPError, shown_url: str, quote: Quote) -> TypesenseError:
    """Return the error for a request that got no whole answer.

    A leader that is lost while a cluster elects a new one shows as status line "HTTP/1.1 0",
    which httpx reports like a disconnect; all of these pass by themselves.
    """
    reason = quote(str(error)) or type(error).__name__
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        message = f"Typesense at {shown_url} can't be reached: {reason}"
    elif isinstance(error, httpx.TimeoutException):
        message = f"Typesense at {shown_url} didn't answer in time: {reason}"
    else:
        message = f"The connection to Typesense at {shown_url} broke: {reason}"
    return TypesenseError(message, "Check TYPESENSE_URL and that the server runs.", transient=True)


def _message(response: httpx.Response) -> str:
    """Return the server's own message, or whatever it answered instead."""
    try:
        answer = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        answer = None
    said = answer.get("message") if isinstance(answer, dict) else None
    return str(said or response.text or response.reason_phrase)


def _hint(status: int) -> str:
    if passes(status):
        return "Wait until the server is ready, then run again; its log says what keeps it."
    if status == NOT_FOUND:
        return "Check TYPESENSE_URL, and whether somebody removed the collection."
    return "Check TYPESENSE_URL and the collection's spec."
