"""status: what is live on Typesense, what is spare, and the versions of both servers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from indexer.errors import IndexerError, StashError, worst
from indexer.extractor.source import Source
from indexer.loader.catalog import Collection, list_aliases, list_collections
from indexer.loader.names import belongs_to, parse_name
from indexer.loader.server import Typesense
from indexer.pipeline.report import FORMAT, error_as_json
from indexer.transformer.compile import CompiledSpec


@dataclass(frozen=True)
class ServerStatus:
    """One of the two servers; `version` is None where it couldn't be asked."""

    name: str
    url: str | None
    version: str | None
    error: IndexerError | None = None


@dataclass(frozen=True)
class Stored:
    """A collection on Typesense; `created_at` in epoch seconds, `spec_hash` as its name has it."""

    collection: str
    documents: int
    created_at: int
    spec_hash: str | None


@dataclass(frozen=True)
class AliasStatus:
    """An alias and all collections made for it.

    `target` is what the alias points at, there or not, and `live` that collection if it is there.
    `current` is False where the live one was made by another spec than today's.
    """

    name: str
    alias: str
    target: str | None
    live: Stored | None
    current: bool
    spare: Sequence[Stored]


@dataclass(frozen=True)
class StatusReport:
    """What `indexer status` shows; `now` is the moment it is true of, in epoch seconds."""

    now: int
    servers: Sequence[ServerStatus]
    aliases: Sequence[AliasStatus]

    @property
    def error(self) -> IndexerError | None:
        """The error of the server that couldn't be asked, if there is one."""
        return next((each.error for each in self.servers if each.error), None)

    @property
    def exit_code(self) -> int:
        """0, or the code of the server that couldn't be asked."""
        return worst([each.error.exit_code for each in self.servers if each.error])

    def as_json(self) -> dict[str, Any]:
        """Return the object that --json prints."""
        return {
            "format": FORMAT,
            "exit_code": self.exit_code,
            "error": error_as_json(self.error),
            "servers": [
                {"name": each.name, "url": each.url, "version": each.version}
                for each in self.servers
            ],
            "collections": [self._alias_as_json(each) for each in self.aliases],
        }

    def _alias_as_json(self, alias: AliasStatus) -> dict[str, Any]:
        return {
            "name": alias.name,
            "alias": alias.alias,
            "target": alias.target,
            "current": alias.current,
            "live": self._stored_as_json(alias.live) if alias.live else None,
            "spare": [self._stored_as_json(each) for each in alias.spare],
        }

    def _stored_as_json(self, stored: Stored) -> dict[str, Any]:
        return asdict(stored) | {"age_seconds": self.now - stored.created_at}


def status(
    source: Source, typesense: Typesense, specs: Sequence[CompiledSpec], now: int
) -> StatusReport:
    """Return what is live; a Stash that can't be asked leaves only its own line empty.

    Raises:
        TypesenseError: without Typesense there is nothing to show.
    """
    aliases = list_aliases(typesense)
    stored = [_stored(each) for each in list_collections(typesense)]
    servers = [
        _stash(source),
        ServerStatus("Typesense", typesense.url, typesense.version()),
    ]
    shown = [_alias(spec, aliases.get(spec.alias), stored) for spec in specs]
    return StatusReport(now, servers, shown)


def _stash(source: Source) -> ServerStatus:
    try:
        info = source.info()
    except StashError as error:
        return ServerStatus("Stash", None, None, error)
    return ServerStatus("Stash", info.url, info.version)


def _alias(spec: CompiledSpec, target: str | None, stored: Sequence[Stored]) -> AliasStatus:
    live = next((each for each in stored if each.collection == target), None)
    return AliasStatus(
        name=spec.name,
        alias=spec.alias,
        target=target,
        live=live,
        current=live is not None and live.spec_hash == spec.spec_hash,
        spare=[
            each for each in stored if each is not live and belongs_to(each.collection, spec.alias)
        ],
    )


def _stored(found: Collection) -> Stored:
    parts = parse_name(found.name)
    spec_hash = parts.spec_hash if parts else None
    return Stored(found.name, found.num_documents, found.created_at, spec_hash)
