"""The bulk pass beside the fastest there is: the same bytes posted straight to the same server.

By turns, each time into a new collection; of each kind the best pass counts. Records are prepared
beforehand, so the indexer's pass is transforming and loading; its clock starts with the first
record, when the dimensions are loaded, and that of the straight post with the first request.
"""

import gc
from collections.abc import Iterator

from indexer.events import nobody
from indexer.loader.server import Typesense
from indexer.pipeline.stream import Stream
from indexer.transformer.membership import Membership
from tests.bench.figure import Figure
from tests.bench.passes import load, new_collection, post
from tests.bench.servers import connection, typesense
from tests.bench.source import PreparedSource
from tests.bench.specs import shipped_spec

SCENES = 30_000
TURNS = 3
MIN_RATIO = 0.85


def figures() -> Iterator[Figure]:
    """Yield the indexer's speed as a share of the straight post's, and both speeds."""
    source = PreparedSource(SCENES)
    spec = shipped_spec("scene")
    stream = Stream(source, spec, Membership(), nobody)
    bodies = [document.body for document in stream.documents()]
    gc.freeze()  # what is prepared is no garbage to look through
    loading, posting = [], []
    with typesense() as server, Typesense(server.url, server.api_key) as client:
        for _ in range(TURNS):
            with new_collection(client, spec) as collection, connection(server) as straight:
                posting.append(post(straight, collection, bodies))
            with new_collection(client, spec) as collection:
                taken = load(client, collection, source, spec)
                loading.append(taken.ended - source.scenes_begun)
    gc.unfreeze()
    ratio = min(posting) / min(loading)
    yield Figure("bulk pass / posting the same bytes", ratio, "", at_least=MIN_RATIO)
    yield Figure("bulk pass", SCENES / min(loading), "documents/s")
    yield Figure("posting the same bytes", SCENES / min(posting), "documents/s")
