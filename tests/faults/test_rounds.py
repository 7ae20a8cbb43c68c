"""Rounds of accidents: searches never notice, and one plain run afterwards puts everything right.

FAULT_ROUNDS says how many (30), FAULT_SEED repeats the choices of an earlier session; a test's
name has seed and round.
"""

import os
import secrets
from random import Random

import pytest

from tests.faults import accidents
from tests.faults.editor import Editor
from tests.faults.rig import Rig

pytestmark = pytest.mark.no_cover

# Tests that run side by side have to agree on it: pytest-xdist gives all of them one id.
_OF_THIS_SESSION = os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex(4)
SEED = os.environ.get("FAULT_SEED") or _OF_THIS_SESSION[:8]
ROUNDS = range(int(os.environ.get("FAULT_ROUNDS", "30")))


@pytest.mark.parametrize("number", [pytest.param(each, id=f"{SEED}-{each}") for each in ROUNDS])
def test_round(rig: Rig, number: int) -> None:
    """R5, R8, R12, R17, R18: whatever happens to a run, people search the old or the new."""
    rng = Random(f"{SEED}-{number}")
    accident = accidents.ALL[number % len(accidents.ALL)]
    swaps_only = rng.random() < 0.5
    rig.source = rng.choice(rig.sources())
    rig.searcher.forget()
    old = rig.scenes_in_stash()
    earlier = Editor(rig.world.library, rng)
    for _ in range(rng.randint(0, 3)):
        earlier.edit()
    new = rig.scenes_in_stash()
    with Editor(rig.world.library, rng, counts_stay=swaps_only) as editor:
        accident(rig, rng, ["reindex"] if swaps_only else ["reindex", "sync"])
    # A sync writes in place: it adds, then deletes. So may the pass after a swap.
    least = old - earlier.deleted - editor.deleted
    most = old + earlier.added + editor.added
    rig.saw_only({old, new} if swaps_only else range(least, most + 1))
    rig.put_right()
    rig.saw_only(range(least, most + 1))
    rig.end_children()
