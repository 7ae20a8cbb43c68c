"""`indexer ui`: the search page."""

import os
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path

import click

from indexer.cli import output
from indexer.cli.help import Command
from indexer.cli.options import Common, with_common
from indexer.cli.servers import compiled_specs
from indexer.errors import ConfigurationError, Interrupted
from indexer.events import Emit
from indexer.loader.server import Typesense
from indexer.retries import ONCE
from indexer.settings import TYPESENSE, Settings, without_password
from indexer.ui.config import page_config
from indexer.ui.page_config import PageConfig
from indexer.ui.server import Address, PageServer
from indexer.ui.upstream import Upstream

EXAMPLES = (
    "indexer ui                  # the search page, for this machine only; Ctrl-C ends it",
    "indexer ui --print-config   # its facets, sorts and labels as JSON, for other front ends",
)
SEARCH_SECONDS = 20.0


@click.command(cls=Command, examples=EXAMPLES)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8111, help="Listen there; 0 = a free one."
)
@click.option(
    "--bind",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="Listen on this address; any but 127.0.0.1 and ::1 needs INDEXER_UI_PASSWORD.",
)
@click.option("--no-open", is_flag=True, help="Don't open a browser.")
@click.option(
    "--print-config", is_flag=True, help="Print what the page is told, and end; needs no server."
)
@with_common
def ui(common: Common, *, port: int, bind: str, no_open: bool, print_config: bool) -> int:
    """Serve the search page until Ctrl-C.

    Searches and pictures go through it, so that no key reaches the browser.
    """
    if print_config:
        output.json(_config(common.settings()).as_json())
        return 0
    has_search_key = common.reading().settings.search_key_file is not None
    settings = common.settings(["typesense_url"] if has_search_key else TYPESENSE)
    address = Address(bind, port)
    with (
        common.listener() as emit,
        _typesense(settings, emit) as typesense,
        _upstream(settings, typesense, emit) as upstream,
        PageServer(address, _secret(settings, "ui_password"), _config(settings), upstream) as page,
    ):
        url = f"http://{_host(bind)}:{page.server_port}/"
        output.lines([f"The search page: {url}".encode()])
        if not no_open and _can_show():
            webbrowser.open(url)
        return _serve(page)


def _serve(page: PageServer) -> int:
    with suppress(Interrupted):
        page.serve_forever()
    return 0


def _config(settings: Settings) -> PageConfig:
    stash_url = settings.stash_public_url or without_password(settings.stash_url)
    return page_config(
        compiled_specs(settings), stash_url=stash_url, pictures=bool(settings.stash_url)
    )


def _typesense(settings: Settings, emit: Emit) -> Typesense:
    file = settings.search_key_file
    key = _key_in(file) if file else _secret(settings, "typesense_api_key")
    return Typesense(
        settings.typesense_url, key or "", patience=ONCE, emit=emit, timeout=SEARCH_SECONDS
    )


def _key_in(file: Path) -> str:
    """Return the search key. Raises ConfigurationError."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigurationError(
            f"INDEXER_SEARCH_KEY_FILE names {file}, which can't be read: {reason}.",
            "`indexer keys ensure` makes it.",
        ) from error


def _upstream(settings: Settings, typesense: Typesense, emit: Emit) -> Upstream:
    return Upstream(typesense, settings.stash_url, _secret(settings, "stash_api_key"), emit)


def _secret(settings: Settings, name: str) -> str | None:
    secret = getattr(settings, name)
    return None if secret is None else str(secret.get_secret_value())


def _host(bind: str) -> str:
    """Return the name to open the page by: an address with colons is written in brackets."""
    return f"[{bind}]" if ":" in bind else bind


def _can_show() -> bool:
    """Whether there is a screen: a browser of the terminal would take this one over."""
    return sys.platform in {"darwin", "win32"} or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
