"""Search behaviour: what the files say, put on the server, and held against it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from indexer.errors import ConfigurationError
from indexer.events import Step
from indexer.loader.catalog import collection, count_documents, resolve
from indexer.loader.server import Typesense
from indexer.loader.synonyms import Groups
from indexer.loader.tuning import Behaviour, prepare_behaviour, read_behaviour, switch_behaviour
from indexer.pipeline.report import RunReport
from indexer.pipeline.run import Run, Turn
from indexer.pipeline.turns import take_turns
from indexer.transformer.compile import CompiledSpec
from indexer.transformer.tuning import Synonym, Tuning

_ID_BYTES = 6


@dataclass(frozen=True)
class Difference:
    """One thing that files and server have differently; None is "not there"."""

    alias: str
    what: str
    key: str
    file: Any
    server: Any


def behaviour_of(tuning: Tuning) -> Behaviour:
    """Return what the files say, as the server holds it."""
    return Behaviour(tuning.presets, _groups(tuning.synonyms), tuning.stop_words)


def tune_live(turn: Turn, live: str) -> None:
    """Bring the search behaviour of what people search up to date."""
    server = turn.run.typesense
    if prepare_behaviour(server, live, behaviour_of(turn.spec.tuning)):
        server.clear_cache()
        turn.run.emit(Step("tune", f"{turn.spec.alias} is searched as its files say"))
    switch_behaviour(server, turn.spec.alias, live, turn.spec.tuning.presets)


def apply_tuning(run: Run, names: Sequence[str] = ()) -> RunReport:
    """Bring the search behaviour of live collections up to date, without reading Stash.

    Raises:
        ConfigurationError: a name is unknown.
    """

    def work(turn: Turn) -> None:
        live = _live(run.typesense, turn.spec)
        tune_live(turn, live)
        turn.report.collection, turn.report.state = live, "live"
        turn.report.documents = count_documents(run.typesense, live)

    return take_turns(run, names, "tune", work, stash=False)


def tuning_differences(server: Typesense, specs: Sequence[CompiledSpec]) -> list[Difference]:
    """Return what differs between the files and what people search now.

    Raises:
        ConfigurationError: an alias leads nowhere.
    """
    found: list[Difference] = []
    for spec in specs:
        theirs = read_behaviour(server, spec.alias, _live(server, spec))
        found.extend(_differences(spec.alias, behaviour_of(spec.tuning), theirs))
    return found


def _differences(alias: str, file: Behaviour, server: Behaviour) -> Iterator[Difference]:
    for name in sorted({*file.presets, *server.presets}):
        what = f"preset {name}"
        ours, theirs = file.presets.get(name), server.presets.get(name)
        if ours is None or theirs is None:
            yield Difference(alias, what, "", ours, theirs)
        else:
            yield from _keys(alias, what, ours, theirs)
    yield from _groups_apart(alias, file.synonyms, server.synonyms)
    words, known = sorted(file.stop_words), sorted(server.stop_words)
    if words != known:
        yield Difference(alias, "stop words", "", words, known)


def _keys(
    alias: str, what: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> Iterator[Difference]:
    for key in sorted({*ours, *theirs}):
        if ours.get(key) != theirs.get(key):
            yield Difference(alias, what, key, ours.get(key), theirs.get(key))


def _groups_apart(alias: str, ours: Groups, theirs: Groups) -> Iterator[Difference]:
    """Yield groups of synonyms that only one side has: another word makes another group.

    Each is told by its root, or its first word, which several groups may share.
    """
    every = {**theirs, **ours}
    for word, group_id in sorted((_word(group), group_id) for group_id, group in every.items()):
        file, server = ours.get(group_id), theirs.get(group_id)
        if file != server:
            yield Difference(alias, "synonyms", word, _words(file), _words(server))


def _word(group: Mapping[str, Any]) -> str:
    return str(group.get("root") or group["synonyms"][0])


def _words(group: Mapping[str, Any] | None) -> list[str] | None:
    return None if group is None else list(group["synonyms"])


def _live(server: Typesense, spec: CompiledSpec) -> str:
    live = resolve(server, spec.alias)
    if live is None or collection(server, live) is None:
        raise ConfigurationError(
            f"The alias {spec.alias} leads nowhere yet.", f"`indexer reindex {spec.name}` first."
        )
    return live


def _groups(synonyms: Sequence[Synonym]) -> Groups:
    """Return synonyms by an id that is the same for the same words."""
    groups: dict[str, dict[str, Any]] = {}
    for each in synonyms:
        group = {"synonyms": list(each.words), **({"root": each.root} if each.root else {})}
        canonical = orjson.dumps(group, option=orjson.OPT_SORT_KEYS)
        groups[hashlib.blake2b(canonical, digest_size=_ID_BYTES).hexdigest()] = group
    return groups
