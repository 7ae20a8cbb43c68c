"""Waits until what the server says can be relied on.

A server that just restarted answers /health with 200 while it has a part of its data only, for a
minute at 200,000 documents; and the last requests of a killed run may land later. So this stands
before every read that decides something.
"""

import time
from dataclasses import dataclass

from indexer.errors import TypesenseError
from indexer.events import Waiting
from indexer.loader.catalog import collection, list_collections
from indexer.loader.server import Typesense

LONGEST_WAIT = 60.0
BETWEEN_LOOKS = 0.2
_LEADER = "LEADER"


@dataclass(frozen=True)
class _Look:
    state: str
    queued: int
    counts: dict[str, int]


def settled(server: Typesense, name: str | None = None) -> None:
    """Return once the server leads, no write is queued, and counts stand still over two looks.

    The count is that of the collection named, else all counts. It waits for up to a minute, or
    for the server's patience where that is less. Other traffic may keep the queue up for good:
    then an answered write into the collection that changes nothing will do, as the writes of one
    collection are done in order.

    Raises:
        TypesenseError: it did not settle; the message says what kept it.
    """
    deadline = time.monotonic() + min(LONGEST_WAIT, server.patience.seconds)
    told = ""
    before, now = _two_looks(server, name)
    while reason := _what_keeps(before, now, name):
        if time.monotonic() > deadline:
            _settle_by_writing(server, name, now, reason)
            return
        if reason != told:
            server.emit(Waiting(f"Typesense at {server.url}", reason))
            told = reason
        time.sleep(BETWEEN_LOOKS)
        before, now = now, _look(server, name)


def unsettled(server: Typesense) -> str | None:
    """Return why what the server says may not be all there is, by two looks; None if it is."""
    before, now = _two_looks(server, None)
    return _what_keeps(before, now, None)


def _settle_by_writing(server: Typesense, name: str | None, last: _Look, reason: str) -> None:
    """Do with an answered write where nothing but the queue, other people's, is in the way."""
    if name is None or last.state != _LEADER or name not in last.counts or not last.queued:
        raise _unsettled(server, reason)
    server.patiently(f"writing into {name}", lambda: _write_nothing(server, name))
    before, now = _two_looks(server, name)
    if before.counts != now.counts:
        raise _unsettled(server, f"the number of documents in {name} still changes")


def _what_keeps(before: _Look, now: _Look, name: str | None) -> str | None:
    if now.state != _LEADER:
        return f"its state is {now.state}, not {_LEADER}"
    if now.queued:
        return f"{now.queued} writes are queued"
    if name is not None and name not in now.counts:
        return f"it has no collection {name}"
    if before.counts != now.counts:
        return "its number of documents changes"
    return None


def _two_looks(server: Typesense, name: str | None) -> tuple[_Look, _Look]:
    first = _look(server, name)
    time.sleep(BETWEEN_LOOKS)
    return first, _look(server, name)


def _look(server: Typesense, name: str | None) -> _Look:
    status = server.patiently("asking Typesense's state", lambda: server.ask("GET", "/status"))
    if name is None:
        found = list_collections(server)
    else:
        one = collection(server, name)
        found = [one] if one else []
    return _Look(
        state=server.member(status, "state"),
        queued=int(server.member(status, "queued_writes")),
        counts={each.name: each.num_documents for each in found},
    )


def _write_nothing(server: Typesense, name: str) -> None:
    path = f"/collections/{name}/documents"
    server.request("DELETE", path, params={"filter_by": "id:=`no such document`"})


def _unsettled(server: Typesense, reason: str) -> TypesenseError:
    return TypesenseError(
        f"Typesense at {server.url} is not settled: {reason}.",
        "Wait until it has caught up, and connect to the leader of a cluster; then run again.",
        starting=True,
    )
