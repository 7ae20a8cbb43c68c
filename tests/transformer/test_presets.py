"""Search behaviour in files: what is understood, and every mistake refused with its place."""

from pathlib import Path

import pytest

from indexer.errors import SpecError
from indexer.shipped import shipped_collections
from indexer.transformer.compile import compile_set
from indexer.transformer.naming import find_name_set, load_name_set
from indexer.transformer.presets import with_tuning
from indexer.transformer.spec import load_specs
from indexer.transformer.tuning import Synonym, Tuning
from tests.transformer.building import shipped

WORDS = "[words]\ntitle = { weight = 9, typos = 0, prefix = false }\ntags = {}\n"


def tuning(directory: Path, text: str, synonyms: str | None = None) -> Tuning:
    """The search behaviour of scenes whose file has this text."""
    (directory / "search").mkdir()
    (directory / "search" / "scenes.toml").write_text(text, "utf-8")
    if synonyms is not None:
        (directory / "search" / "synonyms.toml").write_text(synonyms, "utf-8")
    return with_tuning([shipped("scenes")], directory)[0].tuning


def test_preset(tmp_path: Path) -> None:
    """A preset becomes Typesense's parameters, each searched field with its own rules."""
    text = (
        "[presets.card]\nfacet_by = ['tags', 'year']\nsort_by = ['_text_match:desc', 'date:asc']\n"
        "per_page = 5\nexhaustive_search = true\nfilter_by = 'resume_time:>0 && organized:true'\n"
        "[presets.few]\nquery_by = ['tags']\n"
    )
    found = tuning(tmp_path, WORDS + text)
    assert found.presets == {
        "card": {
            "query_by": "title,tags",
            "query_by_weights": "9,1",
            "num_typos": "0,2",
            "prefix": "false,true",
            "facet_by": "tags,year",
            "sort_by": "_text_match:desc,date:asc",
            "filter_by": "resume_time:>0 && organized:true",
            "per_page": 5,
            "exhaustive_search": True,
        },
        "few": {
            "query_by": "tags",
            "query_by_weights": "1",
            "num_typos": "2",
            "prefix": "true",
        },
    }


def test_synonyms(tmp_path: Path) -> None:
    """Synonyms stand for each other, or one word also finds others."""
    text = 'same = [["quay", "pier"]]\n[also]\nboat = ["dinghy", "yawl"]\n'
    found = tuning(tmp_path, WORDS + "[presets]\n", text)
    assert found.synonyms == [Synonym(("quay", "pier")), Synonym(("dinghy", "yawl"), "boat")]


def test_no_files(tmp_path: Path) -> None:
    """A directory of specs needs no search files."""
    found = with_tuning([shipped("scenes")], tmp_path)[0].tuning
    assert (list(found.presets), list(found.synonyms)) == ([], [])


def test_own_synonyms(tmp_path: Path) -> None:
    """A file of synonyms of one's own is read in place of the one that comes along."""
    own = tmp_path / "own.toml"
    own.write_text('same = [["quay", "pier"]]', "utf-8")
    (spec,) = with_tuning([shipped("scenes")], shipped_collections(), own)
    assert spec.tuning.synonyms == [Synonym(("quay", "pier"))]
    assert spec.tuning.presets


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[words]\ntitel = {}\n[presets]", '[words]: the field "titel" is no text'),
        ("[words]\nyear = {}\n[presets]", 'the field "year" is no text'),
        (WORDS + "[presets.a]\nfacet_by = ['title']", 'preset a: the field "title" is no facet'),
        (WORDS + "[presets.a]\nsort_by = ['tags:asc']", 'the field "tags" can\'t be sorted by'),
        (WORDS + "[presets.a]\nsort_by = ['date']", '"date" has no order'),
        (WORDS + "[presets.a]\nfilter_by = 'screenshot:x'", '"screenshot" can\'t be filtered by'),
        (WORDS + "[presets.a]\ninclude_fields = ['nothing']", '"nothing" is not there'),
        (WORDS + "[presets.a]\nquery_by = ['studio']", '"studio", which is not in [words]'),
        (WORDS + "[presets.a]\nper_pag = 3", '"presets.a.per_pag" (did you mean "per_page"?)'),
        ("[words.title]\nbold = 1\n[presets]", '"words.title.bold" (known: weight, typos, prefix)'),
        ("[words]\n", '"presets" is missing'),
        (WORDS + "[presets.A]\n", '"presets.A.[key]"'),
        ("[words]\ntitle = { weight = 0 }\n[presets]", '"words.title.weight"'),
        ("[words", "is not valid TOML"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, told: str) -> None:
    """A mistake is refused before anything opens, with file, preset and field."""
    with pytest.raises(SpecError) as caught:
        tuning(tmp_path, text)
    assert caught.value.message.startswith("search/scenes.toml")
    assert told in caught.value.message


@pytest.mark.parametrize("text", ["same = [['alone']]", "[also]\nboat = []"])
def test_lone_synonyms(tmp_path: Path, text: str) -> None:
    """A word without another to stand for is refused."""
    with pytest.raises(SpecError, match="has no other to stand for"):
        tuning(tmp_path, WORDS + "[presets]\n", text)


def test_a_name_set(tmp_path: Path) -> None:
    """Under other names the same is said of other fields; what is left out is not spoken of."""
    (tmp_path / "search").mkdir()
    text = (
        "[presets.all]\nfacet_by = ['tags', 'year']\nsort_by = ['_text_match:desc', 'date:asc']\n"
        "include_fields = ['id', 'stash_id', 'title', 'details', 'play_count']\n"
        "[presets.tagged]\nquery_by = ['tags']\n[presets.none]\nquery_by = ['file_names']\n"
        "[presets.dated]\nfilter_by = 'year:>2000 && date:>0'\n"
        "[presets.begun]\nfilter_by = 'resume_time:>0'\n"
    )
    words = f"{WORDS}file_names = {{}}\n"
    (tmp_path / "search" / "scenes.toml").write_text(words + text, "utf-8")
    directory = shipped_collections()
    qar = load_name_set(find_name_set("qar", directory))
    named = [each for each in compile_set(load_specs(directory), qar) if each.base == "scenes"]
    (cargo,) = with_tuning(named, tmp_path)
    new = cargo.names
    assert cargo.tuning.presets["all"] == {
        "query_by": f"{new['title']},{new['tags']}",
        "query_by_weights": "9,1",
        "num_typos": "0,2",
        "prefix": "false,true",
        "facet_by": f"{new['tags']},{new['year']}",
        "sort_by": f"_text_match:desc,{new['date']}:asc",
        "include_fields": f"id,stash_id,{new['title']},{new['details']}",
    }
    assert cargo.tuning.presets["tagged"]["query_by"] == new["tags"]
    filtered = cargo.tuning.presets["dated"]["filter_by"]
    assert filtered == f"{new['year']}:>2000 && {new['date']}:>0"
    assert cargo.tuning.presets.keys() == {"all", "tagged", "dated"}
