"""`make demo`: a made-up library, indexed into a real Typesense by the real program, and searched.

The Typesense is one of the demo's own, out of the wheels, unless TYPESENSE_URL names one: then
everything there goes by a prefix of the demo's own and is removed at the end, but for the three
collections that all runs share. Nothing is left running or lying about, however the demo ends.
KEEP=1 keeps both servers up until Ctrl-C, and serves the search page.
"""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from rich.console import Console
from rich.markup import escape

from indexer.errors import TypesenseError
from indexer.loader.locks import LOCKS
from indexer.loader.registry import COLLECTIONS
from indexer.loader.runs import RUNS
from indexer.loader.server import Typesense
from indexer.loader.state import exactly, remove
from indexer.loader.synonyms import drop_words
from indexer.shipped import shipped_collections
from indexer.transformer.spec import load_specs
from tests.demo_searches import Searcher
from tests.stash.library import build_library
from tests.stash.server import StashServer
from tests.typesense.binary import can_run_wheel
from tests.typesense.server import TypesenseServer

SCENES = 2000
PERFORMERS = 200
STASH_KEY = "demo-stash-key"

EXIT_CANNOT_RUN = 2
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143

_YOUR_OWN_SERVERS = """
[bold]Your own servers[/]: say where they are, look, and go. Nothing in Stash is changed.
  export STASH_URL=http://localhost:9999 STASH_API_KEY=…       # Stash: Settings > Security
  export TYPESENSE_URL=http://localhost:8108 TYPESENSE_API_KEY=…
  .venv/bin/indexer doctor
  .venv/bin/indexer sync"""


@dataclass(frozen=True)
class Target:
    """A Typesense to index into; `prefix` stands before the names of all aliases there."""

    url: str
    api_key: str
    prefix: str = ""


def main(environment: Mapping[str, str]) -> int:
    """Run the demo and return its exit code."""
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    named = environment.get("TYPESENSE_URL")
    reason = None if named else can_run_wheel()
    if reason is not None:
        console.print(escape(reason), soft_wrap=True)
        return EXIT_CANNOT_RUN
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_TERMINATED))
    try:
        with ExitStack() as stack:
            return _demo(console, environment, stack)
    except KeyboardInterrupt:
        console.print("Interrupted; nothing is left running.")
        return EXIT_INTERRUPTED
    except (httpx.HTTPError, TypesenseError) as error:
        console.print(escape(f"The Typesense of TYPESENSE_URL can't be used: {error}"))
        return EXIT_CANNOT_RUN


def _demo(console: Console, environment: Mapping[str, str], stack: ExitStack) -> int:
    directory = Path(stack.enter_context(TemporaryDirectory(prefix="indexer-demo-")))
    with console.status("Building a library and starting the servers"):
        library = directory / "stash.sqlite"
        build_library(library, scenes=SCENES, performers=PERFORMERS)
        stash = stack.enter_context(StashServer(library, api_key=STASH_KEY))
        target = stack.enter_context(_typesense(environment, directory))
    console.print(
        f"A stand-in Stash with {SCENES:,} scenes and {PERFORMERS} performers: {stash.url}\n"
        f"A real Typesense: {target.url}\n\n[bold]indexer reindex[/]"
    )
    settings = _settings(stash, target, directory)
    with _indexer(settings, directory, "reindex") as program:
        code = program.wait()
    if code != os.EX_OK:
        return code
    for answer in Searcher(target.url, target.api_key, target.prefix).answers():
        console.print(answer)
    console.print(_YOUR_OWN_SERVERS)
    if environment.get("KEEP"):
        _keep(console, settings, directory)
    return os.EX_OK


@contextmanager
def _typesense(environment: Mapping[str, str], directory: Path) -> Iterator[Target]:
    url = environment.get("TYPESENSE_URL")
    if url is None:
        with TypesenseServer(directory / "typesense") as server:
            yield Target(server.url, server.api_key)
        return
    prefix = f"demo_{secrets.token_hex(6)}_"
    target = Target(url.rstrip("/"), environment.get("TYPESENSE_API_KEY", ""), prefix)
    try:
        yield target
    finally:
        _remove(target)


def _remove(target: Target) -> None:
    """Remove what the demo made on somebody's own server, and nothing else."""
    ours = list[str]()
    headers = {"X-TYPESENSE-API-KEY": target.api_key}
    with httpx.Client(base_url=target.url, headers=headers, timeout=60, trust_env=False) as client:
        for alias in client.get("/aliases").raise_for_status().json()["aliases"]:
            if alias["name"].startswith(target.prefix):
                client.delete(f"/aliases/{alias['name']}").raise_for_status()
        for collection in client.get("/collections").raise_for_status().json():
            if collection["name"].startswith(target.prefix):
                client.delete(f"/collections/{collection['name']}").raise_for_status()
                ours.append(collection["name"])
        for preset in client.get("/presets").raise_for_status().json()["presets"]:
            if preset["name"].startswith(target.prefix):
                client.delete(f"/presets/{preset['name']}").raise_for_status()
    with Typesense(target.url, target.api_key) as server:
        for name in ours:
            drop_words(server, name)
        _forget_runs(server, target.prefix)


def _forget_runs(server: Typesense, prefix: str) -> None:
    """Remove what the program keeps of its runs, in collections that it shares with other runs."""
    aliases = [prefix + spec.alias for spec in load_specs(shipped_collections())]
    remove(server, LOCKS, exactly("id", *aliases))
    for shelf in (COLLECTIONS, RUNS):
        remove(server, shelf, exactly("alias", *aliases))


def _settings(stash: StashServer, target: Target, directory: Path) -> dict[str, str]:
    """What the program is told by its environment."""
    settings = {
        "STASH_URL": stash.url,
        "STASH_API_KEY": STASH_KEY,
        "TYPESENSE_URL": target.url,
        "TYPESENSE_API_KEY": target.api_key,
        "INDEXER_DEAD_LETTERS": str(directory / "dead-letters"),
    }
    return settings | ({"INDEXER_ALIAS_PREFIX": target.prefix} if target.prefix else {})


@contextmanager
def _indexer(
    settings: dict[str, str], directory: Path, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the program as a person would, until `with` ends; what it prints goes where ours does.

    It starts where no settings file lies, without what the environment says of other servers.
    """
    ours = ("STASH_", "TYPESENSE_", "INDEXER_")
    rest = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    command = [sys.executable, "-m", "indexer", *arguments]
    with (
        _signals_held_back() as let_through,
        subprocess.Popen(command, env=rest | settings, cwd=directory) as program,
    ):
        try:
            let_through()
            yield program
        finally:
            program.terminate()  # it removes what it has half made; leaving `with` waits for that


@contextmanager
def _signals_held_back() -> Iterator[Callable[[], None]]:
    """Yield what lets signals through again: one in the midst of a start would lose the program."""
    held: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda got, _: held.append(got)) for number in numbers}

    def let_through() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)
        for got in held:
            signal.raise_signal(got)

    yield let_through


def _keep(console: Console, settings: dict[str, str], directory: Path) -> None:
    """Serve the search page, say where the servers are, and wait for Ctrl-C: the orderly end."""
    exports = "\n".join(f"export {name}={value}" for name, value in settings.items())
    console.print(f"\n[bold]Both servers stay up until Ctrl-C:[/]\n{escape(exports)}")
    with _indexer(settings, directory, "ui", "--port", "0") as page:
        try:
            page.wait()
        except KeyboardInterrupt:
            console.print("\nStopping both.")


if __name__ == "__main__":
    sys.exit(main(os.environ))
