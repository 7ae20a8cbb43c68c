"""One served page and one Chromium for all tests of the page; each test's console is looked at."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stash.server import StashServer
from tests.typesense.choice import RunningTypesense
from tests.typesense.fixtures import own_prefix
from tests.ui.browser import Browser, chromium
from tests.ui.site import STASH_KEY, Site, make_hostile, run, served, settings


@pytest.fixture(scope="session")
def site(
    built_library: Path, typesense: RunningTypesense, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The page over an indexed library, served by the program itself."""
    directory = tmp_path_factory.mktemp("site")
    library = Path(shutil.copy(built_library, directory / "stash.sqlite"))
    make_hostile(library)
    with (
        own_prefix(typesense) as prefix,
        StashServer(library, api_key=STASH_KEY) as stash,
    ):
        environment = settings(stash, typesense, prefix)
        run(directory, environment, "reindex", "scenes", "performers")
        with served(directory, environment) as (url, log):
            yield Site(url, stash, typesense, prefix, log)


@pytest.fixture(scope="session")
def _chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def browser(_chromium: Browser) -> Iterator[Browser]:
    """A Chromium; a test that leaves an error in its console fails."""
    _chromium.complaints()
    yield _chromium
    _chromium.driver.execute_script("localStorage.clear()")
    assert _chromium.complaints() == []
