"""R1 to R24, other people's failures: each has a row in docs/operations.md with its tests."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LESSONS = [f"R{number}" for number in range(1, 25)]
ROW = re.compile(r"^\| (R\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
ROWS = {
    name: here for name, _, here in ROW.findall((PROJECT / "docs/operations.md").read_text("utf-8"))
}


def docstrings(file: Path) -> dict[str, str]:
    """The docstring of each test of a file by its name."""
    tree = ast.parse(file.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {each.name: ast.get_docstring(each) or "" for each in functions}


def test_every_lesson_has_a_row() -> None:
    """No lesson is left out, and none is made up."""
    assert list(ROWS) == LESSONS


@pytest.mark.parametrize("lesson", LESSONS)
def test_its_tests_are_there(lesson: str) -> None:
    """Each test that a row names is there, and names the lesson; so does one of each file."""
    named = re.findall(r"`(tests/[a-z_/]+\.py)(?:::(\w+))?`", ROWS[lesson])
    assert named
    for file, test in named:
        texts = docstrings(PROJECT / file)
        told = [texts[test]] if test else list(texts.values())
        assert any(re.search(rf"\b{lesson}\b", text) for text in told), f"{file}::{test}"


def test_docstrings_name_lessons_that_are() -> None:
    """A docstring that names a lesson names one of the table."""
    texts = [
        text
        for file in (PROJECT / "tests").rglob("test_*.py")
        for text in docstrings(file).values()
    ]
    named = {name for text in texts for name in re.findall(r"\bR\d+\b", text)}
    assert named <= set(LESSONS), named
