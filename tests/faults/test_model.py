"""A model of what must be there, beside the real thing, while anything is done in any order."""

import shutil
import tempfile
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from indexer.loader import registry
from indexer.pipeline.accept import accept
from indexer.pipeline.prune import prune
from indexer.pipeline.reindex import reindex
from indexer.pipeline.report import RunReport
from indexer.pipeline.rollback import release, rollback
from indexer.pipeline.sync import sync
from indexer.pipeline.verify import verify
from indexer.transformer.compile import compile_spec
from indexer.transformer.spec import load_specs
from tests.extractor.reading import sql
from tests.faults.editor import Editor
from tests.faults.rig import COLLECTIONS
from tests.pipeline.sources import Meddling
from tests.pipeline.world import World, open_world
from tests.stash import edits
from tests.stash.library import build_library
from tests.typesense.choice import RunningTypesense

pytestmark = pytest.mark.no_cover

SCENES = 30
NAMES = ["scenes"]
EXAMPLES, STEPS = 5, 10


class Killed(BaseException):
    """Stands for kill -9: nothing in a run catches it, nothing is tidied up but the lock."""


def kill() -> None:
    """End the run."""
    raise Killed


class Model(RuleBasedStateMachine):
    """What must be there, by names of collections and titles of scenes.

    live      the collection that is searched, "" for none
    contents  the titles of each collection that was ever searched, by stash id
    previous  what the alias pointed at before it moved to a collection
    held      whether a person holds the alias
    refused   how many refused collections wait for a person
    lost      how many fewer scenes there were when the last of them was refused
    """

    server: RunningTypesense
    built: Path

    def __init__(self) -> None:
        super().__init__()
        self._directory = Path(tempfile.mkdtemp())
        library = self._directory / "stash.sqlite"
        shutil.copy(self.built, library)
        specs = [
            compile_spec(each, alias_prefix=f"m{uuid4().hex[:8]}_")
            for each in load_specs(COLLECTIONS)[:1]
        ]
        self._opened = open_world(
            library, self.server.url, self.server.api_key, specs, self._directory / "dead"
        )
        self.world: World = self._opened.__enter__()
        self.live = ""
        self.contents: dict[str, dict[int, str]] = {}
        self.previous: dict[str, str | None] = {}
        self.held = False
        self.refused = 0
        self.lost = 0

    def teardown(self) -> None:
        """Close the world and remove what was made."""
        for name in self.world.collections():
            self.world.server.request("DELETE", f"/collections/{name}")
        self._opened.__exit__(None, None, None)
        shutil.rmtree(self._directory)

    @property
    def stash(self) -> dict[int, str]:
        """The titles that Stash has, by id."""
        titles = sql(self.world.library, "SELECT title FROM scenes ORDER BY id")
        ids = sql(self.world.library, "SELECT id FROM scenes ORDER BY id")
        return dict(zip(ids, titles, strict=True))

    @rule(seed=st.integers(0, 10**6), times=st.integers(1, 3))
    def edit(self, seed: int, times: int) -> None:
        """Somebody edits: renames, merges, adds a few scenes, deletes a few."""
        editor = Editor(self.world.library, Random(seed))
        for _ in range(times):
            editor.edit()

    @precondition(lambda self: len(self.stash) >= SCENES)
    @rule()
    def delete_many(self) -> None:
        """Somebody deletes more than the gates let pass."""
        for scene in list(self.stash)[:12]:
            edits.delete_scene(self.world.library, scene)

    @rule()
    def add_many(self) -> None:
        """Somebody adds a dozen."""
        for number in range(12):
            edits.add_scene(self.world.library, title=f"Harbour {number}")

    @rule(fresh=st.booleans())
    def reindex(self, *, fresh: bool) -> None:
        """A rebuild ends with what Stash has, or refused, or because a person holds the alias."""
        self._written(reindex(self.world.run(), NAMES, fresh=fresh, room_check=False))

    @rule()
    def sync(self) -> None:
        """A sync ends the same way; what it refuses in place leaves no collection."""
        self._written(sync(self.world.run(), NAMES, room_check=False))

    @precondition(lambda self: not self.held)
    @rule(listing=st.integers(1, 3))
    def killed(self, listing: int) -> None:
        """A rebuild is killed in its bulk pass, in its catch-up, or right after its swap."""
        moved = Meddling(self.world.api, self._retitle, listing=1)
        source = Meddling(moved, kill, listing=listing)
        try:
            report = reindex(self.world.run(source=source), NAMES, room_check=False)
        except Killed:
            if self.world.live != self.live:
                assert listing == 3
                self._moved(self.world.live, self._titles())
        else:
            self._written(report)

    @rule()
    def rollback(self) -> None:
        """Back to what was searched before, once; where nothing was, nothing moves."""
        report = rollback(self.world.run(), "scenes")
        target = self.previous.get(self.live)
        if self.held:
            assert report.exit_code == 0
        elif target in self.world.collections():
            assert report.exit_code == 0, report.first_error
            self.held, self.live = True, str(target)
        else:
            assert report.exit_code == 2, report.first_error

    @rule()
    def release(self) -> None:
        """The alias may move again."""
        assert release(self.world.run(), "scenes").exit_code == 0
        self.held = False

    @rule()
    def accept(self) -> None:
        """A person accepts what was refused, if anything was."""
        report = accept(self.world.run(), "scenes")
        if self.held:
            assert report.exit_code == 4
        elif self.refused and report.exit_code == 4:
            failed = [gate.name for gate in report.collections[0].gates if not gate.ok]
            thinner = any(name.startswith("coverage") for name in failed)
            assert thinner or self._lost() > self.lost + 10, report.first_error
            self.lost = self._lost()
        elif self.refused:
            assert report.exit_code == 0, report.first_error
            self._moved(self.world.live, self.stash)
            self.refused = 0
        else:
            assert report.exit_code == 2

    @rule(keep=st.integers(0, 2))
    def prune(self, keep: int) -> None:
        """Spare collections go, never what is searched."""
        assert prune(self.world.run(), NAMES, keep=keep).exit_code == 0

    @invariant()
    def searched(self) -> None:
        """People search exactly what the model says, and the hold is as it says."""
        assert self.world.live == self.live
        if self.live:
            assert self._titles() == self.contents[self.live]
        hold = registry.held(self.world.server, self.world.alias)
        assert (hold is not None) == self.held

    @invariant()
    def tidy(self) -> None:
        """One collection is live, and one at most waits refused."""
        standing = registry.standing(self.world.server, self.world.alias)
        states = [each.state for each in standing]
        assert states.count("live") == bool(self.live)
        assert states.count("refused") == self.refused
        self.world.events.clear()

    def _written(self, report: RunReport) -> None:
        (scenes,) = report.collections
        if self.held:
            assert report.exit_code == 4
        elif report.exit_code == 4:
            assert not scenes.swapped
            if scenes.collection != self.live:
                self.refused, self.lost = 1, self._lost()
        else:
            assert report.exit_code == 0, report.first_error
            if scenes.swapped:
                self._moved(str(scenes.collection), self.stash)
            self.contents[self.live] = self.stash
            assert verify(self.world.run(), NAMES, deep=True).exit_code == 0

    def _lost(self) -> int:
        return len(self.contents[self.live]) - len(self.stash)

    def _moved(self, target: str, titles: dict[int, str]) -> None:
        self.previous[target] = self.live or None
        self.live, self.contents[target] = target, titles

    def _retitle(self) -> None:
        scene = next(iter(self.stash))
        edits.set_title(self.world.library, scene, f"Retitled {uuid4().hex[:6]}")

    def _titles(self) -> dict[int, str]:
        return {key: each["title"] for key, each in self.world.documents().items()}


@pytest.mark.timeout(300)
def test_anything_in_any_order(
    typesense: RunningTypesense, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R5, R18, R21: whatever is done in whatever order, people search what the model says."""
    built = tmp_path / "built.sqlite"
    build_library(built, scenes=SCENES, performers=6)
    for scene in range(1, SCENES + 1):
        edits.set_title(built, scene, f"Scene of lanterns {scene}")
    monkeypatch.setattr(Model, "server", typesense, raising=False)
    monkeypatch.setattr(Model, "built", built, raising=False)
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Model,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=checks,
        ),
    )
