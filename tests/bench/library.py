"""Libraries for benches: databases of the stand-in's, made once and read straight from the file."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.events import nobody
from indexer.extractor.database import DatabaseSource
from indexer.retries import ONCE
from tests.stash.library import build_library

PERFORMERS = 10_000


@contextmanager
def database(scenes: int) -> Iterator[Path]:
    """Yield the database of a library of that many scenes, made in 20 seconds a 100,000."""
    with TemporaryDirectory(prefix="indexer-bench-") as directory:
        path = Path(directory) / "stash.sqlite"
        build_library(path, scenes=scenes, performers=PERFORMERS)
        yield path


@contextmanager
def file_source(path: Path) -> Iterator[DatabaseSource]:
    """Yield the source that reads such a database."""
    with closing(DatabaseSource(path, patience=ONCE, emit=nobody)) as source:
        yield source
