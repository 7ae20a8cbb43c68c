"""What is committed of the page: built from ui/, complete, and tied to no machine or registry."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from indexer.ui.static_files import STATIC, static_files

PROJECT = Path(__file__).parents[2]
LOCK = json.loads((PROJECT / "ui" / "package-lock.json").read_text("utf-8"))


def test_every_file_is_served() -> None:
    """What lies in static/ is served, and all that the page refers to is there."""
    served = static_files()
    assert {f"/{file.name}" for file in STATIC.iterdir()} == set(served) - {"/"}
    page = served["/"].body.decode()
    assert set(re.findall(r'(?:src|href)="(/[^"]+)"', page)) <= set(served)


def test_no_inline_scripts() -> None:
    """The page has neither scripts nor styles inside: its security policy forbids them."""
    page = (STATIC / "index.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", page) == []


def test_licences() -> None:
    """Every package that is inside the script is named with its licence."""
    told = (STATIC / "licenses.txt").read_text("utf-8")
    for package in ("instantsearch.js", "typesense-instantsearch-adapter", "typesense", "preact"):
        assert re.search(rf"^{re.escape(package)} [\d.]+ \(", told, re.MULTILINE), package
    assert "carries no licence" not in told


def test_the_lock_file_names_no_registry() -> None:
    """Packages are pinned by their hashes; where to take them from is each machine's affair."""
    packages = {path: package for path, package in LOCK["packages"].items() if path}
    assert packages
    assert [path for path, package in packages.items() if "resolved" in package] == []
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())


@pytest.mark.parametrize("file", sorted(STATIC.iterdir()), ids=lambda file: file.name)
def test_no_path_of_a_machine(file: Path) -> None:
    """Nothing in the bundle says where it was built."""
    text = file.read_text("utf-8")
    assert str(PROJECT) not in text
    assert re.findall(r"node_modules|/(?:home|root)/|file://", text) == []


def test_the_wheel_carries_the_page(tmp_path: Path) -> None:
    """An installed program has the page, without the sources that it was built from."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--wheel-dir", str(tmp_path), str(PROJECT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("indexer-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    expected = {f"indexer/ui/static/{file.name}" for file in STATIC.iterdir()}
    assert {*expected, "indexer/ui/page.toml"} <= set(names)
    assert [name for name in names if name.startswith("ui/") or "node_modules" in name] == []
