"""Past runs: the newest first, a hundred an alias."""

from dataclasses import replace

from indexer.loader.runs import KEPT, RUNS, PastRun, last_good, last_runs, write_run
from indexer.loader.server import Typesense
from indexer.loader.state import pack, write


def ran(alias: str, number: int, exit_code: int = 0) -> PastRun:
    """The so-many-th run."""
    start = 1_790_000_000 + 60 * number
    return PastRun(f"{number:04x}", alias, "sync", "live", start, start + 9, exit_code)


def test_a_run_comes_back(server: Typesense, alias: str) -> None:
    """What was written is read back equal: error, counts, gates and versions included."""
    plain = ran(alias, 1)
    full = replace(
        ran(alias, 2, 4),
        state="refused",
        error_slug="gate-refused",
        error_message='lanterns was not moved ("shrink": 3)',
        counts={"read": 8, "refused": 1},
        gates=[{"name": "shrink", "ok": False, "seen": 3.0, "limit": 0.7}],
        versions={"indexer": "0.1.0", "stash": "v0.28.0", "typesense": "27.1"},
    )
    for each in (plain, full):
        write_run(server, each)
    assert last_runs(server, alias) == [full, plain]


def test_one_run_has_a_document_for_each_alias(server: Typesense, alias: str) -> None:
    """The turns of one run don't replace one another; one written again replaces itself."""
    other = f"{alias}_old"
    for name in (alias, other, alias):
        write_run(server, ran(name, 1))
    assert [last_runs(server, name) for name in (alias, other)] == [
        [ran(alias, 1)],
        [ran(other, 1)],
    ]


def test_the_newest_come_first(server: Typesense, alias: str) -> None:
    """In whatever order they were written, the newest are given, as many as asked for."""
    for number in (2, 3, 1):
        write_run(server, ran(alias, number))
    assert last_runs(server, alias, 2) == [ran(alias, 3), ran(alias, 2)]


def test_the_last_good_run(server: Typesense, alias: str) -> None:
    """Good is a run that did its work, with some documents refused or none."""
    assert last_good(last_runs(server, alias)) is None
    for number, code in enumerate((0, 3, 4, 5, 6, 7, 130)):
        write_run(server, ran(alias, number, code))
    assert last_good(last_runs(server, alias)) == ran(alias, 1, 3)


def test_only_what_brings_up_to_date_is_good(server: Typesense, alias: str) -> None:
    """A prune, rollback or release that went well says nothing of the documents."""
    write_run(server, ran(alias, 1))
    for number, command in enumerate(("prune", "rollback", "release"), start=2):
        write_run(server, replace(ran(alias, number), command=command))
    assert last_good(last_runs(server, alias)) == ran(alias, 1)


def test_a_hundred_are_kept(server: Typesense, alias: str) -> None:
    """Beyond a hundred the oldest go, the alias's own and no other's."""
    other = ran(f"{alias}_old", 0)
    write_run(server, other)
    for number in range(KEPT + 5):
        run = ran(alias, number)
        write(server, RUNS, pack(f"{run.run}:{alias}", vars(run), ("counts", "gates", "versions")))
    write_run(server, ran(alias, KEPT + 5))
    kept = last_runs(server, alias)
    assert [run.run for run in kept] == [f"{number:04x}" for number in range(KEPT + 5, 5, -1)]
    assert last_runs(server, other.alias) == [other]


def test_the_last_good_run_stays(server: Typesense, alias: str) -> None:
    """However many failed since, it is known when the last good one was; older ones go."""
    for number in range(KEPT + 3):
        run = ran(alias, number, 0 if number < 2 else 5)
        write(server, RUNS, pack(f"{run.run}:{alias}", vars(run), ("counts", "gates", "versions")))
    write_run(server, ran(alias, KEPT + 3, 5))
    assert last_good(last_runs(server, alias)) == ran(alias, 1)
    assert len(last_runs(server, alias)) == KEPT + 1
