"""Writes all records of a source into one file, which snapshot.py reads."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO

import orjson
import zstandard

from indexer import __version__
from indexer.errors import ConfigurationError
from indexer.events import Emit, Progress, Started
from indexer.extractor.leftovers import private_file, remove, sweep
from indexer.extractor.snapshot import FORMAT, Header, Section, sealed
from indexer.extractor.source import Source
from indexer.extractor.ways import WAYS
from indexer.records import STASH_KINDS, Kind

PREFIX = "indexer-extract-"
_LEVEL = 6


@dataclass(frozen=True)
class Extracted:
    """What was written: records of each kind, how many were unreadable, and bytes in all."""

    records: Mapping[Kind, int]
    unreadable: int
    bytes: int


def extract(source: Source, out: Path, *, now: int, emit: Emit) -> Extracted:
    """Write a snapshot, complete or not at all; `now` in epoch seconds, when reading began.

    Raises:
        ConfigurationError: if the file can't be written.
        StashError: if the source can't be read.
    """
    sweep(out.parent, PREFIX)
    info = source.info()
    records: dict[Kind, int] = {}
    sections: dict[Kind, Section] = {}
    try:
        with tempfile.TemporaryFile(dir=out.parent) as body:
            for kind in STASH_KINDS:
                emit(Started(kind, None, info.counts.get(kind)))
                sections[kind], unreadable = _section(source, kind, body, emit)
                records[kind] = sections[kind]["lines"] - unreadable
            header = Header(
                format=FORMAT,
                indexer=__version__,
                url=info.url,
                version=info.version,
                schema=info.schema,
                taken_at=info.taken_at or now,
                counts=dict(info.counts),
                absent={kind: sorted(source.absent(kind, _paths(kind))) for kind in STASH_KINDS},
                sections=sections,
            )
            body.seek(0)
            _publish(zstandard.compress(sealed(header), _LEVEL), body, out)
    except OSError as error:
        hint = "Name a file in a directory that is there, may be written to and has room."
        raise ConfigurationError(f"{out} can't be written: {error.strerror}.", hint) from error
    read = sum(section["lines"] for section in sections.values())
    return Extracted(records, read - sum(records.values()), out.stat().st_size)


def _publish(header: bytes, body: IO[bytes], out: Path) -> None:
    """Put header and body under the name of the file, whole or not at all."""
    file = private_file(out.parent, PREFIX, ".zst")
    try:
        file.write(header)
        shutil.copyfileobj(body, file)
        file.flush()
        Path(file.name).replace(out)
    finally:
        remove(file)


def _section(source: Source, kind: Kind, body: IO[bytes], emit: Emit) -> tuple[Section, int]:
    """Append the records of a kind as one frame; return what it is, and how many were unreadable.

    An unreadable record is a line too: its id and why.
    """
    lines = unreadable = size = 0
    frame = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compressobj()
    digest = blake2b(digest_size=16)
    for page in source.pages(kind, _paths(kind)):
        things = [*page.records, *({"id": bad.id, "error": bad.error} for bad in page.unreadable)]
        lines += len(things)
        unreadable += len(page.unreadable)
        text = b"".join(orjson.dumps(thing) + b"\n" for thing in things)
        size += _append(body, digest, frame.compress(text))
        emit(Progress(kind, lines, lines - unreadable, unreadable))
    size += _append(body, digest, frame.flush())
    return Section(lines=lines, bytes=size, checksum=digest.hexdigest()), unreadable


def _append(body: IO[bytes], digest: blake2b, compressed: bytes) -> int:
    digest.update(compressed)
    return body.write(compressed)


def _paths(kind: Kind) -> frozenset[str]:
    return frozenset(WAYS[kind])
