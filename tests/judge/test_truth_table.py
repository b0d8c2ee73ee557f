"""The table of when the gate opens, cell by cell: only the cells written out here may pass."""

from __future__ import annotations

from itertools import product

import pytest

from gate.api.parse import parse_answer
from gate.judge import judge
from gate.model import Answer, Decision, Level, Status, Unknown, Verdict
from tests.builders import NOW, WANTED, answer, policy, risk, rule, task
from tests.documents import document

TASK_STATUSES = ("Init", "Running", "Failed", "Success", "success", "Done", "", None, 5)
RISK_STATUSES = ("Init", "Running", "Failed", "Success", "FAILED", "Passed", "", None, True)
LEVELS = ("Warning", "Fatal", "warning", "Critical", "", None, 2)
PLACES = ("inside status", "beside status", "both", "nowhere", "null", "empty")
POLICIES = {"listed": policy(rule()), "not listed": policy(rule("K8sResourceModified"))}
CELLS = list(product(TASK_STATUSES, RISK_STATUSES, LEVELS, PLACES, POLICIES))


def passes(task_status: object, risk_status: object, level: object, place: str, listed: str) -> bool:
    """The passing cells, written out."""
    shown = place in ("inside status", "beside status", "both")
    if not shown:
        return task_status == "Success"
    if task_status == "Success" and risk_status == "Success":
        return True
    if task_status in ("Success", "Failed") and risk_status == "Failed":
        return level == "Warning" and listed == "listed"
    return False


def the_answer(task_status: object, risk_status: object, level: object, place: str) -> Answer:
    return parse_answer(document(task_status, risk_status, level, place))


def test_exactly_the_written_out_cells_pass() -> None:
    wrong = [
        cell
        for cell in CELLS
        if (judge(the_answer(*cell[:4]), WANTED, POLICIES[cell[4]], NOW).verdict is Verdict.PASS)
        != passes(*cell)
    ]
    assert wrong == []


def test_some_cells_pass_and_most_do_not() -> None:
    passing = [cell for cell in CELLS if passes(*cell)]
    assert 0 < len(passing) < len(CELLS) / 10


@pytest.mark.parametrize(
    ("task_status", "risk_status", "level", "listed", "verdict"),
    [
        ("Failed", "Failed", "Fatal", "listed", Verdict.BLOCKED),
        ("Success", "Failed", "Fatal", "listed", Verdict.BLOCKED),
        ("Failed", "Failed", "Warning", "not listed", Verdict.BLOCKED),
        ("Success", "Failed", "Warning", "not listed", Verdict.BLOCKED),
        ("Failed", "Failed", "Critical", "listed", Verdict.BLOCKED),
        ("Failed", "Failed", None, "listed", Verdict.BLOCKED),
        ("Failed", "Success", "Warning", "listed", Verdict.BLOCKED),
        ("Failed", "Running", "Warning", "listed", Verdict.UNDECIDED),
        ("Failed", "FAILED", "Fatal", "listed", Verdict.UNDECIDED),
        ("Success", "Init", "Warning", "listed", Verdict.UNDECIDED),
        ("Success", None, "Warning", "listed", Verdict.UNDECIDED),
        ("Running", "Failed", "Fatal", "listed", Verdict.UNDECIDED),
        ("Init", "Success", "Warning", "listed", Verdict.UNDECIDED),
        ("Done", "Success", "Warning", "listed", Verdict.UNDECIDED),
        (None, "Success", "Warning", "listed", Verdict.UNDECIDED),
    ],
)
def test_each_closed_cell_has_its_own_verdict(
    task_status: object, risk_status: object, level: object, listed: str, verdict: Verdict
) -> None:
    found = judge(the_answer(task_status, risk_status, level, "inside status"), WANTED, POLICIES[listed], NOW)
    assert found.verdict is verdict


@pytest.mark.parametrize("place", ["nowhere", "null", "empty"])
def test_a_failed_task_without_visible_risks_blocks(place: str) -> None:
    assert judge(the_answer("Failed", "-", "-", place), WANTED, policy(), NOW).verdict is Verdict.BLOCKED


@pytest.mark.parametrize(
    ("given", "decision"),
    [
        (risk(status=Status.SUCCESS, level=Level.FATAL), Decision.OK),
        (risk(status=Status.SUCCESS, level=Unknown("?")), Decision.OK),
        (risk(status=Status.FAILED), Decision.ALLOWED),
        (risk("Unlisted", Status.FAILED), Decision.BLOCKED),
        (risk(None, Status.FAILED), Decision.BLOCKED),
        (risk(status=Status.FAILED, level=Level.FATAL), Decision.BLOCKED),
        (risk(status=Status.FAILED, level=Unknown("Low")), Decision.BLOCKED),
        (risk(status=Status.RUNNING), Decision.INCONCLUSIVE),
        (risk(status=Unknown("Skipped")), Decision.INCONCLUSIVE),
    ],
)
def test_each_risk_of_a_final_task_gets_its_decision(given: object, decision: Decision) -> None:
    judged = judge(answer(task(given, status=Status.FAILED)), WANTED, policy(rule()), NOW)  # type: ignore[arg-type]
    assert [each.decision for each in judged.tasks[0].risks] == [decision]
