"""What a run works with: the servers, the specs, and one turn for each collection."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from indexer.errors import ConfigurationError
from indexer.events import Emit, Once
from indexer.extractor.source import Source, StashInfo
from indexer.loader.identity import RunIdentity, this_run
from indexer.loader.locks import LEASE, Held
from indexer.loader.names import stamp
from indexer.loader.server import Typesense
from indexer.pipeline.report import CollectionReport
from indexer.transformer.compile import CompiledSpec
from indexer.transformer.membership import Membership


@dataclass(frozen=True)
class Run:
    """The two servers, the specs, and where refused documents are put; `started` has a zone.

    `lease` is for how many seconds a lock outlives a run that stands still, `wait_for` for how many
    seconds a server that may just be starting is waited for; `older_source` lets a snapshot be
    older than what people search.
    """

    source: Source
    typesense: Typesense
    specs: Sequence[CompiledSpec]
    emit: Emit
    dead_letters: Path
    started: datetime
    lease: float = LEASE
    wait_for: float = 0.0
    older_source: bool = False
    identity: RunIdentity = field(default_factory=this_run)
    membership: Membership = field(default_factory=Membership)

    @cached_property
    def warn_once(self) -> Emit:
        """For what reads the library in passes: what is odd in it is told once a run."""
        return Once(self.emit)


@dataclass(frozen=True)
class Turn:
    """One collection's part of a run that writes: its alias is locked for this run."""

    run: Run
    spec: CompiledSpec
    report: CollectionReport
    lock: Held
    info: StashInfo

    @property
    def t0(self) -> int:
        """Of when the records are at least, in epoch seconds: the run's start, or a snapshot's."""
        return self.info.taken_at or int(self.run.started.timestamp())

    @property
    def label(self) -> str:
        """What this run's file for the alias is called: the alias, its start in UTC, its owner."""
        return f"{self.spec.alias}_{stamp(self.run.started)}_{self.run.identity.owner}"


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
