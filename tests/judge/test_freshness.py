"""Old, expired and future results are no evidence; rules end at the end of their last day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gate.judge import judge
from gate.model import Decision, Instant, Task, Unknown, Verdict
from tests.builders import NOW, TODAY, WANTED, YESTERDAY, ago, answer, failed, policy, rule, task

DAY = 24 * 3600


def verdict(given: Task, max_age: timedelta | None = timedelta(hours=24)) -> Verdict:
    return judge(answer(given), replace(WANTED, max_age=max_age), policy(), NOW).verdict


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        (ago(0), Verdict.PASS),
        (ago(DAY), Verdict.PASS),
        (ago(DAY + 1), Verdict.UNDECIDED),
        (ago(-300), Verdict.PASS),
        (ago(-301), Verdict.UNDECIDED),
        (Unknown(), Verdict.UNDECIDED),
        (Unknown("2025-08-05"), Verdict.UNDECIDED),
    ],
)
def test_a_result_must_be_younger_than_max_age_and_not_from_the_future(
    created: Instant | Unknown, expected: Verdict
) -> None:
    assert verdict(task(created=created)) is expected


@pytest.mark.parametrize("created", [ago(400 * DAY), Unknown(), Unknown("2025-08-05")])
def test_without_max_age_any_age_will_do(created: Instant | Unknown) -> None:
    assert verdict(task(created=created), max_age=None) is Verdict.PASS


def test_without_max_age_a_result_from_the_future_is_still_not_believed() -> None:
    assert verdict(task(created=ago(-3600)), max_age=None) is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        (Unknown(), Verdict.PASS),
        (ago(-1), Verdict.PASS),
        (ago(0), Verdict.PASS),
        (ago(1), Verdict.UNDECIDED),
        (Unknown("soon"), Verdict.UNDECIDED),
    ],
)
def test_a_result_past_its_expiry_is_stale(expires: Instant | Unknown, expected: Verdict) -> None:
    assert verdict(task(expires=expires), max_age=None) is expected


def test_a_stale_fatal_still_blocks() -> None:
    stale = task(failed(), created=ago(DAY * 30))
    assert verdict(stale) is Verdict.BLOCKED
    assert "stale" in judge(answer(stale), WANTED, policy(), NOW).tasks[0].reason


@pytest.mark.parametrize(
    ("expires", "decision"),
    [(None, Decision.ALLOWED), (TODAY, Decision.ALLOWED), (YESTERDAY, Decision.BLOCKED)],
)
def test_a_rule_holds_through_the_end_of_its_last_day(expires: object, decision: Decision) -> None:
    judged = judge(answer(task(failed())), WANTED, policy(rule(expires=expires)), NOW)  # type: ignore[arg-type]
    assert judged.tasks[0].risks[0].decision is decision


def test_an_expired_rule_does_not_hide_one_that_is_in_force() -> None:
    rules = policy(rule(expires=YESTERDAY, line=3), rule(line=9))
    judged = judge(answer(task(failed())), WANTED, rules, NOW)
    assert judged.tasks[0].risks[0].rule == rule(line=9)


@pytest.mark.parametrize(
    ("addon", "decision"),
    [("coredns", Decision.ALLOWED), ("cceaddon-coredns", Decision.BLOCKED), ("x", Decision.BLOCKED)],
)
def test_a_rule_for_an_addon_goes_by_its_template_name(addon: str, decision: Decision) -> None:
    judged = judge(answer(task(failed())), WANTED, policy(rule(addon=addon)), NOW)
    assert judged.tasks[0].risks[0].decision is decision


@pytest.mark.parametrize("name", ["addonstatus", "AddonStatus ", "AddonStatu", "*"])
def test_a_rule_lists_a_risk_to_the_letter(name: str) -> None:
    assert judge(answer(task(failed())), WANTED, policy(rule(name)), NOW).verdict is Verdict.BLOCKED
