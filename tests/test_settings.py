"""The settings: where each comes from, and what is said of those that are wrong."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from indexer.errors import ConfigurationError
from indexer.origins import read_settings
from indexer.settings import (
    SECRETS,
    STASH,
    TYPESENSE,
    Settings,
    secret_file_variable,
    variable,
    without_password,
)

KEY = "not-a-real-key-7f3a"


@pytest.fixture(autouse=True)
def _in_an_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refusal(needs: tuple[str, ...] = (), flags: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return what is said of settings that are wrong."""
    with pytest.raises(ConfigurationError) as caught:
        read_settings(flags).checked(needs)
    assert caught.value.exit_code == 2
    return caught.value.message


def test_defaults() -> None:
    """Nothing has to be set as long as no server is asked."""
    reading = read_settings({})
    settings = reading.checked()
    assert (settings.library, settings.page_size, settings.keep) == ("main", 1000, 1)
    assert set(reading.origins.values()) == {"default"}
    assert (settings.specs_dir / "scenes.toml").is_file()


def test_precedence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag wins over the environment, that over the file, that over the default."""
    Path("indexer.toml").write_text('library = "file"\nalias_prefix = "file_"\nkeep = 3\n')
    monkeypatch.setenv("INDEXER_LIBRARY", "env")
    monkeypatch.setenv("INDEXER_ALIAS_PREFIX", "env_")
    reading = read_settings({"library": "flag"})
    settings = reading.checked()
    assert (settings.library, settings.alias_prefix, settings.keep) == ("flag", "env_", 3)
    assert reading.origins["library"] == "flag --library"
    assert reading.origins["alias_prefix"] == "environment INDEXER_ALIAS_PREFIX"
    assert reading.origins["keep"] == "indexer.toml"
    assert reading.origins["page_size"] == "default"


@pytest.mark.parametrize("by_flag", [True, False])
def test_named_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, by_flag: bool) -> None:
    """Another settings file is named by --config or INDEXER_CONFIG."""
    file = tmp_path / "other.toml"
    file.write_text("page_size = 50\n")
    if not by_flag:
        monkeypatch.setenv("INDEXER_CONFIG", str(file))
    reading = read_settings({}, file if by_flag else None)
    assert reading.checked().page_size == 50
    assert reading.origins["page_size"] == str(file)


def test_named_file_that_is_missing() -> None:
    """A settings file that was named has to be there."""
    with pytest.raises(ConfigurationError, match=r"other\.toml can't be read: No such file"):
        read_settings({}, Path("other.toml")).checked()


def test_malformed_file() -> None:
    """A settings file that is no TOML is named, with the line."""
    Path("indexer.toml").write_text("keep = \n")
    assert "indexer.toml can't be read" in refusal()


def test_file_with_an_unknown_key() -> None:
    """A key that is no setting is refused, with the one that was meant."""
    Path("indexer.toml").write_text('libary = "main"\n')
    assert refusal() == "indexer.toml: libary is no setting; did you mean library?"


@pytest.mark.parametrize("line", ["stash_api_key = 7", "[stash_api_key]", "keep = [1, 2]"])
def test_file_with_a_value_of_the_wrong_kind(line: str) -> None:
    """A value in the file that is of another kind is told with the file's name."""
    Path("indexer.toml").write_text(f"{line}\n")
    told = refusal()
    assert told.startswith("The setting ")
    assert "(indexer.toml) is wrong" in told


def test_unknown_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable INDEXER_* that is no setting is refused, with the one that was meant."""
    monkeypatch.setenv("INDEXER_PAGESIZE", "10")
    assert refusal() == "INDEXER_PAGESIZE is no setting; did you mean INDEXER_PAGE_SIZE?"


def test_all_that_is_missing_is_listed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One error names every setting that is missing or wrong, and where to find it."""
    monkeypatch.setenv("INDEXER_KEEP", "many")
    told = refusal((*STASH, *TYPESENSE))
    assert told.startswith("4 settings are missing or wrong:")
    assert "keep (environment INDEXER_KEEP) is wrong" in told
    assert "STASH_URL is not set: the address you open Stash at" in told
    assert "TYPESENSE_URL is not set" in told
    assert "TYPESENSE_API_KEY is not set: the admin key" in told


def test_wrong_is_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting whose value can't be used is told once, as wrong and not as missing too."""
    monkeypatch.setenv("STASH_URL", "harbour:9999")
    monkeypatch.setenv("TYPESENSE_API_KEY_FILE", "nowhere")
    told = refusal((*STASH, *TYPESENSE))
    assert told.startswith("3 settings are missing or wrong:")
    assert "stash_url (environment STASH_URL) is wrong" in told
    assert "TYPESENSE_API_KEY_FILE names nowhere" in told
    assert "TYPESENSE_URL is not set" in told


def test_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is there and empty counts as missing, as compose files leave it."""
    monkeypatch.setenv("STASH_URL", "")
    monkeypatch.setenv("INDEXER_LIBRARY", "")
    assert "STASH_URL is not set" in refusal(STASH)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("stash_url", "localhost:9999", "must be an address such as"),
        ("stash_url", "ftp://harbour.example", "must be an address such as"),
        ("stash_url", "http://harbour.example/?apikey=x", "must not carry a query"),
        ("typesense_url", "http://", "must be an address such as"),
        ("typesense_url", "http://harbour.example:99999", "must be an address such as"),
        ("stash_api_key", "two words", "must have no spaces"),
        ("typesense_api_key", "", "must have no spaces"),
        ("library", "Main", "must be 1 to 16 of a-z and 0-9"),
        ("library", "a" * 17, "must be 1 to 16 of a-z and 0-9"),
        ("alias_prefix", "a/b", "must be letters, digits, _ or -"),
        ("page_size", "2001", "less than or equal to 2000"),
        ("page_size", "0", "greater than or equal to 1"),
        ("retry_seconds", "-1", "greater than or equal to 0"),
        ("keep", "few", "valid integer"),
        ("collections_dir", "nowhere", "does not point to a directory"),
    ],
)
def test_malformed_value(name: str, value: str, reason: str) -> None:
    """A value that can't be is refused, with the place it came from and what would be right."""
    told = refusal(flags={name: value})
    assert told.startswith(f"The setting {name} (flag --{name.replace('_', '-')}) is wrong: ")
    assert reason in told


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://harbour.example:9999", "http://harbour.example:9999"),
        ("http://harbour.example:9999/graphql", "http://harbour.example:9999"),
        ("https://harbour.example/stash/graphql/", "https://harbour.example/stash"),
        ("https://harbour.example/stash/", "https://harbour.example/stash"),
    ],
)
def test_stash_url(given: str, used: str) -> None:
    """Stash's address may end in /graphql and may have a path before it."""
    assert read_settings({"stash_url": given}).checked().stash_url == used


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_secret_file(monkeypatch: pytest.MonkeyPatch, name: str, ending: str) -> None:
    """Every secret can be in a file, whose line end isn't part of it."""
    Path("key").write_bytes(f"{KEY}{ending}".encode())
    monkeypatch.setenv(secret_file_variable(name), "key")
    reading = read_settings({})
    assert getattr(reading.checked(), name).get_secret_value() == KEY
    assert reading.origins[name] == f"environment {secret_file_variable(name)}"


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_secret_file_without_a_secret(
    monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    """A secret's file that is missing, empty or unreadable is named, with its variable."""
    if content is not None:
        Path("key").write_bytes(content)
    monkeypatch.setenv("STASH_API_KEY_FILE", "key")
    assert refusal().startswith("STASH_API_KEY_FILE names key, which ")


def test_secret_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that is given in a variable and in a file is refused: which one counts?"""
    Path("key").write_text(KEY)
    monkeypatch.setenv("STASH_API_KEY", KEY)
    monkeypatch.setenv("STASH_API_KEY_FILE", "key")
    told = refusal()
    assert told == "STASH_API_KEY and STASH_API_KEY_FILE are both set: keep one of them."


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """No repr and no error shows a key, or a password inside an address."""
    monkeypatch.setenv("STASH_API_KEY", KEY)
    monkeypatch.setenv("TYPESENSE_API_KEY", KEY)
    monkeypatch.setenv("TYPESENSE_URL", f"http://warden:{KEY}@harbour.example")
    reading = read_settings({"stash_url": f"ftp://warden:{KEY}@harbour.example"})
    assert reading.problems
    assert KEY not in repr(reading)
    shown = without_password(reading.settings.typesense_url)
    assert shown == "http://harbour.example"


def test_every_setting_is_documented() -> None:
    """README.md names the environment variable of every setting, and that of a secret's file."""
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    names = {variable(name) for name in Settings.model_fields} | {"INDEXER_CONFIG"}
    names |= set(map(secret_file_variable, SECRETS))
    assert {name for name in names if name not in readme} == set()
