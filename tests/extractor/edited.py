"""A library that is edited without pause while it is read, and what a reader saw of the edits."""

import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.events import nobody
from indexer.extractor.api import ApiSource
from indexer.extractor.backup import BackupSource
from indexer.extractor.database import DatabaseSource
from indexer.extractor.extract import extract
from indexer.extractor.snapshot import SnapshotSource
from indexer.extractor.source import Source
from indexer.extractor.sql import SqlSource
from indexer.retries import Patience
from tests.extractor.reading import open_database, read, sql
from tests.extractor.ways import a_client
from tests.stash import edits
from tests.stash.server import StashServer

_ENOUGH = 300
_MOST_PASSES = 200


@dataclass(frozen=True)
class Seen:
    """What one pass over the scenes saw: those with an edit, and those with parts of two."""

    edited: int
    torn: list[int]


class Edited:
    """A library of 1,200 scenes: titles, codes and tags of nine in ten are edited all the time."""

    def __init__(self, library: Path) -> None:
        """Take the library, whose scenes come and go by this."""
        self._library = library
        self._stay = sql(library, "SELECT id FROM scenes WHERE id <= 1200 AND id % 10 <> 0")
        sql(library, "UPDATE scenes SET code = '0'")

    def passes(self, way: str) -> Iterator[Seen]:
        """Yield what each pass by a way saw, until some hundred edits were seen.

        Scenes that nobody deletes must be in every pass.
        """
        edited = 0
        with (
            StashServer(self._library) as stash,
            closing(open_database(self._library, patience=Patience(30))) as file,
            self._editing(),
        ):
            for _ in range(_MOST_PASSES):
                found = self._read(way, stash, file)
                assert found.keys() >= set(self._stay)
                seen = [found[one] for one in self._stay if int(found[one]["code"])]
                yield Seen(len(seen), [scene["id"] for scene in seen if not _whole(scene)])
                edited += len(seen)
                if edited >= _ENOUGH and way != "torn":
                    return
        assert edited >= _ENOUGH

    def _read(self, way: str, stash: StashServer, file: DatabaseSource) -> dict[int, Any]:
        with ExitStack() as stack:
            client = stack.enter_context(a_client(stash.url, patience=Patience(30)))
            source: Source
            match way:
                case "file":
                    source = file
                case "torn":
                    return _by_two_statements(file)
                case "sql":
                    source = SqlSource(client, ApiSource(client))
                case "backup":
                    copy = BackupSource(client, self._library.parent)
                    source = stack.enter_context(closing(copy))
                case "snapshot":
                    out = self._library.with_name("library.zst")
                    extract(file, out, now=0, emit=nobody)
                    source = stack.enter_context(closing(SnapshotSource(out)))
                case _:
                    source = ApiSource(client)
            return read(source, "scene", "title", "code", "tags")

    @contextmanager
    def _editing(self) -> Iterator[None]:
        """Edit without pause: titles and tags of some scenes, others created and deleted."""
        over = threading.Event()
        writer = threading.Thread(target=self._edit, args=(over,))
        writer.start()
        try:
            yield
        finally:
            over.set()
            writer.join()

    def _edit(self, over: threading.Event) -> None:
        chance, number = random.Random(1), 0
        while not over.wait(0.002):
            number = number % 100 + 1
            edits.rewrite_scene(self._library, chance.choice(self._stay), number)
            if number % 10 == 0:
                edits.delete_scene(self._library, 10 * chance.randint(1, 120))
                edits.add_scene(self._library, title="new")


def _by_two_statements(file: DatabaseSource) -> dict[int, Any]:
    """Read as no source may: page by page, but the tags of each page by another statement."""
    found: dict[int, Any] = {}
    for page in file.pages("scene", frozenset({"title", "code"})):
        scenes: dict[int, Any] = {record["id"]: record for record in page.records}
        for tagged in file.pages("scene", frozenset({"tags"}), list(scenes)):
            for record in tagged.records:
                scenes[record["id"]].update(tags=record["tags"])  # type: ignore[typeddict-item]
        found |= scenes
    return found


def _whole(scene: dict[str, Any]) -> bool:
    """Whether title, code and tags are of one edit."""
    edit = int(scene["code"])
    return (scene["title"], scene["tags"]) == (f"edit {edit}", [edit + 1])
