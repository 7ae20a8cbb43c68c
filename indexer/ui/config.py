"""What the page is told: its collections with their facets, sorts, cards and labels.

It all follows from the compiled specs; page.toml says in which order and words. Both speak of the
fields of the specs that come along: what a name set calls them comes in at the end.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from indexer.transformer.compile import CompiledSpec
from indexer.ui.page import KindPage, shipped_page
from indexer.ui.page_config import Card, CollectionPage, Facet, FieldPage, Order, PageConfig, Widget

PRESET = "browse"
"""The preset that says where and how words are looked for."""

SchemaFields: TypeAlias = Mapping[str, Mapping[str, Any]]
"""A collection's fields as Typesense wants them, by the names that their spec has for them."""

_WORDS = ("query_by", "query_by_weights", "num_typos", "prefix")
_FIRST_LEVEL = "_lvl0"
_LEVEL = "_lvl"
_NUMBERS = ("int32", "int64", "float")
_IN_BRACES = re.compile(r"(?<=\{)\w+(?=\})")
_FIELD = re.compile(r"\b[a-z]\w*(?=:)")
"""A field in a sort_by; `_text_match` is none."""


def page_config(
    specs: Iterable[CompiledSpec], *, stash_url: str = "", pictures: bool = False
) -> PageConfig:
    """Return what the page is told about the collections of `specs`, in their order.

    Suggestions, which are for as-you-type requests, have no page of their own.
    """
    collections = [_Collection(spec).page() for spec in specs if spec.kind != "suggestion"]
    return PageConfig(collections, stash_url, pictures)


class _Collection:
    """One collection on its way to its page."""

    def __init__(self, spec: CompiledSpec) -> None:
        bases = {called: base for base, called in spec.names.items()}
        self.spec = spec
        self.kind = shipped_page().kinds.get(spec.kind, KindPage())
        self.schema: SchemaFields = {
            bases.get(field["name"], field["name"]): field for field in spec.schema_fields
        }

    def page(self) -> CollectionPage:
        """Return it as the page shows it."""
        own_label = None if self.spec.naming.extends else self.kind.label
        card, facets = self._card(), self._facets()
        shown = {card.title, *card.badges, *card.lines, *card.facts}
        shown_or_facets = shown | {facet.field for facet in facets}
        return CollectionPage(
            name=self.spec.name,
            alias=self.spec.alias,
            label=own_label or _in_words(self.spec.name),
            search=self._search(card, shown),
            fields={
                field["name"]: FieldPage(self._label(base), base)
                for base, field in self.schema.items()
                if field["name"] in shown_or_facets
            },
            card=card,
            facets=facets,
            sorts=self._sorts(),
        )

    def _called(self, *bases: str) -> list[str]:
        """Return what fields are called here; those that there aren't are left out."""
        return [str(self.schema[base]["name"]) for base in bases if base in self.schema]

    def _label(self, base: str) -> str:
        """Return what a person calls a field; a name set has its own words.

        Beside a tree a list of the same name has only what things themselves are in.
        """
        name = str(self.schema[base]["name"])
        called = name.removesuffix(_FIRST_LEVEL)
        renamed = called != base.removesuffix(_FIRST_LEVEL)
        known = None if renamed else shipped_page().labels.get(base)
        has_tree = any(field["name"] == f"{name}{_FIRST_LEVEL}" for field in self.schema.values())
        return known or _in_words(called) + (" itself" if has_tree else "")

    def _search(self, card: Card, shown: Iterable[str]) -> dict[str, str]:
        linked = _IN_BRACES.findall(card.link)
        kept = {"id", *shown, *linked, card.picture} - {""}
        highlighted = ",".join([card.title, *card.lines])
        return {
            **self._words(),
            "include_fields": ",".join(sorted(kept)),
            "highlight_fields": highlighted,
            "highlight_full_fields": highlighted,
        }

    def _words(self) -> dict[str, str]:
        """Return where words are looked for: as the preset says, or in all texts alike."""
        preset = self.spec.tuning.presets.get(PRESET, {})
        if "query_by" in preset:
            return {key: str(preset[key]) for key in _WORDS if key in preset}
        texts = [
            base
            for base, field in self.schema.items()
            if field["type"] in {"string", "string[]"} and field["index"] and base != "library"
        ]
        return {"query_by": ",".join(self._called(*texts))}

    def _card(self) -> Card:
        kind = self.kind
        return Card(
            title=self._called(kind.title, "title", "name", "label", "stash_id")[0],
            picture="".join(self._called(kind.picture)),
            shape=kind.shape,
            link=self._link(),
            badges=self._called(*kind.badges),
            lines=self._called(*kind.lines),
            facts=self._called(*kind.facts),
        )

    def _link(self) -> str:
        """Return Stash's path; "" where a field that it needs isn't here."""
        needed = _IN_BRACES.findall(self.kind.link)
        if not self.schema.keys() >= set(needed):
            return ""
        return _IN_BRACES.sub(self._renamed, self.kind.link)

    def _facets(self) -> list[Facet]:
        """Return the facets: those that page.toml names, in its order, then all others."""
        steps = self.kind.steps
        offered = {base for base, field in self.schema.items() if field["facet"] or base in steps}
        offered -= {base for base in offered if _LEVEL in base and _FIRST_LEVEL not in base}
        offered -= set(shipped_page().hidden)
        first = [base for base in (*self.kind.open, *self.kind.folded) if base in offered]
        rest = sorted(offered - set(first), key=self._label)
        return [self._facet(base) for base in (*first, *rest)]

    def _facet(self, base: str) -> Facet:
        widget = self._widget(base)
        stem = base.removesuffix(_FIRST_LEVEL) + _LEVEL
        levels = sorted(each for each in self.schema if each.startswith(stem))
        return Facet(
            field=self._called(base)[0],
            widget=widget,
            open=base in self.kind.open,
            levels=self._called(*levels) if widget == "tree" else (),
            steps=self.kind.steps.get(base, ()),
        )

    def _widget(self, base: str) -> Widget:
        kind = str(self.schema[base]["type"]).removesuffix("[]")
        if base.endswith(_FIRST_LEVEL):
            return "tree"
        if base in self.kind.steps:
            return "steps"
        if kind == "bool":
            return "yesno"
        return "range" if kind in _NUMBERS and base not in self.kind.counted else "list"

    def _sorts(self) -> list[Order]:
        sortable = {base for base, field in self.schema.items() if field["sort"]}
        named = [sort for sort in self.kind.sorts if sort.fields <= sortable]
        if named:
            return [Order(_FIELD.sub(self._renamed, sort.by), sort.label) for sort in named]
        by_label = sorted((self._label(base), *self._called(base)) for base in sortable)
        best = Order("_text_match:desc", "Best match")
        return [best, *(Order(f"{name}:desc", label) for label, name in by_label)]

    def _renamed(self, found: re.Match[str]) -> str:
        return self._called(found[0])[0]


def _in_words(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
