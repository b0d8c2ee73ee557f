from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import ExitCode
from gate.model import Decision, JudgedRisk, Level, Report, Risk, Status, Unknown, Verdict
from gate.report import Style, renderer
from gate.report.layout import cells

from .cases import CASES, allowed, blocked, fatal, judged, of_target, ok, passes, report, rule, task
from .strategies import reports, whole_reports
from .test_escape import has_command

EXAMPLES = Path(__file__).parent / "examples"
WRITE = "WRITE_REPORT_EXAMPLES"
VERDICTS = re.compile(r"(?:PASS|BLOCKED|UNDECIDED|ERROR)\b")
SGR = re.compile(r"\x1b\[[0-9;]*m")


def text_of(made: Report, width: int = 80, colour: bool = False) -> str:
    return renderer("text")(made, Style(width, colour))


def has_long_word(line: str, width: int) -> bool:
    """Whether one word is wider than what the gate's own labels and indents leave of a line."""
    return cells(max(line.split(" "), key=cells)) > width - 14


@pytest.mark.parametrize("name", CASES)
def test_the_text_of_a_known_report_is_the_reviewed_one(name: str) -> None:
    file = EXAMPLES / f"{name}.txt"
    text = text_of(CASES[name]())
    if os.environ.get(WRITE) == "yes":
        file.write_bytes(text.encode())
        pytest.fail(f"wrote {file.name}: read it, then run again without {WRITE}")
    assert text == file.read_bytes().decode()


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_asked_unless_a_single_word_is(name: str, width: int) -> None:
    *lines, verdict = text_of(CASES[name](), width).splitlines()
    assert cells(verdict) <= 80
    for line in lines:
        assert cells(line) <= width or has_long_word(line, width)


@pytest.mark.parametrize("name", CASES)
def test_colour_adds_nothing_that_the_words_do_not_say(name: str) -> None:
    coloured = text_of(CASES[name](), colour=True)
    assert "\x1b[" in coloured
    assert SGR.sub("", coloured) == text_of(CASES[name]())


@whole_reports
@given(reports(), st.booleans(), st.sampled_from([40, 80]))
def test_hostile_text_neither_acts_nor_commands(made: Report, colour: bool, width: int) -> None:
    text = text_of(made, width, colour)
    text.encode("utf-8")
    plain = SGR.sub("", text) if colour else text
    controls = [c for c in plain if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert controls == []
    assert not has_command(text)
    assert not has_command(plain)


@whole_reports
@given(reports(), st.sampled_from([40, 80]))
def test_the_verdict_is_the_last_line_and_nothing_can_forge_it(made: Report, width: int) -> None:
    lines = text_of(made, width).split("\n")
    assert lines.pop() == ""
    assert [line for line in lines if VERDICTS.match(line)] == lines[-1:]
    assert lines[-1].startswith(f"{made.verdict.name}: ")
    assert lines[-1].endswith(f" (exit {int(made.exit_code)})")


@whole_reports
@given(reports(), st.sampled_from([40, 80]))
def test_only_a_single_word_makes_a_line_too_wide_whatever_the_text(made: Report, width: int) -> None:
    for line in text_of(made, width).split("\n")[:-2]:
        assert cells(line) <= width or has_long_word(line, width)


@whole_reports
@given(reports())
def test_go_on_is_said_exactly_where_the_exit_code_is_0(made: Report) -> None:
    end = text_of(made).splitlines()[-1]
    assert ("go on" in end) is (made.exit_code == 0)
    assert ("do not upgrade" in end) is (made.exit_code != 0)


def test_a_pass_that_does_not_exit_0_is_not_called_one() -> None:
    torn = replace(passes(), exit_code=ExitCode.UNDECIDED)
    assert (
        text_of(torn).splitlines()[-1]
        == "UNDECIDED: the evidence is missing or not usable, do not upgrade (exit 3)"
    )


def test_every_verdict_has_its_words() -> None:
    for verdict in Verdict:
        made = replace(blocked(), verdict=verdict, exit_code=verdict.exit_code)
        assert text_of(made).splitlines()[-1].endswith(f"(exit {int(verdict.exit_code)})")


def test_blocked_comes_first_then_inconclusive_allowed_and_ok() -> None:
    unclear = JudgedRisk(
        Risk("Cloudy", Level.WARNING, Status.INIT), Decision.INCONCLUSIVE, "its status is Init"
    )
    found = judged(
        Verdict.BLOCKED, "x", ok("Fine"), allowed(rule(risk="Known")), unclear, fatal("Deadly", "m")
    )
    text = text_of(report(of_target(Verdict.BLOCKED, "x", found)))
    order = [text.index(f"{name}") for name in ("Deadly (", "Cloudy (", "Known (", "Fine\n")]
    assert order == sorted(order)
    assert "4 risks: 1 ok, 1 allowed, 1 blocked, 1 inconclusive\n" in text


def test_superseded_tasks_are_named_and_not_counted() -> None:
    text = text_of(passes())
    assert "0b0f6c1e-1111-4409-bc71-20cc2b774245" in text
    assert "3 risks: 2 ok, 1 allowed\n" in text
    assert "AddonValidate (Fatal)" not in text


def test_an_allowed_risk_names_its_rule_its_reason_and_its_end() -> None:
    text = " ".join(text_of(passes()).split())
    assert 'by policies/prod.yml:12, through 2025-12-31: "Corefile is managed by the network team' in text


def test_an_age_that_cannot_be_told_is_said_to_be_unknown() -> None:
    odd = task(created=Unknown("gestern"))
    made = report(
        of_target(Verdict.UNDECIDED, "x", judged(Verdict.UNDECIDED, "x", of=odd)), max_age_checked=False
    )
    text = text_of(made)
    assert 'creation time "gestern" not readable' in text
    assert "the age of the results was not checked; 1 without a readable creation time" in " ".join(
        text.split()
    )


def test_a_name_that_is_more_than_a_name_is_quoted() -> None:
    found = judged(Verdict.BLOCKED, "x", fatal('ok" (Warning): fine', "m"))
    assert r'"ok\" (Warning): fine" (Fatal)' in text_of(report(of_target(Verdict.BLOCKED, "x", found)))


def test_nothing_judged_is_never_a_pass() -> None:
    assert text_of(report()).splitlines()[-1].startswith("UNDECIDED: ")
