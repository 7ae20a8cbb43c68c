"""Documents are serialised once, with a digest that two ends can compare."""

import hashlib
from binascii import hexlify
from collections.abc import Mapping
from typing import Any

import orjson

from indexer.documents import DIGEST_BYTES, DIGEST_FIELD, Document

_FIELD = DIGEST_FIELD.encode()


def seal(content: Mapping[str, Any], number: int) -> Document:
    """Return a record's document: fields whose names ascend, the digest of their bytes added.

    The digest is blake2b over the serialised fields, in hex: equal documents, equal digests.
    """
    body = orjson.dumps(content)
    digest = hashlib.blake2b(body, digest_size=DIGEST_BYTES).digest()
    sealed = b'%b,"%b":"%b"}' % (body[:-1], _FIELD, hexlify(digest))
    return Document(content["id"], sealed, number, digest)
