"""page.toml, read and checked for form: how each kind of collection is shown."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

PAGE = Path(__file__).with_name("page.toml")

Shape: TypeAlias = Literal["wide", "tall"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sort(_Strict):
    """An order of hits: `by` as Typesense's sort_by wants it."""

    by: str
    label: str

    @property
    def fields(self) -> set[str]:
        """The fields it sorts by."""
        names = {each.partition(":")[0] for each in self.by.split(",")}
        return {name for name in names if not name.startswith("_")}


class KindPage(_Strict):
    """How one kind is shown: names of fields, many of which a collection may not have.

    Attributes:
        link: where Stash shows the thing, with fields in braces.
        badges, lines, facts: what a card shows on its picture, below its title, at its end.
        picture: the field with the path of its picture in Stash.
        open, folded: the facets that come first, unfolded or not.
        counted: numbers to choose from a list of values instead of a range.
        steps: numbers that are no facets, to choose from ranges between these values.
    """

    label: str = ""
    link: str = ""
    shape: Shape = "wide"
    title: str = ""
    picture: str = ""
    badges: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    steps: dict[str, tuple[int, ...]] = {}
    sorts: tuple[Sort, ...] = ()


class Page(_Strict):
    """All of page.toml; `hidden` are facets that never show."""

    hidden: tuple[str, ...]
    labels: dict[str, str]
    kinds: dict[str, KindPage]


@cache
def shipped_page() -> Page:
    """Return the page.toml that comes along."""
    return Page.model_validate(tomllib.loads(PAGE.read_text("utf-8")))
