"""`indexer schema show`."""

from tests.cli.conftest import Indexer


def test_schema(indexer: Indexer) -> None:
    """The schema is printed as Typesense wants it, under the alias, without any server."""
    outcome = indexer("schema", "show", "scenes", "--alias-prefix", "quay_")
    assert outcome.code == 0
    assert outcome.json["name"] == "quay_scenes"
    fields = {field["name"]: field for field in outcome.json["fields"]}
    assert fields["tags"]["type"] == "string[]"
    assert fields["tags"]["facet"] is True


def test_unknown_name(indexer: Indexer) -> None:
    """A collection that there isn't is exit code 2, and those that there are get listed."""
    outcome = indexer("schema", "show", "lanterns")
    assert outcome.code == 2
    assert 'There is no collection "lanterns".' in outcome.err
    assert "scenes, performers" in outcome.err
