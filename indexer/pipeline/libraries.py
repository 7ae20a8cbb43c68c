"""Whose documents people search: one library never takes another's place unasked."""

from indexer.errors import ConfigurationError
from indexer.loader.catalog import collection
from indexer.loader.search import search
from indexer.pipeline.run import Turn

_FIRST = {"q": "*", "per_page": "1", "include_fields": "library"}


def refuse_other_library(turn: Turn, live: str | None) -> None:
    """Make sure that a collection which people search is of this library, or empty.

    Two libraries that both have the usual key can't be told apart.

    Raises:
        ConfigurationError: it is of another one.
    """
    server, spec = turn.run.typesense, turn.spec
    if live is None or collection(server, live) is None:
        return
    hits = search(server, live, _FIRST)["hits"]
    other = hits[0]["document"].get("library") if hits else None
    if other in {None, spec.library}:
        return
    raise ConfigurationError(
        f"People search the library {other} by {spec.alias}; this run is of {spec.library}.",
        "Give each library aliases of its own by INDEXER_ALIAS_PREFIX. If it is the same one under "
        f"another key: Typesense's own `DELETE /aliases/{spec.alias}`, then run again.",
    )
