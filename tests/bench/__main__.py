"""`python -m tests.bench [NAME…]`: measure, print one table, exit 1 where a limit is passed."""

import gc
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from indexer.cli import COLLECT_AFTER
from tests.bench import bulk, database, growth, memory, nightly, search, transform
from tests.bench.figure import Figure
from tests.typesense.binary import BinaryError

GROUPS: Mapping[str, Callable[[], Iterable[Figure]]] = {
    "transform": transform.figures,
    "bulk": bulk.figures,
    "database": database.figures,
    "nightly": nightly.figures,
    "memory": memory.figures,
    "search": search.figures,
}
BY_HAND: Mapping[str, Callable[[], Iterable[Figure]]] = {"growth": growth.figures}
"""Measured only where they are named."""
WIDTH = 120
EXIT_OVER = 1
EXIT_CANNOT_RUN = 2


def main(names: Sequence[str]) -> int:
    """Measure the groups of these names, all of GROUPS if none is given; return the exit code."""
    known = {**GROUPS, **BY_HAND}
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.stderr.write(f"There is no {', '.join(unknown)}; known: {', '.join(known)}.\n")
        return EXIT_CANNOT_RUN
    gc.set_threshold(COLLECT_AFTER)  # as the program itself does
    figures: list[Figure] = []
    try:
        for name in names or GROUPS:
            sys.stderr.write(f"measuring {name} …\n")
            figures.extend(known[name]())
    except BinaryError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_CANNOT_RUN
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    console.print(as_table(figures))
    return 0 if all(figure.ok for figure in figures) else EXIT_OVER


def as_table(figures: Iterable[Figure]) -> Table:
    """Return one line a figure."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("figure")
    for heading in ("seen", "limit"):
        table.add_column(heading, justify="right")
    table.add_column("unit")
    table.add_column("")
    for figure in figures:
        seen = f"{figure.seen:,.0f}" if abs(figure.seen) >= 100 else f"{figure.seen:.2f}"
        style = None if figure.ok else "bold red"
        table.add_row(figure.name, seen, figure.limit, figure.unit, figure.verdict, style=style)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
