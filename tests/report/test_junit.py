from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from junitparser import Error, Failure, JUnitXml

from gate.model import Decision, Report, Verdict
from gate.report import Style, renderer
from gate.report.escape import printable
from gate.report.findings import findings_of, lines_of

from .cases import (
    CASES,
    allowed,
    blocked,
    fatal,
    fleet,
    hostile,
    judged,
    of_target,
    passes,
    report,
    rule,
    task,
    undecided,
    unlisted,
)
from .strategies import reports, whole_reports
from .test_escape import has_command

EXAMPLES = Path(__file__).parent / "examples"
WRITE = "WRITE_REPORT_EXAMPLES"
FORBIDDEN = re.compile("[^\n -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_of(made: Report) -> str:
    return renderer("junit")(made, Style())


def cases_of(made: Report) -> list[ET.Element]:
    return list(ET.fromstring(junit_of(made)).iter("testcase"))


def status_as_gitlab_reads_it(case: ET.Element) -> tuple[str, str | None]:
    """What `create_test_case` makes of it: the first of failure and error, its text without attributes."""
    for element, status in (("failure", "failed"), ("error", "error"), ("skipped", "skipped")):
        found = case.find(element)
        if found is not None:
            return status, found.text
    return "success", None


STATUSES = {
    Decision.BLOCKED: "failed",
    Decision.INCONCLUSIVE: "error",
    Decision.ALLOWED: "success",
    Decision.OK: "success",
}


@pytest.mark.parametrize("name", ["passes", "blocked", "undecided", "error", "hostile", "fleet"])
def test_the_xml_of_a_known_report_is_the_reviewed_one(name: str) -> None:
    file = EXAMPLES / f"{name}.junit.xml"
    written = junit_of(CASES[name]())
    if os.environ.get(WRITE) == "yes":
        file.write_bytes(written.encode())
        pytest.fail(f"wrote {file.name}: read it, then run again without {WRITE}")
    assert written == file.read_bytes().decode()


@whole_reports
@given(reports())
def test_gitlab_reads_every_finding_and_a_failure_exactly_where_the_run_does_not_exit_0(made: Report) -> None:
    read = Counter(status_as_gitlab_reads_it(case)[0] for case in cases_of(made))
    assert read == Counter(STATUSES[finding.decision] for finding in findings_of(made))
    for case in cases_of(made):
        status, text = status_as_gitlab_reads_it(case)
        assert (text is None) is (status == "success")
        assert text is None or text.strip()
    assert bool(read["failed"] + read["error"]) is (made.exit_code != 0)


@whole_reports
@given(reports())
def test_the_counts_are_those_of_the_cases_and_no_two_have_the_same_names(made: Report) -> None:
    root = ET.fromstring(junit_of(made))
    for suite in (root, *root.iter("testsuite")):
        assert int(suite.attrib["tests"]) == len(list(suite.iter("testcase")))
        assert int(suite.attrib["failures"]) == len(list(suite.iter("failure")))
        assert int(suite.attrib["errors"]) == len(list(suite.iter("error")))
        assert float(suite.attrib["time"]) >= 0
    names = [(case.attrib["classname"], case.attrib["name"]) for case in root.iter("testcase")]
    assert len(set(names)) == len(names)
    assert all(classname and name for classname, name in names)


@whole_reports
@given(reports())
def test_nothing_in_it_voids_the_report_or_commands_a_ci_system(made: Report) -> None:
    written = junit_of(made)
    root = ET.fromstring(written)
    assert not FORBIDDEN.search(written)
    assert all("type" not in element.attrib for element in root.iter())
    assert not re.search(r"\[\[ATTACHMENT\|", written)
    for case in root.iter("testcase"):
        assert len(case) <= 1
    written.encode()
    assert not has_command(written)


@whole_reports
@given(reports())
def test_the_body_holds_the_whole_message_and_only_in_its_gutter(made: Report) -> None:
    found = findings_of(made)
    suites = list(dict.fromkeys(finding.target for finding in found))
    found = tuple(sorted(found, key=lambda finding: suites.index(finding.target)))
    told = [finding for finding in found if finding.decision is not Decision.OK]
    bodies = [case[0].text or "" for case in cases_of(made) if len(case)]
    for finding, body in zip(told, bodies, strict=True):
        lines = body.replace("[ [ATTACHMENT|", "[[ATTACHMENT|").split("\n")
        assert lines[0] == printable(finding.headline)
        gutter = [line for line in lines if line.startswith("|")]
        assert gutter == [f"| {line}".rstrip(" ") for line in lines_of(finding.message)]


@pytest.mark.parametrize("name", CASES)
def test_junitparser_reads_it(name: str) -> None:
    made = CASES[name]()
    read = JUnitXml.fromstring(junit_of(made).encode())
    results = [type(each) for suite in read for case in suite for each in case.result]
    decisions = [finding.decision for finding in findings_of(made)]
    assert results.count(Failure) == decisions.count(Decision.BLOCKED)
    assert results.count(Error) == decisions.count(Decision.INCONCLUSIVE)
    assert read.tests == len(decisions)


def test_hostile_text_is_shown_and_does_nothing() -> None:
    written = junit_of(hostile())
    assert "| &#35;#[error]stop &#35;#vso[task.complete" in written
    assert "| ::add-mask::secret" in written
    body = cases_of(hostile())[0][0].text or ""
    assert "| ##[error]stop ##vso[task.complete result=Succeeded]done" in body
    assert "PASS" not in [line[:4] for line in body.splitlines()]


def test_the_body_says_all_and_the_message_is_short() -> None:
    case = cases_of(report(of_target(Verdict.BLOCKED, "x", judged(Verdict.BLOCKED, "y" * 900, fatal()))))[0]
    assert "y" * 900 in (case[0].text or "")
    assert len(case[0].attrib["message"]) < 330


def test_an_allowed_risk_passes_and_names_rule_reason_and_owner() -> None:
    case = cases_of(passes())[0]
    assert (case[0].tag, status_as_gitlab_reads_it(case)) == ("system-out", ("success", None))
    text = case[0].text or ""
    assert 'allowed by policies/prod.yml:12, through 2025-12-31: "Corefile is managed' in text
    assert "owner: team-network" in text


def test_the_same_risk_of_two_tasks_is_two_cases_in_a_fixed_order() -> None:
    twice = [judged(Verdict.BLOCKED, "x", unlisted()), judged(Verdict.BLOCKED, "x", unlisted())]
    names = [case.attrib["name"] for case in cases_of(report(of_target(Verdict.BLOCKED, "x", *twice)))]
    assert names == ["AddonStatus (coredns -> 1.30.6)", "AddonStatus (coredns -> 1.30.6) #2"]


def test_a_name_can_not_take_the_number_of_another() -> None:
    risks = [unlisted("a"), unlisted("a"), unlisted("a")]
    odd = task(target_version='1" #2')
    made = [judged(Verdict.BLOCKED, "x", *risks, of=odd), judged(Verdict.BLOCKED, "x", *risks, of=odd)]
    names = [case.attrib["name"] for case in cases_of(report(of_target(Verdict.BLOCKED, "x", *made)))]
    assert len(set(names)) == 6


def test_every_cluster_is_a_suite_with_its_name() -> None:
    suites = ET.fromstring(junit_of(fleet())).findall("testsuite")
    assert [suite.attrib["name"] for suite in suites] == ["prod-1", "prod-2", "prod-3"]
    assert [suite.attrib["failures"] for suite in suites] == ["1", "0", "1"]


def test_no_version_stands_in_a_class_name_that_readers_split_at_dots() -> None:
    assert {case.attrib["classname"] for case in cases_of(blocked())} == {
        "prod-1/coredns",
        "prod-1/metrics-server",
    }


def test_problems_and_unfinished_tasks_are_errors_that_say_what_to_do() -> None:
    texts = {case.attrib["name"]: case[0].text or "" for case in cases_of(undecided()) if len(case)}
    assert "What to do: raise --timeout" in texts["timed-out (prod-1)"]
    assert "What to do: Wait longer (--timeout)" in texts["the check itself (nginx-ingress -> 2.6.5)"]


def test_what_looks_like_an_attachment_is_none() -> None:
    listed = rule(reason="see [[ATTACHMENT|/etc/passwd]]")
    found = judged(Verdict.PASS, "x", allowed(listed, "[[ATTACHMENT|/etc/shadow]]"))
    assert "[[ATTACHMENT|" not in junit_of(report(of_target(Verdict.PASS, "x", found)))
