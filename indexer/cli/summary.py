"""What a run came to, for a person or a program: shared by all commands that write."""

from collections.abc import Sequence

from rich.table import Table

from indexer.cli import output
from indexer.errors import EXIT_OK
from indexer.pipeline.report import CollectionReport, RunReport


def tell(report: RunReport, *, as_json: bool) -> int:
    """Print a run's report and return its exit code."""
    if as_json:
        output.json(report.as_json())
    else:
        show(report)
    return report.exit_code


def show(report: RunReport) -> None:
    """Print a line a collection, what else there is to say, and on stderr what went wrong."""
    if report.collections:
        notes = [line for entry in report.collections for line in _notes(entry)]
        output.show(_counts(report.collections), "", *notes, _last_line(report))
    show_errors(report)


def show_errors(report: RunReport) -> None:
    """Tell on stderr what went wrong, the run's own error first."""
    for error in (report.error, *(entry.error for entry in report.collections)):
        if error is not None:
            output.error(error.message, error.hint)


def _counts(entries: Sequence[CollectionReport]) -> Table:
    numbers = ("read", "loaded", "refused", "deleted", "documents", "seconds")
    table = output.table("collection", "state", *numbers, numbers=numbers)
    for entry in entries:
        counts = (entry.read, entry.loaded, entry.refused, entry.deleted, entry.documents)
        shown = [output.number(count) for count in counts]
        table.add_row(entry.name, entry.state, *shown, f"{entry.seconds:.1f}")
    return table


def _notes(entry: CollectionReport) -> list[str]:
    """Return what there is to say of a collection beside its counts."""
    notes = []
    if entry.swapped:
        notes.append(f"{entry.alias}: {entry.previous or 'nothing'} -> {entry.collection}")
    elif entry.state != "live" and entry.collection not in {None, entry.previous}:
        notes.append(f"{entry.alias}: stays as it is; {entry.collection} is there to be looked at")
    notes += [f"{entry.alias}: dropped {name}: {why}" for name, why in entry.dropped.items()]
    notes += [
        f'{entry.name}: the gate "{gate.name}" saw {gate.seen:g}, limit {gate.limit:g}'
        for gate in entry.gates
        if not gate.ok
    ]
    if entry.dead_letters:
        notes.append(f"{entry.name}: refused documents are in {entry.dead_letters}")
    return notes


def _last_line(report: RunReport) -> str:
    states = [entry.state for entry in report.collections]
    told = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    outcome = (
        "Done" if report.exit_code == EXIT_OK else f"Finished with exit code {report.exit_code}"
    )
    return f"{outcome}: {told}."
