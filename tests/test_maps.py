"""The map that each room has in its docstring, held to the modules that are there."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import indexer
from indexer.cli.program import program

ROOMS = ("extractor", "transformer", "loader", "pipeline", "ui", "cli")
MOST_LINES = 250
LISTS_OF_FIELDS = {"records.py", "wire.py"}
"""Of which CONTRIBUTING.md says that they are longer."""


@pytest.mark.parametrize("room", ROOMS)
def test_each_module_stands_in_the_map(room: str) -> None:
    """Every module is named, at a line's start or in brackets, but for those of commands."""
    package = import_module(f"indexer.{room}")
    there = {module.name for module in iter_modules(package.__path__)}
    commands = set(program.commands) if room == "cli" else set()
    _, _, lines = str(package.__doc__).partition("\n")
    named = {*re.findall(r"^(\w+) ", lines, re.MULTILINE), *_in_brackets(lines)}
    assert named == there - commands


def test_no_module_is_longer_than_said() -> None:
    """A module has as many lines at most as CONTRIBUTING.md says."""
    modules = Path(indexer.__path__[0]).rglob("*.py")
    lengths = {each.name: len(each.read_text("utf-8").splitlines()) for each in modules}
    assert {name for name, length in lengths.items() if length > MOST_LINES} == LISTS_OF_FIELDS


def _in_brackets(text: str) -> set[str]:
    """Return the names before the colon in brackets, `(shape_scene: scenes)`."""
    inside = re.findall(r"\((.+?):", text)
    return {name for each in inside for name in each.split(", ")}
