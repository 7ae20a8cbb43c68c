"""`indexer completion`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Indexer


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script(indexer: Indexer, shell: str) -> None:
    """The script for each shell asks the program through the variable that the program reads."""
    outcome = indexer("completion", shell)
    assert outcome.code == 0
    assert f"_INDEXER_COMPLETE={shell}_complete" in outcome.out


def test_unknown_shell(indexer: Indexer) -> None:
    """A shell that isn't known is exit code 2."""
    assert indexer("completion", "nutshell").code == 2


def test_completing(tmp_path: Path) -> None:
    """What the script asks for comes: the commands that begin with what was typed."""
    asked = {"_INDEXER_COMPLETE": "bash_complete", "COMP_WORDS": "indexer rei", "COMP_CWORD": "1"}
    told = subprocess.run(
        [sys.executable, "-m", "indexer"],
        cwd=tmp_path,
        env={**os.environ, **asked},
        check=False,
        capture_output=True,
        text=True,
    )
    assert told.stdout == "plain,reindex\n"
