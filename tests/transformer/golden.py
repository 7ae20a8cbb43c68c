"""Golden documents: a fixed set of records, and what was made of them when they were last judged.

`python -m tests.transformer.golden` writes what the transformer makes of them now.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from indexer.records import Kind
from indexer.transformer.compile import TRANSFORM_VERSION
from indexer.transformer.seal import seal
from tests.transformer.building import Record, counted, shipped, transformed
from tests.transformer.golden_records import (
    DIMENSIONS,
    GALLERIES,
    MARKERS,
    PERFORMERS,
    SCENES,
    SUGGESTIONS,
)

RECORDS: dict[str, Sequence[Record]] = {
    "scenes": SCENES,
    "performers": PERFORMERS,
    "tags": DIMENSIONS["tag"],
    "studios": DIMENSIONS["studio"],
    "groups": DIMENSIONS["group"],
    "galleries": GALLERIES,
    "markers": MARKERS,
    "suggestions": SUGGESTIONS,
}
NAMES: Sequence[str] = tuple(RECORDS)
VERSION, DOCUMENTS = "transform_version", "documents"


def made(name: str) -> dict[str, Any]:
    """Return what the transformer makes of a collection's records now."""
    tables: dict[Kind, Sequence[Record]] = {"performer": PERFORMERS, **DIMENSIONS}
    membership = counted(SCENES, tables)
    contents = transformed(shipped(name), RECORDS[name], tables, membership)
    documents = [orjson.loads(seal(content, 1).body) for content in contents]
    return {VERSION: TRANSFORM_VERSION, DOCUMENTS: documents}


def kept(name: str) -> dict[str, Any]:
    """Return what was judged right when it was written."""
    content: dict[str, Any] = orjson.loads(_file(name).read_bytes())
    return content


def _file(name: str) -> Path:
    return Path(__file__).parent / "golden" / f"{name}.json"


def _write() -> None:
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    for name in NAMES:
        _file(name).write_bytes(orjson.dumps(made(name), option=options))


if __name__ == "__main__":
    _write()
