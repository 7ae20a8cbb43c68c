"""What the page is told: it follows from the specs, and page.toml names what there is."""

from pathlib import Path

import pytest

from indexer.shipped import shipped_collections
from indexer.transformer.compile import CompiledSpec, compile_set, compile_spec
from indexer.transformer.naming import find_name_set, load_name_set
from indexer.transformer.spec import load_spec, load_specs
from indexer.ui.config import page_config
from indexer.ui.page import shipped_page
from indexer.ui.page_config import CollectionPage
from tests.cli.conftest import Indexer, indexer  # noqa: F401 - a fixture

SPECS = {spec.name: compile_spec(spec) for spec in load_specs(shipped_collections())}
PAGES = {page.name: page for page in page_config(SPECS.values()).collections}

OWN = """
alias = "lamps"
record = "tag"

[fields.name]
type = "string"
from = "name"
sort = true

[fields.favorite]
type = "bool"
from = "favorite"
facet = true
always = true
"""


def fields(spec: CompiledSpec, use: str) -> set[str]:
    """The names of the fields that can be used so."""
    return {str(field["name"]) for field in spec.schema_fields if field[use]}


@pytest.mark.parametrize("name", PAGES)
def test_page_toml_names_fields_that_there_are(name: str) -> None:
    """Whatever page.toml names for a kind is a field of the collection that comes along."""
    spec, kind = SPECS[name], shipped_page().kinds[SPECS[name].kind]
    known = {str(field["name"]) for field in spec.schema_fields}
    shown = {kind.title, kind.picture, *kind.badges, *kind.lines, *kind.facts}
    assert shown - {""} <= known
    assert {*kind.open, *kind.folded} <= fields(spec, "facet") | set(kind.steps)
    assert set(kind.counted) <= fields(spec, "facet")
    for sort in kind.sorts:
        assert sort.fields <= fields(spec, "sort"), sort.label


@pytest.mark.parametrize("name", PAGES)
def test_every_facet_is_offered(name: str) -> None:
    """Each facet field is on the page once, a level of a tree, or hidden on purpose."""
    page = PAGES[name]
    offered = [field for facet in page.facets for field in facet.levels or [facet.field]]
    assert len(set(offered)) == len(offered)
    hidden = set(shipped_page().hidden)
    assert fields(SPECS[name], "facet") - hidden <= set(offered)
    assert not hidden & set(offered)


def test_widgets() -> None:
    """What a facet looks like follows from its field."""
    widgets = {facet.field: facet.widget for facet in PAGES["scenes"].facets}
    assert widgets["studio_lvl0"] == "tree"
    assert widgets["tags"] == "list"
    assert widgets["organized"] == "yesno"
    assert widgets["year"] == "range"
    assert widgets["stars"] == "list"
    assert widgets["duration"] == "steps"


def qar() -> list[CompiledSpec]:
    """The collections of the name set that comes along."""
    directory = shipped_collections()
    name_set = load_name_set(find_name_set("qar", directory))
    return compile_set(load_specs(directory), name_set)


def test_labels() -> None:
    """Every facet and order has words of its own, under the names of a set too."""
    named = page_config(qar()).collections
    assert len(named) == len(PAGES)
    for page in (*PAGES.values(), *named):
        facets = [page.fields[facet.field].label for facet in page.facets]
        assert len(set(facets)) == len(facets), page.name
        assert not any("_" in label for label in facets)
        sorts = [sort.label for sort in page.sorts]
        assert len(set(sorts)) == len(sorts), page.name


def test_only_what_a_card_shows_is_sent() -> None:
    """A hit on its way to the page carries nothing that its card has no use for."""
    asked = PAGES["scenes"].search["include_fields"].split(",")
    assert {"id", "title", "screenshot", "stash_id"} <= set(asked)
    assert not {"paths", "details", "md5s", "digest"} & set(asked)


def own_page(directory: Path) -> CollectionPage:
    """What the page is told of a spec of somebody's own."""
    (directory / "lamps.toml").write_text(OWN)
    spec = compile_spec(load_spec(directory / "lamps.toml"), alias_prefix="quay_")
    (page,) = page_config([spec]).collections
    return page


def test_a_spec_of_ones_own(tmp_path: Path) -> None:
    """A spec that has only some of the usual fields has a page with just those."""
    page = own_page(tmp_path)
    assert (page.name, page.alias) == ("lamps", "quay_lamps")
    assert page.search["query_by"] == "name"
    assert page.card.title == "name"
    assert [facet.field for facet in page.facets] == ["favorite"]
    assert [sort.by for sort in page.sorts] == ["_text_match:desc", "name:desc"]


def test_a_name_set() -> None:
    """Under other names a page shows the same, but for what is private, in the set's own words."""
    (spec,) = [each for each in qar() if each.base == "scenes"]
    (page,) = page_config([spec]).collections
    assert page.alias == spec.alias
    assert page.label.lower() == spec.name.replace("_", " ")
    assert page.card.title == spec.names["title"]
    assert [page.fields[name].base for name in page.card.badges] == ["resolution", "duration"]
    (tree,) = [facet for facet in page.facets if facet.field == spec.names["studio_lvl0"]]
    assert tree.levels == [spec.names[f"studio_lvl{level}"] for level in range(5)]
    assert f"{spec.names['date']}:desc" in [sort.by for sort in page.sorts]
    assert not {field.base for field in page.fields.values()} & {"folder", "played", "play_count"}


def test_print_config(indexer: Indexer) -> None:  # noqa: F811 - the fixture
    """It is printed for other front ends, without any server, Stash's password left out."""
    outcome = indexer("ui", "--print-config", "--stash-url", "http://me:secret@stash.example/x")
    assert outcome.code == 0
    assert outcome.json["format"] == 1
    assert outcome.json["stash_url"] == "http://stash.example/x"
    assert [page["name"] for page in outcome.json["collections"]] == list(PAGES)
    scenes = outcome.json["collections"][0]
    assert {"by": "date:desc", "label": "Newest"} in scenes["sorts"]
    assert "secret" not in outcome.out
