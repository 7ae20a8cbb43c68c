"""The connections and the specs that the settings name."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from indexer.cli.options import Common
from indexer.events import Emit
from indexer.extractor import backup
from indexer.extractor.choose import ChosenSource
from indexer.extractor.graphql import StashClient
from indexer.extractor.snapshot import SnapshotSource
from indexer.extractor.source import Source
from indexer.loader.server import Typesense
from indexer.pipeline.run import Run
from indexer.retries import Patience
from indexer.settings import Settings
from indexer.shipped import shipped_collections
from indexer.transformer.compile import CompiledSpec, compile_set, compile_spec
from indexer.transformer.naming import find_name_set, load_name_set
from indexer.transformer.presets import with_tuning
from indexer.transformer.spec import load_specs


@contextmanager
def open_stash(
    settings: Settings, emit: Emit, *, patience: Patience | None = None
) -> Iterator[Source]:
    """Yield the way of reading Stash; nothing is asked yet."""
    if settings.offline:
        backup.sweep()
        yield SnapshotSource(Path(settings.source.removeprefix("snapshot:")))
        return
    key = settings.stash_api_key
    waiting = patience or Patience(settings.retry_seconds)
    client = StashClient(
        settings.stash_url,
        key.get_secret_value() if key else None,
        patience=waiting,
        emit=emit,
    )
    chosen = ChosenSource(
        settings.source, client, page_size=settings.page_size, patience=waiting, emit=emit
    )
    with closing(chosen) as source:
        yield source


def open_typesense(
    settings: Settings, emit: Emit, *, patience: Patience | None = None
) -> Typesense:
    """Return the connection to Typesense; nothing is asked yet."""
    key = settings.typesense_api_key
    return Typesense(
        settings.typesense_url,
        key.get_secret_value() if key else "",
        patience=patience or Patience(settings.retry_seconds),
        emit=emit,
    )


@contextmanager
def open_run(
    common: Common, settings: Settings, *, wait_for: float = 0.0, older_source: bool = False
) -> Iterator[Run]:
    """Yield what a command that runs works with; nothing is asked yet.

    `wait_for` is for how many seconds servers that may just be starting are waited for.
    """
    specs = compiled_specs(settings)
    with (
        common.listener() as emit,
        open_stash(settings, emit) as source,
        open_typesense(settings, emit) as typesense,
    ):
        yield Run(
            source,
            typesense,
            specs,
            emit,
            settings.dead_letters,
            datetime.now(UTC),
            lease=settings.lock_lease,
            wait_for=wait_for,
            older_source=older_source,
        )


def compiled_specs(settings: Settings) -> list[CompiledSpec]:
    """Return all specs, those that feed counts first. Raises SpecError."""
    specs = load_specs(settings.specs_dir)
    library, prefix = settings.library, settings.alias_prefix
    if settings.names is None:
        compiled = [compile_spec(spec, library=library, alias_prefix=prefix) for spec in specs]
    else:
        file = find_name_set(settings.names, settings.specs_dir, shipped_collections())
        compiled = compile_set(specs, load_name_set(file), library=library, alias_prefix=prefix)
    return with_tuning(compiled, settings.specs_dir, settings.synonyms)
