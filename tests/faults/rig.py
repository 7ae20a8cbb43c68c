"""Two servers, a library, somebody who searches, and indexers that are made to suffer."""

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from indexer.loader import registry, settling
from indexer.loader.registry import State
from indexer.loader.settling import settled
from indexer.pipeline.sync import sync
from indexer.pipeline.verify import verify
from indexer.transformer.compile import compile_spec
from indexer.transformer.spec import load_specs
from tests.extractor.reading import sql
from tests.faults.children import Child
from tests.faults.searcher import Searcher
from tests.pipeline.world import LEASE, World, open_world
from tests.stash.library import build_library
from tests.typesense.proxy import MANY, FaultyProxy, Meanwhile
from tests.typesense.server import TypesenseServer

SCENES, PERFORMERS = 120, 15
PAGE_SIZE = 20
QUICKLY, USUALLY = 0.05, settling.BETWEEN_LOOKS
"""Seconds between two looks at a server that settles: here, and where one comes back."""
COLLECTIONS = Path(__file__).parent / "collections"


@dataclass
class Rig:
    """The children's requests to Typesense go through `proxy`; the test's own don't."""

    world: World
    typesense: TypesenseServer
    proxy: FaultyProxy
    searcher: Searcher
    directory: Path
    source: str = "api"
    _children: list[Child] = field(default_factory=list)

    def start(self, *arguments: str, looks: float = QUICKLY) -> Child:
        """Start an indexer that looks at the server every so many seconds when it settles.

        It reads Stash as `source` says.
        """
        child = Child({**self._environment(), "FAULT_LOOKS": str(looks)}, *arguments)
        self._children.append(child)
        return child

    def sources(self) -> Sequence[str]:
        """The ways of reading Stash that runs may be told to take."""
        return ("api", "sql", f"file:{self.world.library}")

    def end_children(self) -> None:
        """End all indexers that are left."""
        while self._children:
            self._children.pop().close()

    @contextmanager
    def at_request(self, number: int, act: Callable[[], object]) -> Iterator[None]:
        """Do something when the children's request of that number comes, before it gets through."""
        count = itertools.count(1)

        def look() -> None:
            if next(count) == number:
                act()

        fault = Meanwhile(act=look, on="", times=MANY)
        self.proxy.fail(fault)
        try:
            yield
        finally:
            fault.times = 0

    @contextmanager
    def typesense_down(self) -> Iterator[None]:
        """Kill Typesense, and start it at the end; nobody searches until it is settled."""
        with self.searcher.resting():
            self.typesense.kill9()
            try:
                yield
            finally:
                self.typesense.start()
            with looking_every(USUALLY):
                settled(self.world.server)

    def scenes_in_stash(self) -> int:
        """How many scenes the library has now."""
        return int(sql(self.world.library, "SELECT COUNT(*) FROM scenes")[0])

    def saw_only(self, allowed: Collection[int]) -> None:
        """Make sure that no search failed, and that each found one of these numbers."""
        with self.searcher.resting():
            assert self.searcher.failures == []
            found = self.searcher.found
            assert found <= set(allowed), (sorted(found), sorted(allowed))
        self.searcher.forget()

    def put_right(self) -> None:
        """Make sure that one plain run is enough, whatever happened before it."""
        self.world.events.clear()
        report = sync(self.world.run())
        assert report.exit_code == 0, (report.first_error, self.world.told())
        checked = verify(self.world.run(), deep=True)
        assert checked.exit_code == 0, checked.as_json()
        for spec in self.world.specs:
            states = [each.state for each in registry.standing(self.world.server, spec.alias)]
            most: dict[State, int] = {"live": 1, "retired": 1, "refused": 1, "building": 1}
            assert all(states.count(state) <= most[state] for state in most), states
            assert states.count("live") == 1

    def _environment(self) -> dict[str, str]:
        return {
            "STASH_URL": self.world.stash.url,
            "TYPESENSE_URL": self.proxy.url,
            "TYPESENSE_API_KEY": self.typesense.api_key,
            "INDEXER_SOURCE": self.source,
            "INDEXER_COLLECTIONS_DIR": str(COLLECTIONS),
            "INDEXER_LOCK_LEASE": f"{LEASE:g}",
            "INDEXER_PAGE_SIZE": str(PAGE_SIZE),
            "INDEXER_RETRY_SECONDS": "30",
            "INDEXER_DEAD_LETTERS": str(self.directory / "dead"),
        }


@contextmanager
def looking_every(seconds: float) -> Iterator[None]:
    """Look at a server that settles so often."""
    before, settling.BETWEEN_LOOKS = settling.BETWEEN_LOOKS, seconds
    try:
        yield
    finally:
        settling.BETWEEN_LOOKS = before


@contextmanager
def open_rig(directory: Path) -> Iterator[Rig]:
    """Open a rig whose library is indexed once."""
    library = directory / "stash.sqlite"
    build_library(library, scenes=SCENES, performers=PERFORMERS)
    specs = [compile_spec(each) for each in load_specs(COLLECTIONS)]
    with ExitStack() as stack:
        server = stack.enter_context(TypesenseServer(directory / "typesense"))
        proxy = stack.enter_context(FaultyProxy(server.url))
        world = stack.enter_context(
            open_world(library, server.url, server.api_key, specs, directory / "dead")
        )
        assert sync(world.run()).exit_code == 0
        searcher = stack.enter_context(Searcher(server.url, server.api_key, world.alias))
        rig = Rig(world, server, proxy, searcher, directory)
        stack.callback(rig.end_children)
        yield rig
