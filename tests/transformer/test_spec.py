"""Spec files: what is read from them, and each kind of mistake in their form."""

from pathlib import Path

import pytest

from indexer.errors import ConfigurationError, IndexerError, SpecError
from indexer.shipped import shipped_collections
from indexer.transformer.spec import Gates, load_spec, load_specs

HEAD = 'alias = "lamps"\nrecord = "scene"\n'
FIELD = '[fields.title]\ntype = "string"\nfrom = "title"\n'


def _file(directory: Path, content: str | bytes, name: str = "lamps.toml") -> Path:
    file = directory / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def _told(error: IndexerError) -> str:
    assert error.exit_code == 2
    assert error.hint
    assert "\n" not in error.message
    return error.message


def test_a_spec_is_read(tmp_path: Path) -> None:
    """A spec is named as its file is; what it doesn't say has defaults."""
    spec = load_spec(_file(tmp_path, HEAD + FIELD))
    assert (spec.name, spec.alias, spec.record) == ("lamps", "lamps", "scene")
    assert spec.fields["title"].paths == ("title",)
    assert spec.fields["title"].sort is None
    assert spec.gates == Gates(max_refused=0.001, max_unknown=0.001, max_shrink=0.1)
    assert spec.canaries == ()


def test_one_path_or_several(tmp_path: Path) -> None:
    """A field's "from" may be one path or a list of them."""
    spec = load_spec(_file(tmp_path, HEAD + FIELD.replace('"title"\n', '["title", "code"]\n')))
    assert spec.fields["title"].paths == ("title", "code")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("colour = 1\n" + HEAD + FIELD, 'unknown key "colour" (known: alias, '),
        ('aliass = "x"\n' + HEAD + FIELD, 'unknown key "aliass" (did you mean "alias"?)'),
        ('name = "x"\n' + HEAD + FIELD, 'unknown key "name"'),
        (HEAD + FIELD + "facets = true\n", '"fields.title.facets" (did you mean "facet"?)'),
        (HEAD + FIELD + 'colour = "red"\n', '"fields.title.colour" (known: type, from, '),
        (HEAD + FIELD + "[gates]\nmax_shrunk = 0.1\n", '(did you mean "max_shrink"?)'),
        (HEAD + FIELD + "[[canaries]]\nfacet = 3\n", '"canaries.0.facet" (did you mean '),
        (FIELD, '"alias" is missing; "record" is missing'),
        (HEAD, '"fields" is missing'),
        (HEAD + '[fields.title]\ntype = "string"\n', '"fields.title.from" is missing'),
        (HEAD + '[fields.title]\nfrom = "title"\n', '"fields.title.type" is missing'),
        (HEAD + FIELD.replace('"string"', '"text"'), '"fields.title.type": Input should be \'s'),
        (HEAD + FIELD.replace('"title"\n', "3\n"), '"fields.title.from": '),
        (HEAD + FIELD + 'facet = "yes"\n', '"fields.title.facet": Input should be a valid bool'),
        (HEAD + "fields = 3\n", '"fields": Input should be a valid dict'),
        (HEAD.replace("scene", "film") + FIELD, "\"record\": Input should be 'scene', "),
        (HEAD.replace("lamps", "Lamps") + FIELD, '"alias": String should match pattern'),
        (HEAD + FIELD + "[gates]\nmax_shrink = 1.5\n", '"gates.max_shrink": Input should be less'),
        (HEAD + FIELD + "[gates]\nmax_unknown = -1.0\n", '"gates.max_unknown": '),
        ('token_separators = ["-", "--"]\n' + HEAD + FIELD, '"token_separators": each must be one'),
        ('token_separators = [""]\n' + HEAD + FIELD, "which '' is not"),
        ('token_separators = ["\u00b7"]\n' + HEAD + FIELD, "one sign of ASCII"),
        (HEAD + "[fields]\n", '"fields": there must be at least one field'),
        (HEAD + FIELD.replace("title]", '""]'), "\"\" can't be a field's name, which is a letter"),
        (HEAD + FIELD.replace("title]", '"tag_*"]'), "\"tag_*\" can't be a field's name"),
        (HEAD + FIELD.replace("title]", '"a.b"]'), "\"a.b\" can't be a field's name"),
        (
            HEAD + FIELD + "[[canaries]]\nmin_found = -1\n",
            '"canaries.0.min_found": Input should be',
        ),
        (HEAD + FIELD + "[[canaries]]\nmin_facet_values = -1\n", '"canaries.0.min_facet_values": '),
        (HEAD + "code = lamp", "is not valid TOML: Invalid value (at line 3, column 8)"),
        (HEAD + FIELD + FIELD, "is not valid TOML: "),
        (HEAD.encode() + b'code = "\xff"', "is not valid TOML: "),
    ],
)
def test_mistakes_of_form(tmp_path: Path, content: str | bytes, told: str) -> None:
    """A mistake is told in one line, with the file, the place, and what would be right."""
    with pytest.raises(SpecError) as caught:
        load_spec(_file(tmp_path, content))
    assert _told(caught.value).startswith("lamps.toml ")
    assert told in caught.value.message


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """Several mistakes of one file are told together."""
    with pytest.raises(SpecError) as caught:
        load_spec(_file(tmp_path, "colour = 1\n" + HEAD + FIELD + "facets = true\n"))
    assert '"colour"' in caught.value.message
    assert '"fields.title.facets"' in caught.value.message


def test_unreadable(tmp_path: Path) -> None:
    """A spec that can't be read is told with its whole path."""
    (tmp_path / "lamps.toml").mkdir()
    with pytest.raises(SpecError, match="can't be read") as caught:
        load_specs(tmp_path)
    assert str(tmp_path / "lamps.toml") in _told(caught.value)


@pytest.mark.parametrize("name", ["", "no-such-directory"])
def test_no_specs(tmp_path: Path, name: str) -> None:
    """A directory without specs, or none at all, is a mistake of the settings, not of a spec."""
    _file(tmp_path, "", "notes.txt")
    with pytest.raises(ConfigurationError, match="no collection spec") as caught:
        load_specs(tmp_path / name)
    assert str(tmp_path / name) in _told(caught.value)
    assert "INDEXER_COLLECTIONS_DIR" in caught.value.hint


def test_two_specs_with_one_alias(tmp_path: Path) -> None:
    """Two specs of one alias would replace each other: both are named."""
    _file(tmp_path, HEAD + FIELD, "a.toml")
    _file(tmp_path, HEAD + FIELD, "b.toml")
    with pytest.raises(SpecError, match=r'b\.toml and a\.toml .* alias "lamps"') as caught:
        load_specs(tmp_path)
    assert "alias of its own" in caught.value.hint
    assert _told(caught.value)


def test_scenes_come_first(tmp_path: Path) -> None:
    """Specs of scenes come before the others, whose counts they feed; then by kind and name."""
    for name, kind in (("a", "performer"), ("b", "tag"), ("z", "scene"), ("y", "scene")):
        head = HEAD.replace("lamps", name).replace("scene", kind)
        _file(tmp_path, head + FIELD, f"{name}.toml")
    assert [spec.name for spec in load_specs(tmp_path)] == ["y", "z", "a", "b"]


def test_shipped_specs_are_right() -> None:
    """The specs that come with the program can be read."""
    names = "scenes performers tags studios groups galleries markers suggestions"
    assert [spec.name for spec in load_specs(shipped_collections())] == names.split()
