"""What can't be tested here is told in one line, run side by side or not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.no_cover

_HERE = Path(__file__).parents[1]
_TOO_NEW = """
import pytest

@pytest.mark.needs_typesense(">=999")
def test_of_a_later_day(typesense):
    raise AssertionError

def test_of_today():
    pass
"""
SIDE_BY_SIDE = pytest.mark.parametrize("how", ["--numprocesses=2", "--numprocesses=0"])


def _pytest(*arguments: str, **environment: str) -> tuple[int, str]:
    """The exit code and the output of a run of some tests."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *arguments,
            "-q",
            "-pno:cacheprovider",
            "-cpyproject.toml",
        ],
        cwd=_HERE,
        env={**ours, "CI": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@SIDE_BY_SIDE
def test_without_the_recordings(how: str, tmp_path: Path) -> None:
    """Tests that need the recordings are left out, which is said once, with where they belong."""
    code, told = _pytest(
        "tests/extractor/test_recorded.py",
        "tests/extractor/test_canonical.py",
        how,
        STASH_RECORDINGS=str(tmp_path / "none"),
    )
    assert code == 0, told
    (line,) = [line for line in told.splitlines() if "left out" in line]
    assert line.endswith(f"tests left out: no recordings of Stash in {tmp_path / 'none'}")
    assert int(line.split()[0]) >= 21


@SIDE_BY_SIDE
def test_without_the_recordings_in_ci(how: str, tmp_path: Path) -> None:
    """Where CI is set, nothing that matters may be left out."""
    file = "tests/extractor/test_recorded.py"
    code, told = _pytest(file, how, CI="1", STASH_RECORDINGS=str(tmp_path / "none"))
    assert code != 0
    assert "no recordings of Stash" in told


@SIDE_BY_SIDE
def test_of_a_newer_typesense(how: str, tmp_path: Path) -> None:
    """What the Typesense at hand is too old for is counted, and told once."""
    file = tmp_path / "test_too_new.py"
    file.write_text(_TOO_NEW)
    plugins = ("-ptests.left_out", "-ptests.typesense.fixtures")
    code, told = _pytest(str(file), how, *plugins)
    assert code == 0, told
    (line,) = [line for line in told.splitlines() if "left out" in line]
    assert line.endswith("tests left out: they need a newer Typesense")
