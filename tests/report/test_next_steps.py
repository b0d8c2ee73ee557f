from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import example, given

from gate.model import Decision, JudgedRisk, Level, Report, Risk, Status, Unknown, Verdict
from gate.report.escape import guard, printable
from gate.report.next_steps import Step, next_steps
from gate.report.snippet import Draft, yaml_text

from .cases import allowed, blocked, fatal, fleet, judged, of_target, ok, passes, report, rule, task, unlisted
from .strategies import hostile, reports, whole_reports


def steps_for(*risks: JudgedRisk, **changes: object) -> tuple[Step, ...]:
    found = judged(Verdict.BLOCKED, "x", *risks, of=task(**changes))
    return next_steps(report(of_target(Verdict.BLOCKED, "x", found)))


def test_a_pass_needs_no_step() -> None:
    assert next_steps(passes()) == ()


def test_a_fatal_risk_is_to_be_fixed_and_no_rule_is_offered() -> None:
    (step,) = steps_for(fatal(), ok("AddonStatus"), allowed(rule()))
    assert "follow the remedy above" in step.text
    assert step.draft is None


def test_a_fatal_risk_with_a_rule_is_still_to_be_fixed() -> None:
    (step,) = steps_for(replace(fatal(), rule=rule(expires=date(2020, 1, 1))))
    assert "No policy can allow" in step.text


def test_an_unlisted_warning_comes_with_a_rule_for_this_add_on_that_ends() -> None:
    (step,) = steps_for(unlisted())
    assert step.about == "coredns, AddonStatus"
    assert step.draft == Draft("AddonStatus", "coredns", date(2025, 9, 12), "1.30.6")
    assert "policies/prod.yml" in step.text


def test_an_expired_rule_is_to_be_renewed_where_it_stands() -> None:
    late = rule(20, expires=date(2025, 8, 12))
    (step,) = steps_for(replace(unlisted(), rule=late))
    assert "policies/prod.yml:20" in step.text
    assert "expires:" in step.text
    assert step.draft is None


def test_a_denied_warning_is_not_offered_a_rule() -> None:
    (step,) = steps_for(replace(unlisted(), rule=rule(7, expires=None)))
    assert "does not allow it, see policies/prod.yml:7" in step.text
    assert step.draft is None


def _failed(name: str | None, level: Level | Unknown) -> JudgedRisk:
    return JudgedRisk(Risk(name, level, Status.FAILED, "m"), Decision.BLOCKED, "x")


@pytest.mark.parametrize(
    "risk", [_failed("A", Unknown("Severe")), _failed("A", Unknown()), _failed(None, Level.WARNING)]
)
def test_what_no_policy_can_list_is_offered_no_rule(risk: JudgedRisk) -> None:
    (step,) = steps_for(risk)
    assert step.draft is None
    assert "fix what the message says" in step.text


def test_a_task_without_an_add_on_is_offered_no_rule_that_would_hold_for_all() -> None:
    (step,) = steps_for(unlisted(), addon=None)
    assert step.draft is None
    assert "allow:" not in step.text


def test_the_same_step_in_several_targets_is_told_once() -> None:
    (step,) = next_steps(fleet())
    assert step.places == ("prod-1", "prod-3")


def test_an_unfinished_task_is_told_once_however_many_risks_it_has() -> None:
    (step,) = steps_for(unlisted(), unlisted("B"), status=Status.RUNNING)
    assert "--timeout" in step.text


def test_hidden_risks_send_to_the_console() -> None:
    (step,) = steps_for()
    assert "does not list them" in step.text


@whole_reports
@given(reports())
def test_every_closed_task_has_a_step_and_only_unlisted_warnings_have_a_rule(made: Report) -> None:
    steps = next_steps(made)
    closed = [judged for judged in made.deciding if judged.verdict is not Verdict.PASS]
    assert bool(steps) is bool(closed)
    could_be_listed = {
        (risk.risk.name, judged.task.addon)
        for judged in closed
        for risk in judged.risks
        if risk.decision is Decision.BLOCKED and risk.risk.level is Level.WARNING and risk.rule is None
    }
    assert {(step.draft.risk, step.draft.addon) for step in steps if step.draft} <= could_be_listed


@given(hostile, hostile)
@example("yes", "null")
@example("1.5", "2025-01-01")
@example("##[group]", "a: b # c")
@example("\ud800\ud83d", "")
def test_a_drafted_rule_reads_back_as_exactly_the_names_it_is_for(risk: str, addon: str) -> None:
    lines = Draft(risk, addon, date(2025, 9, 12)).lines()
    shown = guard("".join(f"    {printable(line)}\n" for line in lines))
    (read,) = yaml.safe_load(shown)
    assert read == {"risk": risk, "addon": addon, "reason": None, "expires": date(2025, 9, 12)}


@given(hostile)
@example("\x1b\x00\t\n")
@example("\u2028\u202e\x85\ufeff\ufffe\U000e0001")
def test_any_text_reads_back_from_yaml_with_no_help_of_later_escaping(text: str) -> None:
    assert yaml.safe_load(yaml_text(text)) == text
    assert printable(yaml_text(text)) == yaml_text(text)


def test_a_plain_name_is_written_without_quotes() -> None:
    assert yaml_text("K8sResourceModified") == "K8sResourceModified"
    assert yaml_text("资源检查") == '"资源检查"'


def test_steps_follow_the_order_of_reading() -> None:
    assert [step.about for step in next_steps(blocked())] == [
        "coredns, AddonValidate",
        "coredns, AddonStatus",
        "metrics-server, AddonStatus",
    ]
