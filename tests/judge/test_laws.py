"""The two laws, as properties over generated answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gate.judge import judge
from gate.model import (
    AddonRef,
    Answer,
    CheckType,
    Decision,
    Effect,
    Instant,
    Level,
    Policy,
    Risk,
    Rule,
    Status,
    Target,
    Task,
    Unknown,
    Verdict,
    Wanted,
)
from gate.pattern import Pattern
from tests.builders import NOW, TODAY, ago, policy

NAMES = st.sampled_from(["AddonStatus", "AddonValidate", "K8sResourceModified", None])
STATUSES = st.sampled_from([*Status, Unknown(), Unknown("Done")])
LEVELS = st.sampled_from([*Level, Unknown(), Unknown("Low")])
RISKS = st.builds(Risk, NAMES, LEVELS, STATUSES, st.sampled_from(["", "it is down", "it was modified"]))
TIMES = st.sampled_from([ago(60), ago(120), ago(90_000), ago(-30), ago(-3600), Unknown(), Unknown("soon")])
ADDONS = st.sampled_from(["coredns", "everest", None])
TASKS = st.builds(
    Task,
    task_id=st.sampled_from(["task-1", "task-2", "task-3", None]),
    type=st.sampled_from([*CheckType, Unknown()]),
    addon=ADDONS,
    instance_name=st.sampled_from(["cceaddon-coredns", "cceaddon-everest", None]),
    instance_id=st.sampled_from(["id-1", "id-2", None]),
    target_version=st.sampled_from(["1.30.6", "2.4.72", None]),
    created=TIMES,
    expires=st.sampled_from([Unknown(), ago(-600), ago(600), Unknown("never")]),
    status=STATUSES,
    risks=st.lists(RISKS, max_size=3).map(tuple),
)
RULES = st.builds(
    Rule,
    file=st.just("policy.yml"),
    line=st.integers(1, 99),
    risk=NAMES.filter(bool),
    reason=st.just("accepted"),
    addon=ADDONS,
    target_version=st.sampled_from([None, ">=1.30,<1.31", "==2.4.72"]),
    cluster=st.sampled_from([(), ("prod-*",), ("other",)]),
    type=st.sampled_from([None, *CheckType]),
    message=st.sampled_from([None, Pattern.parse("down"), Pattern.parse("^$")]),
    expires=st.sampled_from([None, TODAY, TODAY - timedelta(days=1), date(2099, 12, 31)]),
)
DENIALS = RULES.map(lambda rule: replace(rule, effect=Effect.DENY, expires=None))
TARGETS = st.builds(
    Target,
    cluster_id=st.sampled_from([None, "6b400e1c"]),
    cluster_name=st.sampled_from([None, "prod-1", "staging"]),
)
POLICIES = st.lists(st.one_of(RULES, RULES, RULES, DENIALS), max_size=4).map(lambda rules: policy(*rules))
WANTEDS = st.builds(
    Wanted,
    type=st.sampled_from(list(CheckType)),
    task_ids=st.sampled_from([(), ("task-1",), ("task-1", "task-2")]),
    addons=st.sampled_from(
        [(), (AddonRef("coredns"),), (AddonRef("coredns", "1.30.6"), AddonRef("everest"))]
    ),
    max_age=st.sampled_from([None, timedelta(hours=24), timedelta(hours=48)]),
)

CLEAR = st.sampled_from([Status.SUCCESS, Status.FAILED])
GOOD_RISKS = st.builds(
    Risk, st.sampled_from(["AddonStatus", "K8sResourceModified"]), st.just(Level.WARNING), CLEAR
)
LISTING_BOTH = policy(
    Rule("policy.yml", 3, "AddonStatus", "accepted"), Rule("policy.yml", 5, "K8sResourceModified", "accepted")
)


def good_task(number: int, risks: list[Risk]) -> Task:
    found = any(each.status is Status.FAILED for each in risks)
    return Task(
        task_id=f"task-{number}",
        type=CheckType.UPGRADE,
        addon=f"addon-{number}",
        instance_name=f"cceaddon-{number}",
        instance_id=f"id-{number}",
        target_version="1.30.6",
        created=ago(60),
        expires=Unknown(),
        status=Status.FAILED if found else Status.SUCCESS,
        risks=tuple(risks),
    )


GOOD_ANSWERS = st.lists(st.lists(GOOD_RISKS, max_size=3), min_size=1, max_size=3).map(
    lambda each: Answer(tuple(good_task(n, risks) for n, risks in enumerate(each)), len(each))
)
FRESH = Wanted(max_age=timedelta(hours=24))


def answers(*, count: bool = True) -> st.SearchStrategy[Answer]:
    tasks = st.lists(TASKS, max_size=4).map(tuple)
    return tasks.map(lambda each: Answer(each, len(each) if count else Unknown()))


def passes(answer: Answer, wanted: Wanted, with_policy: Policy, now: Instant = NOW) -> bool:
    return judge(answer, wanted, with_policy, now).verdict is Verdict.PASS


def deciding(answer: Answer, wanted: Wanted, with_policy: Policy) -> list[Task]:
    return [each.task for each in judge(answer, wanted, with_policy, NOW).deciding]


@given(GOOD_ANSWERS)
def test_what_is_clear_and_listed_passes(answer: Answer) -> None:
    assert passes(answer, FRESH, LISTING_BOTH)


@given(answers(), WANTEDS, POLICIES)
def test_a_pass_has_the_evidence_that_the_law_asks_for(
    answer: Answer, wanted: Wanted, given_policy: Policy
) -> None:
    judgement = judge(answer, wanted, given_policy, NOW)
    if judgement.verdict is not Verdict.PASS:
        return
    assert judgement.deciding
    assert not judgement.problems
    in_force = {rule.risk for rule in given_policy.allow if not rule.is_expired(TODAY)}
    for task in (each.task for each in judgement.deciding):
        assert task.status in (Status.SUCCESS, Status.FAILED)
        assert task.type is wanted.type
        for risk in task.risks:
            assert risk.status is Status.SUCCESS or (
                risk.status is Status.FAILED and risk.level is Level.WARNING and risk.name in in_force
            )


@given(answers(), WANTEDS, POLICIES, st.data())
def test_a_blocked_or_inconclusive_risk_more_never_opens(
    answer: Answer, wanted: Wanted, given_policy: Policy, data: st.DataObject
) -> None:
    if not answer.tasks or passes(answer, wanted, given_policy):
        return
    at = data.draw(st.integers(0, len(answer.tasks) - 1))
    bad = data.draw(
        st.sampled_from([Risk("X", Level.FATAL, Status.FAILED), Risk("X", Level.WARNING, Status.RUNNING)])
    )
    task = answer.tasks[at]
    tasks = (*answer.tasks[:at], replace(task, risks=(*task.risks, bad)), *answer.tasks[at + 1 :])
    assert not passes(replace(answer, tasks=tasks), wanted, given_policy)


@given(GOOD_ANSWERS, RISKS, st.data())
def test_a_bad_risk_more_closes_what_was_open(answer: Answer, risk: Risk, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(answer.tasks) - 1))
    task = answer.tasks[at]
    tasks = (*answer.tasks[:at], replace(task, risks=(*task.risks, risk)), *answer.tasks[at + 1 :])
    judged = judge(replace(answer, tasks=tasks), FRESH, LISTING_BOTH, NOW)
    decision = judged.deciding[at].risks[-1].decision
    assert (judged.verdict is Verdict.PASS) == (decision in (Decision.OK, Decision.ALLOWED))


@given(answers(), TASKS, WANTEDS, POLICIES)
def test_a_deciding_task_more_that_is_not_ok_never_opens(
    answer: Answer, task: Task, wanted: Wanted, given_policy: Policy
) -> None:
    more = Answer((*answer.tasks, task), len(answer.tasks) + 1)
    judgement = judge(more, wanted, given_policy, NOW)
    decides = any(each.task is task and each.verdict is not Verdict.PASS for each in judgement.deciding)
    if decides:
        assert judgement.verdict is not Verdict.PASS


@given(answers(), WANTEDS, POLICIES, st.data())
def test_a_removed_allow_rule_never_opens(
    answer: Answer, wanted: Wanted, given_policy: Policy, data: st.DataObject
) -> None:
    if not given_policy.allow or passes(answer, wanted, given_policy):
        return
    at = data.draw(st.integers(0, len(given_policy.allow) - 1))
    fewer = replace(given_policy, allow=given_policy.allow[:at] + given_policy.allow[at + 1 :])
    assert not passes(answer, wanted, fewer)


@given(answers(), WANTEDS, POLICIES, DENIALS, TARGETS, st.integers(0, 4))
def test_a_denial_more_never_opens(
    answer: Answer, wanted: Wanted, given_policy: Policy, denial: Rule, target: Target, at: int
) -> None:
    more = replace(given_policy, deny=(*given_policy.deny[:at], denial, *given_policy.deny[at:]))
    before = judge(answer, wanted, given_policy, NOW, target)
    after = judge(answer, wanted, more, NOW, target)
    if before.verdict is not Verdict.PASS:
        assert after.verdict is not Verdict.PASS
    allowed = {
        id(each.risk) for task in before.tasks for each in task.risks if each.decision is Decision.ALLOWED
    }
    for each in (each for task in after.tasks for each in task.risks):
        assert each.decision is not Decision.ALLOWED or id(each.risk) in allowed


@given(answers(), WANTEDS, POLICIES, TARGETS, st.data())
def test_a_narrower_allow_rule_never_opens(
    answer: Answer, wanted: Wanted, given_policy: Policy, target: Target, data: st.DataObject
) -> None:
    if not given_policy.allow or judge(answer, wanted, given_policy, NOW, target).verdict is Verdict.PASS:
        return
    narrowing: dict[str, object] = data.draw(
        st.sampled_from(
            [
                {"addon": "coredns"},
                {"target_version": "==1.30.6"},
                {"cluster": ("prod-*",)},
                {"type": CheckType.UPGRADE},
                {"message": Pattern.parse("down")},
            ]
        )
    )
    at = data.draw(st.integers(0, len(given_policy.allow) - 1))
    unset = all(getattr(given_policy.allow[at], key) in (None, ()) for key in narrowing)
    if unset:
        narrower = replace(given_policy.allow[at], **narrowing)  # type: ignore[arg-type]
        rules = (*given_policy.allow[:at], narrower, *given_policy.allow[at + 1 :])
        narrowed = judge(answer, wanted, replace(given_policy, allow=rules), NOW, target)
        assert narrowed.verdict is not Verdict.PASS


@given(answers(), WANTEDS, POLICIES, TARGETS)
def test_a_cluster_that_is_not_known_never_opens(
    answer: Answer, wanted: Wanted, given_policy: Policy, target: Target
) -> None:
    if judge(answer, wanted, given_policy, NOW, target).verdict is not Verdict.PASS:
        for lost in (replace(target, cluster_name=None), replace(target, cluster_id=None), Target()):
            assert judge(answer, wanted, given_policy, NOW, lost).verdict is not Verdict.PASS


@given(answers(), WANTEDS, POLICIES, st.integers(1, 200_000))
def test_a_shorter_max_age_never_opens(
    answer: Answer, wanted: Wanted, given_policy: Policy, seconds: int
) -> None:
    if passes(answer, wanted, given_policy):
        return
    shorter = timedelta(seconds=seconds)
    if wanted.max_age is None or shorter < wanted.max_age:
        assert not passes(answer, replace(wanted, max_age=shorter), given_policy)


DEFECTS = st.sampled_from(
    [
        {"type": Unknown()},
        {"addon": None},
        {"instance_name": None},
        {"instance_id": None},
        {"addon": None, "instance_name": None, "instance_id": None},
        {"target_version": None},
        {"created": Unknown()},
        {"created": Unknown("yesterday")},
        {"expires": Unknown("?")},
        {"status": Unknown()},
        {"status": Status.RUNNING},
        {"task_id": None},
    ]
)


@given(answers(), WANTEDS, POLICIES, DEFECTS, st.data())
def test_a_field_that_gets_lost_never_opens(
    answer: Answer, wanted: Wanted, given_policy: Policy, defect: dict[str, object], data: st.DataObject
) -> None:
    if not answer.tasks or passes(answer, wanted, given_policy):
        return
    at = data.draw(st.integers(0, len(answer.tasks) - 1))
    broken = replace(answer.tasks[at], **defect)  # type: ignore[arg-type]
    tasks = (*answer.tasks[:at], broken, *answer.tasks[at + 1 :])
    assert not passes(replace(answer, tasks=tasks), wanted, given_policy)


@given(answers(), WANTEDS, POLICIES, st.data())
def test_a_task_that_gets_lost_on_the_way_never_opens(
    answer: Answer, wanted: Wanted, given_policy: Policy, data: st.DataObject
) -> None:
    if not answer.tasks or passes(answer, wanted, given_policy):
        return
    at = data.draw(st.integers(0, len(answer.tasks) - 1))
    if answer.tasks[at].task_id in wanted.task_ids:
        return
    fewer = replace(answer, tasks=answer.tasks[:at] + answer.tasks[at + 1 :])
    assert not passes(fewer, wanted, given_policy) or wanted.task_ids


@given(answers(), WANTEDS, POLICIES)
def test_the_judge_is_pure(answer: Answer, wanted: Wanted, given_policy: Policy) -> None:
    assert judge(answer, wanted, given_policy, NOW) == judge(answer, wanted, given_policy, NOW)
