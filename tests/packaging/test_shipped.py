"""The shipped collection specs are found in whatever way the program is installed."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SPECS = sorted(path.name for path in (PROJECT / "collections").glob("*.toml"))

LIST_SPECS = (
    "from indexer.shipped import shipped_collections as found\n"
    "print(found())\n"
    "print(*sorted(path.name for path in found().glob('*.toml')))"
)
OFFLINE = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation")


def run(*command: str | Path, cwd: Path, python_path: str = "") -> list[str]:
    """Run a program in a bare environment and return the lines that it prints."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": python_path}
    answer = subprocess.run(
        command, cwd=cwd, env=environment, check=False, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """The interpreter of an environment with all that the project needs, but not the project.

    What is installed already is linked into it, so that nothing is downloaded.
    """
    home = tmp_path / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    here = Path(sysconfig.get_path("purelib"))
    there = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    for entry in here.iterdir():
        if "indexer" not in entry.name and entry.suffix != ".pth":
            (there / entry.name).symlink_to(entry)
    return home / "bin" / "python"


def test_checkout_has_specs() -> None:
    """There is something to find: the tests below would hold for nothing otherwise."""
    assert {"scenes.toml", "performers.toml"} <= set(SPECS)


def test_checkout(tmp_path: Path, python: Path) -> None:
    """The specs are found when the source directory is only on the path."""
    found, names = run(python, "-c", LIST_SPECS, cwd=tmp_path, python_path=str(PROJECT))
    assert Path(found) == PROJECT / "collections"
    assert names.split() == SPECS


def test_editable_install(tmp_path: Path, python: Path) -> None:
    """The specs are found in the source directory after an editable install."""
    run(python, "-m", "pip", "install", *OFFLINE, "--editable", PROJECT, cwd=tmp_path)
    found, names = run(python, "-c", LIST_SPECS, cwd=tmp_path)
    assert Path(found) == PROJECT / "collections"
    assert names.split() == SPECS


def test_wheel(tmp_path: Path, python: Path) -> None:
    """A wheel carries the specs inside the package, and nothing from the source directory."""
    run(python, "-m", "pip", "wheel", *OFFLINE, "--wheel-dir", tmp_path, PROJECT, cwd=tmp_path)
    (wheel,) = tmp_path.glob("indexer-*.whl")
    run(python, "-m", "pip", "install", *OFFLINE, wheel, cwd=tmp_path)
    found, names = run(python, "-c", LIST_SPECS, cwd=tmp_path)
    assert Path(found).parts[-2:] == ("indexer", "_collections")
    assert Path(found).is_relative_to(tmp_path)
    assert names.split() == SPECS


def test_standard_library_is_not_hidden() -> None:
    """In the project's directory `import collections` still gives the standard library's."""
    (place,) = run(
        sys.executable, "-c", "import collections; print(collections.__file__)", cwd=PROJECT
    )
    assert Path(place).is_relative_to(sysconfig.get_path("stdlib"))
    assert not list((PROJECT / "collections").glob("*.py"))
