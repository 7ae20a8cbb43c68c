"""The map that each room has in its docstring, held to the modules that are there."""

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

from indexer.cli.program import program

ROOMS = ("extractor", "transformer", "loader", "pipeline", "ui", "cli")


@pytest.mark.parametrize("room", ROOMS)
def test_each_module_stands_in_the_map(room: str) -> None:
    """Every module is named, at a line's start or in brackets, but for those of commands."""
    package = import_module(f"indexer.{room}")
    there = {module.name for module in iter_modules(package.__path__)}
    commands = set(program.commands) if room == "cli" else set()
    _, _, lines = str(package.__doc__).partition("\n")
    named = {*re.findall(r"^(\w+) ", lines, re.MULTILINE), *_in_brackets(lines)}
    assert named == there - commands


def _in_brackets(text: str) -> set[str]:
    """Return the names before the colon in brackets, `(shape_scene: scenes)`."""
    inside = re.findall(r"\((.+?):", text)
    return {name for each in inside for name in each.split(", ")}
