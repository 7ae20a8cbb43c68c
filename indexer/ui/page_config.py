"""What the page is told, in types: the shapes of its JSON. ui/src/config.ts has the same."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from indexer.ui.page import Shape

FORMAT = 1

Widget: TypeAlias = Literal["list", "yesno", "range", "steps", "tree"]


@dataclass(frozen=True)
class FieldPage:
    """How a field is shown: `base` is the spec's name for it, by which values are put in words."""

    label: str
    base: str


@dataclass(frozen=True)
class Facet:
    """A facet: `levels` are the fields of a tree, `steps` the bounds of ranges to choose from."""

    field: str
    widget: Widget
    open: bool
    levels: Sequence[str]
    steps: Sequence[int]


@dataclass(frozen=True)
class Card:
    """What a hit shows: names of fields, "" for none; `link` is a path with fields in braces."""

    title: str
    picture: str
    shape: Shape
    link: str
    badges: Sequence[str]
    lines: Sequence[str]
    facts: Sequence[str]


@dataclass(frozen=True)
class Order:
    """An order of hits: `by` as Typesense's sort_by wants it."""

    by: str
    label: str


@dataclass(frozen=True)
class CollectionPage:
    """A collection as the page shows it; `search` goes with each search as it is."""

    name: str
    alias: str
    label: str
    search: Mapping[str, str]
    fields: Mapping[str, FieldPage]
    card: Card
    facets: Sequence[Facet]
    sorts: Sequence[Order]


@dataclass(frozen=True)
class PageConfig:
    """What the page is told; `stash_url` is empty where there is nothing to link to."""

    collections: Sequence[CollectionPage]
    stash_url: str = ""
    pictures: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"format": FORMAT, **asdict(self)}
