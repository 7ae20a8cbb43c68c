"""Which texts Typesense takes for one value of a facet: folded() says so of all that it does."""

import httpx
import pytest

from indexer.transformer.alike import alike, folded
from tests.typesense.choice import RunningTypesense

ALIKE = (
    ("Fog", "fog"),
    ("Fog", "Fóg!"),
    ("A+B", "A&B"),
    ("C++", "C#"),
    ("T-Shirt", "t. shirt"),
    ("North > Quay House", "North Quay > House"),
    ("Łódź", "lodz"),
    ("Straße", "STRASSE"),
    ("Ærø", "aero"),
    ("a\N{RIGHT SINGLE QUOTATION MARK}s", "as"),
    ("x\N{SUPERSCRIPT TWO}", "x2"),
    ("!!!", "???"),
)
APART = (
    ("Fog", "Fog A"),
    ("Маяк", "маяк"),
    ("日本", "日 本"),
    ("Fog \N{BLACK STAR}", "Fog"),
    ("A-B", "AB"),
)


@pytest.mark.parametrize("texts", [*ALIKE, *APART])
def test_what_the_server_takes_for_one(
    texts: tuple[str, str], typesense: RunningTypesense, alias_prefix: str
) -> None:
    """Two texts fold to the same exactly where the server counts them as one value."""
    assert (folded(texts[0]) == folded(texts[1])) == (texts in ALIKE)
    assert _values(typesense, f"{alias_prefix}alike", texts) == (1 if texts in ALIKE else 2)


def _values(typesense: RunningTypesense, collection: str, texts: tuple[str, str]) -> int:
    """Return how many values the server sees in documents with a text each."""
    schema = {
        "name": collection,
        "token_separators": ["-", "_", ".", "/", "\\"],
        "fields": [{"name": "text", "type": "string[]", "facet": True}],
    }
    headers = {"X-TYPESENSE-API-KEY": typesense.api_key}
    with httpx.Client(base_url=f"{typesense.url}/collections", headers=headers) as client:
        client.post("", json=schema).raise_for_status()
        for text in texts:
            document = {"text": [text]}
            client.post(f"/{collection}/documents", json=document).raise_for_status()
        found = client.get(
            f"/{collection}/documents/search", params={"q": "*", "facet_by": "text"}
        ).raise_for_status()
    return len(found.json()["facet_counts"][0]["counts"])


def test_who_is_alike() -> None:
    """Of several, those that share their words are named; one that has a text twice is not."""
    assert alike([(1, "Fog"), (2, "fog"), (3, "Pier"), (4, "Quay"), (4, "quay")]) == {1, 2}
