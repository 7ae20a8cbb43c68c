"""One search as a person asks it: the `browse` preset's parameters, and what was said besides."""

from collections.abc import Mapping, Sequence
from typing import Any

from indexer.loader.search import search
from indexer.loader.server import Typesense
from indexer.transformer.compile import CompiledSpec

BROWSE = "browse"
EVERYTHING = "*"


def find(
    server: Typesense,
    spec: CompiledSpec,
    words: str,
    *,
    filter_by: str | None = None,
    facets: Sequence[str] = (),
    sort_by: str | None = None,
    limit: int = 10,
) -> dict[str, Any]:
    """Return Typesense's answer; no words find everything.

    Facets are counted only where they are named. The parameters are those of the file, so that a
    search works before any preset is on the server.

    Raises:
        TypesenseError: there is no such alias, or something names no field.
    """
    given = {"filter_by": filter_by, "facet_by": ",".join(facets) or None, "sort_by": sort_by}
    parameters = {
        **_parameters(spec),
        "q": words or EVERYTHING,
        "per_page": str(limit),
        **{name: value for name, value in given.items() if value is not None},
    }
    return search(server, spec.alias, parameters)


def _parameters(spec: CompiledSpec) -> Mapping[str, str]:
    """Return what the file says of browsing; without a file, all texts are searched."""
    preset = spec.tuning.presets.get(BROWSE)
    if preset is None:
        texts = [
            str(field["name"])
            for field in spec.schema_fields
            if field["index"] and str(field["type"]).startswith("string")
        ]
        return {"query_by": ",".join(texts)}
    return {name: _text(value) for name, value in preset.items() if name != "facet_by"}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
