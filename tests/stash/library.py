"""Builds a made-up library: a database as Stash lays it out, the same for the same arguments."""

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

from tests.stash import films, things
from tests.stash.dialect import SCHEMAS
from tests.stash.hard import hard_rows
from tests.stash.tables import create_tables
from tests.stash.writing import Writer


def build_library(
    path: Path,
    *,
    scenes: int = 2000,
    performers: int = 200,
    schema: int = 75,
    seed: int = 1,
    hard: bool = False,
) -> None:
    """Make the database `path`, which must not exist, with ids 1 … n of everything.

    `hard` adds, from id 100,000,001 on, what is hard to read (hard.py).
    Raises ValueError for a schema that no release has.
    """
    if schema not in SCHEMAS:
        raise ValueError(f"no release has database schema {schema}: {SCHEMAS}")
    if path.exists():
        raise FileExistsError(path)
    rng = Random(seed)
    cast = films.Cast(
        tags=150 if scenes or performers else 0,
        studios=40 if scenes else 0,
        performers=performers,
        groups=scenes // 40,
        galleries=scenes // 60,
    )
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            create_tables(connection, schema)
            writer = Writer(connection)
            writer.write(things.tags(rng, cast.tags))
            writer.write(things.studios(rng, cast.studios))
            writer.write(things.performers(rng, cast.performers, cast.tags))
            writer.write(things.groups(rng, cast.groups, cast.studios))
            writer.write(things.galleries(rng, cast.galleries, cast.studios))
            writer.write(films.folders())
            writer.write(films.scenes(rng, scenes, cast))
            if hard:
                writer.write(hard_rows())
