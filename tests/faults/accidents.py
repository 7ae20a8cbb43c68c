"""What can happen to a run: each function starts indexers, does it to them, and looks at the end.

Exit codes: 0 done, 6 Typesense failed for too long, 7 another run has the lock, -9 killed.
"""

import threading
import time
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

from tests.faults.children import Child
from tests.faults.rig import USUALLY, Rig
from tests.typesense.proxy import Answer, CutAnswer, CutRequest, Fault, LoseLines, StatusZero

Commands: TypeAlias = Sequence[str]
Accident: TypeAlias = Callable[[Rig, Random, Commands], None]
"""The last names the commands that may be chosen."""

PLACES = ("/documents/import", "/documents", "/aliases", "/collections", "/status", "indexer_")
MOST_REQUESTS = 130
"""About as many as a run over both collections sends."""


def killed_at_an_event(rig: Rig, rng: Random, commands: Commands) -> None:
    """A run is killed as it tells something."""
    child = rig.start(rng.choice(commands))
    child.wait_for_event(rng.randint(1, 14))
    child.kill9()
    assert child.wait() in {0, -9}, child


def killed_at_a_request(rig: Rig, rng: Random, commands: Commands) -> None:
    """A run is killed while a request of its own is under way, which gets through."""
    child = rig.start(rng.choice(commands))
    with rig.at_request(rng.randint(1, MOST_REQUESTS), child.kill9):
        assert child.wait() in {0, -9}, child


def two_at_once(rig: Rig, rng: Random, commands: Commands) -> None:
    """Two runs begin at almost the same time: one at least does its work."""
    first = rig.start(rng.choice(commands))
    time.sleep(rng.uniform(0, 0.8))
    second = rig.start(rng.choice(commands))
    _one_at_least(first, second)


def paused_past_its_lease(rig: Rig, rng: Random, commands: Commands) -> None:
    """A run is paused, another takes over; the first wakes while it works, or after."""
    first = rig.start("reindex")
    paused = threading.Event()

    def pause() -> None:
        first.pause()
        paused.set()

    with rig.at_request(rng.randint(1, MOST_REQUESTS), pause):
        while not paused.wait(0.05) and first.is_running:
            pass
    second = rig.start(rng.choice(commands))
    second.wait_for_event(rng.randint(2, 30))
    first.wake()
    _one_at_least(first, second)


def _one_at_least(*children: Child) -> None:
    """Each either did its work or was told of the other; of each collection one brought it live."""
    assert {child.wait() for child in children} <= {0, 7}, children
    done = [child.live() for child in children]
    assert set().union(*done) == {"scenes", "performers"}, children


def typesense_killed(rig: Rig, rng: Random, commands: Commands) -> None:
    """Typesense is killed in the middle of a run, and comes back."""
    child = rig.start(rng.choice(commands), looks=USUALLY)
    now = threading.Event()
    with rig.at_request(rng.randint(1, MOST_REQUESTS), now.set):
        while not now.wait(0.05) and child.is_running:
            pass
    with rig.typesense_down():
        time.sleep(rng.uniform(0, 1))
    assert child.wait() in {0, 6}, child


def connections_cut(rig: Rig, rng: Random, commands: Commands) -> None:
    """Connections break after some bytes, answers are lost or come short."""
    faults = [_fault(rng) for _ in range(4)]
    rig.proxy.fail(*faults)
    child = rig.start(rng.choice(commands))
    code = child.wait()
    for each in faults:
        each.times = 0
    assert code in {0, 6}, (child, faults)


def _fault(rng: Random) -> Fault:
    on, times = rng.choice(PLACES), rng.randint(1, 3)
    lagging = b'{ "message": "Not Ready or Lagging"}'
    return rng.choice(
        [
            CutRequest(after=rng.randint(0, 30_000), on=on, times=times),
            CutAnswer(after=rng.randint(0, 2_000), on=on, times=times),
            Answer(503, lagging, on=on, times=times),
            StatusZero(on=on, times=times),
            LoseLines(count=rng.randint(1, 50), times=1),
        ]
    )


ALL: Sequence[Accident] = (
    killed_at_a_request,
    paused_past_its_lease,
    killed_at_an_event,
    connections_cut,
    two_at_once,
    typesense_killed,
)
