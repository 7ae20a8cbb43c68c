"""Search behaviour held against the collection it is for, and put as Typesense takes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias

from indexer.errors import SpecError
from indexer.transformer.compile import CompiledSpec
from indexer.transformer.renamed import FILTERED, TEXT_MATCH, renamed
from indexer.transformer.tuning import (
    DIRECTORY,
    SYNONYMS,
    Preset,
    SearchFile,
    Synonym,
    Tuning,
    Words,
    load_search,
    load_synonyms,
)

SchemaFields: TypeAlias = Mapping[str, Mapping[str, Any]]
"""A collection's fields by name, as Typesense wants them."""

_PLAIN = (
    "max_facet_values",
    "highlight_affix_num_tokens",
    "snippet_threshold",
    "drop_tokens_threshold",
    "typo_tokens_threshold",
    "prioritize_exact_match",
    "prioritize_token_position",
    "exhaustive_search",
    "per_page",
)
"""The keys that go to Typesense as they are."""


def tuning_of(
    name: str, fields: Sequence[Mapping[str, Any]], file: SearchFile, synonyms: Sequence[Synonym]
) -> Tuning:
    """Return the search behaviour of a collection with these schema fields.

    Raises:
        SpecError: a field is not there, or can't do what is asked; file and preset are named.
    """
    known = {str(field["name"]): field for field in fields}
    _Check(f"{DIRECTORY}/{name}.toml, [words]", known).texts(file.words)
    presets = {
        preset: _parameters(_Check(f"{DIRECTORY}/{name}.toml, preset {preset}", known), each, file)
        for preset, each in file.presets.items()
    }
    return Tuning(presets, file.stop_words, synonyms)


def with_tuning(
    specs: Sequence[CompiledSpec], directory: Path, synonyms: Path | None = None
) -> list[CompiledSpec]:
    """Return the specs of a directory with the search behaviour that stands beside them.

    `synonyms` is a file to read instead of the directory's own; neither has to be there.

    Raises:
        SpecError: a file is wrong, or names fields that can't do what is asked of them.
    """
    file = synonyms or directory / DIRECTORY / SYNONYMS
    words = load_synonyms(file) if synonyms or file.exists() else []
    tuned = []
    for spec in specs:
        search = load_search(directory, spec.base)
        tuning = Tuning(synonyms=words)
        if search is not None:
            if spec.base != spec.name:
                search = renamed(search, spec)
            tuning = tuning_of(spec.base, spec.schema_fields, search, words)
        tuned.append(replace(spec, tuning=tuning))
    return tuned


class _Check:
    """Refuses fields that can't do what a place in a file asks of them."""

    def __init__(self, where: str, fields: SchemaFields) -> None:
        self._where = where
        self._fields = fields

    def texts(self, names: Sequence[str] | Mapping[str, object]) -> None:
        self._all(names, "is no text that can be searched", _is_searchable)

    def facets(self, names: Sequence[str]) -> None:
        self._all(names, "is no facet", lambda field: bool(field["facet"]))

    def sorts(self, clauses: Sequence[str]) -> None:
        for clause in clauses:
            name, _, order = clause.partition(":")
            if order not in {"asc", "desc"}:
                raise self._wrong(f'"{clause}" has no order', "Write it as field:asc or :desc.")
            if name != TEXT_MATCH:
                self._all([name], "can't be sorted by", lambda field: bool(field["sort"]))

    def filters(self, filter_by: str) -> None:
        names = FILTERED.findall(filter_by)
        self._all(names, "can't be filtered by", lambda field: bool(field["index"]))

    def shown(self, names: Sequence[str]) -> None:
        self._all([name for name in names if name != "id"], "is not there", lambda _field: True)

    def words(self, names: Sequence[str], words: Mapping[str, Words]) -> None:
        for name in names:
            if name not in words:
                raise self._wrong(f'query_by names "{name}", which is not in [words]', "Add it.")

    def _all(
        self,
        names: Sequence[str] | Mapping[str, object],
        what: str,
        can: Callable[[Mapping[str, Any]], bool],
    ) -> None:
        for name in names:
            if name not in self._fields or not can(self._fields[name]):
                able = [each for each, field in self._fields.items() if can(field)]
                close = get_close_matches(name, able, n=1)
                hint = f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(able)}."
                raise self._wrong(f'the field "{name}" {what}', hint)

    def _wrong(self, what: str, hint: str) -> SpecError:
        return SpecError(f"{self._where}: {what}.", hint)


def _parameters(check: _Check, preset: Preset, file: SearchFile) -> dict[str, Any]:
    """Return a preset's parameters; what it doesn't say is left to Typesense's defaults."""
    names = list(file.words) if preset.query_by is None else preset.query_by
    check.words(names, file.words)
    check.facets(preset.facet_by)
    check.sorts(preset.sort_by)
    check.filters(preset.filter_by or "")
    shown = ("include_fields", "exclude_fields", "highlight_fields")
    lists = {key: getattr(preset, key) for key in ("facet_by", "sort_by", *shown)}
    for key in shown:
        check.shown(lists[key])
    searched = [file.words[name] for name in names]
    every: dict[str, Any] = {
        "query_by": _comma(names),
        "query_by_weights": _comma([each.weight for each in searched]),
        "num_typos": _comma([each.typos for each in searched]),
        "prefix": _comma([str(each.prefix).lower() for each in searched]),
        "filter_by": preset.filter_by,
        **{key: _comma(values) for key, values in lists.items()},
        **{key: getattr(preset, key) for key in _PLAIN},
    }
    return {key: value for key, value in every.items() if value is not None and value != ""}


def _comma(values: Sequence[object]) -> str:
    return ",".join(map(str, values))


def _is_searchable(field: Mapping[str, Any]) -> bool:
    return str(field["type"]).startswith("string") and bool(field["index"])
