"""A run of the indexer as a process of its own, so that its memory can be measured.

`python -m tests.bench.client URL KEY SCENES…` reindexes a library of each size after the other
and prints for each the most memory that the process has had until then, in bytes.
"""

import gc
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.cli import COLLECT_AFTER
from indexer.events import nobody
from indexer.loader.server import Typesense
from indexer.pipeline.reindex import reindex
from indexer.pipeline.run import Run
from tests.bench.program import peak_bytes
from tests.bench.source import GeneratedSource
from tests.bench.specs import shipped_specs


def main(url: str, api_key: str, sizes: list[int]) -> int:
    """Run, print, and return 0 if every run ended well."""
    gc.set_threshold(COLLECT_AFTER)  # as the program itself does
    with TemporaryDirectory() as directory, Typesense(url, api_key) as server:
        for size in sizes:
            source = GeneratedSource(size)
            dead_letters = Path(directory)
            run = Run(source, server, shipped_specs(), nobody, dead_letters, datetime.now(UTC))
            report = reindex(run)
            if report.exit_code:
                sys.stderr.write(f"{report.as_json()}\n")
                return report.exit_code
            sys.stdout.write(f"{peak_bytes()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], [int(size) for size in sys.argv[3:]]))
