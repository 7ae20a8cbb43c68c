"""doctor: looks at all that a run needs; a failing check doesn't hide the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from indexer.errors import EXIT_OK, IndexerError, TypesenseError, worst
from indexer.extractor.source import Source
from indexer.loader.aliases import check_name_free
from indexer.loader.catalog import resolve
from indexer.loader.probe import probe_key
from indexer.loader.server import Typesense
from indexer.loader.settling import settled
from indexer.origins import Reading
from indexer.pipeline.report import FORMAT
from indexer.pipeline.room import copy_size, free_memory, megabytes
from indexer.records import Kind
from indexer.settings import STASH, TYPESENSE
from indexer.transformer.compile import CompiledSpec

BYTES_PER_DOCUMENT = 6_000
"""Of scenes and performers that aren't there yet; measured: 100,000 of 66 fields add 563 MB."""

BACKUP = "backup"
"""The way of reading that is named and not tried."""


@dataclass(frozen=True)
class Check:
    """One thing that a run needs: what was seen, and what to do where it isn't ok."""

    name: str
    ok: bool
    seen: str
    hint: str = ""
    exit_code: int = EXIT_OK


@dataclass(frozen=True)
class Surroundings:
    """What the doctor looks at; a server that no setting names is None.

    Where the setting `source` is "backup", `source` reads in another way.
    """

    reading: Reading
    load_specs: Callable[[], Sequence[CompiledSpec]]
    source: Source | None
    typesense: Typesense | None


def doctor(around: Surroundings) -> list[Check]:
    """Return all checks, in the order in which a person would mend things."""
    visit = _Visit(around)
    visit.check("settings", visit.settings)
    visit.check("collection specs", visit.read_specs)
    if around.source:
        visit.stash(around.source)
    if around.typesense:
        visit.typesense(around.typesense)
    return visit.checks


def exit_code(checks: Sequence[Check]) -> int:
    """Return the exit code that stands for all checks."""
    return worst([check.exit_code for check in checks])


def as_json(checks: Sequence[Check]) -> dict[str, Any]:
    """Return the object that --json prints."""
    failed = [check for check in checks if not check.ok]
    first = next((check for check in failed if check.exit_code == exit_code(checks)), None)
    error = {"slug": "doctor", "message": first.seen, "hint": first.hint} if first else None
    shown = [asdict(check) for check in checks]
    return {"format": FORMAT, "exit_code": exit_code(checks), "error": error, "checks": shown}


class _Visit:
    """One visit: the checks so far, and what later ones build on."""

    def __init__(self, around: Surroundings) -> None:
        self.checks: list[Check] = []
        self._around = around
        self._specs: Sequence[CompiledSpec] = ()
        self._counts: Mapping[Kind, int] = {}

    def check(self, name: str, look: Callable[[], str]) -> bool:
        """Note what a look saw, or why it failed; say whether it is ok."""
        try:
            check = Check(name, ok=True, seen=look())
        except IndexerError as error:
            told = {"seen": error.message, "hint": error.hint}
            check = Check(name, ok=False, exit_code=error.exit_code, **told)
        self.checks.append(check)
        return check.ok

    def settings(self) -> str:
        self._around.reading.checked([*STASH, *TYPESENSE])
        return "complete"

    def read_specs(self) -> str:
        self._specs = self._around.load_specs()
        return ", ".join(spec.name for spec in self._specs)

    def stash(self, source: Source) -> None:
        """Look at Stash; nothing more can be asked of one that doesn't answer."""
        if self.check("Stash", partial(self._ask_stash, source)):
            self.check(
                "way of reading Stash", partial(_way, source, self._around.reading.settings.source)
            )
            for spec in self._specs:
                self.check(f"Stash fields for {spec.name}", partial(_fields, source, spec))

    def typesense(self, server: Typesense) -> None:
        """Look at Typesense; nothing more can be asked of one that doesn't answer."""
        if not self.check("Typesense", partial(_reached, server)):
            return
        prefix = self._around.reading.settings.alias_prefix
        self.check("Typesense version", server.version)
        self.check("Typesense is settled", partial(_settled, server))
        self.check("Typesense key", partial(_rights, server, prefix))
        self.check("Typesense memory", partial(_memory, server, self._specs, self._counts))
        for spec in self._specs:
            self.check(f"name of {spec.name}", partial(_name, server, spec.alias))

    def _ask_stash(self, source: Source) -> str:
        info = source.info()
        self._counts = info.counts
        version = info.version or "of a version it doesn't tell"
        return f"{info.url} lets us in; Stash {version}, database schema {info.schema}"


def _way(source: Source, setting: str) -> str:
    if setting == BACKUP:
        return f"{BACKUP} would be used; not tried, as Stash would have to copy its database"
    return f"{source.name} would be used"


def _fields(source: Source, spec: CompiledSpec) -> str:
    absent = {
        f"{kind}.{path}"
        for kind, paths in spec.asked.items()
        for path in source.absent(kind, paths)
    }
    return f"stay unset, not in this Stash: {', '.join(sorted(absent))}" if absent else "all there"


def _reached(typesense: Typesense) -> str:
    typesense.check_key()
    return f"{typesense.url} answers and takes the key"


def _settled(typesense: Typesense) -> str:
    settled(typesense)
    return "it leads, and no write is waiting"


def _rights(typesense: Typesense, prefix: str) -> str:
    probes = probe_key(typesense, prefix)
    failed = [probe for probe in probes if not probe.ok]
    if failed:
        told = "; ".join(f"{probe.action}: {probe.message}" for probe in failed)
        hint = (
            "Give TYPESENSE_API_KEY a key that may do this, such as the admin key; one that is "
            f"bound to names needs `{prefix}.*` and `indexer_.*`."
        )
        raise TypesenseError(f"The key may not do all that a run does: {told}", hint)
    return f"may {', '.join(probe.action for probe in probes)}"


def _memory(typesense: Typesense, specs: Sequence[CompiledSpec], counts: Mapping[Kind, int]) -> str:
    """Compare what is free with what a run builds at once: a copy of one collection, first all."""
    memory = typesense.memory()
    free = free_memory(typesense.url, memory)
    copies = [copy_size(typesense, resolve(typesense, spec.alias)) for spec in specs]
    first = BYTES_PER_DOCUMENT * (counts.get("scene", 0) + counts.get("performer", 0))
    needed = max(copies, default=0) or first
    seen = f"{megabytes(free)} free of {megabytes(memory.memory_total)}"
    if free < needed:
        hint = "Give Typesense more memory: while a run builds, old and new are both in memory."
        raise TypesenseError(f"{seen}; a new copy takes about {megabytes(needed)}.", hint)
    return seen


def _name(typesense: Typesense, alias: str) -> str:
    check_name_free(typesense, alias)
    return f"nothing else has the name {alias}"
