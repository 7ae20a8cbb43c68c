"""How a collection is searched: `search/<name>.toml` beside the specs, read and checked for form.

Whether the fields exist and can do what is asked of them is checked by presets.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from indexer.errors import SpecError
from indexer.transformer.strict import Names, Strict, as_tuple, load

DIRECTORY = "search"
SYNONYMS = "synonyms.toml"

PresetName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]


class Words(Strict):
    """How one text field is searched: its weight beside the others, typos borne, prefixes found."""

    weight: int = Field(1, ge=1, le=127)
    typos: Literal[0, 1, 2] = 2
    prefix: bool = True


class Preset(Strict):
    """A named way of searching; keys are Typesense's own, lists where it wants commas.

    `query_by` names fields of [words], all of them where it is left out. What Typesense takes from
    requests only, such as `use_cache`, is no key here.
    """

    query_by: Names | None = None
    filter_by: str | None = None
    facet_by: Names = ()
    max_facet_values: int | None = Field(None, ge=1)
    sort_by: Names = ()
    include_fields: Names = ()
    exclude_fields: Names = ()
    highlight_fields: Names = ()
    highlight_affix_num_tokens: int | None = Field(None, ge=0)
    snippet_threshold: int | None = Field(None, ge=0)
    drop_tokens_threshold: int | None = Field(None, ge=0)
    typo_tokens_threshold: int | None = Field(None, ge=0)
    prioritize_exact_match: bool | None = None
    prioritize_token_position: bool | None = None
    exhaustive_search: bool | None = None
    per_page: int | None = Field(None, ge=1, le=250)


class SearchFile(Strict):
    """One `search/<name>.toml`."""

    words: dict[str, Words]
    presets: dict[PresetName, Preset]
    stop_words: Names = ()


class SynonymsFile(Strict):
    """Words that stand for each other, and words that also find others but not the reverse."""

    same: Annotated[tuple[Names, ...], BeforeValidator(as_tuple)] = ()
    also: dict[str, Names] = Field(default_factory=dict)


@dataclass(frozen=True)
class Synonym:
    """Words of equal meaning; with a root, those that the root finds beside itself."""

    words: tuple[str, ...]
    root: str | None = None


@dataclass(frozen=True)
class Tuning:
    """A collection's search behaviour: parameters by preset as Typesense takes them, and words."""

    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    stop_words: Sequence[str] = ()
    synonyms: Sequence[Synonym] = ()


def load_search(directory: Path, name: str) -> SearchFile | None:
    """Return how a collection of a directory of specs is searched, None if nothing says so.

    Raises:
        SpecError: the file is wrong.
    """
    file = directory / DIRECTORY / f"{name}.toml"
    return load(file, SearchFile, f"{DIRECTORY}/{file.name}") if file.exists() else None


def load_synonyms(file: Path) -> list[Synonym]:
    """Return the synonyms of a file. Raises SpecError."""
    content = load(file, SynonymsFile)
    lone = [words for words in content.same if len(words) < len(("one", "another"))]
    if lone or not all(content.also.values()):
        raise SpecError(
            f"{file.name} is wrong: a word has no other to stand for.",
            "Give each list of `same` two words or more, each word of `also` one or more.",
        )
    same = [Synonym(words) for words in content.same]
    return same + [Synonym(words, root) for root, words in content.also.items()]
