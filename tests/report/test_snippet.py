"""Drafted rules are valid YAML whatever they are about, and name what they are about exactly."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from gate.report.escape import guard, printable
from gate.report.layout import cells
from gate.report.snippet import LONGEST_MESSAGE, NarrowDraft, comment, exactly, policy_text, yaml_pattern

from .strategies import hostile

DAY = date(2026, 12, 23)


@given(hostile, hostile)
@example("a.c", "abc")
@example("(x|y)$", "x")
@example("a", "a\n")
@example("##vso[task.complete]", "##vso")
@example("\u3000配置（已修改）\t", "x")
def test_the_pattern_of_a_message_matches_it_and_no_other(message: str, other: str) -> None:
    pattern = exactly(message)
    if pattern is None:
        return
    assert pattern.search(message)
    for changed in (other, message + "x", "x" + message, message[1:], message.upper(), f"{message}\n"):
        assert pattern.search(changed) is (changed == message)


@pytest.mark.parametrize(
    "message", ["", "\n", "a\nb", "a\n", "a\u2028b", "x" * (LONGEST_MESSAGE + 1), "\ud800"]
)
def test_there_is_no_pattern_for_what_no_reviewer_could_read_on_a_line(message: str) -> None:
    assert exactly(message) is None


def test_a_message_of_the_documented_kind_has_a_pattern_that_reads_well() -> None:
    pattern = exactly("addon status(abnormal) isn't running; see #1")
    assert pattern is not None
    assert yaml_pattern(pattern) == r"'^addon status\(abnormal\) isn''t running; see #1$'"


@given(hostile)
def test_a_pattern_reads_back_from_yaml(message: str) -> None:
    pattern = exactly(message)
    if pattern is not None:
        written = yaml_pattern(pattern)
        assert yaml.safe_load(f"- message: {written}") == [{"message": pattern.text}]
        assert guard(printable(f"    message: {written}")) == f"    message: {written}"


@given(hostile, st.sampled_from([0, 2, 4]))
def test_nothing_in_a_comment_ends_it(text: str, indent: int) -> None:
    for line in comment(text, indent):
        assert line.startswith(" " * indent + "#")
        assert len(line.splitlines()) == 1
        assert printable(line) == line


def test_comments_are_wrapped_at_80_columns() -> None:
    lines = comment("why " * 100, 4)
    assert len(lines) > 5
    assert max(map(cells, lines)) <= 80


@given(hostile, hostile, hostile)
def test_a_whole_draft_is_yaml_that_says_only_what_was_meant(risk: str, addon: str, said: str) -> None:
    draft = NarrowDraft(risk, addon, DAY, (("type", "addonUpgrade"),), (("cluster", said),), (said, said))
    text = policy_text([said], [draft.lines(), draft.lines()], [said])
    rule = {"risk": risk, "addon": addon, "type": "addonUpgrade", "reason": None, "expires": DAY}
    assert yaml.safe_load(text) == {"version": 1, "allow": [rule, rule]}
    assert guard(text) == text


def test_a_policy_without_a_rule_is_one_that_allows_nothing() -> None:
    assert policy_text(["nothing"], [], ["Not drafted:", "- x"]) == (
        "# nothing\nversion: 1\nallow: []\n\n# Not drafted:\n# - x\n"
    )
