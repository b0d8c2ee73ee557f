"""Whatever is in order is read as it was written; any slip in it is found on its line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import Rule
from gate.policy.load import PolicyError, parse

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
NAMES = TEXTS.map(lambda name: "".join(char for char in name if char not in "*?[]")).filter(bool)
RETYPED = {
    "version": ["*nobody", "true", "'1'", "1.0", "2", "~", "[1]", "{a: 1}"],
    "allow": ["*nobody", "true", "'x'", "1", "~", "{a: 1}", "[1]", "[~]"],
    "expires": ["*nobody", "true", "'x'", "1", "~", "[2026-12-31]", "{a: b}", "2026-12-31 00:00:00"],
    "text": ["*nobody", "true", "7", "1.5", "~", "[a]", "{a: b}", "2026-12-31", "' '"],
}


@dataclass(frozen=True)
class Line:
    """A key on a line of its own: what stands before it, the key, and its value as it is written."""

    lead: str
    key: str
    value: str

    def __str__(self) -> str:
        return f"{self.lead}{self.key}: {self.value}"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def rules() -> st.SearchStrategy[dict[str, str | date]]:
    required: dict[str, st.SearchStrategy[str | date]] = {"risk": NAMES, "reason": TEXTS}
    optional: dict[str, st.SearchStrategy[str | date]] = {
        "addon": NAMES,
        "expires": st.dates(),
        "owner": TEXTS,
        "ticket": TEXTS,
    }
    in_some_order = st.fixed_dictionaries(required, optional=optional).flatmap(
        lambda rule: st.permutations(list(rule.items()))
    )
    return in_some_order.map(dict)


def lines_of(written: list[dict[str, str | date]]) -> list[Line]:
    lines = [Line("", "version", "1"), Line("", "allow", "" if written else "[]")]
    for rule in written:
        for index, (key, value) in enumerate(rule.items()):
            text = value.isoformat() if isinstance(value, date) else quoted(value)
            lines.append(Line("    " if index else "  - ", key, text))
    return lines


def joined(lines: list[Line], line_end: str = "\n") -> bytes:
    return line_end.join([*map(str, lines), ""]).encode()


def lines_of_faults(lines: list[Line], line_end: str) -> set[int]:
    with pytest.raises(PolicyError) as caught:
        parse(joined(lines, line_end), "p.yml")
    return {fault.line for fault in caught.value.faults}


POLICIES = st.lists(rules(), max_size=3)
LINE_ENDS = st.sampled_from(["\n", "\r\n"])


@given(POLICIES, LINE_ENDS)
def test_what_is_written_is_read(written: list[dict[str, str | date]], line_end: str) -> None:
    lines = lines_of(written)
    starts = [number for number, line in enumerate(lines, 1) if line.lead == "  - "]

    read = parse(joined(lines, line_end), "p.yml").allow

    assert read == tuple(
        Rule(file="p.yml", line=start, **values)  # type: ignore[arg-type]
        for start, values in zip(starts, written, strict=True)
    )


@given(st.data(), POLICIES, LINE_ENDS)
def test_a_renamed_key_is_found(
    data: st.DataObject, written: list[dict[str, str | date]], line_end: str
) -> None:
    lines = lines_of(written)
    index = data.draw(st.integers(0, len(lines) - 1))
    slip = data.draw(st.sampled_from(["{0}x", "x{0}", "_{0}", "{0}-", "require", "deny", "type", "cluster"]))
    lines[index] = replace(lines[index], key=slip.format(lines[index].key))

    assert index + 1 in lines_of_faults(lines, line_end)


@given(st.data(), POLICIES, LINE_ENDS)
def test_a_dropped_required_key_is_found(
    data: st.DataObject, written: list[dict[str, str | date]], line_end: str
) -> None:
    lines = lines_of(written)
    required = [index for index, line in enumerate(lines) if line.key in ("version", "risk", "reason")]
    index = data.draw(st.sampled_from(required))
    dropped = lines.pop(index)
    start = 0
    if dropped.lead == "  - ":
        lines[index] = replace(lines[index], lead=dropped.lead)
        start = index
    elif dropped.lead:
        start = max(i for i, line in enumerate(lines[:index]) if line.lead == "  - ")

    assert lines_of_faults(lines, line_end) == {start + 1}


@given(st.data(), POLICIES, LINE_ENDS)
def test_a_key_given_twice_is_found(
    data: st.DataObject, written: list[dict[str, str | date]], line_end: str
) -> None:
    lines = lines_of(written)
    index = data.draw(st.sampled_from([i for i, line in enumerate(lines) if line.value]))
    lead = "    " if lines[index].lead else ""
    lines.insert(index + 1, replace(lines[index], lead=lead))

    assert lines_of_faults(lines, line_end) == {index + 2}


@given(st.data(), POLICIES, LINE_ENDS)
def test_a_value_of_another_type_is_found(
    data: st.DataObject, written: list[dict[str, str | date]], line_end: str
) -> None:
    lines = lines_of(written)
    index = data.draw(st.sampled_from([i for i, line in enumerate(lines) if line.value]))
    values = RETYPED.get(lines[index].key, RETYPED["text"])
    lines[index] = replace(lines[index], value=data.draw(st.sampled_from(values)))

    assert lines_of_faults(lines, line_end) == {index + 1}
