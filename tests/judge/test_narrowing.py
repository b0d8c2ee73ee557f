"""What narrows a rule: an allowance takes only what certainly fits, a denial whatever may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from gate.judge import judge
from gate.model import CheckType, Decision, Effect, JudgedRisk, Rule, Status, Target, Task, Unknown
from gate.pattern import Pattern
from tests.builders import NOW, WANTED, answer, denial, policy, risk, rule, task

PROD = Target(cluster_id="6b400e1c", cluster_name="prod-1")
MESSAGE = "configmap coredns had been modified"


def decided(given: Rule, target: Target = PROD, message: str = MESSAGE, **fields: Any) -> JudgedRisk:
    """The decision on a Warning of a check for coredns to 1.30.6; beside a denial all is allowed."""
    rules = (given,) if given.effect is Effect.ALLOW else (given, rule())
    found = risk(status=Status.FAILED, message=message)
    checked = task(found, **fields)
    return judge(answer(checked), WANTED, policy(*rules), NOW, target).deciding[0].risks[0]


FITTING: list[dict[str, object]] = [
    {"addon": "coredns"},
    {"target_version": "==1.30.6"},
    {"target_version": ">=1.30,<1.31"},
    {"target_version": "~=1.30.0"},
    {"target_version": "==1.30.*"},
    {"target_version": "!=1.30.5"},
    {"cluster": ("prod-*",)},
    {"cluster": ("6b400e1c",)},
    {"cluster": ("staging", "prod-?")},
    {"type": CheckType.UPGRADE},
    {"message": Pattern.parse("configmap .* modified")},
    {"message": Pattern.parse("(?i)CONFIGMAP")},
]
NOT_FITTING: list[dict[str, object]] = [
    {"addon": "everest"},
    {"addon": "CoreDNS"},
    {"addon": "cceaddon-coredns"},
    {"target_version": "<1.30"},
    {"target_version": "==1.30"},
    {"target_version": ">=1.30,<1.30.6"},
    {"cluster": ("staging",)},
    {"cluster": ("PROD-*",)},
    {"cluster": ("prod",)},
    {"type": CheckType.STATIC},
    {"message": Pattern.parse("^modified")},
]
UNKNOWN: list[tuple[dict[str, object], dict[str, object]]] = [
    ({"addon": "coredns"}, {"addon": None}),
    ({"target_version": "==1.30.6"}, {"target_version": None}),
    ({"target_version": ">=1"}, {"target_version": "latest"}),
    ({"target_version": "==1.30.6"}, {"target_version": "1.30.6+mine"}),
    ({"target_version": ">=1"}, {"target_version": "1" * 5000}),
    ({"cluster": ("staging",)}, {"target": Target(cluster_id="6b400e1c")}),
    ({"cluster": ("staging",)}, {"target": Target()}),
    ({"type": CheckType.STATIC}, {"type": Unknown("addonOther")}),
    ({"message": Pattern.parse("down")}, {"message": ""}),
]


@pytest.mark.parametrize("keys", FITTING, ids=str)
def test_a_rule_that_fits_decides(keys: dict[str, object]) -> None:
    assert decided(rule(**keys)).decision is Decision.ALLOWED  # type: ignore[arg-type]
    assert decided(denial(**keys)).decision is Decision.BLOCKED  # type: ignore[arg-type]


@pytest.mark.parametrize("keys", NOT_FITTING, ids=str)
def test_a_rule_that_does_not_fit_decides_nothing(keys: dict[str, object]) -> None:
    assert decided(rule(**keys)).decision is Decision.BLOCKED  # type: ignore[arg-type]
    assert decided(denial(**keys)).decision is Decision.ALLOWED  # type: ignore[arg-type]


@pytest.mark.parametrize(("keys", "facts"), UNKNOWN, ids=str)
def test_what_is_not_known_is_neither_allowed_nor_spared(
    keys: dict[str, object], facts: dict[str, object]
) -> None:
    assert decided(rule(**keys), **facts).decision is Decision.BLOCKED  # type: ignore[arg-type]
    assert decided(denial(**keys), **facts).decision is Decision.BLOCKED  # type: ignore[arg-type]


def test_every_key_that_is_set_must_fit() -> None:
    fitting = {key: value for keys in FITTING for key, value in keys.items()}
    assert decided(rule(**fitting)).decision is Decision.ALLOWED  # type: ignore[arg-type]
    for keys in NOT_FITTING:
        assert decided(rule(**{**fitting, **keys})).decision is Decision.BLOCKED  # type: ignore[arg-type]


@pytest.mark.parametrize("version", ["1.31.0-rc1", "1.31.0b2"])
def test_a_preview_is_allowed_only_where_the_rule_says_so_and_never_spared(version: str) -> None:
    assert decided(rule(target_version=">=1.30"), target_version=version).decision is Decision.BLOCKED
    assert decided(rule(target_version=">=1.31.0a1"), target_version=version).decision is Decision.ALLOWED
    assert decided(denial(target_version=">=1.30"), target_version=version).decision is Decision.BLOCKED


def test_a_rule_for_another_version_is_named_where_nothing_else_decides() -> None:
    said = decided(rule(target_version="==1.30.5", cluster=("prod-*",)), Target()).reason
    assert said == (
        "not listed by the policy: policy.yml:3 is narrowed by target-version (does not fit), "
        "cluster (is not known here)"
    )


def test_the_first_rule_in_the_order_of_the_files_decides() -> None:
    rules = (rule(line=3, addon="everest"), rule(line=4, addon="coredns"), rule(line=5))
    found = task(risk(status=Status.FAILED))
    for given, line in ((rules, 4), (rules[::-1], 5)):
        judged = judge(answer(found), WANTED, policy(*given), NOW).deciding[0].risks[0]
        assert judged.rule is not None
        assert judged.rule.line == line


def test_a_denial_says_why_and_where_it_stands() -> None:
    judged = decided(denial())
    assert judged.reason == "denied by the policy: the organisation does not want it"
    assert judged.rule == denial()


def test_a_denial_does_not_touch_what_was_found_in_order() -> None:
    judged = judge(answer(task(risk())), WANTED, policy(denial()), NOW)
    assert [each.decision for each in judged.deciding[0].risks] == [Decision.OK]
    assert judged.matched == frozenset()


def decisions(*tasks: Task, rules: Sequence[Rule]) -> list[Decision]:
    judged = judge(answer(*tasks), WANTED, policy(*rules), NOW, PROD)
    return [each.decision for checked in judged.deciding for each in checked.risks]


def test_each_of_two_risks_of_one_name_is_held_against_the_message_for_itself() -> None:
    known, other = (risk(status=Status.FAILED, message=text) for text in ("it is known", "it is not"))
    rules = [rule(message=Pattern.parse("known$"))]
    assert decisions(task(known, other), rules=rules) == [Decision.ALLOWED, Decision.BLOCKED]
    assert decisions(task(other, known), rules=rules) == [Decision.BLOCKED, Decision.ALLOWED]


def test_each_of_two_checks_of_one_addon_is_held_against_the_version_for_itself() -> None:
    found = risk(status=Status.FAILED)
    one, two = task(found), task(found, task_id="task-2", target_version="1.31.0")
    assert decisions(one, two, rules=[rule(target_version="==1.30.6")]) == [
        Decision.ALLOWED,
        Decision.BLOCKED,
    ]


def test_each_of_two_types_of_check_is_held_against_the_type_for_itself() -> None:
    found = risk(status=Status.FAILED)
    one = task(found)
    two = task(found, task_id="task-2", type=Unknown("addonOther"), instance_id="another")
    assert decisions(one, two, rules=[rule(type=CheckType.UPGRADE)]) == [Decision.ALLOWED, Decision.BLOCKED]


@pytest.mark.parametrize(
    ("below", "above", "version"),
    [
        ("<=1.30.5", ">1.30.5", "1.30.5-1"),
        ("<=1.30.5", ">1.30.5", "1.30.5-r1"),
        ("<1.31", ">=1.31", "1.31.0-rc1"),
        ("<1.31", ">=1.31", "1.31.0.dev1"),
    ],
)
def test_no_version_falls_between_two_denials_that_meet(below: str, above: str, version: str) -> None:
    rules = [denial(target_version=below), denial(target_version=above), rule()]
    found = task(risk(status=Status.FAILED), target_version=version)
    assert decisions(found, rules=rules) == [Decision.BLOCKED]


@pytest.mark.parametrize("version", ["9!0.1", " 1.30.6", "1.30.6\n", "1.30.6+mine"])
def test_a_version_that_a_policy_can_not_write_is_not_allowed(version: str) -> None:
    found = task(risk(status=Status.FAILED), target_version=version)
    assert decisions(found, rules=[rule(target_version=">=0.1")]) == [Decision.BLOCKED]


def test_an_empty_name_of_a_cluster_is_no_name() -> None:
    rules = [denial(cluster=("prod-*",)), rule()]
    nameless = Target(cluster_id="6b400e1c", cluster_name="")
    found = task(risk(status=Status.FAILED))
    judged = judge(answer(found), WANTED, policy(*rules), NOW, nameless)
    assert judged.deciding[0].risks[0].decision is Decision.BLOCKED
