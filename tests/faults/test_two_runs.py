"""Two runs at once: one does its work, the other leaves with exit code 7, and the data is right."""

from random import Random

import pytest

from tests.faults.editor import Editor
from tests.faults.rig import Rig
from tests.typesense.proxy import Meanwhile

pytestmark = pytest.mark.no_cover

TIMES = 20
MOMENTS = (
    ("POST", "/documents/import"),
    ("GET", "/documents/export"),
    ("GET", "/documents/search"),
    ("PUT", "/aliases/"),
)
"""Where in its work the first run is while the second one comes and goes."""


@pytest.mark.parametrize("number", range(TIMES))
def test_one_wins(rig: Rig, number: int) -> None:
    """R17: while a run works at an alias another is told so, and leaves it alone with exit 7."""
    rng = Random(number)
    Editor(rig.world.library, rng, counts_stay=True).edit()
    rig.searcher.forget()
    live = rig.world.live
    late = []

    def come_and_go() -> None:
        second = rig.start(rng.choice(["reindex", "sync"]), "scenes")
        late.append((second.wait(), rig.world.live, second))

    method, on = MOMENTS[number % len(MOMENTS)]
    rig.proxy.fail(Meanwhile(act=come_and_go, method=method, on=on))
    first = rig.start("reindex", "scenes")
    assert first.wait() == 0, first
    assert [(code, seen) for code, seen, _ in late] == [(7, live)], late
    assert rig.world.live != live
    rig.saw_only({rig.scenes_in_stash()})
    if number % len(MOMENTS) == 0:
        rig.put_right()
    rig.end_children()
