"""Search behaviour under the names of a name set, without the fields that it leaves out."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from indexer.transformer.compile import CompiledSpec
from indexer.transformer.naming import RESERVED
from indexer.transformer.tuning import Preset, SearchFile

TEXT_MATCH = "_text_match"
FILTERED = re.compile(r"\b([a-z_][a-z0-9_]*)(?=\s*:)")
"""The fields of a filter_by."""

_LISTS = ("facet_by", "include_fields", "exclude_fields", "highlight_fields")

Rename: TypeAlias = Callable[[str], str | None]
"""What a field is called, None where it is left out."""


def renamed(file: SearchFile, spec: CompiledSpec) -> SearchFile:
    """Return how a name set's collection is searched, from what is said of the spec it extends.

    A preset goes where nothing is left to search in, or where its filter needs what is left out.
    """
    kept = {**spec.names, TEXT_MATCH: TEXT_MATCH, **{name: name for name in RESERVED}}
    rename = kept.get
    words = {new: each for name, each in file.words.items() if (new := rename(name))}
    presets = {name: _preset(each, rename) for name, each in file.presets.items()}
    changed = {"words": words, "presets": {name: each for name, each in presets.items() if each}}
    return file.model_copy(update=changed)


def _preset(preset: Preset, rename: Rename) -> Preset | None:
    changed: dict[str, object] = {
        name: tuple(_all(getattr(preset, name), rename)) for name in _LISTS
    }
    changed["sort_by"] = tuple(_clauses(preset.sort_by, rename))
    if preset.query_by is not None:
        changed["query_by"] = tuple(_all(preset.query_by, rename))
        if not changed["query_by"]:
            return None
    if preset.filter_by is not None:
        if None in map(rename, FILTERED.findall(preset.filter_by)):
            return None
        changed["filter_by"] = FILTERED.sub(lambda found: str(rename(found[1])), preset.filter_by)
    return preset.model_copy(update=changed)


def _all(names: Sequence[str], rename: Rename) -> Iterator[str]:
    return (new for name in names if (new := rename(name)))


def _clauses(clauses: Sequence[str], rename: Rename) -> Iterator[str]:
    for clause in clauses:
        name, colon, order = clause.partition(":")
        if new := rename(name):
            yield f"{new}{colon}{order}"
