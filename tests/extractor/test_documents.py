"""What is made of a large library with every hard case: by all five ways the same documents."""

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

import pytest

from indexer.events import nobody
from indexer.extractor.source import Source
from indexer.pipeline.stream import Stream
from indexer.shipped import shipped_collections
from indexer.transformer.compile import compile_spec
from indexer.transformer.membership import Membership
from indexer.transformer.spec import load_specs
from tests.extractor.ways import every_way
from tests.stash.library import build_library
from tests.stash.server import StashServer

pytestmark = pytest.mark.no_cover

_SCENES = 20_000


@pytest.mark.timeout(900)
def test_whole_documents_are_equal(tmp_path: Path) -> None:
    """Api = sql = file = backup = snapshot: every document of every collection, byte for byte."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=_SCENES, performers=2_000, hard=True)
    with (
        StashServer(library) as stash,
        every_way(stash.url, library, tmp_path) as sources,
    ):
        made = {name: _documents(source) for name, source in sources.items()}
    api = made.pop("api")
    assert len(made) == 4
    assert api["scenes"][0] > _SCENES
    assert min(number for number, _ in api.values()) > 0
    assert {name: found == api for name, found in made.items()} == dict.fromkeys(made, True)


def _documents(source: Source) -> Mapping[str, tuple[int, str]]:
    """Of each shipped collection, how many documents, and one checksum of all of their bytes."""
    specs = {spec.name: compile_spec(spec) for spec in load_specs(shipped_collections())}
    membership = Membership()
    made = {}
    for name in sorted(specs, key=lambda one: one != "scenes"):  # the others count its scenes
        digest, number = blake2b(), 0
        for document in Stream(source, specs[name], membership, nobody).documents():
            digest.update(document.body)
            digest.update(b"\n")
            number += 1
        made[name] = (number, digest.hexdigest())
    return made
