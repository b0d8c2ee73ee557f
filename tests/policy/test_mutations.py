"""Whatever is in order is read as it was written; any slip in it is found on its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.model import CheckType, Effect, Rule
from gate.pattern import Pattern
from gate.policy.load import PolicyError, parse
from tests.builders import TODAY
from tests.policy import written

Document = dict[str, Any]

_NOT_TEXT = ("*nobody", "true", "7", "1.5", "~", "{a: b}", "2026-12-31", "' '")
_NOT_A_FLAG = ("*nobody", "yes", "'true'", "1", "~", "[true]", "{a: b}")
_NOT_A_LIST = ("*nobody", "true", "'x'", "1", "~", "{a: 1}", "[1]", "[~]")
RETYPED = {
    "version": ("*nobody", "true", "'1'", "1.0", "2", "~", "[1]", "{a: 1}"),
    "require": ("*nobody", "true", "'x'", "1", "~", "[owner]", "{a: 1}"),
    "deny": _NOT_A_LIST,
    "allow": _NOT_A_LIST,
    "require.expires": _NOT_A_FLAG,
    "require.owner": _NOT_A_FLAG,
    "require.max-days": ("*nobody", "true", "'90'", "0", "-1", "36501", "1.0", "0x10", "~", "[1]", "{a: 1}"),
    "require.ticket": (*_NOT_TEXT, "[a]", "'('"),
    "expires": ("*nobody", "true", "'x'", "1", "~", "[2026-12-31]", "{a: b}", "2026-12-31 00:00:00"),
    "target-version": (*_NOT_TEXT, "['>=1']", "1.30", "'1.30'", "'>=1.*'", ">=1"),
    "cluster": (*_NOT_TEXT, "[]", "[7]", "[['a']]", "'[a]'"),
    "type": (*_NOT_TEXT, "[addonUpgrade]", "'AddonUpgrade'"),
    "message": (*_NOT_TEXT, "['a']", "'('", "'(?=a)'"),
    "text": (*_NOT_TEXT, "['a']"),
}
"""Values that are none, by key; `text` is for the others."""

READ: dict[str, Callable[[Any], object]] = {
    "cluster": lambda value: (value,) if isinstance(value, str) else tuple(value),
    "type": CheckType,
    "message": Pattern.parse,
    "expires": date.fromisoformat,
}
"""What the model holds, where it is not the text."""


@dataclass(frozen=True)
class Line:
    """A key on a line of its own: what stands before it, the key, and its value as it is written."""

    lead: str
    key: str
    value: str
    list: str = ""

    def __str__(self) -> str:
        return f"{self.lead}{self.key}: {self.value}"


def quoted(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(quoted, value))}]"
    if isinstance(value, str):
        is_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
        return value if is_day else "'" + value.replace("'", "''") + "'"
    return str(value).lower()


def lines_of(document: Document) -> list[Line]:
    lines: list[Line] = []
    for key, value in document.items():
        if not isinstance(value, dict | list) or not value:
            lines.append(Line("", key, {"[]": "[]", "{}": "{}"}.get(str(value), quoted(value))))
            continue
        lines.append(Line("", key, ""))
        first, other = ("  ", "  ") if isinstance(value, dict) else ("  - ", "    ")
        for entry in [value] if isinstance(value, dict) else value:
            keys = enumerate(entry.items())
            lines += [Line(other if n else first, name, quoted(each), key) for n, (name, each) in keys]
    return lines


def joined(lines: list[Line], line_end: str = "\n") -> bytes:
    return line_end.join([*map(str, lines), ""]).encode()


def lines_of_faults(lines: list[Line], line_end: str) -> set[int]:
    with pytest.raises(PolicyError) as caught:
        parse(joined(lines, line_end), "p.yml", TODAY)
    return {fault.line for fault in caught.value.faults}


POLICIES = written.documents()
LINE_ENDS = st.sampled_from(["\n", "\r\n"])
some = settings(max_examples=30)


@some
@given(POLICIES, LINE_ENDS)
def test_what_is_written_is_read(document: Document, line_end: str) -> None:
    lines = lines_of(document)

    read = parse(joined(lines, line_end), "p.yml", TODAY)

    for effect, rules in ((Effect.ALLOW, read.allow), (Effect.DENY, read.deny)):
        starts = [n for n, line in enumerate(lines, 1) if line.lead == "  - " and line.list == effect.value]
        assert rules == tuple(
            Rule(file="p.yml", line=start, effect=effect, **named(rule))
            for start, rule in zip(starts, document.get(effect.value, []), strict=True)
        )


def named(rule: Document) -> Document:
    return {key.replace("-", "_"): READ.get(key, str)(value) for key, value in rule.items()}


@some
@given(st.data(), POLICIES, LINE_ENDS)
def test_a_renamed_key_is_found(data: st.DataObject, document: Document, line_end: str) -> None:
    lines = lines_of(document)
    index = data.draw(st.integers(0, len(lines) - 1))
    slip = data.draw(st.sampled_from(["{0}x", "x{0}", "_{0}", "{0}-", "level", "severity", "from", "{0} "]))
    lines[index] = replace(lines[index], key=quoted(slip.format(lines[index].key)))

    assert index + 1 in lines_of_faults(lines, line_end)


@some
@given(st.data(), POLICIES, LINE_ENDS)
def test_a_dropped_required_key_is_found(data: st.DataObject, document: Document, line_end: str) -> None:
    lines = lines_of(document)
    required = [index for index, line in enumerate(lines) if line.key in ("version", "risk", "reason")]
    index = data.draw(st.sampled_from(required))
    dropped = lines.pop(index)
    start = 0
    if dropped.lead == "  - ":
        lines[index] = replace(lines[index], lead=dropped.lead)
        start = index
    elif dropped.lead:
        start = max(i for i, line in enumerate(lines[:index]) if line.lead == "  - ")
    if not lines:
        lines.append(Line("", "allow", "[]"))

    assert lines_of_faults(lines, line_end) == {start + 1}


@some
@given(st.data(), POLICIES, LINE_ENDS)
def test_a_key_given_twice_is_found(data: st.DataObject, document: Document, line_end: str) -> None:
    lines = lines_of(document)
    index = data.draw(st.sampled_from([i for i, line in enumerate(lines) if line.value]))
    lead = lines[index].lead.replace("-", " ")
    lines.insert(index + 1, replace(lines[index], lead=lead))

    assert lines_of_faults(lines, line_end) == {index + 2}


@some
@given(st.data(), POLICIES, LINE_ENDS)
def test_a_value_of_another_type_is_found(data: st.DataObject, document: Document, line_end: str) -> None:
    lines = lines_of(document)
    index = data.draw(st.sampled_from([i for i, line in enumerate(lines) if line.value]))
    key = lines[index].key
    values = RETYPED.get(f"{lines[index].list}.{key}", RETYPED.get(key, RETYPED["text"]))
    lines[index] = replace(lines[index], value=data.draw(st.sampled_from(values)))

    assert lines_of_faults(lines, line_end) == {index + 1}


@pytest.mark.parametrize("key", ["max-days", "expires", "owner", "ticket"])
@pytest.mark.parametrize("value", RETYPED["text"])
def test_a_requirement_that_cannot_be_read_is_never_left_out(key: str, value: str) -> None:
    if (key, value) in {("max-days", "7"), ("expires", "true"), ("owner", "true")}:
        return
    with pytest.raises(PolicyError, match=rf"p\.yml:3:\d+: require\.{key}: "):
        parse(f"version: 1\nrequire:\n  {key}: {value}\n".encode(), "p.yml", TODAY)
