"""The connections and the specs that the settings name."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from indexer.events import Emit
from indexer.extractor.api import ApiSource
from indexer.extractor.graphql import StashClient
from indexer.loader.server import Typesense
from indexer.retries import Patience
from indexer.settings import Settings
from indexer.transformer.compile import CompiledSpec, compile_spec
from indexer.transformer.spec import load_specs


@contextmanager
def open_stash(
    settings: Settings, emit: Emit, *, patience: Patience | None = None
) -> Iterator[ApiSource]:
    """Yield the way of reading Stash; nothing is asked yet."""
    key = settings.stash_api_key
    client = StashClient(
        settings.stash_url,
        key.get_secret_value() if key else None,
        patience=patience or Patience(settings.retry_seconds),
        emit=emit,
    )
    with closing(ApiSource(client, page_size=settings.page_size)) as source:
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


def compiled_specs(settings: Settings) -> list[CompiledSpec]:
    """Return all specs, those that feed counts first. Raises SpecError."""
    return [
        compile_spec(spec, library=settings.library, alias_prefix=settings.alias_prefix)
        for spec in load_specs(settings.specs_dir)
    ]
