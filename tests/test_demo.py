"""`make demo`: shows what it promises, ends by itself or when told to, leaves nothing behind."""

import os
import platform
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.demo import main
from tests.typesense.choice import RunningTypesense

pytestmark = pytest.mark.no_cover

PROJECT = Path(__file__).parents[1]
SECONDS = 100.0
KEPT_BY_RUNS = ("indexer_locks", "indexer_collections", "indexer_runs")


@contextmanager
def demo(scratch: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The demo as a program, first of a process group of its own, its scratch space known."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.demo"],
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": str(scratch), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with program:
        try:
            yield program
        finally:
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGKILL)


def read_until(program: subprocess.Popen[str], text: str) -> str:
    """What the program has said up to and with the line that holds a text."""
    said = ""
    assert program.stdout is not None
    for line in program.stdout:
        said += line
        if text in line:
            return said
    raise AssertionError(f"It never said {text!r}, but:\n{said}")


def assert_nothing_left(program: subprocess.Popen[str], scratch: Path) -> None:
    """No process of its group is alive and no file of its is left."""
    with pytest.raises(ProcessLookupError):
        os.killpg(program.pid, 0)
    assert list(scratch.iterdir()) == []


def as_exports(said: str) -> Mapping[str, str]:
    """The settings that a demo which stays up has printed."""
    return dict(re.findall(r"^export (\w+)=(\S+)$", said, re.MULTILINE))


def test_shows_a_summary_three_searches_and_the_way_on(tmp_path: Path) -> None:
    """The demo exits 0 having shown all that it promises, and nothing of it is left."""
    with demo(tmp_path) as program:
        said, _ = program.communicate(timeout=SECONDS)
    assert program.returncode == 0, said
    assert "Done: 8 live." in said
    assert len(re.findall(r"[1-9]\d* found in \d+ ms", said)) == 3, said
    assert re.search(r"resolution +1080p \(\d+\)", said), said
    assert "Leo Svensson" in said
    assert "export STASH_URL=" in said
    assert_nothing_left(program, tmp_path)


def test_stays_up_until_interrupted(tmp_path: Path) -> None:
    """With KEEP=1 both servers and the search page answer where it says, until Ctrl-C; exit 0."""
    with demo(tmp_path, KEEP="1") as program:
        said = read_until(program, "stay up until Ctrl-C")
        said += read_until(program, "INDEXER_DEAD_LETTERS")
        settings = as_exports(said)
        address = read_until(program, "The search page: ").split()[-1]
        page = httpx.get(f"{address}config.json")
        found = httpx.get(
            f"{settings['TYPESENSE_URL']}/collections/scenes/documents/search",
            params={"q": "*"},
            headers={"X-TYPESENSE-API-KEY": settings["TYPESENSE_API_KEY"]},
        )
        answer = httpx.post(
            f"{settings['STASH_URL']}/graphql",
            json={"query": "{ stats { scene_count } }"},
            headers={"ApiKey": settings["STASH_API_KEY"]},
        )
        os.killpg(program.pid, signal.SIGINT)  # as a terminal does
        said, _ = program.communicate(timeout=SECONDS)
    assert "Stopping both." in said
    assert page.json()["stash_url"] == settings["STASH_URL"]
    assert found.json()["found"] == 2000
    assert answer.json()["data"]["stats"]["scene_count"] == 2000
    assert program.returncode == 0
    assert_nothing_left(program, tmp_path)


def test_stopped_half_way_leaves_nothing(tmp_path: Path) -> None:
    """SIGTERM while the program indexes ends everything; exit 143."""
    with demo(tmp_path) as program:
        read_until(program, "indexer reindex")
        program.terminate()
        program.communicate(timeout=SECONDS)
    assert program.returncode == 143
    assert_nothing_left(program, tmp_path)


def test_leaves_nothing_on_a_server_that_was_named(
    tmp_path: Path, typesense: RunningTypesense
) -> None:
    """On the Typesense of TYPESENSE_URL the demo works under names of its own and removes them."""
    own = {"TYPESENSE_URL": typesense.url, "TYPESENSE_API_KEY": typesense.api_key}
    with demo(tmp_path, **own) as program:
        said, _ = program.communicate(timeout=SECONDS)
    assert program.returncode == 0, said
    assert "demo_" in said
    headers = {"X-TYPESENSE-API-KEY": typesense.api_key}
    kept = [f"/collections/{name}/documents/export" for name in KEPT_BY_RUNS]
    for path in ("/collections", "/aliases", "/presets", *kept, "/stopwords", "/synonym_sets"):
        answer = httpx.get(typesense.url + path, headers=headers)
        assert answer.is_success or path in ("/stopwords", "/synonym_sets")  # not before v26, v30
        assert "demo_" not in answer.text, path
    assert_nothing_left(program, tmp_path)


def test_says_how_to_go_on_where_the_wheel_cannot_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a Mac the demo says how to start a server and name it: the commands fit one another."""
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert main({}) == 2
    said = capsys.readouterr().out
    assert "this is Darwin arm64" in said
    command, names = re.split(r"\n +(?=TYPESENSE_URL)", said.partition("docker run ")[2])
    given = dict(re.findall(r"(TYPESENSE_\w+)=(\S+)", names.partition(" make demo")[0]))
    assert given["TYPESENSE_URL"] == "http://127.0.0.1:8108"
    assert "-p 127.0.0.1:8108:8108 " in command
    assert f"--data-dir /data --api-key={given['TYPESENSE_API_KEY']}" in command
    image = re.findall(r"typesense/typesense:\S+", command)
    assert image == re.findall(r"image: (\S+)", (PROJECT / "compose.test.yml").read_text())[-1:]


def test_names_a_server_that_cannot_be_used(tmp_path: Path) -> None:
    """A TYPESENSE_URL where nobody listens is told in one line; exit 2."""
    with demo(tmp_path, TYPESENSE_URL="http://127.0.0.1:9") as program:
        said, _ = program.communicate(timeout=SECONDS)
    assert program.returncode == 2
    assert "TYPESENSE_URL can't be used" in said
    assert_nothing_left(program, tmp_path)
