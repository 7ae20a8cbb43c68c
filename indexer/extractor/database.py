"""The source that is fastest: Stash's database file, read while Stash works with it.

Each page is one SELECT and one short read transaction: a long one would keep Stash from folding
its write-ahead log (docs/stash.md).
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path

from indexer.errors import StashError
from indexer.events import Emit
from indexer.extractor import canonical, opening, selects
from indexer.extractor.columns import Row
from indexer.extractor.source import Page, StashInfo
from indexer.extractor.statements import SameSize, Statements, statements
from indexer.extractor.trouble import DatabaseLocked, SourceUnavailable
from indexer.records import Kind
from indexer.retries import Patience, patiently

_ROWS = 1000
_LOCK_SECONDS = 5.0
_NO_TEXT = "Could not decode to UTF-8"


class DatabaseSource:
    """Reads a Stash library from its database file; never writes, never holds a lock for long."""

    name = "file"
    copied_at: int | None = None

    def __init__(
        self, path: Path, *, patience: Patience, emit: Emit, immutable: bool = False
    ) -> None:
        """Open the file.

        Args:
            path: the database that a Stash works with, or a copy.
            patience: for how long a locked database is tried again.
            emit: told of each new try, and of a schema newer than those tried.
            immutable: that nobody writes: true of a backup, never of a live database.

        Raises:
            ConfigurationError: if there is no such file.
            SourceUnavailable: if it can't be read here, or is no database of a known Stash.
        """
        file = opening.find(path)
        if not immutable:
            opening.check(file)
        self._path = path
        self._patience = patience
        self._emit = emit
        try:
            self._connection = sqlite3.connect(
                f"{file.as_uri()}?mode=ro{'&immutable=1' if immutable else ''}",
                uri=True,
                timeout=_LOCK_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
        except sqlite3.Error as error:
            raise self._trouble(error) from None

    def info(self) -> StashInfo:
        """Return schema and counts; a database doesn't know Stash's version."""
        return StashInfo(
            url=str(self._path),
            version="",
            schema=self._statements.tables.schema,
            counts=self.counts(),
        )

    def absent(self, kind: Kind, paths: frozenset[str]) -> frozenset[str]:
        """Return those of `paths` that this database doesn't have; they read as unset."""
        return selects.absent(self._statements.tables, kind, paths)

    def pages(
        self, kind: Kind, paths: frozenset[str], ids: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Yield all records of a kind in ascending order of id, or those of `ids` that exist.

        Raises StashError.
        """
        return self._statements.pages(kind, paths, ids)

    def counts(self) -> dict[Kind, int]:
        """Return how many there are of each kind."""
        return self._statements.counts()

    def sample(self, kind: Kind, size: int) -> list[int]:
        """Return the ids of `size` things of a kind, or of all if fewer, picked by chance."""
        return self._statements.sample(kind, size)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @cached_property
    def _statements(self) -> Statements:
        return statements(self._run, SameSize(_ROWS), self._emit)

    def _run(self, sql: str) -> list[Row]:
        return patiently(
            lambda: self._run_once(sql), f"The database {self._path}", self._patience, self._emit
        )

    def _run_once(self, sql: str) -> list[Row]:
        try:
            return self._rows(sql)
        except sqlite3.Error as error:
            raise self._trouble(error) from None  # its text may quote what the library holds

    def _rows(self, sql: str) -> list[Row]:
        """Return the rows; only where some text is not UTF-8 take the slow way to decode it."""
        try:
            with closing(self._connection.execute(sql)) as cursor:
                return cursor.fetchall()
        except sqlite3.OperationalError as error:
            if _NO_TEXT not in str(error):
                raise
        self._connection.text_factory = canonical.decoded
        try:
            return self._connection.execute(sql).fetchall()
        finally:
            self._connection.text_factory = str

    def _trouble(self, error: sqlite3.Error) -> StashError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            hint = "Close the other program that has it open, or let its task finish."
            return DatabaseLocked(f"The database {self._path} is locked.", hint, transient=True)
        if code == sqlite3.SQLITE_ERROR:  # "no such column: t.title"
            return SourceUnavailable(
                f"The database {self._path} can't be read: {error}.",
                "Use --source api: indexer does not know this schema well enough.",
            )
        if code == sqlite3.SQLITE_NOTADB:
            return opening.not_a_database(self._path)
        if code == sqlite3.SQLITE_CORRUPT:
            return opening.damaged(self._path)
        reason = getattr(error, "sqlite_errorname", "") or type(error).__name__
        return opening.cannot_be_opened(self._path, reason)
