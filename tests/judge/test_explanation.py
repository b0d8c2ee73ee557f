"""The explanation of a decision is the judge's own decision, and leaves no rule out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.judge.explanation import Bystander, Cause, Explanation, explain_decision
from gate.judge.narrowing import Fit
from gate.judge.verdict import judge
from gate.model import (
    CheckType,
    Decision,
    Effect,
    Level,
    Policy,
    Risk,
    Rule,
    Status,
    Target,
    Task,
    Unknown,
)
from gate.pattern import Pattern
from tests.builders import NOW, TODAY, WANTED, YESTERDAY, answer, failed, rule, task

CLUSTER = Target(cluster_id="6b400e1c", cluster_name="prod-1")
NOWHERE = Target()


def deny(**fields: object) -> Rule:
    return replace(rule(line=1), effect=Effect.DENY, **fields)  # type: ignore[arg-type]


def of(*rules: Rule) -> Policy:
    denials = tuple(each for each in rules if each.effect is Effect.DENY)
    return Policy((), tuple(each for each in rules if each.effect is Effect.ALLOW), denials)


def explained(
    *rules: Rule, risk: Risk | None = None, of_task: Task | None = None, target: Target = CLUSTER
) -> Explanation:
    return explain_decision(of(*rules), risk or failed(), of_task or task(), target, TODAY)


def test_the_first_rule_in_force_that_fits_decides_and_the_next_comes_later() -> None:
    first, second = rule(line=3), rule(line=7)
    said = explained(first, second)
    assert said.judged.decision is Decision.ALLOWED
    assert said.decider is first
    assert said.bystanders == (Bystander(second, (Cause.LATER,)),)


def test_a_denial_decides_and_overrules_what_would_allow() -> None:
    denial, also, allowance = deny(), deny(line=2), rule(line=7)
    said = explained(denial, also, allowance)
    assert (said.judged.decision, said.decider) == (Decision.BLOCKED, denial)
    assert [each.causes for each in said.bystanders] == [(Cause.LATER,), (Cause.OVERRULED,)]


def test_an_expired_rule_does_not_decide_and_gives_way_to_the_next() -> None:
    late, live = rule(expires=YESTERDAY), rule(line=9)
    assert explained(late).decider is None
    assert explained(late).bystanders == (Bystander(late, (Cause.EXPIRED,)),)
    assert explained(late, live).decider is live


def test_every_cause_is_told() -> None:
    late = rule(addon="everest", expires=YESTERDAY)
    (said,) = explained(deny(), late).bystanders
    assert said.causes == (Cause.NARROWED, Cause.EXPIRED, Cause.OVERRULED)
    assert said.misfits == (("addon", Fit.NO),)


@pytest.mark.parametrize(
    ("key", "narrowed"),
    [
        ("addon", {"addon": "everest"}),
        ("target-version", {"target_version": ">=1.31"}),
        ("cluster", {"cluster": ("staging-*",)}),
        ("type", {"type": CheckType.STATIC}),
        ("message", {"message": Pattern.parse("^something else$")}),
    ],
)
def test_the_key_that_does_not_fit_is_named_and_what_is_not_known_is_not_called_a_misfit(
    key: str, narrowed: dict[str, object]
) -> None:
    narrow = replace(rule(), **narrowed)  # type: ignore[arg-type]
    (said,) = explained(narrow).bystanders
    assert (said.causes, said.misfits) == ((Cause.NARROWED,), ((key, Fit.NO),))
    unknown = task(addon=None, target_version=None, type=Unknown())
    nothing = replace(failed(), message="")
    (said,) = explained(narrow, risk=nothing, of_task=unknown, target=NOWHERE).bystanders
    assert said.misfits == ((key, Fit.UNKNOWN),)
    denial = replace(narrow, effect=Effect.DENY)
    in_doubt = explained(denial, risk=nothing, of_task=unknown, target=NOWHERE)
    assert (in_doubt.decider, in_doubt.uncertain) == (denial, (key,))


def test_no_rule_decides_on_what_is_not_a_warning() -> None:
    for level in (Level.FATAL, Unknown("Notice")):
        said = explained(deny(), rule(), risk=failed(level=level))
        assert (said.judged.decision, said.decider) == (Decision.BLOCKED, None)
        assert [each.causes for each in said.bystanders] == [(Cause.LEVEL,), (Cause.LEVEL,)]


def test_rules_for_other_risks_stand_apart() -> None:
    other = rule("AddonValidate")
    said = explained(other, rule())
    assert said.others == (other,)
    assert said.bystanders == ()


rules = st.builds(
    Rule,
    st.just("p.yml"),
    st.integers(1, 10_000),
    st.sampled_from(["AddonStatus", "AddonStatus", "AddonValidate"]),
    st.just("why"),
    addon=st.sampled_from([None, "coredns", "everest"]),
    target_version=st.sampled_from([None, ">=1.30", "==1.31.*"]),
    cluster=st.sampled_from([(), ("prod-*",), ("dev",)]),
    type=st.sampled_from([None, *CheckType]),
    message=st.sampled_from([None, Pattern.parse("abnormal"), Pattern.parse("^x")]),
    expires=st.sampled_from([None, YESTERDAY, date(9999, 1, 1)]),
)
policies = st.builds(
    lambda denied, allowed: of(
        *(replace(each, effect=Effect.DENY, expires=None) for each in denied), *allowed
    ),
    st.lists(rules, max_size=2, unique_by=lambda each: each.line),
    st.lists(rules, max_size=5, unique_by=lambda each: each.line),
)
tasks = st.builds(
    lambda **fields: task(failed(), **fields),
    addon=st.sampled_from(["coredns", None]),
    target_version=st.sampled_from(["1.30.6", None, "odd"]),
    type=st.sampled_from([CheckType.UPGRADE, Unknown()]),
)
risks = st.builds(
    Risk,
    st.just("AddonStatus"),
    st.sampled_from([Level.WARNING, Level.WARNING, Level.FATAL, Unknown()]),
    st.just(Status.FAILED),
    st.sampled_from(["", "abnormal", "xyz"]),
)
targets = st.sampled_from([NOWHERE, CLUSTER, Target(cluster_id="dev"), Target(cluster_name="prod-2")])


@given(policies, risks, tasks, targets)
def test_it_says_what_the_judge_says_and_names_every_rule_once(
    policy: Policy, risk: Risk, of_task: Task, target: Target
) -> None:
    said = explain_decision(policy, risk, of_task, target, TODAY)
    judged = judge(answer(replace(of_task, risks=(risk,))), WANTED, policy, NOW, target)
    assert judged.tasks[0].risks == (said.judged,)
    named = [
        *([said.decider] if said.decider else []),
        *(each.rule for each in said.bystanders),
        *said.others,
    ]
    assert sorted(named, key=repr) == sorted((*policy.deny, *policy.allow), key=repr)
    assert all(each.causes for each in said.bystanders)
    if said.judged.decision is Decision.ALLOWED or (
        said.judged.rule and said.judged.rule.effect is Effect.DENY
    ):
        assert said.decider is said.judged.rule
    else:
        assert said.decider is None


@given(policies, risks, tasks, targets)
def test_the_decision_stands_without_any_rule_that_is_said_not_to_decide(
    policy: Policy, risk: Risk, of_task: Task, target: Target
) -> None:
    said = explain_decision(policy, risk, of_task, target, TODAY)
    alone = of(*([said.decider] if said.decider else []))
    again = explain_decision(alone, risk, of_task, target, TODAY)
    assert again.judged.decision is said.judged.decision
    assert again.decider == said.decider


@given(policies, risks, tasks, targets)
def test_without_the_rule_that_decides_the_first_that_comes_later_does(
    policy: Policy, risk: Risk, of_task: Task, target: Target
) -> None:
    said = explain_decision(policy, risk, of_task, target, TODAY)
    if said.decider is None:
        return
    rest = of(*(each for each in (*policy.deny, *policy.allow) if each is not said.decider))
    later = [each.rule for each in said.bystanders if each.causes == (Cause.LATER,)]
    freed = [each.rule for each in said.bystanders if each.causes == (Cause.OVERRULED,)]
    next_one = next(iter([*later, *freed]), None)
    assert explain_decision(rest, risk, of_task, target, TODAY).decider == next_one
