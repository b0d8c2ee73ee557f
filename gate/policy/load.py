"""Policy files to the `Policy` that the judge knows: strict, all errors at once, each with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from gate.model import CheckType, Effect, Policy, PolicyFile, Rule
from gate.policy import fields, require
from gate.policy.faults import (
    MAX_FAULTS,
    START,
    UNREADABLE,
    WHOLE_FILE,
    Fault,
    Faults,
    PolicyError,
    Unreadable,
    WrongValue,
)
from gate.policy.fields import Field, Place, Reader
from gate.policy.nodes import Mapping, compose
from gate.policy.require import Requirements, WrittenRule
from gate.policy.text import MAX_BYTES, decode

__all__ = ["Fault", "PolicyError", "load", "parse"]

VERSION = 1

_RULE = {
    "risk": Field(fields.exact_name("a risk", wildcards="*?"), required=True),
    "reason": Field(fields.reason("reason is blank; write who accepts this risk, and why"), required=True),
    "addon": Field(fields.exact_name("an add-on", wildcards="*?[]")),
    "target-version": Field(fields.version_range),
    "cluster": Field(fields.globs),
    "type": Field(fields.one_of({each.value: each for each in CheckType})),
    "message": Field(fields.pattern),
    "owner": Field(fields.text),
    "ticket": Field(fields.text),
}
_RULES = {
    Effect.ALLOW: {**_RULE, "expires": Field(fields.day)},
    Effect.DENY: {
        **_RULE,
        "reason": Field(fields.reason("reason is blank; write why this must block"), required=True),
    },
}
_NO_LEVELS = dict.fromkeys(
    ("level", "severity", "fatal", "warning"), "no key names a level: Fatal always blocks"
)
_LEFT_OUT = {
    Effect.ALLOW: _NO_LEVELS,
    Effect.DENY: {**_NO_LEVELS, "expires": "a denial does not end by itself; remove it in a review"},
}


def _into(rules: list[WrittenRule], effect: Effect) -> Reader:
    """Reads a list of rules; each that is in order also goes into `rules`, whatever is wrong beside it."""

    def read_rule(place: Place) -> None:
        read = fields.mapping(place, _RULES[effect], _LEFT_OUT[effect])
        entries = place.node.entries if isinstance(place.node, Mapping) else ()
        named = {key.replace("-", "_"): value for key, value in read.items()}
        rules.append(
            WrittenRule(
                Rule(file=place.faults.file, line=place.node.at.line, effect=effect, **named),
                place.path,
                place.node.at,
                {key.text: value.at for key, value in entries},
            )
        )

    return fields.listing(read_rule)


@dataclass(frozen=True, slots=True)
class _Document:
    """One file, and what is in order of it."""

    file: PolicyFile
    allow: Sequence[WrittenRule]
    deny: Sequence[WrittenRule]
    require: Sequence[Requirements]


def load(paths: Sequence[Path], today: date) -> Policy:
    """The policy of all files together; of none, the one that allows nothing.

    Allowances add up; denials and requirements of every file hold for all. `today` (a day in UTC) is what
    `max-days` counts from. Raises `PolicyError` with every fault of every file. A file given twice is one: it
    is a slip, and the second reading would never be found used.
    """
    documents: list[_Document] = []
    found: list[Fault] = []
    seen: set[Path] = set()
    for path in paths:
        faults = Faults(str(path))
        with suppress(Unreadable):
            documents.append(_parse(_bytes(path, seen, faults), faults))
        found += faults.in_order()
    return _together([str(path) for path in paths], documents, found, today)


def parse(text: bytes, path: str, today: date) -> Policy:
    """The policy in the bytes of one file; `path` is what it is called. Raises `PolicyError`."""
    faults = Faults(path)
    documents = []
    with suppress(Unreadable):
        documents.append(_parse(text, faults))
    return _together([path], documents, faults.in_order(), today)


def _together(
    names: Sequence[str], documents: Sequence[_Document], found: Sequence[Fault], today: date
) -> Policy:
    """The policy of all documents. Raises `PolicyError` for `found`, and for what a file requires in vain."""
    required = [each for document in documents for each in document.require]
    lacking = [
        fault
        for document in documents
        for each in required
        for fault in islice(require.violations(document.allow, each, today), MAX_FAULTS)
    ]
    if found or lacking:
        raise PolicyError(_in_order(names, [*found, *lacking]))
    return Policy(
        files=tuple(document.file for document in documents),
        allow=tuple(written.rule for document in documents for written in document.allow),
        deny=tuple(written.rule for document in documents for written in document.deny),
    )


def _in_order(names: Sequence[str], faults: Sequence[Fault]) -> list[Fault]:
    """By file, as they are named, and then as they stand in it."""
    place = {name: number for number, name in reversed(list(enumerate(names)))}
    return sorted(faults, key=lambda fault: (place[fault.file], fault.line, fault.column))


def _bytes(path: Path, seen: set[Path], faults: Faults) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        resolved = path.resolve()
    except OSError as error:
        faults.stop(WHOLE_FILE, "", f"{UNREADABLE}{error.strerror or error}")
    except ValueError as error:
        faults.stop(WHOLE_FILE, "", f"{UNREADABLE}{error}")
    if resolved in seen:
        faults.stop(WHOLE_FILE, "", "given twice; name each policy file once")
    seen.add(resolved)
    return data


def _parse(data: bytes, faults: Faults) -> _Document:
    node = compose(decode(data, faults), faults)
    if node is None:
        faults.stop(START, "", f"the file is empty; a policy holds at least version: {VERSION}")
    allow: list[WrittenRule] = []
    deny: list[WrittenRule] = []
    required: list[Requirements] = []
    table = {
        "version": Field(fields.version(VERSION), required=True),
        "require": Field(lambda place: required.append(require.read(place))),
        "deny": Field(_into(deny, Effect.DENY)),
        "allow": Field(_into(allow, Effect.ALLOW)),
    }
    with suppress(WrongValue):
        fields.mapping(Place(node, "", faults), table, _NO_LEVELS)
    return _Document(PolicyFile(faults.file, hashlib.sha256(data).hexdigest()), allow, deny, required)
