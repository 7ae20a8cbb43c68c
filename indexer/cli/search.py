"""`indexer search`: a search for people, with what was hit and what there is more of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from indexer.cli import output
from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.servers import compiled_specs, open_typesense
from indexer.pipeline.report import FORMAT
from indexer.pipeline.run import choose
from indexer.pipeline.search import find
from indexer.settings import TYPESENSE

EXAMPLES = (
    "indexer search scenes lantern svensson            # words, over all searched fields",
    "indexer search scenes --facet tags --facet year   # everything, with counts",
    'indexer search performers ann --filter "country:=SE" --sort scene_count:desc',
)
COLUMNS = ("title", "name", "performers", "studio", "date_text", "resolution", "scene_count")
"""What a table shows of a hit, as far as the collection has it, by the fields' plain names."""
VALUES = 2
FACET_VALUES = 8
START, END = "<mark>", "</mark>"


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("name")
@click.argument("words", nargs=-1)
@click.option("--filter", "filter_by", metavar="FILTER", help="Typesense's filter_by.")
@click.option(
    "--facet", "facets", multiple=True, metavar="FIELD", help="Count this field's values."
)
@click.option("--sort", "sort_by", metavar="FIELD:asc|desc", help="Typesense's sort_by.")
@click.option("--limit", type=click.IntRange(0, 250), default=10, show_default=True, metavar="N")
@json_option
@with_common
def search(
    common: Common,
    name: str,
    words: Sequence[str],
    filter_by: str | None,
    facets: Sequence[str],
    sort_by: str | None,
    limit: int,
    *,
    as_json: bool,
) -> int:
    """Search what is live, as the `browse` preset does.

    NAME is a collection's name, such as scenes. What the words hit is bold on a terminal; --json
    has Typesense's own answer.
    """
    settings = common.settings(TYPESENSE)
    (spec,) = choose(compiled_specs(settings), [name])
    with common.listener() as emit, open_typesense(settings, emit) as typesense:
        answer = find(
            typesense,
            spec,
            " ".join(words),
            filter_by=filter_by,
            facets=facets,
            sort_by=sort_by,
            limit=limit,
        )
    if as_json:
        output.json({"format": FORMAT, "exit_code": 0, "error": None, "answer": answer})
    else:
        found = f"{output.number(answer['found'])} found in {answer['search_time_ms']} ms"
        columns = [spec.names[name] for name in COLUMNS if name in spec.names]
        output.show(_hits(answer, columns), "", *_facets(answer), found)
    return 0


def _hits(answer: Mapping[str, Any], columns: Sequence[str]) -> Table:
    """Return a line a hit; besides the usual columns, what else the words were found in."""
    hits = answer["hits"]
    shown = [name for name in columns if any(name in hit["document"] for hit in hits)]
    table = output.table("id", *shown, "also in", numbers=["id"])
    for hit in hits:
        marked = _marked(hit)
        cells = [marked.get(name) or _text(hit["document"].get(name)) for name in shown]
        elsewhere = [
            Text.assemble(f"{name}: ", text) for name, text in marked.items() if name not in shown
        ]
        table.add_row(str(hit["document"].get("stash_id", "")), *cells, Text(", ").join(elsewhere))
    return table


def _marked(hit: Mapping[str, Any]) -> dict[str, Text]:
    """Return the fields that words were found in, those words bold."""
    found = {}
    for each in hit["highlights"]:
        snippets = each.get("snippets") or [each["snippet"]]
        values = [_bold(snippet) for snippet in snippets if START in snippet]
        found[each["field"]] = Text(", ").join(values[:VALUES])
    return found


def _bold(snippet: str) -> Text:
    text = Text()
    for part in snippet.split(START):
        word, end, rest = part.partition(END)
        text.append(word, style="bold" if end else "")
        text.append(rest)
    return text


def _text(value: object) -> Text:
    if isinstance(value, list):
        more = f" +{len(value) - VALUES}" if len(value) > VALUES else ""
        value = ", ".join(map(str, value[:VALUES])) + more
    return Text("" if value is None else str(value))


def _facets(answer: Mapping[str, Any]) -> Iterator[Text]:
    for facet in answer["facet_counts"]:
        counts = facet["counts"][:FACET_VALUES]
        values = " · ".join(f"{each['value']} ({each['count']:,})" for each in counts)
        yield Text(f"{facet['field_name']}: {values}")
    if answer["facet_counts"]:
        yield Text()
