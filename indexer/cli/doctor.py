"""`indexer doctor`: is everything there that a run needs?"""

from collections.abc import Sequence
from contextlib import ExitStack

import click

from indexer.cli import output
from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.servers import compiled_specs, open_stash, open_typesense
from indexer.pipeline.doctor import BACKUP, Check, Surroundings, exit_code
from indexer.pipeline.doctor import as_json as doctor_as_json
from indexer.pipeline.doctor import doctor as examine
from indexer.retries import ONCE, Patience
from indexer.settings import STASH, TYPESENSE, Settings, missing

SETTLING = Patience(3)
"""Long enough for writes that are just being done, short enough for a person who waits."""

EXAMPLES = (
    "indexer doctor          # each thing a run needs: ok, or what is wrong and what to do",
    "indexer doctor --json   # the same for a program",
)


@click.command(cls=Command, examples=EXAMPLES)
@json_option
@with_common
def doctor(common: Common, *, as_json: bool) -> int:
    """Look at all that a run needs.

    What the key may do is tried on a collection and documents that are removed again.
    """
    reading = common.reading()
    settings = reading.settings
    with common.listener() as emit, ExitStack() as stack:
        stash = typesense = None
        if not missing(settings, STASH):
            stash = stack.enter_context(open_stash(_light(settings), emit, patience=ONCE))
        if not missing(settings, TYPESENSE):
            typesense = stack.enter_context(open_typesense(settings, emit, patience=SETTLING))
        around = Surroundings(reading, lambda: compiled_specs(settings), stash, typesense)
        checks = examine(around)
    if as_json:
        output.json(doctor_as_json(checks))
    else:
        _show(checks)
    return exit_code(checks)


def _light(settings: Settings) -> Settings:
    """Return the settings to look with: a look isn't worth a copy of the whole database."""
    if settings.source != BACKUP:
        return settings
    return settings.model_copy(update={"source": "api"})


def _show(checks: Sequence[Check]) -> None:
    table = output.table("", "check", "seen")
    for check in checks:
        table.add_row("ok" if check.ok else "WRONG", check.name, check.seen)
        if not check.ok:
            table.add_row("", "", f"-> {check.hint}")
    wrong = sum(not check.ok for check in checks)
    output.show(table, "", f"{wrong} of {len(checks)} checks failed." if wrong else "All is well.")
