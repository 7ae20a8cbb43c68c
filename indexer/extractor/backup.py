"""The source that asks least of Stash: a copy of its database, taken and sent by Stash itself.

Stash holds its write lock while it copies, deletes the copy 30 s after the first request for it,
and names it by an address that need not be ours (docs/stash.md).
"""

import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import httpx
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from indexer.errors import StashError
from indexer.extractor import leftovers, queries
from indexer.extractor.answer import STATUS, Answer
from indexer.extractor.database import DatabaseSource
from indexer.extractor.graphql import StashClient
from indexer.extractor.leftovers import File, private_file, remove
from indexer.extractor.source import StashInfo
from indexer.extractor.trouble import SourceUnavailable
from indexer.retries import ONCE

PREFIX = "indexer-backup-"
_QUERY = "mutation{path:backupDatabase(input:{download:true})}"
_COPYING_SECONDS = 1800.0
_SPARE_BYTES = 64 * 2**20
_PATH = re.compile(r"/downloads/[^?#]+")


class BackupAnswer(TypedDict):
    """The address of the copy, as Stash sees it."""

    path: str | None


_ANSWER = TypeAdapter(Answer[BackupAnswer])


class BackupSource(DatabaseSource):
    """Reads a Stash library from a copy of its database, removed at the end."""

    name = "backup"

    def __init__(
        self,
        client: StashClient,
        directory: Path | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Have Stash copy its database and fetch the copy.

        Args:
            client: the Stash to ask.
            directory: where the copy is put, if not where the system puts temporary files.
            clock: tells the epoch seconds here, which need not be Stash's.

        Raises:
            SourceUnavailable: if there is no room for it, or it is gone or damaged.
            StashError: if Stash can't make or send it.
        """
        where = directory or _temporary()
        leftovers.sweep(where, PREFIX)
        self._file = _private_file(where)
        self._stash_url = client.url
        try:
            self.copied_at = _now(client, clock)
            _fetch(client, _made(client), self._file)
            path = Path(self._file.name)
            _check(path)
            super().__init__(path, patience=ONCE, emit=client.emit, immutable=True)
        except BaseException:
            remove(self._file)
            raise

    def info(self) -> StashInfo:
        """Return schema and counts; a database doesn't know Stash's version."""
        found = super().info()
        return StashInfo(self._stash_url, found.version, found.schema, found.counts)

    def close(self) -> None:
        """Remove the copy."""
        super().close()
        remove(self._file)


def sweep() -> None:
    """Remove the copies that killed runs left where the system has its temporary files, if any."""
    with suppress(SourceUnavailable):
        leftovers.sweep(_temporary(), PREFIX)


def _temporary() -> Path:
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError:
        raise SourceUnavailable(
            "The backup can't be kept: no directory for temporary files can be written to.",
            "Name one by TMPDIR, or use --source sql.",
        ) from None


def _private_file(directory: Path) -> File:
    try:
        return private_file(directory, PREFIX, ".sqlite")
    except OSError as error:
        raise _no_room(directory, error.strerror or "not writable") from error


def _now(client: StashClient, clock: Callable[[], float]) -> int:
    """Return the moment by the clock that Stash dates its edits by, or by ours if that is slow."""
    here = int(clock())
    client.ask(queries.STATUS, {}, STATUS)
    return min(here, client.stash_time or here)


def _made(client: StashClient) -> str:
    """Return the path of a new copy on Stash's side; one is made and no more, whatever breaks."""
    answer = client.ask(_QUERY, {}, _ANSWER, timeout=_COPYING_SECONDS, once=True)["path"]
    found = _PATH.search(answer or "")
    if not found:
        raise SourceUnavailable(
            f"Stash at {client.url} made a backup, but doesn't say where.",
            "Use --source sql or api.",
        )
    return found[0]


def _fetch(client: StashClient, path: str, file: File) -> None:
    """Write the copy into a file; where the connection breaks, go on from there."""
    client.patiently(lambda: _fetch_rest(client, path, file))


def _fetch_rest(client: StashClient, path: str, file: File) -> None:
    start = file.tell()
    with client.download(path, start) as response:
        if start and response.headers.get("Content-Range") == f"bytes */{start}":
            return  # 416: all of it had come when the connection broke
        if response.is_error:
            raise SourceUnavailable(
                f"The backup that Stash at {client.url} made is gone (HTTP "
                f"{response.status_code}): it keeps one for 30 seconds.",
                "Start again; on a slow connection use --source sql.",
            )
        if response.status_code != httpx.codes.PARTIAL_CONTENT:
            file.seek(0)
            file.truncate()
        left = int(response.headers.get("Content-Length", 0))
        directory = Path(file.name).parent
        if shutil.disk_usage(directory).free < left + _SPARE_BYTES:
            raise _no_room(directory, f"{left // 2**20:,} MB are needed")
        try:
            for some in response.iter_raw():
                file.write(some)
            file.flush()
        except OSError as error:
            raise _no_room(directory, error.strerror or "disk full") from error


def _check(path: Path) -> None:
    """Raise SourceUnavailable if a copy is damaged."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        found = type(error).__name__
    if found != "ok":
        raise SourceUnavailable(
            "The backup that came from Stash is damaged.",
            "Start again; if it stays so, have Stash check its database.",
        )


def _no_room(directory: Path, reason: str) -> StashError:
    return SourceUnavailable(
        f"The backup can't be kept in {directory}: {reason}.",
        "Make room, name another directory by TMPDIR, or use --source sql.",
    )
