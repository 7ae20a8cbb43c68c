"""backupDatabase and the downloads it leaves behind for a while (docs/stash.md)."""

import secrets
import tempfile
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.stash.dialect import database_schema
from tests.stash.values import connect


class Downloads:
    """Files under /downloads/<8 hex>/<name>, kept for `life` seconds from the first request on."""

    def __init__(self, life: float) -> None:
        self._life = life
        self._directory = tempfile.TemporaryDirectory(prefix="stash-downloads-")
        self._lock = threading.Lock()
        self._ends: dict[str, float | None] = {}

    def backup(self, database: Path) -> str:
        """Copy the database, as it is at this moment; the path to fetch it from."""
        with closing(connect(database)) as connection:
            schema = database_schema(connection)
            made = datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
            path = f"/downloads/{secrets.token_hex(4)}/{database.name}.{schema}.{made}"
            file = self._file(path)
            file.parent.mkdir(parents=True)
            connection.execute("VACUUM INTO ?", (str(file),))
        with self._lock:
            self._ends[path] = None
        return path

    def open(self, path: str) -> Path | None:
        """The file behind a path, or None when there is none (any more)."""
        with self._lock:
            if path not in self._ends:
                return None
            now = time.monotonic()
            ends = self._ends[path] or now + self._life
            self._ends[path] = ends
            if now > ends:
                del self._ends[path]
                self._file(path).unlink(missing_ok=True)
                return None
        return self._file(path)

    def close(self) -> None:
        """Remove all files."""
        self._directory.cleanup()

    def _file(self, path: str) -> Path:
        return Path(self._directory.name) / path.lstrip("/")


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte of a "Range: bytes=a-b" header; None when the whole file is meant.

    Raises ValueError when the range lies outside of the file.
    """
    if not header or not header.startswith("bytes=") or "," in header:
        return None
    first, _, last = header.removeprefix("bytes=").partition("-")
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        raise ValueError(header)
    return start, end
