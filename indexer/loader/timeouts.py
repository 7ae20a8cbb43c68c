"""For how long an answer may be without a byte, by what is asked: a hook of httpx.

A connection that dies without a sign costs so long, and so does a server that hangs.
"""

import httpx

from indexer.loader.names import parse_name

USUAL_SECONDS = 30.0
"""Of what is answered at once. It is a quarter of the usual lease: one beat that hangs loses none.
"""
LONG_SECONDS = 600.0
"""Of what waits behind other people's writes, or goes through all documents before it answers: an
import, an export, deletes and changes of schema."""
CONNECT_SECONDS = 10.0


def usual(seconds: float) -> httpx.Timeout:
    """Return the time-outs of what doesn't take long."""
    return httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))


def give_time(request: httpx.Request) -> None:
    """Let a request that may take long do so; it is called with each before it is sent."""
    if _takes_long(request.method, request.url.path):
        request.extensions["timeout"] = usual(LONG_SECONDS).as_dict()


def _takes_long(method: str, path: str) -> bool:
    """Say so of what is done with a physical collection; those of locks and runs are small."""
    if any(map(parse_name, path.split("/"))):
        return method != "GET" or path.endswith("/export")
    return method == "POST" and path.endswith("/collections")
