"""Sealed documents: bytes with their digest."""

import hashlib

import orjson

from indexer.transformer.seal import seal


def test_the_digest_is_of_the_bytes_without_it() -> None:
    """The digest is 12 bytes of blake2b over the document's canonical bytes, added at the end."""
    content = {"id": "main-1", "title": "Lamp \u706f"}
    document = seal(content, 1)
    digest = hashlib.blake2b(orjson.dumps(content), digest_size=12)
    assert (document.id, document.number, document.digest) == ("main-1", 1, digest.digest())
    assert orjson.loads(document.body) == content | {"digest": digest.hexdigest()}
    assert document.body.endswith(b',"digest":"' + digest.hexdigest().encode() + b'"}')


def test_digests_tell_documents_apart() -> None:
    """Equal contents have equal bytes; one sign more and the digest is another."""
    one, same, other = ({"id": "main-1", "title": title} for title in ("Lamp", "Lamp", "Lamps"))
    assert seal(one, 1) == seal(same, 1)
    assert seal(one, 1).body[-30:] != seal(other, 1).body[-30:]
    assert seal(one, 1).digest != seal(other, 1).digest


def test_a_document_is_one_line() -> None:
    """Line breaks in a text don't break the line that a document is sent as."""
    assert b"\n" not in seal({"id": "main-1", "details": "a\nb\r\n\u2028"}, 1).body
