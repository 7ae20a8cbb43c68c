"""One run at a time writes to an alias.

The lock is a document that is created, never changed, and removed only by its owner's id. Each
run beats into a document of its own; a lock whose owner's beat stands still for one lease is
taken over. Nobody's clock is compared with another's.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

from indexer.errors import LockHeld, TypesenseError
from indexer.events import Retrying, Step, Waiting, Warned
from indexer.loader.answers import CONFLICT, Refused
from indexer.loader.catalog import collection
from indexer.loader.identity import RunIdentity, is_gone
from indexer.loader.server import Typesense
from indexer.loader.settling import settled
from indexer.loader.state import Shelf, exactly, read, remove, unpack, write, write_once
from indexer.retries import Patience, patiently

LEASE = 120.0
BEATS_A_LEASE = 4
LOOKS_A_LEASE = 16
RELEASE_PATIENCE = Patience(2)

LOCKS = Shelf("indexer_locks", {"owner": "string"})

_RUN_FIELDS = [field.name for field in fields(RunIdentity)]


@dataclass(frozen=True)
class _Lock:
    """A lock as it stands on the server; `lease` is its owner's, in seconds.

    `beat` changes with each beat of the owner; nothing else can be told from it.
    """

    run: RunIdentity
    lease: float
    beat: int | None


@dataclass(frozen=True)
class Held:
    """The lock that this run has on an alias."""

    server: Typesense
    alias: str
    run: RunIdentity

    def check(self) -> None:
        """Make sure that the lock is still ours; call it before whatever can't be undone.

        Raises:
            LockHeld: another run took it over.
            TypesenseError: it can't be looked at.
        """
        if self._is_ours():
            return
        settled(self.server, LOCKS.name)  # a server that just started may not have read it yet
        if not self._is_ours():
            raise _lost(self.server, self.alias, _look(self.server, self.alias))

    def _is_ours(self) -> bool:
        lock = _look(self.server, self.alias)
        return lock is not None and lock.run.owner == self.run.owner


@contextmanager
def hold(
    server: Typesense, alias: str, run: RunIdentity, *, lease: float = LEASE
) -> Iterator[Held]:
    """Lock an alias for a run, from `with` to its end; `lease` in seconds.

    A run may hold several aliases, each once. Where another run has the lock it takes as long as
    it takes to see whether that run lives: until its next beat, or for one lease without any.
    The release never raises; a lock that could not be released will be taken over.

    Raises:
        LockHeld: another run has it and lives.
        TypesenseError: Typesense fails for longer than its patience, or is not settled.
    """
    ours = f"{exactly('id', alias, _beat_id(run))} && {exactly('owner', run.owner)}"
    try:
        _acquire(server, alias, run, lease)
        with _beating(server, run, lease / BEATS_A_LEASE):
            yield Held(server, alias, run)
    finally:
        _release(server, alias, ours)


def settled_server(server: Typesense) -> None:
    """Wait until what the server says can be relied on, whatever collection it is of.

    Other people's writes may never end, another run's bulk pass for minutes: where our locks are
    there already, an answered write among them will do.

    Raises:
        TypesenseError: it did not settle.
    """
    settled(server, LOCKS.name if collection(server, LOCKS.name) else None)


def _acquire(server: Typesense, alias: str, run: RunIdentity, lease: float) -> None:
    while not _create(server, alias, run, lease):
        seen = _look(server, alias)
        if seen is not None and seen.run.owner == run.owner:
            return  # the answer to an earlier try was lost
        if seen is not None and not is_gone(seen.run):
            now = _watch(server, alias, seen)
            if now is not None and now.run == seen.run and now.beat not in (None, seen.beat):
                raise _locked(server, alias, seen.run, seen.lease)
            seen = seen if now == seen else None
        # On a server that just started, the beat of a run that lives may still be queued.
        settled(server, LOCKS.name)
        if seen is not None and _look(server, alias) == seen:
            _take_over(server, alias, seen.run)


def _create(server: Typesense, alias: str, run: RunIdentity, lease: float) -> bool:
    try:
        write(server, LOCKS, {"id": alias, "lease": lease, **asdict(run)}, "create")
    except Refused as refused:
        if refused.status == CONFLICT:
            return False
        raise
    return True


def _watch(server: Typesense, alias: str, seen: _Lock) -> _Lock | None:
    """Return the lock as soon as it isn't as seen; or as seen, after its owner's whole lease."""
    waiting = f"{_who(seen.run)} has the lock; looking whether it lives"
    server.emit(Waiting(f"the lock on {alias}", waiting))
    since = last = time.monotonic()
    while last - since < seen.lease:
        time.sleep(seen.lease / LOOKS_A_LEASE)
        found = _look(server, alias)
        if found != seen:
            return found
        now = time.monotonic()
        if now - last > seen.lease / BEATS_A_LEASE:
            since = now  # the server was away, or this process slept: no beat may have got through
        last = now
    return seen


def _take_over(server: Typesense, alias: str, dead: RunIdentity) -> None:
    """Remove the lock of a dead run. Of several runs that do, one finds it; all try to create."""
    if remove(server, LOCKS, f"{exactly('id', alias)} && {exactly('owner', dead.owner)}"):
        server.emit(Step("lock", f"the lock on {alias} was taken over from {_who(dead)}"))
        remove(server, LOCKS, exactly("id", _beat_id(dead)))


def _release(server: Typesense, alias: str, ours: str) -> None:
    """Remove our lock, if it is ours, and our beat; another lock of this run beats again."""

    def release() -> None:
        server.request("DELETE", LOCKS.path, params={"filter_by": ours})

    try:
        patiently(release, f"releasing {alias}", RELEASE_PATIENCE, server.emit)
    except TypesenseError as error:
        message = f"The lock on {alias} was not released and will be taken over: {error.message}"
        server.emit(Warned(message))


@contextmanager
def _beating(server: Typesense, run: RunIdentity, seconds: float) -> Iterator[None]:
    """Beat in a thread of its own, which a failing server doesn't end."""
    stop = threading.Event()

    def beat() -> None:
        while True:
            document = {"id": _beat_id(run), "owner": run.owner, "beat": time.time_ns()}
            try:
                write_once(server, LOCKS, document)
            except TypesenseError as error:
                server.emit(Retrying("the lock's beat", error.message))
            if stop.wait(seconds):
                return

    thread = threading.Thread(target=beat, name="lock-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(RELEASE_PATIENCE.seconds)  # not for a request that hangs


def _look(server: Typesense, alias: str) -> _Lock | None:
    lock = read(server, LOCKS, alias)
    if lock is None:
        return None
    run = RunIdentity(**unpack(lock, _RUN_FIELDS, ()))
    beat = read(server, LOCKS, _beat_id(run))
    return _Lock(run, float(lock["lease"]), int(beat["beat"]) if beat else None)


def _beat_id(run: RunIdentity) -> str:
    return f"beat:{run.owner}"


def _who(run: RunIdentity) -> str:
    since = datetime.fromtimestamp(run.started, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"the run on {run.host}, process {run.pid}, since {since}"


def _locked(server: Typesense, alias: str, other: RunIdentity, lease: float) -> LockHeld:
    return LockHeld(
        f"The alias {alias} of Typesense at {server.url} is locked by {_who(other)}.",
        "Wait until that run is over, or stop it, then run again; the lock of a run that died is "
        f"taken over after {lease:g} seconds.",
    )


def _lost(server: Typesense, alias: str, lock: _Lock | None) -> LockHeld:
    taken = f"{_who(lock.run)} took it over" if lock else "somebody else took it over and is done"
    return LockHeld(
        f"This run lost its lock on the alias {alias} of Typesense at {server.url}: {taken}. "
        "Nothing more was changed.",
        "It was paused or cut off for longer than INDEXER_LOCK_LEASE. Run again.",
    )
