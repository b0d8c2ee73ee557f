"""Policy files to the `Policy` that the judge knows: strict, all errors at once, each with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from gate.model import Policy, PolicyFile, Rule
from gate.policy import fields
from gate.policy.faults import START, Fault, Faults, PolicyError, Unreadable
from gate.policy.fields import Field, Place
from gate.policy.nodes import compose
from gate.policy.text import MAX_BYTES, decode

__all__ = ["Fault", "PolicyError", "load", "parse"]

VERSION = 1

_RULE = {
    "risk": Field(fields.exact_name("a risk", wildcards="*?"), required=True),
    "reason": Field(fields.text, required=True),
    "addon": Field(fields.exact_name("an add-on", wildcards="*?[]")),
    "expires": Field(fields.day),
    "owner": Field(fields.text),
    "ticket": Field(fields.text),
}


def _rule(place: Place) -> Rule:
    values = fields.mapping(place, _RULE)
    return Rule(file=place.faults.file, line=place.node.at.line, **values)


_DOCUMENT = {
    "version": Field(fields.version(VERSION), required=True),
    "allow": Field(fields.listing(_rule)),
}


def load(paths: Sequence[Path]) -> Policy:
    """The policy of all files together; of none, the one that allows nothing.

    Raises `PolicyError` with every fault of every file. A file given twice is a fault: it is a slip,
    and the second reading would never be found used.
    """
    policies: list[Policy] = []
    found: list[Fault] = []
    seen: set[Path] = set()
    for path in paths:
        faults = Faults(str(path))
        with suppress(Unreadable):
            policies.append(_parse(_bytes(path, seen, faults), faults))
        found += faults.in_order()
    if found:
        raise PolicyError(found)
    return Policy(
        files=tuple(file for policy in policies for file in policy.files),
        allow=tuple(rule for policy in policies for rule in policy.allow),
    )


def parse(text: bytes, path: str) -> Policy:
    """The policy in the bytes of one file; `path` is what it is called. Raises `PolicyError`."""
    faults = Faults(path)
    policy = Policy()
    with suppress(Unreadable):
        policy = _parse(text, faults)
    if faults:
        raise PolicyError(faults.in_order())
    return policy


def _bytes(path: Path, seen: set[Path], faults: Faults) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        resolved = path.resolve()
    except OSError as error:
        faults.stop(START, "", f"cannot be read: {error.strerror or error}")
    except ValueError as error:
        faults.stop(START, "", f"cannot be read: {error}")
    if resolved in seen:
        faults.stop(START, "", "given twice; name each policy file once")
    seen.add(resolved)
    return data


def _parse(data: bytes, faults: Faults) -> Policy:
    node = compose(decode(data, faults), faults)
    if node is None:
        faults.stop(START, "", f"the file is empty; a policy holds at least version: {VERSION}")
    values = fields.mapping(Place(node, "", faults), _DOCUMENT)
    file = PolicyFile(faults.file, hashlib.sha256(data).hexdigest())
    return Policy(files=(file,), allow=values.get("allow", ()))
