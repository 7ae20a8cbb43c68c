"""Name sets: every name decided upon, and what is private nowhere in the documents."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from indexer.documents import Numbering
from indexer.errors import SpecError
from indexer.shipped import shipped_collections
from indexer.transformer.compile import CompiledSpec, compile_set
from indexer.transformer.naming import NameSet, find_name_set, load_name_set, namings
from indexer.transformer.seal import seal
from indexer.transformer.spec import Spec, load_specs
from tests.transformer.building import record, spec, transformed, video_file
from tests.transformer.golden import RECORDS

LAMPS = spec(
    fields={
        "title": {"type": "string", "from": ["title", "files.0.basename"], "default": "Scene {id}"},
        "names": {"type": "string[]", "from": "files.basename", "private": True},
        "plays": {"type": "int32", "from": "play_count", "always": True, "private": True},
        "sites": {"type": "string[]", "from": "urls", "convert": "sites", "facet": True},
        "created_at": {"type": "int64", "from": "created_at", "default": 0},
    },
    default_sorting_field="created_at",
    canaries=[{"q": "a", "query_by": "title", "facet_by": "sites"}],
)
FIELDS = {
    "title": "lettering",
    "names": "crates",
    "plays": "voyages",
    "sites": "ports",
    "created_at": "logged_at",
}


def _content(**collection: Any) -> dict[str, Any]:
    given = {"extends": "lamps", "alias": "qar_lights", "fields": FIELDS} | collection
    return {"name": "qar", "collections": {"lights": given}}


def _set(ids: str = "plain", **collection: Any) -> NameSet:
    return NameSet.model_validate(_content(**collection) | {"ids": ids})


def _compiled(names: NameSet, specs: tuple[Spec, ...] = (LAMPS,), **values: str) -> CompiledSpec:
    (compiled,) = compile_set(specs, names, **values)
    return compiled


def _shipped_set() -> NameSet:
    return load_name_set(find_name_set("qar", shipped_collections()))


def _shipped() -> list[CompiledSpec]:
    return compile_set(load_specs(shipped_collections()), _shipped_set())


def _without(*names: str) -> dict[str, str]:
    return {name: new for name, new in FIELDS.items() if name not in names}


def test_everything_is_renamed() -> None:
    """Fields, alias, sorting field and canaries have the set's names; the record stays."""
    compiled = _compiled(_set(), alias_prefix="test_")
    assert (compiled.name, compiled.base, compiled.alias) == ("lights", "lamps", "test_qar_lights")
    schema = compiled.schema(compiled.alias)
    assert schema["default_sorting_field"] == "logged_at"
    own = {"library", "stash_id", "digest"}
    assert {each["name"] for each in schema["fields"]} - own == {"lettering", "ports", "logged_at"}
    (canary,) = compiled.canaries
    assert (canary.query_by, canary.facet_by) == ("lettering", "ports")
    assert compiled.names == {"title": "lettering", "sites": "ports", "created_at": "logged_at"}
    given = record("scene", 12, title="Lamp", urls=["https://quay.example/"], created_at=5)
    (content,) = transformed(compiled, [given])
    assert content == {
        "id": "main-12",
        "lettering": "Lamp",
        "library": "main",
        "logged_at": 5,
        "ports": ["quay.example"],
        "stash_id": 12,
    }


def test_a_spec_of_its_own_names() -> None:
    """Without a name set each field is called as it is."""
    (compiled,) = compile_set([LAMPS], _set(fields={name: name for name in FIELDS}))
    assert set(compiled.names) == {"title", "sites", "created_at"}
    assert set(compiled.names.values()) == set(compiled.fields)


SCENE = record("scene", 12, play_count=7, files=[video_file(basename="secret lamp.mp4")])


def test_private_fields_stay_away() -> None:
    """What only private fields read is in no other field either, and isn't asked of Stash."""
    compiled = _compiled(_set())
    (content,) = transformed(compiled, [SCENE])
    assert content["lettering"] == "Scene 12"
    assert "secret" not in str(content)
    assert compiled.asked == {"scene": {"id", "title", "urls", "created_at"}}


def test_private_fields_that_are_asked_for() -> None:
    """A collection that asks for a private field has it, and what it reads is no secret then."""
    compiled = _compiled(_set(private=["names"]))
    (content,) = transformed(compiled, [SCENE])
    assert (content["lettering"], content["crates"]) == ("secret lamp.mp4", ["secret lamp.mp4"])
    assert "voyages" not in content
    assert compiled.spec_hash != _compiled(_set()).spec_hash


def test_what_cannot_do_without() -> None:
    """A field that can't be made without what is private has to be left out as well."""
    fields = {**LAMPS.fields, "played": LAMPS.fields["plays"].model_copy(update={"private": False})}
    specs = (LAMPS.model_copy(update={"fields": fields}),)
    named = FIELDS | {"played": "sailed"}
    with pytest.raises(SpecError, match='"played" can\'t be made without "play_count"'):
        _compiled(_set(fields=named), specs)
    assert "sailed" in _compiled(_set(fields=named, private=["plays"]), specs).fields
    left_out = _set(leave_out=["played"])
    assert "played" not in _compiled(left_out, specs).names


def test_canaries_of_fields_left_out() -> None:
    """A canary that needs a field which is left out goes with it."""
    names = _set(fields=_without("sites"), leave_out=["sites"])
    assert _compiled(names).canaries == ()


def test_the_same_uuid_for_good() -> None:
    """A thing's UUID is what other programs keep: it may never become another."""
    pinned = {
        "main": "8ae306e2-a045-5e7c-b050-2cf0c49c5173",
        "attic": "adc1916a-d333-56fd-ab5a-69e19c9e3ec8",
    }
    for library, document_id in pinned.items():
        assert _compiled(_set("uuid"), library=library).document_id(12) == document_id


def test_ids_that_are_uuids() -> None:
    """An id tells nothing of the number; the same thing has the same one, another another."""
    compiled = _compiled(_set("uuid"))
    document = seal(transformed(compiled, [SCENE])[0], SCENE["id"])
    assert UUID(document.id).version == 5
    assert document.id == compiled.document_id(12) == _compiled(_set("uuid")).document_id(12)
    others = {compiled.document_id(13), _compiled(_set("uuid"), library="attic").document_id(12)}
    assert document.id not in others
    assert compiled.numbering == Numbering(b'"number":', b",}")
    assert b'"number":12,' in document.body
    (number,) = [each for each in compiled.schema_fields if each["name"] == "number"]
    assert not number["index"]
    assert compiled.spec_hash != _compiled(_set()).spec_hash


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (_content(extends="lamp"), 'qar.toml: there is no collection "lamp". Known are: lamps'),
        (_content() | {"leave_out": ["oil"]}, 'there is no collection "oil"'),
        (_content() | {"leave_out": ["lamps"]}, "the collection lamps is there twice"),
        (_content() | {"collections": {}}, "no name is given for the collection lamps"),
        (_content(alias="lamps"), "the alias lamps is there twice"),
        (_content(fields=_without("sites")), "lights: no name is given for the field sites"),
        (_content(fields=FIELDS | {"oil": "oil"}), 'lights: there is no field "oil"'),
        (_content(leave_out=["oil"]), 'there is no field "oil"'),
        (_content(leave_out=["sites"]), "the field sites is there twice"),
        (_content(fields=FIELDS | {"sites": "lettering"}), "the name lettering is there twice"),
        (_content(fields=FIELDS | {"sites": "digest"}), "the name digest is there twice"),
        (_content(fields=FIELDS | {"sites": "number"}), "the name number is there twice"),
        (_content(private=["sites"]), 'asks for "sites", which is no private field'),
        (_content(private=["oil"]), 'asks for "oil", which is no private field'),
        (
            _content(fields=_without("created_at"), leave_out=["created_at"]),
            'it leaves out "created_at", by which lamps is sorted',
        ),
    ],
)
def test_mistakes(content: dict[str, Any], told: str) -> None:
    """A name that is missing, there twice or unknown is refused with file and name."""
    with pytest.raises(SpecError) as caught:
        namings(NameSet.model_validate(content), [LAMPS])
    assert told in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.message.startswith("qar.toml")
    assert caught.value.hint


HEAD = '[collections.lights]\nextends = "lamps"\nalias = "qar_lights"\n'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("ids = 3\n" + HEAD + "fields = {}\n", "ids"),
        ('colour = "red"\n' + HEAD + "fields = {}\n", '"colour" (known: ids, leave_out, '),
        ('name = "red"\n' + HEAD + "fields = {}\n", 'unknown key "name"'),
        (HEAD + "fields = {}\nleave = []\n", '"collections.lights.leave" (did you mean "leave_'),
        (HEAD + 'fields = { title = "Title" }\n', "collections.lights.fields.title"),
        (HEAD, '"collections.lights.fields" is missing'),
        ("ids = \n", "is not valid TOML"),
    ],
)
def test_mistakes_of_form(tmp_path: Path, content: str, told: str) -> None:
    """A file of another form is refused with its name and the place."""
    file = tmp_path / "qar.toml"
    file.write_text(content)
    with pytest.raises(SpecError, match=r"^qar\.toml") as caught:
        load_name_set(file)
    assert told in caught.value.message


@pytest.fixture
def two_files(tmp_path: Path) -> Path:
    """A directory with two name sets."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(HEAD)
    return tmp_path


def test_where_name_sets_are(two_files: Path) -> None:
    """A set is looked for in a directory of its own, then beside the specs, then among ours."""
    (two_files / "b.toml").unlink()
    assert find_name_set(str(two_files), shipped_collections()) == two_files / "a.toml"
    beside = two_files / "names"
    beside.mkdir()
    (beside / "qar.toml").write_text(HEAD)
    assert find_name_set("qar", two_files, shipped_collections()) == beside / "qar.toml"
    (beside / "qar.toml").unlink()
    assert find_name_set("qar", two_files, shipped_collections()).parent.name == "names"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (lambda _: "rum", 'There is no name set "rum"'),
        (str, "has 2 name sets"),
    ],
)
def test_no_such_set(two_files: Path, name: Callable[[Path], str], told: str) -> None:
    """A name that leads nowhere, or to several sets, is refused."""
    with pytest.raises(SpecError, match=told) as caught:
        find_name_set(name(two_files), shipped_collections())
    assert caught.value.hint


def test_the_shipped_set_is_complete() -> None:
    """Every collection has a name in qar, with aliases of its own and UUIDs."""
    base = load_specs(shipped_collections())
    compiled = _shipped()
    assert [each.base for each in compiled] == [each.name for each in base]
    assert not {each.alias for each in compiled} & {each.alias for each in base}
    assert all(each.alias.startswith("qar_") for each in compiled)
    assert {each.naming.ids for each in compiled} == {"uuid"}


def test_the_shipped_set_has_nothing_private() -> None:
    """No document of qar has a private value, however a field may have come by it."""
    scenes = next(each for each in _shipped() if each.base == "scenes")
    contents = str(transformed(scenes, RECORDS["scenes"]))
    for private in ("lamp_02", "/media", "north quay", "Two Ferries", "0011223344556677"):
        assert private not in contents
    galleries = next(each for each in _shipped() if each.base == "galleries")
    assert "stills.1.zip" not in str(transformed(galleries, RECORDS["galleries"]))
    lookout = next(each for each in _shipped() if each.base == "suggestions")
    assert "stills.1.zip" not in str(transformed(lookout, RECORDS["suggestions"]))
