"""The source that needs no Stash: a file into which all its records were written once.

It is JSON lines, compressed by zstandard in one frame for the header and one for each kind:
`zstdcat` shows it whole. The header tells the size and the checksum of each frame, and its own.
"""

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast
from weakref import finalize

import orjson
import zstandard
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from indexer.errors import ConfigurationError
from indexer.extractor.narrow import narrowing
from indexer.extractor.source import Page, StashInfo, Unreadable
from indexer.extractor.trouble import SourceUnavailable
from indexer.records import Kind

FORMAT = 1
_PAGE = 1000
_LONGEST_HEADER = 2**20
_READ = 2**20


class Section(TypedDict):
    """The records of one kind: how many lines, and their frame's size and checksum."""

    lines: int
    bytes: int
    checksum: str


class Header(TypedDict):
    """What a snapshot is of: where from, when, and what is in it."""

    format: int
    indexer: str
    url: str
    version: str
    schema: int
    taken_at: int
    counts: dict[Kind, int]
    absent: dict[Kind, list[str]]
    sections: dict[Kind, Section]


class SealedHeader(TypedDict):
    """The one line of the first frame."""

    header: Header
    checksum: str


_HEADER = TypeAdapter(SealedHeader)


def checksum(data: bytes) -> str:
    """Return the checksum of some bytes, in hex."""
    return blake2b(data, digest_size=16).hexdigest()


def sealed(header: Header) -> bytes:
    """Return the header as its line, with its own checksum."""
    own = checksum(orjson.dumps(header, option=orjson.OPT_SORT_KEYS))
    return orjson.dumps(SealedHeader(header=header, checksum=own)) + b"\n"


class _Opened:
    """A file that was found true: its header, and where each kind's frame begins.

    It stays the one that was looked at, whatever gets its name meanwhile.
    """

    def __init__(self, file: int, header: Header, starts: Mapping[Kind, int]) -> None:
        self.file = file
        self.header = header
        self.starts = starts
        self.close = finalize(self, os.close, file)


class _Part:
    """A file from some byte on, with a position of its own: several are read at a time."""

    def __init__(self, file: int, start: int) -> None:
        self._file = file
        self._at = start

    def read(self, size: int) -> bytes:
        """Return the next bytes; b"" at the end."""
        some = os.pread(self._file, size, self._at)
        self._at += len(some)
        return some


class SnapshotSource:
    """Reads the records that `indexer extract` wrote; they never change."""

    name = "snapshot"

    def __init__(self, path: Path) -> None:
        """Take the file; it is looked at when something is first asked.

        Whatever asks first raises ConfigurationError if there is no such file, SourceUnavailable
        if it was cut or altered, or is of another format.
        """
        self._path = path

    def info(self) -> StashInfo:
        """Return what Stash said of itself when the snapshot was taken."""
        header = self._opened.header
        return StashInfo(
            url=f"snapshot:{self._path}",
            version=header["version"],
            schema=header["schema"],
            counts=header["counts"],
            taken_at=header["taken_at"],
        )

    def absent(self, kind: Kind, paths: frozenset[str]) -> frozenset[str]:
        """Return those of `paths` that Stash didn't have; they read as unset."""
        return paths.intersection(self._opened.header["absent"][kind])

    def pages(
        self, kind: Kind, paths: frozenset[str], ids: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Yield all records of a kind in ascending order of id, or those of `ids` that exist."""
        narrow = narrowing(kind, paths)
        wanted = None if ids is None else frozenset(ids)
        found: list[Any] = []
        bad: list[Unreadable] = []
        for line in self._lines(kind):
            if wanted is not None and line["id"] not in wanted:
                continue
            if "error" in line:
                bad.append(Unreadable(line["id"], line["error"]))
            else:
                found.append(narrow(line))
            if len(found) + len(bad) == _PAGE:
                yield Page(found, bad)
                found, bad = [], []
        if found or bad:
            yield Page(found, bad)

    def close(self) -> None:
        """Let go of the file, which stays open from when it was looked at."""
        if "_opened" in self.__dict__:
            self._opened.close()

    @cached_property
    def _opened(self) -> _Opened:
        try:
            with self._path.open("rb") as file:
                return _opened(file, self._path)
        except OSError as error:
            hint = "Write one with `indexer extract --out FILE`."
            message = f"{self._path} can't be read: {error.strerror}."
            raise ConfigurationError(message, hint) from error

    def _lines(self, kind: Kind) -> Iterator[Any]:
        section = self._opened.header["sections"][kind]
        part = cast("IO[bytes]", _Part(self._opened.file, self._opened.starts[kind]))
        frame = zstandard.ZstdDecompressor().stream_reader(part, read_size=_READ)
        lines = io.BufferedReader(frame, _READ)  # which reads on into the next frame
        found = 0
        try:
            for line in map(orjson.loads, islice(lines, section["lines"])):
                yield line
                found += 1
        except (zstandard.ZstdError, orjson.JSONDecodeError) as error:
            raise _altered(self._path) from error
        if found < section["lines"]:
            raise _altered(self._path)


def _opened(file: io.BufferedReader, path: Path) -> _Opened:
    """Return a file's header and frames after looking at every byte."""
    start = file.read(_LONGEST_HEADER)
    frame = zstandard.ZstdDecompressor().decompressobj()
    try:
        found = _HEADER.validate_json(frame.decompress(start))
    except (zstandard.ZstdError, ValidationError) as error:
        raise SourceUnavailable(
            f"{path} is no snapshot of a library, or its beginning was altered.",
            "Write one with `indexer extract --out FILE`.",
        ) from error
    header = found["header"]
    if header["format"] != FORMAT:
        raise SourceUnavailable(
            f"{path} was written by indexer {header['indexer']} in format {header['format']}; "
            f"this one reads format {FORMAT}.",
            "Write it anew with this indexer.",
        )
    true = orjson.dumps(found) + b"\n" == sealed(header)
    at = len(start) - len(frame.unused_data)
    starts: dict[Kind, int] = {}
    for kind, section in header["sections"].items():
        starts[kind] = at
        file.seek(at)
        true = true and checksum_of(file, section["bytes"]) == section["checksum"]
        at += section["bytes"]
    file.seek(0, io.SEEK_END)
    if not true or file.tell() != at:
        raise _altered(path)
    return _Opened(os.dup(file.fileno()), header, starts)


def _altered(path: Path) -> SourceUnavailable:
    return SourceUnavailable(
        f"{path} was cut or altered since it was written.",
        "Copy it again from where it was written, or write it anew.",
    )


def checksum_of(file: io.BufferedReader, size: int) -> str:
    """Return the checksum of the next `size` bytes of a file."""
    digest = blake2b(digest_size=16)
    while size > 0 and (some := file.read(min(size, _READ))):
        digest.update(some)
        size -= len(some)
    return digest.hexdigest()
