"""Canonical JSON, digests and signatures: what makes a report evidence that can't be edited on its way.

`hashlib` and `hmac` are imported where they are used: most runs take no digest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def canonical(value: Any) -> str:
    """`value` as JSON in the one way that digests are taken of: keys sorted, no white space, ASCII only.

    Raises `RecursionError` where it is nested too deep.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(text: str) -> str:
    """SHA-256 of canonical JSON, in hexadecimal."""
    import hashlib

    return hashlib.sha256(text.encode("ascii")).hexdigest()


def signature(text: str, key: bytes) -> str:
    """HMAC-SHA-256 of canonical JSON, in hexadecimal."""
    import hashlib
    import hmac

    return hmac.new(key, text.encode("ascii"), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two digests are the same, told in a time that does not depend on where they differ."""
    import hmac

    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def without(document: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """The document without some of its own keys: a seal is of all but itself."""
    return {key: value for key, value in document.items() if key not in keys}
