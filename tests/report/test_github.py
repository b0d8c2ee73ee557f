from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import ExitCode
from gate.model import (
    Decision,
    Effect,
    JudgedRisk,
    Level,
    Policy,
    PolicyReport,
    Report,
    Risk,
    Status,
    Verdict,
)
from gate.report import Style
from gate.report.escape import break_commands, printable
from gate.report.github import MOST, outputs, render, summary
from gate.report.text import render as render_text

from .cases import (
    CASES,
    FILE,
    allowed,
    blocked,
    fatal,
    fleet,
    judged,
    of_target,
    passes,
    report,
    rule,
    task,
    undecided,
    unlisted,
)
from .strategies import hostile, reports, whole_reports
from .test_escape import BREAKS
from .test_text import EXAMPLES, WRITE


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    message: str


def unescape(text: str, pairs: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        if sign in pairs:
            text = text.replace(code, sign)
    return text


def read_line(line: str) -> Command | None:
    """What the runner makes of a line: a command of either generation, or None for plain text."""
    trimmed = line.lstrip()
    if trimmed.startswith("::"):
        end = trimmed.find("::", 2)
        if end >= 0:
            name, _, told = trimmed[2:end].partition(" ")
            pairs = [pair.strip().partition("=") for pair in told.split(",") if pair.strip()]
            properties = {key: unescape(value, "\r\n:,%") for key, _, value in pairs}
            return Command(name, properties, unescape(trimmed[end + 2 :], "\r\n%"))
    assert "##[" not in line
    assert "##vso[" not in line.lower()
    return None


def commands(text: str) -> list[Command]:
    """The commands of a log: they come first, and in the text report behind them there is none."""
    assert text.endswith("\n")
    lines = [read_line(line) for line in BREAKS.split(text[:-1])]
    found = [line for line in lines if line is not None]
    assert lines[: len(found)] == found
    assert len(found) < len(lines)
    return found


def of_risks(*risks: JudgedRisk) -> Report:
    return report(of_target(Verdict.BLOCKED, "x", judged(Verdict.BLOCKED, "x", *risks)))


def told(made: Report) -> list[Command]:
    return commands(render(made, Style()))


@pytest.mark.parametrize("name", ["passes", "blocked", "fleet", "hostile", "undecided"])
def test_the_commands_of_a_known_report_are_the_reviewed_ones(name: str) -> None:
    file = EXAMPLES / f"{name}.github.txt"
    text = render(CASES[name](), Style())
    if os.environ.get(WRITE) == "yes":
        file.write_bytes(text.encode())
        pytest.fail(f"wrote {file.name}: read it, then run again without {WRITE}")
    assert text == file.read_bytes().decode()


@whole_reports
@given(reports())
def test_hostile_text_adds_no_command_and_no_property(made: Report) -> None:
    found = told(made)
    assert len(found) <= MOST
    for command in found:
        assert command.name in ("error", "warning", "notice")
        assert set(command.properties) in ({"title"}, {"title", "file", "line"})
        assert command.properties.get("line", "1").isdigit()
    text = render(made, Style())
    text.encode()
    assert "##[" not in text
    assert "##vso[" not in text.lower()


@given(hostile, hostile)
def test_a_command_decodes_to_the_intended_text(name: str, message: str) -> None:
    (found,) = told(of_risks(unlisted("R" + name, message)))
    if len(name) < 100:
        quoted = "R" + name if re.fullmatch(r"[\w.@%+/-]*", name) else '"R' + name.replace('"', r"\"") + '"'
        assert found.properties["title"] == break_commands(printable(f"blocked: coredns, {quoted}"))
    lines = re.split(r"\r?\n", message.strip())
    quoted_lines = [break_commands(printable(f"| {line}")) for line in lines] if message.strip() else []
    if len(message) < 1_000:
        assert found.message.split("\n")[1 : 1 + len(quoted_lines)] == quoted_lines


def test_percent_comma_and_colon_are_escaped_as_the_runner_reads_them() -> None:
    made = report(
        of_target(Verdict.BLOCKED, "x", judged(Verdict.BLOCKED, "x", fatal("a:b,c%0A", "50%\r\nd%25")))
    )
    line = render(made, Style()).split("\n")[0]
    assert line.startswith('::error title=blocked%3A coredns%2C "a%3Ab%2Cc%250A"::')
    assert "%0A| 50%25%0A| d%2525" in line


@whole_reports
@given(reports())
def test_the_last_line_is_the_verdict_as_the_text_report_says_it(made: Report) -> None:
    assert render(made, Style()).splitlines()[-1] == render_text(made, Style()).splitlines()[-1]


def test_a_target_that_is_closed_without_a_word_is_an_error_beside_one_that_passes() -> None:
    silent = of_target(Verdict.UNDECIDED, "nothing was judged")
    fine = of_target(Verdict.PASS, "clear", judged(Verdict.PASS, "no risk found"))
    assert [command.name for command in told(report(fine, silent))].count("error") == 1


@whole_reports
@given(reports())
def test_an_error_is_told_exactly_where_the_verdict_is_closed(made: Report) -> None:
    names = [command.name for command in told(made)]
    assert ("error" in names) is (made.verdict is not Verdict.PASS)
    order = ["error", "warning", "notice"]
    assert names == sorted(names, key=order.index)


def test_a_finding_that_a_rule_decided_points_at_that_rule() -> None:
    denial = rule(7, effect=Effect.DENY, expires=None, risk="AddonStatus")
    risk = Risk("AddonStatus", Level.WARNING, Status.FAILED, "m")
    denied = JudgedRisk(risk, Decision.BLOCKED, "denied by the policy: x", denial)
    error, notice = told(of_risks(allowed(rule()), denied))
    assert (error.name, error.properties["file"], error.properties["line"]) == ("error", FILE.path, "7")
    assert (notice.name, notice.properties["file"], notice.properties["line"]) == ("notice", FILE.path, "12")
    assert "through 2025-12-31" in notice.message
    assert "ticket NET-123" in notice.message


def test_rules_to_look_after_are_told_where_they_stand() -> None:
    late, soon, shaded, idle, denial = rule(1), rule(2, expires=date(2025, 8, 20)), rule(3), rule(4), rule(5)
    policy = PolicyReport(
        Policy((FILE,)), unused=(idle,), expired=(late,), expiring=(soon,), shadowed=((shaded, denial),)
    )
    found = told(replace(passes(), policy=policy))
    assert [(command.name, command.properties["line"]) for command in found] == [
        ("warning", "1"),
        ("warning", "2"),
        ("warning", "3"),
        ("notice", "12"),
        ("notice", "4"),
    ]
    assert "policies/prod.yml:2 " in found[1].message


def test_at_most_ten_are_told_and_the_last_says_how_many_more() -> None:
    risks = [fatal(f"R{n}") for n in range(30)]
    found = told(of_risks(*risks, allowed(rule())))
    assert len(found) == MOST
    assert found[-1].name == "error"
    assert found[-1].properties["title"] == "22 more findings"
    assert found[-1].message.startswith("not shown here: 21 errors, 1 notice; ")


def test_what_blocks_is_told_before_what_is_unclear() -> None:
    unclear = judged(Verdict.UNDECIDED, "not final", of=task(status=Status.RUNNING))
    stands = judged(Verdict.BLOCKED, "1 risk in the way", fatal())
    other = replace(fleet().targets[1].target)
    made = report(
        of_target(Verdict.UNDECIDED, "x", unclear), of_target(Verdict.BLOCKED, "x", stands, target=other)
    )
    assert [command.properties["title"].split(":")[0] for command in told(made)] == ["blocked", "undecided"]


def test_the_same_finding_in_several_clusters_is_told_once() -> None:
    (found,) = told(fleet())
    assert found.message.endswith("\nin prod-1, prod-3")


def test_a_problem_is_told_with_its_hint() -> None:
    (found,) = told(CASES["error"]())
    assert "hint: give the agency or user the action" in found.message
    assert "API code CCE.01403001" in found.message


def test_nothing_judged_is_told_as_an_error() -> None:
    (found,) = told(report())
    assert found.name == "error"
    assert found.properties["title"] == "nothing was judged"


def test_a_check_that_is_stale_is_told_with_its_reason() -> None:
    assert any("longer ago than --max-age" in command.message for command in told(undecided()))


def test_the_step_summary_is_the_markdown_report() -> None:
    assert summary(blocked()).startswith("## ⛔ BLOCKED: ")


def read_outputs(text: str) -> dict[str, str]:
    """What the runner reads from the file GITHUB_OUTPUT."""
    values: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if line:
            name, _, delimiter = line.partition("<<")
            values[name] = "\n".join(iter(lambda: next(lines), delimiter))
    return values


def test_outputs_tell_the_verdict_the_counts_and_the_paths() -> None:
    assert read_outputs(outputs(blocked(), {"json": "out/report.json", "junit": "a\nb"}, "end-1f")) == {
        "verdict": "blocked",
        "exit-code": "1",
        "ok": "2",
        "allowed": "0",
        "blocked": "3",
        "inconclusive": "0",
        "report-json": "out/report.json",
        "report-junit": "a\nb",
    }


def test_a_pass_that_does_not_exit_0_is_not_output_as_one() -> None:
    torn = replace(passes(), exit_code=ExitCode.UNDECIDED)
    assert read_outputs(outputs(torn, {}, "end"))["verdict"] == "undecided"


@given(st.dictionaries(st.sampled_from(["json", "html", "text"]), hostile), hostile)
def test_no_path_can_add_an_output(paths: dict[str, str], delimiter: str) -> None:
    paths = {name: path.replace("\r", "") for name, path in paths.items()}
    try:
        text = outputs(passes(), paths, delimiter)
    except ValueError:
        return
    read = read_outputs(text)
    assert read["verdict"] == "pass"
    assert {name: path for name, path in read.items() if name.startswith("report-")} == {
        f"report-{name}": path for name, path in paths.items()
    }


@pytest.mark.parametrize("delimiter", ["", " ", "a\nb", "pass", "verdict", "prod"])
def test_a_delimiter_that_could_be_taken_for_a_value_is_refused(delimiter: str) -> None:
    with pytest.raises(ValueError, match="delimiter"):
        outputs(passes(), {"json": "prod/x.json"}, delimiter)
