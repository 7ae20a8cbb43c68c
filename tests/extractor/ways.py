"""Opening a library by each way of reading it, for tests that compare them."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from indexer.events import Emit, Event, nobody
from indexer.extractor.api import ApiSource
from indexer.extractor.backup import BackupSource
from indexer.extractor.choose import ChosenSource
from indexer.extractor.extract import extract
from indexer.extractor.graphql import StashClient
from indexer.extractor.snapshot import SnapshotSource
from indexer.extractor.source import Source
from indexer.extractor.sql import SqlSource
from indexer.retries import ONCE, Patience
from tests.extractor.reading import open_database
from tests.stash.server import StashServer


@contextmanager
def a_client(
    url: str, *, patience: Patience = ONCE, emit: Emit = nobody, key: str | None = None
) -> Iterator[StashClient]:
    """A connection to a Stash."""
    with closing(StashClient(url, key, patience=patience, emit=emit, timeout=60)) as client:
        yield client


@contextmanager
def chosen(
    setting: str, url: str, *, patience: Patience = ONCE, emit: Emit = nobody
) -> Iterator[ChosenSource]:
    """What a setting of `source` chooses."""
    with a_client(url, patience=patience, emit=emit) as client:
        source = ChosenSource(setting, client, page_size=1000, patience=patience, emit=emit)
        with closing(source):
            yield source


def taken(setting: str, stash: StashServer) -> tuple[str, list[Event]]:
    """The name of the way that a setting takes, and what was said of it."""
    told: list[Event] = []
    with chosen(setting, stash.url, emit=told.append) as source:
        return source.name, told


@contextmanager
def every_way(url: str, database: Path, directory: Path) -> Iterator[dict[str, Source]]:
    """A library by all five ways; the snapshot is taken from the file."""
    with ExitStack() as stack:
        client = stack.enter_context(a_client(url))
        api = ApiSource(client, page_size=500)
        file = open_database(database)
        out = directory / "library.jsonl.zst"
        extract(file, out, now=0, emit=nobody)
        sources: list[Source] = [
            api,
            SqlSource(client, api),
            file,
            BackupSource(client, directory),
            SnapshotSource(out),
        ]
        yield {source.name: stack.enter_context(closing(source)) for source in sources}
