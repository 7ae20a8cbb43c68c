"""status: what people search now, how that came about, and whether it needs anybody's attention."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from indexer.errors import IndexerError, Outdated, StashError, deciding, worst
from indexer.extractor.source import Source
from indexer.loader import registry
from indexer.loader.catalog import Collection, list_aliases, list_collections
from indexer.loader.names import parse_name
from indexer.loader.registry import Hold
from indexer.loader.runs import PastRun, last_good, last_runs
from indexer.loader.server import Memory, Typesense
from indexer.loader.settling import unsettled
from indexer.pipeline import suggestions
from indexer.pipeline.report import FORMAT, error_as_json
from indexer.pipeline.room import free_memory
from indexer.records import Kind
from indexer.transformer.compile import CompiledSpec


@dataclass(frozen=True)
class ServerStatus:
    """One of the two servers; `version` is None where it couldn't be asked.

    `unsettled` says why the figures of Typesense may not be all there is.
    """

    name: str
    url: str | None
    version: str | None
    error: IndexerError | None = None
    unsettled: str | None = None


@dataclass(frozen=True)
class Stored:
    """A collection on Typesense; `created_at` in epoch seconds, `spec_hash` as its name has it."""

    collection: str
    state: str
    documents: int
    created_at: int
    spec_hash: str | None


@dataclass(frozen=True)
class AliasStatus:
    """An alias, all collections made for it, and what its last runs came to.

    `target` is what the alias points at, there or not, and `live` that collection if it is there.
    `hidden` says that a real collection has the alias's name: people search that one.
    `current` is False where the live one was made by another spec than today's. `source_count` is
    Stash's own count, None where it can't be asked.
    """

    name: str
    alias: str
    target: str | None
    live: Stored | None
    hidden: bool
    current: bool
    spare: Sequence[Stored]
    source_count: int | None
    held: Hold | None
    last_good: PastRun | None
    last_run: PastRun | None

    @property
    def refused(self) -> int | None:
        """How many documents the last good run couldn't bring up to date."""
        return self.last_good.counts.get("refused", 0) if self.last_good else None

    def outdated(self, now: int, max_age: float | None) -> bool:
        """Say whether the last good run ended more than so many seconds ago, or never was."""
        if max_age is None:
            return False
        return self.last_good is None or now - self.last_good.finished > max_age


@dataclass(frozen=True)
class StatusReport:
    """What `indexer status` shows; `now` is the moment it is true of, in epoch seconds.

    `memory_free` is in bytes, by the rule of room.py: a container's limit may be in it.
    """

    now: int
    servers: Sequence[ServerStatus]
    aliases: Sequence[AliasStatus]
    memory: Memory
    memory_free: int
    errors: Sequence[IndexerError] = ()

    @property
    def exit_code(self) -> int:
        """0, the code of the server that couldn't be asked, or 9 where a run is overdue."""
        return worst([error.exit_code for error in self.errors])

    def as_json(self) -> dict[str, Any]:
        """Return the object that --json prints."""
        servers = [
            {name: value for name, value in vars(each).items() if name != "error"}
            for each in self.servers
        ]
        return {
            "format": FORMAT,
            "exit_code": self.exit_code,
            "error": error_as_json(deciding(self.errors)),
            "servers": servers,
            "memory": asdict(self.memory) | {"memory_free": self.memory_free},
            "collections": [self._alias_as_json(each) for each in self.aliases],
        }

    def _alias_as_json(self, alias: AliasStatus) -> dict[str, Any]:
        return asdict(alias) | {
            "live": self._stored_as_json(alias.live) if alias.live else None,
            "spare": [self._stored_as_json(each) for each in alias.spare],
            "refused": alias.refused,
        }

    def _stored_as_json(self, stored: Stored) -> dict[str, Any]:
        return asdict(stored) | {"age_seconds": self.now - stored.created_at}


def status(
    source: Source,
    typesense: Typesense,
    specs: Sequence[CompiledSpec],
    now: int,
    max_age: float | None = None,
) -> StatusReport:
    """Return what is live; a Stash that can't be asked leaves only its own figures out.

    A last good run of more than `max_age` seconds ago, or none, is an error in the report.

    Raises:
        TypesenseError: without Typesense there is nothing to show.
    """
    stash, counts = _stash(source)
    servers = [
        stash,
        ServerStatus(
            "Typesense", typesense.url, typesense.version(), unsettled=unsettled(typesense)
        ),
    ]
    aliases = [_alias(typesense, spec, suggestions.count(counts, spec.kind)) for spec in specs]
    late = [_outdated(each, now) for each in aliases if each.outdated(now, max_age)]
    away = [stash.error] if stash.error else []
    memory = typesense.memory()
    free = free_memory(typesense.url, memory)
    return StatusReport(now, servers, aliases, memory, free, [*away, *late])


def _stash(source: Source) -> tuple[ServerStatus, Mapping[Kind, int]]:
    try:
        info = source.info()
    except StashError as error:
        return ServerStatus("Stash", None, None, error), {}
    return ServerStatus("Stash", info.url, info.version), info.counts


def _alias(server: Typesense, spec: CompiledSpec, source_count: int | None) -> AliasStatus:
    target = list_aliases(server).get(spec.alias)
    there = {each.name: each for each in list_collections(server)}
    stored = [
        _stored(there[each.collection], each.state)
        for each in registry.standing(server, spec.alias)
        if each.collection in there
    ]
    live = next((each for each in stored if each.collection == target), None)
    runs = last_runs(server, spec.alias)
    return AliasStatus(
        name=spec.name,
        alias=spec.alias,
        target=target,
        live=live,
        hidden=spec.alias in there,
        current=live is not None and live.spec_hash == spec.spec_hash,
        spare=[each for each in stored if each is not live],
        source_count=source_count,
        held=registry.held(server, spec.alias),
        last_good=last_good(runs),
        last_run=runs[0] if runs else None,
    )


def _stored(found: Collection, state: str) -> Stored:
    parts = parse_name(found.name)
    spec_hash = parts.spec_hash if parts else None
    return Stored(found.name, state, found.num_documents, found.created_at, spec_hash)


def _outdated(alias: AliasStatus, now: int) -> Outdated:
    since = "never was one" if alias.last_good is None else _ago(now - alias.last_good.finished)
    return Outdated(
        f"The last good run of {alias.name} {since}.",
        "See above what became of the last run, and whether the nightly job runs `indexer sync`.",
    )


def _ago(seconds: float) -> str:
    return f"was {seconds / 3600:.1f} hours ago"
