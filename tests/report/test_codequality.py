from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from gate.model import Policy, PolicyFile, PolicyReport, Report, Status, Verdict
from gate.report import Style, renderer
from gate.report.findings import findings_of, lines_of, to_notice

from .cases import CASES, blocked, chinese, judged, of_target, ok, passes, report, task, undecided, unlisted
from .strategies import reports, whole_reports
from .test_escape import has_command

EXAMPLES = Path(__file__).parent / "examples"
WRITE = "WRITE_REPORT_EXAMPLES"
SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def written_of(made: Report) -> str:
    return renderer("gitlab-codequality")(made, Style())


def entries_of(made: Report) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(written_of(made))
    return read


@pytest.mark.parametrize("name", ["passes", "blocked", "undecided", "hostile"])
def test_the_entries_of_a_known_report_are_the_reviewed_ones(name: str) -> None:
    file = EXAMPLES / f"{name}.codequality.json"
    written = written_of(CASES[name]())
    if os.environ.get(WRITE) == "yes":
        file.write_bytes(written.encode())
        pytest.fail(f"wrote {file.name}: read it, then run again without {WRITE}")
    assert written == file.read_bytes().decode()


@whole_reports
@given(reports())
def test_every_entry_has_gitlab_s_form_and_one_is_grave_where_the_run_does_not_exit_0(made: Report) -> None:
    entries = entries_of(made)
    for entry in entries:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert all(isinstance(entry[key], str) and entry[key] for key in set(entry) - {"location"})
        assert entry["severity"] in SEVERITIES
        assert isinstance(entry["location"]["path"], str)
        assert entry["location"]["path"]
        assert entry["location"]["lines"]["begin"] >= 1
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    assert any(entry["severity"] != "info" for entry in entries) is (made.exit_code != 0)


@whole_reports
@given(reports())
def test_hostile_text_is_held_whole_and_commands_nothing(made: Report) -> None:
    written = written_of(made)
    written.encode()
    assert not has_command(written)
    for finding, entry in zip(to_notice(findings_of(made)), entries_of(made), strict=True):
        assert all(line.strip(" ;") in entry["description"] for line in lines_of(finding.message))


def test_what_no_policy_can_allow_is_worst_and_what_it_allows_is_told() -> None:
    assert [(entry["check_name"], entry["severity"]) for entry in entries_of(blocked())] == [
        ("AddonValidate", "blocker"),
        ("AddonStatus", "critical"),
        ("AddonStatus", "critical"),
    ]
    assert {entry["severity"] for entry in entries_of(undecided())} == {"major"}
    assert [entry["severity"] for entry in entries_of(passes())] == ["info"]


def test_a_pass_without_exceptions_is_an_empty_list() -> None:
    found = judged(Verdict.PASS, "no risk found", ok("AddonStatus"), of=task(status=Status.SUCCESS))
    assert written_of(report(of_target(Verdict.PASS, "x", found))) == "[]\n"


def test_chinese_stays_readable() -> None:
    assert "插件状态（abnormal）异常" in written_of(chinese())


def test_the_path_is_the_policy_as_it_was_given_without_a_leading_dot() -> None:
    files = PolicyReport(Policy(files=(PolicyFile("./ci/prod.yml", ""),)), unused=(), expired=())
    found = judged(Verdict.BLOCKED, "x", unlisted())
    made = replace(report(of_target(Verdict.BLOCKED, "x", found)), policy=files)
    assert entries_of(made)[0]["location"]["path"] == "ci/prod.yml"
