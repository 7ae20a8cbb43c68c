"""What the fault tests share."""

from collections.abc import Iterator

import pytest

from tests.faults.rig import QUICKLY, Rig, looking_every, open_rig


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A rig that the tests of a module wear out together, one after the other."""
    with open_rig(tmp_path_factory.mktemp("rig")) as rig:
        yield rig


@pytest.fixture(autouse=True)
def quick_looks() -> Iterator[None]:
    """Look at the server more often than usual: nothing of its own happens to it, mostly."""
    with looking_every(QUICKLY):
        yield
