"""What a run says about the rules: no more than it can know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gate.judge import judge, usage
from gate.model import PolicyReport, Rule, Status, Target, TargetReport, Task
from gate.pattern import Pattern
from tests.builders import (
    NOW,
    TODAY,
    WANTED,
    YESTERDAY,
    answer,
    denial,
    failed,
    other_task,
    policy,
    risk,
    rule,
    task,
)

PROD = Target(cluster_id="6b400e1c", cluster_name="prod-1")


def used(*tasks: Task, rules: tuple[Rule, ...], target: Target = PROD) -> PolicyReport:
    given = policy(*rules)
    judged = judge(answer(*tasks), WANTED, given, NOW, target)
    return usage(given, [TargetReport(target, judged)], TODAY)


def test_a_rule_that_matched_is_in_no_list() -> None:
    report = used(task(failed()), rules=(rule(),))
    assert (report.unused, report.unseen, report.expired, report.shadowed) == ((), (), (), ())


def test_a_rule_whose_risk_was_not_found_is_unused() -> None:
    idle = rule(addon="coredns")
    assert used(task(risk()), rules=(idle,)).unused == (idle,)


@pytest.mark.parametrize(
    "keys",
    [
        {"addon": "everest"},
        {"target_version": "<1"},
        {"cluster": ("staging",)},
        {"addon": "coredns", "target_version": "==2.4.72"},
    ],
    ids=str,
)
def test_a_rule_for_what_was_not_judged_was_not_tried(keys: dict[str, object]) -> None:
    elsewhere = rule(**keys)  # type: ignore[arg-type]
    report = used(task(failed()), rules=(elsewhere,))
    assert (report.unused, report.unseen) == ((), (elsewhere,))


def test_a_rule_for_another_message_was_tried_and_is_unused() -> None:
    other = rule(message=Pattern.parse("no such words"))
    assert used(task(failed()), rules=(other,)).unused == (other,)


def test_a_rule_for_a_cluster_that_is_not_known_is_not_called_unused() -> None:
    narrow = rule(cluster=("prod-*",))
    report = used(task(failed()), rules=(narrow,), target=Target())
    assert (report.unused, report.unseen) == ((), (narrow,))


def test_a_run_that_did_not_come_to_its_end_calls_no_rule_unused_nor_untried() -> None:
    report = used(task(status=Status.RUNNING), rules=(rule(), rule(addon="everest")))
    assert (report.unused, report.unseen) == (None, None)
    assert usage(policy(rule()), [], TODAY).unused is None


def test_among_several_targets_one_use_is_enough() -> None:
    given = policy(rule(addon="everest"))
    reports = [
        TargetReport(PROD, judge(answer(each), WANTED, given, NOW, PROD))
        for each in (task(failed()), other_task(failed()))
    ]
    assert usage(given, reports, TODAY).unused == ()
    assert usage(given, reports, TODAY).unseen == ()


def test_an_expired_rule_is_only_called_expired() -> None:
    old = rule(expires=YESTERDAY)
    report = used(task(), rules=(old,))
    assert (report.expired, report.unused, report.unseen, report.expiring) == ((old,), (), (), ())


@pytest.mark.parametrize(("days", "soon"), [(0, True), (14, True), (15, False), (400, False)])
def test_a_rule_is_named_when_it_ends_within_fourteen_days(days: int, soon: bool) -> None:
    ending = rule(expires=TODAY + timedelta(days=days))
    assert used(task(failed()), rules=(ending,)).expiring == ((ending,) if soon else ())


COVERED = [
    ({}, {}),
    ({}, {"addon": "coredns", "cluster": ("prod-*",)}),
    ({"addon": "coredns"}, {"addon": "coredns", "target_version": ">=1"}),
    ({"cluster": ("prod-*", "staging")}, {"cluster": ("prod-*",)}),
    ({"message": Pattern.parse("a")}, {"message": Pattern.parse("a")}),
]
NOT_COVERED = [
    ({"addon": "everest"}, {}),
    ({"addon": "everest"}, {"addon": "coredns"}),
    ({"cluster": ("prod-*",)}, {}),
    ({"cluster": ("prod-*",)}, {"cluster": ("prod-*", "staging")}),
    ({"message": Pattern.parse("a")}, {}),
    ({"target_version": ">=1"}, {"target_version": ">=2"}),
]


@pytest.mark.parametrize(("denied", "allowed"), COVERED, ids=str)
def test_a_rule_that_a_denial_leaves_nothing_is_shadowed(
    denied: dict[str, object], allowed: dict[str, object]
) -> None:
    one, other = rule(**allowed), denial(**denied)  # type: ignore[arg-type]
    report = used(task(), rules=(one, other))
    assert report.shadowed == ((one, other),)
    assert report.unused == ()


@pytest.mark.parametrize(("denied", "allowed"), NOT_COVERED, ids=str)
def test_a_rule_that_a_denial_leaves_something_is_not(
    denied: dict[str, object], allowed: dict[str, object]
) -> None:
    one, other = rule(**allowed), denial(**denied)  # type: ignore[arg-type]
    assert used(other_task(), rules=(one, other)).shadowed == ()


def test_a_rule_that_a_denial_overruled_in_this_run_is_shadowed() -> None:
    one, other = rule(), denial(addon="coredns")
    assert used(task(failed()), rules=(one, other)).shadowed == ((one, other),)


def test_an_expired_rule_is_not_called_shadowed() -> None:
    assert used(task(failed()), rules=(rule(expires=YESTERDAY), denial())).shadowed == ()
