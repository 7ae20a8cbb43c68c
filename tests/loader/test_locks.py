"""Locks: one run at a time, and none that waits for the dead longer than it must."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from indexer.errors import LockHeld, RunFailed, TypesenseError
from indexer.events import Event, Retrying, Step, Waiting, Warned
from indexer.loader.identity import RunIdentity, this_run
from indexer.loader.locks import LOCKS, hold
from indexer.loader.server import Typesense
from indexer.loader.state import exactly, find, read, remove, write
from tests.loader.conftest import PATIENCE
from tests.typesense.choice import RunningTypesense
from tests.typesense.proxy import MANY, Answer, CutAnswer, FaultyProxy, Meanwhile, ReplaceAnswer

PROJECT = Path(__file__).parents[2]
LEASE = 2.0
NOBODY = 2**22 + 1  # above the largest process id that Linux gives
BUSY = b'{"committed_index":9,"queued_writes":7,"state":"LEADER"}'

Holder = Callable[[float], "subprocess.Popen[str]"]


@pytest.fixture
def rival(typesense: RunningTypesense) -> Iterator[Typesense]:
    """Another run's own connection."""
    with Typesense(typesense.url, typesense.api_key, patience=PATIENCE) as server:
        yield server


@pytest.fixture
def holder(typesense: RunningTypesense, server: Typesense, alias: str) -> Iterator[Holder]:
    """Start a process that has the lock, with that lease; what it leaves goes at the end."""
    started: list[subprocess.Popen[str]] = []

    def start(lease: float) -> "subprocess.Popen[str]":
        arguments = [typesense.url, typesense.api_key, alias, str(lease)]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.loader.lock_holder", *arguments],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert answer_of(process) == "held"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    remove(server, LOCKS, exactly("id", alias))


def answer_of(process: "subprocess.Popen[str]", question: str = "") -> str:
    """Ask such a process, if there is a question, and return what it says."""
    assert process.stdin is not None
    assert process.stdout is not None
    if question:
        process.stdin.write(f"{question}\n")
        process.stdin.flush()
    return process.stdout.readline().strip()


def leave_lock(server: Typesense, alias: str, run: RunIdentity, lease: float = LEASE) -> None:
    """Leave the lock of a run that died before its first beat."""
    write(server, LOCKS, {"id": alias, "lease": lease, **asdict(run)})


def elsewhere() -> RunIdentity:
    """A run of which nobody here can see whether it lives."""
    return replace(this_run(), host="lighthouse.example")


def assert_locked(server: Typesense, alias: str) -> None:
    """Make sure that another run does not get the lock."""
    with pytest.raises(LockHeld), hold(server, alias, this_run(), lease=LEASE):
        pass


def outcome_of_a_race(servers: list[Typesense], alias: str) -> list[str]:
    """Let a run a server try at the same time; what the winner got it keeps until all tried."""
    outcomes: list[str] = []
    over = threading.Event()
    together = threading.Barrier(len(servers))

    def run(server: Typesense) -> None:
        together.wait()
        try:
            with hold(server, alias, this_run(), lease=LEASE) as held:
                over.wait(30)
                held.check()
                outcomes.append("won")
        except LockHeld as error:
            outcomes.append(f"exit {error.exit_code}")
            over.set()

    threads = [threading.Thread(target=run, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_a_lock_comes_and_goes(server: Typesense, alias: str) -> None:
    """While it is held the lock says who has it; afterwards neither it nor its beat is there."""
    run = this_run()
    with hold(server, alias, run) as held:
        held.check()
        lock = read(server, LOCKS, alias)
        assert lock == {"id": alias, "lease": 120.0, **asdict(run)}
    assert find(server, LOCKS, "owner", run.owner) == []


def test_of_two_runs_one_wins(server: Typesense, rival: Typesense, alias: str) -> None:
    """Of two runs at once, 20 times, exactly one gets the lock and the other ends with 7."""
    outcomes = [outcome_of_a_race([server, rival], alias) for _ in range(20)]
    assert outcomes == [["exit 7", "won"]] * 20


def test_a_dead_lock_is_taken_over_once(server: Typesense, rival: Typesense, alias: str) -> None:
    """Of two runs that find the lock of a dead one, 10 times, exactly one takes it over."""
    outcomes = []
    for _ in range(10):
        leave_lock(server, alias, replace(this_run(), birth="1"))
        outcomes.append(outcome_of_a_race([server, rival], alias))
    assert outcomes == [["exit 7", "won"]] * 10


def test_the_refusal_says_who_has_it(server: Typesense, rival: Typesense, alias: str) -> None:
    """Who is locked out reads which host, process and time, and what to do."""
    run = elsewhere()
    with hold(server, alias, run, lease=LEASE), pytest.raises(LockHeld) as caught:  # noqa: SIM117
        with hold(rival, alias, this_run(), lease=LEASE):
            pass
    assert f"{alias} " in caught.value.message
    assert f"lighthouse.example, process {run.pid}, since 20" in caught.value.message
    assert "Wait until that run is over" in caught.value.hint
    assert (caught.value.exit_code, caught.value.slug) == (7, "locked")


def test_aliases_are_locked_one_by_one(server: Typesense, rival: Typesense, alias: str) -> None:
    """A run may hold several aliases; one that it released is free, the others stay locked."""
    run, other = this_run(), f"{alias}_old"
    with hold(server, alias, run, lease=LEASE):
        with hold(server, other, run, lease=LEASE) as held:
            held.check()
        with hold(rival, other, this_run(), lease=LEASE):
            assert_locked(rival, alias)


def test_killed_here_is_taken_over_at_once(
    server: Typesense, alias: str, holder: Holder, events: list[Event]
) -> None:
    """The lock of a process of this host that was killed with -9 needs no watching."""
    process = holder(3_600)
    process.kill()
    process.wait()
    with hold(server, alias, this_run()) as held:
        held.check()
    assert [type(event) for event in events] == [Step]
    assert f"process {process.pid}" in str(events[0])


def test_killed_and_not_waited_for(server: Typesense, alias: str, holder: Holder) -> None:
    """A killed process whose parent has not waited for it yet is gone as well."""
    process = holder(3_600)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    with hold(server, alias, this_run()) as held:
        held.check()


def test_paused_past_its_lease(server: Typesense, alias: str, holder: Holder) -> None:
    """A paused run loses the lock after its lease, sees so when it wakes, and leaves ours alone."""
    process = holder(1)
    assert answer_of(process, "look") == "ours"
    process.send_signal(signal.SIGSTOP)
    with hold(server, alias, this_run()) as held:
        process.send_signal(signal.SIGCONT)
        assert answer_of(process, "look") == "lost"
        process.communicate()
        assert process.returncode == 0
        held.check()


def test_a_process_that_is_not_there(server: Typesense, alias: str, events: list[Event]) -> None:
    """Here, a process id that nobody has is gone, and one with another birth is another process."""
    for dead in (replace(this_run(), pid=NOBODY), replace(this_run(), birth="1")):
        leave_lock(server, alias, dead)
        with hold(server, alias, this_run()):
            pass
    assert [type(event) for event in events] == [Step, Step]


def test_unseen_and_still_is_taken_over(server: Typesense, alias: str, events: list[Event]) -> None:
    """A run that can't be seen from here is watched for its lease, and said so."""
    run = elsewhere()
    leave_lock(server, alias, run, lease=0.5)
    with hold(server, alias, this_run()) as held:
        held.check()
    assert [type(event) for event in events] == [Waiting, Step]
    assert "lighthouse.example" in str(events[1])


@pytest.mark.parametrize("place", ["", "a-boot pid:[1]"])
def test_what_the_system_does_not_tell(
    server: Typesense, alias: str, events: list[Event], place: str
) -> None:
    """Host name and process id alone prove nothing: containers share them."""
    leave_lock(server, alias, replace(this_run(), pid=NOBODY, place=place), lease=0.5)
    with hold(server, alias, this_run()):
        pass
    assert [type(event) for event in events] == [Waiting, Step]


def test_a_beat_that_was_queued(
    proxy: FaultyProxy, through_proxy: Typesense, alias: str, events: list[Event]
) -> None:
    """A beat that lands while the server settles is seen: the watch begins anew."""
    run = elsewhere()
    leave_lock(through_proxy, alias, run, lease=0.5)
    beat = {"id": f"beat:{run.owner}", "owner": run.owner, "beat": 1}
    proxy.fail(Meanwhile(lambda: write(through_proxy, LOCKS, beat), on="/status"))
    with hold(through_proxy, alias, this_run()):
        pass
    assert [type(event) for event in events] == [Waiting, Waiting, Step]
    assert find(through_proxy, LOCKS, "owner", run.owner) == []


def test_it_settles_before_it_takes_over(
    proxy: FaultyProxy, through_proxy: Typesense, alias: str
) -> None:
    """No lock is removed before the server is settled."""
    leave_lock(through_proxy, alias, replace(this_run(), birth="1"))
    proxy.fail(ReplaceAnswer(BUSY, on="/status", times=3))
    with hold(through_proxy, alias, this_run()):
        paths = [
            seen.path for seen in proxy.seen if seen.method == "DELETE" or "/status" in seen.path
        ]
    assert paths[:4] == ["/status"] * 4
    assert LOCKS.name in paths[4]


def test_a_lost_answer_to_the_lock(
    proxy: FaultyProxy, through_proxy: Typesense, alias: str
) -> None:
    """Made, answer lost, tried again: the lock that is found is our own."""
    proxy.fail(CutAnswer(0, on="action=create"))
    with hold(through_proxy, alias, this_run(), lease=LEASE) as held:
        held.check()
    assert len(proxy.requests("action=create")) == 2


def test_a_lost_answer_to_the_take_over(
    proxy: FaultyProxy, through_proxy: Typesense, alias: str
) -> None:
    """Removed, answer lost, tried again: the lock is free and can be had."""
    leave_lock(through_proxy, alias, replace(this_run(), birth="1"))
    proxy.fail(CutAnswer(0, on=LOCKS.name, method="DELETE"))
    with hold(through_proxy, alias, this_run(), lease=LEASE) as held:
        held.check()


def test_a_lost_answer_to_the_release(
    proxy: FaultyProxy, through_proxy: Typesense, alias: str, events: list[Event]
) -> None:
    """Released, answer lost, tried again: gone is what was wanted."""
    with hold(through_proxy, alias, this_run(), lease=LEASE):
        proxy.fail(CutAnswer(0, on=LOCKS.name, method="DELETE"))
    assert read(through_proxy, LOCKS, alias) is None
    assert not any(isinstance(event, Warned) for event in events)


def test_a_release_that_fails(
    proxy: FaultyProxy, through_proxy: Typesense, alias: str, events: list[Event]
) -> None:
    """A lock that can't be released is left, with a warning; the run's own error is what shows."""
    failure = Answer(503, b"{}", on=LOCKS.name, method="DELETE", times=MANY)

    def go_wrong() -> None:
        proxy.fail(failure)
        raise RunFailed("The lanterns went out.", "Light them.")

    with pytest.raises(RunFailed), hold(through_proxy, alias, this_run(), lease=LEASE):
        go_wrong()
    assert "was not released and will be taken over" in str(events[-1])
    failure.times = 0
    remove(through_proxy, LOCKS, exactly("id", alias))


def test_beats_go_on_after_failures(
    proxy: FaultyProxy,
    through_proxy: Typesense,
    rival: Typesense,
    alias: str,
    events: list[Event],
) -> None:
    """A server that fails for a while doesn't end the beat: the lock is kept."""
    proxy.fail(Answer(503, b"{}", on="action=upsert", times=3))
    with hold(through_proxy, alias, this_run(), lease=LEASE) as held:
        while len(proxy.requests("action=upsert")) < 4:
            time.sleep(0.05)
        assert_locked(rival, alias)
        held.check()
    assert sum(isinstance(event, Retrying) for event in events) >= 3


def test_a_lock_that_somebody_removed(server: Typesense, alias: str) -> None:
    """A lock that is not there any more is lost, whoever has it."""
    with hold(server, alias, this_run(), lease=LEASE) as held:
        remove(server, LOCKS, exactly("id", alias))
        with pytest.raises(LockHeld, match="lost its lock") as caught:
            held.check()
    assert caught.value.exit_code == 7


def test_a_lock_that_cannot_be_looked_at(
    proxy: FaultyProxy, through_proxy: Typesense, alias: str
) -> None:
    """A refused look is an error of Typesense's, not a lost lock."""
    with hold(through_proxy, alias, this_run(), lease=LEASE) as held:
        proxy.fail(Answer(401, b"{}", on=f"/{alias}"))
        with pytest.raises(TypesenseError):
            held.check()
        held.check()


def test_an_odd_alias_is_refused(server: Typesense) -> None:
    """An alias that can't be written into a filter is refused before anything is locked."""
    with pytest.raises(TypesenseError, match="no id"), hold(server, "a`b", this_run()):
        pass
