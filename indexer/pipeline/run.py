"""What a run works with, and the choice of collections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from indexer.errors import ConfigurationError
from indexer.events import Emit
from indexer.extractor.source import Source
from indexer.loader.server import Typesense
from indexer.transformer.compile import CompiledSpec


@dataclass(frozen=True)
class Run:
    """The two servers, the specs, and where refused documents are put; `started` has a zone."""

    source: Source
    typesense: Typesense
    specs: Sequence[CompiledSpec]
    emit: Emit
    dead_letters: Path
    started: datetime


def choose(specs: Sequence[CompiledSpec], names: Sequence[str]) -> Sequence[CompiledSpec]:
    """Return the specs of these names, in the specs' own order; all if none is named.

    Raises:
        ConfigurationError: a name is unknown.
    """
    known = [spec.name for spec in specs]
    for name in names:
        if name not in known:
            raise ConfigurationError(
                f'There is no collection "{name}".', f"Known are: {', '.join(known)}."
            )
    return [spec for spec in specs if spec.name in names] if names else specs
