"""`indexer extract`: all of a library in one file, to be read where Stash isn't."""

import time
from pathlib import Path

import click

from indexer.cli import output
from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.servers import open_stash
from indexer.errors import EXIT_OK, EXIT_REFUSED_SOME
from indexer.extractor.extract import Extracted
from indexer.extractor.extract import extract as write
from indexer.pipeline.report import FORMAT
from indexer.settings import STASH

EXAMPLES = (
    "indexer extract --out library.jsonl.zst",
    "indexer reindex --source snapshot:library.jsonl.zst   # from that file, without Stash",
)


@click.command(cls=Command, examples=EXAMPLES)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="The file to write, such as library.jsonl.zst.",
)
@json_option
@with_common
def extract(common: Common, out: Path, *, as_json: bool) -> int:
    """Write all that is read of Stash into one file.

    Any command takes the file in Stash's place: --source snapshot:FILE.
    """
    settings = common.settings(STASH)
    with common.listener() as emit, open_stash(settings, emit) as source:
        extracted = write(source, out, now=int(time.time()), emit=emit)
    code = EXIT_REFUSED_SOME if extracted.unreadable else EXIT_OK
    if as_json:
        output.json(_as_json(extracted, out, code))
    else:
        _show(extracted, out)
    return code


def _as_json(extracted: Extracted, out: Path, code: int) -> dict[str, object]:
    return {
        "format": FORMAT,
        "exit_code": code,
        "error": None,
        "file": str(out),
        "bytes": extracted.bytes,
        "records": dict(extracted.records),
        "unreadable": extracted.unreadable,
    }


def _show(extracted: Extracted, out: Path) -> None:
    table = output.table("kind", "records", numbers=["records"])
    for kind, count in extracted.records.items():
        table.add_row(kind, output.number(count))
    notes = [f"{out}: {output.number(extracted.bytes)} bytes"]
    if extracted.unreadable:
        notes.append(f"{extracted.unreadable:,} more could not be read, and stay so in the file")
    output.show(table, "", *notes)
