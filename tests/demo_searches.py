"""The demo's searches: three questions that a person might ask, each with hits and facets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

HITS = 5
FACET_VALUES = 4
COLUMN_WIDTH = 30
SECONDS = 30.0

_SCENE_TEXT = "title,performers,studio,tags"
_SCENE_FACETS = "performers,tags,studio,resolution"


@dataclass(frozen=True)
class Search:
    """One search: its collection, its parameters as Typesense takes them, what of a hit is shown.

    `shown` are fields; a list shows its first two values.
    """

    title: str
    collection: str
    parameters: Mapping[str, str]
    shown: tuple[str, ...]


class Searcher:
    """Searches one Typesense; `prefix` stands before every alias there."""

    def __init__(self, url: str, api_key: str, prefix: str = "") -> None:
        self._url = url
        self._headers = {"X-TYPESENSE-API-KEY": api_key}
        self._prefix = prefix

    def answers(self) -> Iterator[Group]:
        """Yield three searches with their answers; the second comes from the first one's facets."""
        first = self._ask(WORDS)
        yield as_text(WORDS, first)
        for search in (narrow(first), TYPO):
            yield as_text(search, self._ask(search))

    def _ask(self, search: Search) -> dict[str, Any]:
        answer = httpx.get(
            f"{self._url}/collections/{self._prefix}{search.collection}/documents/search",
            params=dict(search.parameters),
            headers=self._headers,
            timeout=SECONDS,
            trust_env=False,
        )
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


WORDS = Search(
    "Words, over titles, people, studios and tags",
    "scenes",
    {"q": "harbour svensson", "query_by": _SCENE_TEXT, "facet_by": _SCENE_FACETS},
    ("title", "performers", "studio", "resolution", "date_text"),
)
TYPO = Search(
    "A typo: nobody is called Svenson",
    "performers",
    {
        "q": "svenson",
        "query_by": "name,aliases",
        "facet_by": "gender,country,birth_year",
        "sort_by": "scene_count:desc",
    },
    ("name", "gender", "country", "scene_count", "birth_text"),
)


def narrow(answer: Mapping[str, Any]) -> Search:
    """Return a search for all scenes with the commonest performer and resolution of an answer."""
    commonest = {
        facet["field_name"]: facet["counts"][0]["value"] for facet in answer["facet_counts"]
    }
    performer, resolution = commonest["performers"], commonest["resolution"]
    return Search(
        "Two of those facets clicked, newest first",
        "scenes",
        {
            "q": "*",
            "filter_by": f"performers:=`{performer}` && resolution:=`{resolution}`",
            "facet_by": "tags,studio_path,year,stars",
            "sort_by": "date:desc",
        },
        WORDS.shown,
    )


def as_text(search: Search, answer: Mapping[str, Any]) -> Group:
    """Return what was asked, how much was found, some hits, and the facets of all."""
    asked = "  ".join(f"{name}={value}" for name, value in search.parameters.items())
    found = f"{answer['found']:,} found in {answer['search_time_ms']} ms"
    return Group(
        Text(f"\n{search.title}: {found}", style="bold"),
        Text(f"{search.collection}?  {asked}\n", style="dim"),
        _hits(search, answer),
        "",
        *_facets(answer),
    )


def _hits(search: Search, answer: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="italic")
    for name in search.shown:
        table.add_column(name, max_width=COLUMN_WIDTH, overflow="ellipsis", no_wrap=True)
    for hit in answer["hits"][:HITS]:
        table.add_row(*[_as_text(hit["document"].get(name)) for name in search.shown])
    return table


def _facets(answer: Mapping[str, Any]) -> Iterator[Text]:
    for facet in answer["facet_counts"]:
        counts = facet["counts"][:FACET_VALUES]
        values = " · ".join(f"{each['value']} ({each['count']})" for each in counts)
        yield Text(f"{facet['field_name']:>11}  {values}", no_wrap=True, overflow="ellipsis")


def _as_text(value: object) -> str:
    """Return a field's value in few words: of a list the first two."""
    if isinstance(value, list):
        more = f" +{len(value) - 2}" if len(value) > 2 else ""
        value = ", ".join(map(str, value[:2])) + more
    return "" if value is None else escape(str(value))
