"""A small library behind a Stash, a Typesense behind a proxy, and runs between the two."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import orjson

from indexer.events import Event, Step, Warned
from indexer.extractor.api import ApiSource
from indexer.extractor.graphql import StashClient
from indexer.extractor.source import Source
from indexer.loader import registry
from indexer.loader.catalog import list_collections, resolve
from indexer.loader.export import export_documents
from indexer.loader.locks import LOCKS
from indexer.loader.names import belongs_to
from indexer.loader.registry import Entry
from indexer.loader.server import Typesense
from indexer.pipeline.run import Run
from indexer.retries import Patience
from indexer.shipped import shipped_collections
from indexer.transformer.compile import CompiledSpec, compile_spec
from indexer.transformer.spec import load_specs
from tests.stash import edits
from tests.stash.server import StashServer
from tests.typesense.proxy import FaultyProxy, Meanwhile, Seen

NAMES = ("scenes", "performers")
SCENES, PERFORMERS = 60, 12
PATIENCE = Patience(20)
LEASE = 2.0
PAGE_SIZE = 25
"""Scenes a page: small, so that there is a middle of a listing."""


@dataclass
class World:
    """Two servers and what a run needs to know of them; each run() is a run of its own."""

    library: Path
    stash: StashServer
    api: Source
    server: Typesense
    proxy: FaultyProxy
    specs: Sequence[CompiledSpec]
    dead_letters: Path
    events: list[Event] = field(default_factory=list)

    def run(
        self, *, source: Source | None = None, specs: Sequence[CompiledSpec] | None = None
    ) -> Run:
        """Return a new run, with another source or other specs where given."""
        return Run(
            source=source or self.api,
            typesense=self.server,
            specs=specs or self.specs,
            emit=self.events.append,
            dead_letters=self.dead_letters,
            started=datetime.now(UTC),
            lease=LEASE,
        )

    @property
    def scenes(self) -> CompiledSpec:
        """The spec of the scenes."""
        return self.specs[0]

    @property
    def alias(self) -> str:
        """The alias of the scenes."""
        return self.scenes.alias

    @property
    def live(self) -> str:
        """What that alias points at."""
        return resolve(self.server, self.alias) or ""

    @property
    def spare(self) -> str:
        """The one other collection of the scenes."""
        (name,) = self.collections() - {self.live}
        return name

    def collections(self) -> set[str]:
        """The names of the scenes' physical collections."""
        found = list_collections(self.server)
        return {each.name for each in found if belongs_to(each.name, self.alias)}

    def entry(self, collection: str | None) -> Entry:
        """The registry's entry of a collection that must have one."""
        assert collection
        entry = registry.entry(self.server, collection)
        assert entry is not None
        return entry

    def documents(self, name: str = "") -> dict[int, dict[str, Any]]:
        """The stored documents by stash id, of what is live unless named; no id is doubled."""
        lines = list(export_documents(self.server, name or self.live))
        documents = {each["stash_id"]: each for each in map(orjson.loads, lines)}
        assert len(documents) == len(lines)
        return documents

    def writes(self) -> list[str]:
        """The requests so far that change one of the scenes' collections."""
        return [
            f"{seen.method} {seen.path}"
            for seen in self.proxy.seen
            if seen.method != "GET" and seen.path.startswith(f"/collections/{self.alias}")
        ]

    def settled_before(self, on: str, number: int = 0) -> bool:
        """Say whether two looks at the server's state come right before the so-many-th such GET."""
        seen = [each for each in self.proxy.seen if LOCKS.name not in each.path]
        at = [n for n, each in enumerate(seen) if on in each.path and each.method == "GET"][number]
        looks = takewhile(_looks, reversed(seen[:at]))
        return sum(each.path == "/status" for each in looks) >= 2

    def point_at(self, collection: str) -> None:
        """Move the scenes' alias, as somebody else would."""
        body = orjson.dumps({"collection_name": collection})
        self.server.request("PUT", f"/aliases/{self.alias}", content=body)

    def told(self) -> str:
        """All steps and warnings so far, a line each."""
        return "\n".join(each.message for each in self.events if isinstance(each, Step | Warned))


def delete_scenes(world: World, first: int, end: int) -> None:
    """Delete the scenes from one number to before another from the library."""
    for scene in range(first, end):
        edits.delete_scene(world.library, scene)


def lose_lock_at(world: World, on: str, method: str) -> None:
    """Let the lock on the scenes' alias be gone when the next such request comes."""
    path = f"{LOCKS.path}/{world.alias}"
    world.proxy.fail(
        Meanwhile(act=lambda: world.server.request("DELETE", path), on=on, method=method)
    )


def _looks(seen: Seen) -> bool:
    plain = seen.path == "/status" or seen.path.rpartition("/")[0] == "/collections"
    return plain and seen.method == "GET"


def shipped_specs(alias_prefix: str = "") -> list[CompiledSpec]:
    """The specs of scenes and performers that come with the program."""
    shipped = {each.name: each for each in load_specs(shipped_collections())}
    return [compile_spec(shipped[name], alias_prefix=alias_prefix) for name in NAMES]


@contextmanager
def open_world(
    library: Path, url: str, api_key: str, specs: Sequence[CompiledSpec], dead_letters: Path
) -> Iterator[World]:
    """Open a world of a library and a Typesense; nothing is indexed by that."""
    events: list[Event] = []
    with (
        StashServer(library) as stash,
        FaultyProxy(url) as proxy,
        Typesense(proxy.url, api_key, patience=PATIENCE, emit=events.append) as server,
        closing(connect(stash, events.append)) as api,
    ):
        yield World(library, stash, api, server, proxy, specs, dead_letters, events)


def connect(stash: StashServer, emit: Callable[[Event], None]) -> ApiSource:
    """Return the real source over a stand-in."""
    client = StashClient(stash.url, None, patience=PATIENCE, emit=emit)
    return ApiSource(client, page_size=PAGE_SIZE)
