from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from junitparser import Error, Failure, JUnitXml

from gate.model import Decision, Report
from gate.report.escape import printable
from gate.report.findings import findings_of, lines_of
from tests.pipelines.ground import run

from .ground import debian, everywhere, render, samples

READER = Path(__file__).with_name("junit_as_gitlab_reads_it.rb")
PACKAGES = "ruby ruby-activesupport ruby-nokogiri"
STATUSES = {Decision.BLOCKED: "failed", Decision.INCONCLUSIVE: "error"}
ATTACHMENT = "[[ATTACHMENT|builds/secret.png]]"

Read = dict[str, Any]


def read_by_gitlab(*written: str) -> list[Read]:
    with TemporaryDirectory() as folder:
        files = [Path(folder, f"{number}.xml") for number in range(len(written))]
        for file, text in zip(files, written, strict=True):
            file.write_bytes(text.encode())
        done = run(debian("ruby", PACKAGES), READER, *files)
    assert done.returncode == 0, f"is a package missing? apt-get install -y {PACKAGES}\n{done.stderr}"
    read: list[Read] = json.loads(done.stdout)
    return read


@cache
def everything() -> Mapping[str, tuple[Report, str, Read]]:
    """Each sample: the report, its XML, and what GitLab's rules make of it."""
    made = {**samples(), "attachment": everywhere(ATTACHMENT)}
    written = [render("junit", each) for each in made.values()]
    told = zip(made.values(), written, read_by_gitlab(*written), strict=True)
    return dict(zip(made, told, strict=True))


NAMES = [*samples(), "attachment"]
each_sample = pytest.mark.parametrize("name", NAMES)


def harmless(text: str) -> str:
    """How the report writes what GitLab would take for an attachment."""
    return text.replace("[[ATTACHMENT|", "[ [ATTACHMENT|")


def messages_in(made: Report) -> list[str]:
    """The messages of all blocked risks that decide."""
    risks = [risk for judged in made.deciding for risk in judged.risks]
    return [risk.risk.message for risk in risks if risk.decision is Decision.BLOCKED]


@each_sample
def test_every_finding_is_a_case_and_every_blocked_one_a_failure(name: str) -> None:
    made, _, read = everything()[name]
    assert "error" not in read, read
    wanted = Counter(STATUSES.get(finding.decision, "success") for finding in findings_of(made))
    assert Counter(case["status"] for case in read["cases"]) == wanted
    closed = wanted["failed"] + wanted["error"]
    assert bool(closed) is (made.exit_code != 0)


@each_sample
def test_the_text_of_a_failure_arrives_whole(name: str) -> None:
    made, written, read = everything()[name]
    cases = ET.fromstring(written).iter("testcase")
    texts = [each.text for case in cases for each in case if each.tag in ("failure", "error")]
    assert [case["text"] for case in read["cases"] if case["status"] in ("failed", "error")] == texts
    failed = [case["text"].split("\n") for case in read["cases"] if case["status"] == "failed"]
    for message in messages_in(made):
        lines = [f"| {line}".rstrip(" ") for line in lines_of(harmless(message))]
        assert any([line for line in text if line.startswith("|")] == lines for text in failed), message


@each_sample
def test_no_case_takes_the_place_of_another(name: str) -> None:
    _, _, read = everything()[name]
    keys = Counter((case["status"], case["key"]) for case in read["cases"])
    assert max(keys.values(), default=1) == 1, keys.most_common(1)


@each_sample
def test_no_text_is_taken_for_an_attachment(name: str) -> None:
    _, written, read = everything()[name]
    assert not any(case["attachment"] for case in read["cases"])
    assert "[[ATTACHMENT|" not in written


@each_sample
def test_every_case_has_the_names_that_a_merge_request_shows(name: str) -> None:
    made, _, read = everything()[name]
    abouts = {harmless(printable(finding.about)) for finding in findings_of(made)}
    for case in read["cases"]:
        assert all(isinstance(case[each], str) and case[each] for each in ("suite", "classname", "name"))
        assert case["name"].rpartition(" #")[0] in abouts or case["name"] in abouts
        assert (case["text"] is None) is (case["status"] == "success")


@each_sample
def test_junitparser_counts_as_the_report_does(name: str) -> None:
    made, written, _ = everything()[name]
    read = JUnitXml.fromstring(written.encode())
    results = [type(each) for suite in read for case in suite for each in case.result]
    decisions = [finding.decision for finding in findings_of(made)]
    blocked, unclear = decisions.count(Decision.BLOCKED), decisions.count(Decision.INCONCLUSIVE)
    assert (results.count(Failure), results.count(Error)) == (blocked, unclear)
    assert (read.tests, read.failures, read.errors, read.skipped) == (len(decisions), blocked, unclear, 0)
    for suite in read:
        assert suite.tests == len(list(suite))


def test_the_reader_sees_what_gitlab_would_see_in_a_careless_report() -> None:
    """That the tests above can fail."""
    case = '<testsuite name="s"><testcase classname="c" name="n">{}</testcase></testsuite>'
    attached, typed, void = read_by_gitlab(
        case.format(f"<failure>x</failure><system-out>{ATTACHMENT}</system-out>"),
        case.format('<failure type="integer">7 risks</failure>'),
        case.format("<failure>\x1b</failure>"),
    )
    assert attached["cases"][0]["attachment"] == "builds/secret.png"
    assert typed["cases"][0]["text"] == 7
    assert "cases" not in void
