"""`indexer schema show --as`: documents as other languages describe them."""

import json
from typing import Any

import pytest

from indexer.cli.schema_as import as_go, as_json_schema, as_typescript
from indexer.transformer.compile import CompiledSpec, compile_spec
from tests.cli.conftest import Indexer
from tests.transformer.building import shipped, spec
from tests.transformer.golden import DOCUMENTS, NAMES, kept

GO = """\
// LampsDocument is a document of "lamps".
type LampsDocument struct {
	ID        string   `json:"id"`
	Digest    string   `json:"digest,omitempty"`
	FrameRate *float64 `json:"frame_rate,omitempty"`
	Library   string   `json:"library"`
	Organized bool     `json:"organized"`
	Rating    *int32   `json:"rating,omitempty"`
	StashID   int64    `json:"stash_id"`
	StashIDs  []string `json:"stash_ids,omitempty"`
	TagCount  int32    `json:"tag_count"`
	TagIDs    []int64  `json:"tag_ids,omitempty"`
	Title     string   `json:"title,omitempty"`
}"""
TYPESCRIPT = """\
/** A document of "lamps". */
export interface LampsDocument {
  id: string;
  digest?: string;
  frame_rate?: number;
  library: string;
  organized: boolean;
  rating?: number;
  stash_id: number;
  stash_ids?: string[];
  tag_count: number;
  tag_ids?: number[];
  title?: string;
}"""
PYTHON = {"string": str, "integer": int, "number": float, "boolean": bool}


@pytest.fixture
def lamps() -> CompiledSpec:
    """A collection with a field of each sort."""
    fields = {
        "title": {"type": "string", "from": "title"},
        "stash_ids": {"type": "string[]", "from": "stash_ids.stash_id"},
        "rating": {"type": "int32", "from": "rating"},
        "organized": {"type": "bool", "from": "organized", "always": True},
        "frame_rate": {"type": "float", "from": "files.0.frame_rate"},
        "tag_ids": {"type": "int64[]", "from": "tags"},
        "tag_count": {"type": "int32", "from": "tags", "convert": "count", "always": True},
    }
    return compile_spec(spec(fields=fields))


def test_go(lamps: CompiledSpec) -> None:
    """Go gets a struct in gofmt's form: a number that may be unset is a pointer."""
    assert as_go(lamps) == GO


def test_typescript(lamps: CompiledSpec) -> None:
    """TypeScript gets an interface: what may be unset is optional."""
    assert as_typescript(lamps) == TYPESCRIPT


@pytest.mark.parametrize("name", NAMES)
def test_json_schema(name: str) -> None:
    """Documents fit the JSON Schema of their collection, and no more than it says is in them."""
    schema = json.loads(as_json_schema(shipped(name)))
    made: list[dict[str, Any]] = kept(name)[DOCUMENTS]
    assert made
    for content in made:
        assert content.keys() <= schema["properties"].keys()
        assert set(schema["required"]) <= content.keys()
        assert all(fits(value, schema["properties"][key]) for key, value in content.items())


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Say whether a value fits one property, of those forms that are used."""
    if schema["type"] == "array":
        return len(value) >= schema["minItems"] and all(fits(one, schema["items"]) for one in value)
    allowed = (int, float) if schema["type"] == "number" else PYTHON[schema["type"]]
    if not isinstance(value, allowed) or isinstance(value, bool) != (allowed is bool):
        return False
    return "minimum" not in schema or schema["minimum"] <= value <= schema["maximum"]


@pytest.mark.parametrize("language", ["go", "ts", "json"])
def test_command(indexer: Indexer, language: str) -> None:
    """Each is printed without any server."""
    outcome = indexer("schema", "show", "performers", "--as", language)
    assert outcome.code == 0
    assert "PerformersDocument" in outcome.out
