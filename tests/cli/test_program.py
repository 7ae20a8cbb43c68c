"""The program as a whole: help, versions, and the options that every command takes."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from indexer import __version__
from indexer.cli.help import Command
from indexer.cli.program import program
from tests.cli.conftest import Indexer


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every command and group below a group."""
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = sorted(commands(program))


@pytest.mark.parametrize("path", [(), ("schema",), ("config",)])
def test_a_group_alone_shows_its_help(indexer: Indexer, path: tuple[str, ...]) -> None:
    """Without a command the help is printed, and that is no mistake."""
    outcome = indexer(*path)
    assert outcome.code == 0
    assert outcome.err == ""
    assert outcome.out == indexer(*path, "--help").out


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help(indexer: Indexer, path: tuple[str, ...]) -> None:
    """Every command has a help that begins with an example of itself."""
    outcome = indexer(*path, "--help")
    assert outcome.code == 0
    title, example, *rest = outcome.out.splitlines()
    assert title == "Examples:"
    assert " ".join(("indexer", *path)) in example
    assert any(line.startswith("Usage: indexer") for line in rest)


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_examples_are_right(path: tuple[str, ...]) -> None:
    """The examples in a command's help name commands and options that there are."""
    command: click.Command = program
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    assert isinstance(command, Command)
    for example in command.examples:
        line = example.partition("#")[0].partition(">")[0].strip()
        line = re.sub(r"^[A-Z_]+=\S+ ", "", line)  # a setting for this one call
        words = shlex.split(line.removeprefix('eval "$(').removesuffix(')"'))
        assert words[0] == "indexer"
        context = program.make_context("indexer", words[1:])
        called, found, rest = program.resolve_command(context, words[1:])
        assert found is not None
        found.make_context(called, rest, parent=context)


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_command_is_documented(path: tuple[str, ...]) -> None:
    """README.md names every command."""
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert " ".join(("indexer", *path)) in readme


def test_version(indexer: Indexer) -> None:
    """--version prints the version."""
    assert indexer("--version").out == f"indexer, version {__version__}\n"


def test_module(tmp_path: Path) -> None:
    """`python -m indexer` is the same program, with its exit codes."""
    command = [sys.executable, "-m", "indexer"]
    told = subprocess.run(
        [*command, "--version"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert __version__ in told.stdout
    assert subprocess.run([*command, "none"], check=False, capture_output=True).returncode == 2


def test_common_options_stand_before_or_after(indexer: Indexer) -> None:
    """An option that every command takes may stand on both sides; the later one counts."""
    before = indexer("--library", "quay", "config", "show", "--json")
    after = indexer("--library", "pier", "config", "show", "--json", "--library", "quay")
    assert before.json == after.json
    entry = next(each for each in before.json["settings"] if each["name"] == "library")
    assert (entry["value"], entry["origin"]) == ("quay", "flag --library")


def test_keys_are_no_flags(indexer: Indexer) -> None:
    """A key can't be given as a flag: everybody on the machine could read it."""
    for name in ("--stash-api-key", "--typesense-api-key"):
        assert indexer("status", name, "lantern").code == 2
