"""The JSON Schema and the loader accept the same policies, but for what a schema cannot say.

That is, and nothing else:

- how a value is spelled: tags, anchors and aliases, merge keys, keys given twice, `yes` for `true`,
  `1.0` for `1`, characters in comments, the size of the file;
- whether a pattern is well formed: that is `format: regex`, which the tests check as the gate does;
- what `require` asks of the allow rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

import gate.policy
from gate.pattern import Pattern, PatternError
from gate.policy.load import PolicyError, parse
from gate.policy.text import is_blank, refused_character, unseen_character
from tests.builders import TODAY
from tests.policy import written

SCHEMA: dict[str, Any] = json.loads(
    Path(gate.policy.__file__).with_name("policy-v1.schema.json").read_bytes()
)
FORMATS = FormatChecker(())
RULE_KEYS = ("risk", "reason", "addon", "target-version", "cluster", "type", "message", "owner", "ticket")
WRITERS = st.sampled_from([written.as_yaml, written.as_json, written.as_yaml_with_days])
FULL_RULE = {
    "risk": "K8sResourceModified",
    "reason": "carried over",
    "addon": "coredns",
    "target-version": ">=1.30,<1.31",
    "cluster": ["prod-*"],
    "type": "addonUpgrade",
    "message": "configmap",
    "owner": "team-network",
    "ticket": "NET-123",
}


@FORMATS.checks("regex", raises=PatternError)
def is_pattern(value: object) -> bool:
    return not isinstance(value, str) or bool(Pattern.parse(value))


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(SCHEMA, format_checker=FORMATS)


def schema_accepts(document: object) -> bool:
    return validator().is_valid(document)


def loader_accepts(data: bytes) -> bool:
    """Whether the loader finds nothing wrong, what `require` asks for left aside."""
    try:
        parse(data, "p.yml", TODAY)
    except PolicyError as error:
        return all("required by p.yml:" in fault.message for fault in error.faults)
    return True


def agree(document: object, write: Callable[[object], bytes]) -> bool:
    accepted = schema_accepts(document)
    assert loader_accepts(write(document)) is accepted
    return accepted


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@settings(max_examples=30)
@given(written.documents(), WRITERS)
def test_both_accept_every_policy_in_order(document: object, write: Callable[[object], bytes]) -> None:
    assert agree(document, write)


@settings(max_examples=60)
@given(written.broken(), WRITERS)
def test_both_accept_or_both_refuse_a_policy_with_a_change_anywhere(
    document: object, write: Callable[[object], bytes]
) -> None:
    agree(document, write)


@given(written.ANYTHING, WRITERS)
@example([], written.as_yaml)
@example({}, written.as_yaml)
@example({"version": 1, "require": {}}, written.as_yaml)
@example({"version": True}, written.as_yaml)
def test_both_accept_or_both_refuse_whatever_a_document_may_be(
    document: object, write: Callable[[object], bytes]
) -> None:
    agree(document, write)


@settings(max_examples=40)
@given(st.sampled_from([*RULE_KEYS, "expires"]), written.SCALARS, st.sampled_from(["allow", "deny"]), WRITERS)
def test_both_accept_or_both_refuse_any_value_of_any_key_of_a_rule(
    key: str, value: object, effect: str, write: Callable[[object], bytes]
) -> None:
    agree({"version": 1, effect: [{**FULL_RULE, key: value}]}, write)


@settings(max_examples=25)
@given(st.sampled_from(["expires", "max-days", "owner", "ticket"]), written.SCALARS, WRITERS)
def test_both_accept_or_both_refuse_any_value_of_any_requirement(
    key: str, value: object, write: Callable[[object], bytes]
) -> None:
    agree({"version": 1, "require": {key: value}}, write)


@pytest.mark.parametrize("key", RULE_KEYS)
@pytest.mark.parametrize("effect", ["allow", "deny"])
def test_both_require_of_a_rule_the_risk_and_the_reason_only(key: str, effect: str) -> None:
    rule = {name: value for name, value in FULL_RULE.items() if name != key}

    assert agree({"version": 1, effect: [rule]}, written.as_yaml) is (key not in ("risk", "reason"))


def test_both_know_the_same_characters() -> None:
    text, name = (re.compile(SCHEMA["$defs"][key]["pattern"]) for key in ("reason", "risk"))
    points = [*range(0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0x110000, 0x101)]
    for char in map(chr, points):
        fine = refused_character(char) is None
        assert bool(text.search(char)) is (fine and not is_blank(char)), ascii(char)
        assert bool(text.search(f"a{char}b")) is fine, ascii(char)
        seen = unseen_character(char) is None and char not in "*?"
        assert bool(name.search(char)) is (seen and char != " "), ascii(char)
        assert bool(name.search(f"a{char}b")) is seen, ascii(char)


def test_both_know_the_calendar() -> None:
    day_of = Draft202012Validator(SCHEMA["$defs"]["expires"]).is_valid
    texts = [f"{year:04}-02-{day}" for year in range(10_000) for day in (28, 29, 30)]
    texts += [
        f"{year}-{month:02}-{day:02}" for year in (2026, 2028) for month in range(14) for day in range(33)
    ]
    for text in texts:
        assert day_of(text) is is_day(text), text


def is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def described() -> dict[str, dict[str, Any]]:
    """Every key of the language with its schema."""
    required = SCHEMA["properties"]["require"]["properties"]
    named = {key: each for key, each in SCHEMA["$defs"].items() if key not in ("allowance", "denial", "glob")}
    return {**SCHEMA["properties"], **{f"require.{key}": each for key, each in required.items()}, **named}


@pytest.mark.parametrize("key", described())
def test_an_editor_can_explain_every_key_and_its_examples_hold(key: str) -> None:
    schema = described()[key]

    assert schema["title"]
    assert schema["description"].endswith(".")
    assert schema["examples"]
    own = Draft202012Validator({**schema, "$defs": SCHEMA["$defs"]}, format_checker=FORMATS)
    assert all(own.is_valid(each) for each in schema["examples"])


@pytest.mark.parametrize("key", ["risk", "reason", "expires", "owner", "message", "cluster"])
def test_the_examples_are_read_by_the_loader_too(key: str) -> None:
    for value in described()[key]["examples"]:
        assert loader_accepts(written.as_json({"version": 1, "allow": [{**FULL_RULE, key: value}]}))


@pytest.mark.parametrize(
    "text",
    [
        "version: 1.0",
        "version: 0x1",
        "version: !!int 1",
        "version: 1\nrequire: {owner: yes}",
        "version: 1\nrequire: {owner: true, owner: true}",
        "version: 1\nrequire: {max-days: 90.0}",
        "version: 1\nrequire: &a {}\nallow: &a []",
        "version: 1\n# a\u202eb",
    ],
)
def test_the_spelling_of_values_is_for_the_loader_alone(text: str) -> None:
    assert not loader_accepts(text.encode())


def test_what_require_asks_for_is_for_the_loader_alone() -> None:
    late = (TODAY + timedelta(91)).isoformat()
    document = {"version": 1, "require": {"max-days": 90}, "allow": [{**FULL_RULE, "expires": late}]}

    assert schema_accepts(document)
    with pytest.raises(PolicyError, match="is 91 days ahead"):
        parse(written.as_yaml(document), "p.yml", TODAY)
