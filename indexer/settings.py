"""The settings. origins.py reads them; what is wrong with a value is said here.

A setting's variable is INDEXER_<NAME>, those of the two servers have their bare name (STASH_URL).
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, DirectoryPath, Field, FilePath, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from indexer.shipped import shipped_collections

PREFIX = "INDEXER_"
SECRETS = ("stash_api_key", "typesense_api_key", "ui_password")
STASH = ("stash_url",)
"""What reading Stash can't do without: a Stash that asks for no login has no key."""
TYPESENSE = ("typesense_url", "typesense_api_key")
SHORTEST_PASSWORD = 8


def _server_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not _has_sane_port(parts):
        raise ValueError("must be an address such as http://localhost:9999")
    if parts.query or parts.fragment:
        raise ValueError("must not carry a query: keys have settings of their own")
    return url.rstrip("/")


def _has_sane_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:  # its text may hold a piece of a password
        return False


def _stash_url(url: str) -> str:
    return _server_url(url).removesuffix("/graphql").rstrip("/")


def _public_url(url: str) -> str:
    url = _stash_url(url)
    if urlsplit(url).username or urlsplit(url).password:
        raise ValueError("must not carry a password: everybody who uses the page sees it")
    return url


def _password(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < SHORTEST_PASSWORD:
        raise ValueError(f"must have {SHORTEST_PASSWORD} characters or more")
    return secret


def _source(source: str) -> str:
    way, colon, path = source.partition(":")
    if (way in {"auto", "sql", "backup", "api"} and not colon) or (
        way in {"file", "snapshot"} and path
    ):
        return source
    raise ValueError("must be auto, file:PATH, sql, backup, snapshot:PATH or api")


def _key(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]+", secret.get_secret_value()):
        raise ValueError("must have no spaces, line ends or letters beyond ASCII")
    return secret


def _matching(pattern: str, meaning: str) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"must be {meaning}")
        return text

    return AfterValidator(check)


class Settings(BaseSettings):
    """All settings; a server's address or key that nobody gave is empty."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    stash_url: Annotated[str, AfterValidator(_stash_url)] = Field(
        "",
        repr=False,  # it may carry the password of a proxy
        validation_alias="stash_url",
        description="the address you open Stash at, such as http://localhost:9999",
    )
    stash_api_key: Annotated[SecretStr, AfterValidator(_key)] | None = Field(
        None,
        validation_alias="stash_api_key",
        description="in Stash: Settings > Security > API Key; none where Stash asks for no login",
    )
    typesense_url: Annotated[str, AfterValidator(_server_url)] = Field(
        "",
        repr=False,
        validation_alias="typesense_url",
        description="the address of Typesense, such as http://localhost:8108",
    )
    typesense_api_key: Annotated[SecretStr, AfterValidator(_key)] | None = Field(
        None,
        validation_alias="typesense_api_key",
        description="the admin key: what the Typesense server was started with as --api-key",
    )
    alias_prefix: Annotated[str, _matching(r"[A-Za-z0-9_-]{0,32}", "letters, digits, _ or -")] = (
        Field("", description="what the name of each alias begins with")
    )
    library: Annotated[str, _matching(r"[a-z0-9]{1,16}", "1 to 16 of a-z and 0-9")] = Field(
        "main", description="the library's key: what each document's id begins with, fixed for good"
    )
    collections_dir: DirectoryPath | None = Field(
        None, description="a directory of collection specs, instead of those that come along"
    )
    names: str | None = Field(
        None, description="a name set such as qar, or a directory with one of your own"
    )
    synonyms: FilePath | None = Field(
        None, description="a file of synonyms, instead of search/synonyms.toml beside the specs"
    )
    search_key_file: Path | None = Field(
        None, description="the file that holds the key people search with; made where it is missing"
    )
    dead_letters: Path = Field(
        Path("dead-letters"), description="the directory for documents that Typesense refused"
    )
    source: Annotated[str, AfterValidator(_source)] = Field(
        "auto",
        description="how Stash is read: auto, file:PATH, sql, backup, snapshot:PATH or api",
    )
    page_size: int = Field(1000, ge=1, le=2000, description="how many records to ask Stash for")
    retry_seconds: float = Field(
        120, ge=0, le=86400, description="for how long a failing server is tried again"
    )
    keep: int = Field(
        1, ge=0, le=100, description="how many earlier collections of an alias are kept"
    )
    lock_lease: float = Field(
        120, ge=1, le=86400, description="after how long a run that stands still loses its lock"
    )
    stash_public_url: Annotated[str, AfterValidator(_public_url)] = Field(
        "",
        validation_alias="stash_public_url",
        description="the address that people open Stash at, where it isn't STASH_URL",
    )
    ui_password: Annotated[SecretStr, AfterValidator(_password)] | None = Field(
        None, description="the password of the search page, 8 characters or more"
    )

    @property
    def offline(self) -> bool:
        """Whether what is read is a snapshot: then no Stash is needed."""
        return self.source.startswith("snapshot:")

    @property
    def specs_dir(self) -> Path:
        """Where the collection specs are. Raises ConfigurationError if none came along."""
        return self.collections_dir or shipped_collections()

    @override
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what read_settings merged, and look nowhere else."""
        return (init_settings,)


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    alias = Settings.model_fields[name].validation_alias
    return (name if alias else PREFIX + name).upper()


def secret_file_variable(name: str) -> str:
    """Return the environment variable that names the file of a secret."""
    return f"{variable(name)}_FILE"


def missing(settings: Settings, needs: Iterable[str]) -> list[str]:
    """Return a line for each setting of `needs` that is not set, with where to find it."""
    return [
        f"{variable(name)} is not set: {Settings.model_fields[name].description}."
        for name in needs
        if not getattr(settings, name) and not (name in STASH and settings.offline)
    ]


def without_password(url: str) -> str:
    """Return a server's address as it may be shown."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
