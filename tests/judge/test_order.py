"""Checks that a run asked for: only they can pass, and only all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.judge import judge
from gate.judge.order import answered_otherwise
from gate.model import (
    CheckType,
    Instant,
    Judgement,
    Order,
    OrderedCheck,
    ProblemCode,
    Status,
    Task,
    Unknown,
    Verdict,
    Wanted,
)
from tests.builders import NOW, ago, answer, failed, other_task, policy, task
from tests.judge.test_laws import TASKS

COREDNS, EVEREST = task(created=ago(10)), other_task(created=ago(10))


def ordered(each: Task) -> OrderedCheck:
    assert each.addon is not None
    assert each.instance_id is not None
    return OrderedCheck(each.addon, each.instance_id, each.target_version)


BOTH = Order((ordered(COREDNS), ordered(EVEREST)), ago(20), frozenset({"old"}))
WANTED = Wanted(max_age=timedelta(hours=24), task_ids=("task-1", "task-2"), order=BOTH)


def judged(*tasks: Task, wanted: Wanted = WANTED) -> Judgement:
    return judge(answer(*tasks), wanted, policy(), NOW)


def test_what_was_asked_for_passes() -> None:
    assert judged(COREDNS, EVEREST).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"type": CheckType.STATIC}, "its type is addonStatic"),
        ({"type": Unknown()}, "its type is"),
        ({"addon": "everest"}, "this run asked for"),
        ({"addon": None}, "this run asked for"),
        ({"instance_id": "id-9"}, "(instance id-9)"),
        ({"instance_id": None}, "this run asked for"),
        ({"target_version": "1.27.1"}, "to 1.27.1"),
        ({"target_version": None}, "for which version"),
        ({"created": ago(3600)}, "59 min 40 s before this run asked for it"),
        ({"created": Unknown()}, "not known"),
        ({"created": Unknown("soon")}, "not known"),
    ],
)
def test_a_task_that_is_not_what_was_asked_for_is_undecided_and_says_why(
    changed: dict[str, object], said: str
) -> None:
    found = judged(replace(COREDNS, **changed), EVEREST)  # type: ignore[arg-type]
    assert found.verdict is Verdict.UNDECIDED
    assert said in found.reason


def test_a_task_that_was_there_before_is_no_evidence() -> None:
    wanted = replace(WANTED, task_ids=("old", "task-2"))
    found = judged(replace(COREDNS, task_id="old"), EVEREST, wanted=wanted)
    assert found.verdict is Verdict.UNDECIDED
    assert "was there before" in found.reason


def test_clocks_may_differ_by_five_minutes() -> None:
    assert judged(replace(COREDNS, created=ago(319)), EVEREST).verdict is Verdict.PASS
    assert judged(replace(COREDNS, created=ago(321)), EVEREST).verdict is Verdict.UNDECIDED


def test_a_check_that_did_not_come_is_named_with_what_came() -> None:
    found = judged(COREDNS, wanted=replace(WANTED, task_ids=("task-1",)))
    assert found.verdict is Verdict.UNDECIDED
    assert [problem.code for problem in found.problems] == [ProblemCode.NOT_AS_ORDERED]
    assert "everest to 2.4.72" in found.reason
    assert "came: coredns to 1.30.6" in found.reason


def test_an_old_success_stays_out_beside_a_new_check_that_blocks_or_never_comes() -> None:
    old = replace(COREDNS, task_id="old", created=ago(60))
    assert (
        judged(old, replace(COREDNS, risks=(failed(),), status=Status.FAILED), EVEREST).verdict
        is Verdict.BLOCKED
    )
    assert judged(old, EVEREST).verdict is Verdict.UNDECIDED


IDS = st.sampled_from(["task-1", "task-2", "old", None])
NEAR = st.builds(
    replace,
    st.sampled_from([COREDNS, EVEREST]),
    task_id=IDS,
    created=st.sampled_from([ago(10), ago(3600), Unknown()]),
    type=st.sampled_from([CheckType.UPGRADE, CheckType.UPGRADE, CheckType.STATIC]),
    target_version=st.sampled_from(["1.30.6", "2.4.72", None]),
)


@given(
    st.lists(st.one_of(NEAR, NEAR, TASKS), max_size=4),
    st.sampled_from([WANTED, replace(WANTED, task_ids=("task-1",))]),
)
def test_a_pass_has_a_new_task_for_every_check_that_was_asked_for(tasks: list[Task], wanted: Wanted) -> None:
    found = judged(*tasks, wanted=wanted)
    if found.verdict is not Verdict.PASS:
        return
    for check in BOTH.checks:
        assert any(ordered(each.task) == check for each in found.deciding)
    for each in found.deciding:
        assert ordered(each.task) in BOTH.checks
        assert each.task.type is CheckType.UPGRADE
        assert each.task.task_id not in (None, *BOTH.earlier)
        assert isinstance(each.task.created, Instant)
        assert BOTH.since.minus(each.task.created) <= 300


def _lost(field: str) -> Callable[[Task], Task]:
    value = Unknown() if field in ("type", "created") else None
    return lambda each: replace(each, **{field: value})  # type: ignore[arg-type]


SPOILT = [
    *map(_lost, ("type", "created", "addon", "instance_id", "target_version", "task_id")),
    lambda each: replace(each, type=CheckType.STATIC),
    lambda each: replace(each, created=ago(3600)),
    lambda each: replace(each, target_version="9"),
    lambda each: replace(each, instance_id="id-9"),
    lambda each: replace(each, addon="other"),
    lambda each: replace(each, task_id="old"),
]


@given(
    st.lists(st.one_of(NEAR, TASKS, st.sampled_from([COREDNS, EVEREST])), min_size=1, max_size=4),
    st.data(),
)
def test_a_task_that_loses_or_changes_what_binds_it_opens_nothing(
    tasks: list[Task], data: st.DataObject
) -> None:
    spoil = data.draw(st.sampled_from(SPOILT[:-1]))
    place = data.draw(st.integers(0, len(tasks) - 1))
    worse = [spoil(each) if index == place else each for index, each in enumerate(tasks)]
    if judged(*tasks).verdict is not Verdict.PASS:
        assert judged(*worse).verdict is not Verdict.PASS


@pytest.mark.parametrize("spoil", SPOILT)
def test_one_spoilt_task_closes_what_was_open(spoil: Callable[[Task], Task]) -> None:
    for tasks in ((spoil(COREDNS), EVEREST), (COREDNS, spoil(EVEREST))):
        wanted = replace(WANTED, task_ids=("task-1", "task-2", "old"))
        assert judged(*tasks).verdict is Verdict.UNDECIDED
        assert judged(*tasks, wanted=wanted).verdict is Verdict.UNDECIDED


def test_an_answer_with_one_new_task_for_each_check_is_as_ordered() -> None:
    assert answered_otherwise(BOTH, CheckType.UPGRADE, [EVEREST, COREDNS]) is None
    unsaid = replace(COREDNS, addon=None, target_version=None, created=Unknown())
    assert answered_otherwise(BOTH, CheckType.UPGRADE, [EVEREST, unsaid]) is None


@pytest.mark.parametrize(
    "created",
    [
        [],
        [COREDNS],
        [COREDNS, COREDNS],
        [COREDNS, replace(COREDNS, task_id="task-2")],
        [COREDNS, EVEREST, replace(EVEREST, addon="other")],
        [COREDNS, EVEREST, replace(EVEREST, task_id="task-3")],
        [COREDNS, EVEREST, replace(EVEREST, task_id="task-3", addon="other")],
        [COREDNS, replace(EVEREST, task_id="old")],
        [COREDNS, replace(EVEREST, task_id="task-1")],
        [COREDNS, replace(EVEREST, type=CheckType.STATIC)],
        [COREDNS, replace(EVEREST, type=Unknown("addonOther"))],
        [COREDNS, replace(EVEREST, target_version="2.4.71")],
        [COREDNS, replace(EVEREST, instance_id="id-9")],
        [COREDNS, replace(EVEREST, addon="other")],
        [COREDNS, replace(EVEREST, instance_id=COREDNS.instance_id)],
    ],
)
def test_any_other_answer_says_what_was_asked_for_and_what_came(created: list[Task]) -> None:
    problem = answered_otherwise(BOTH, CheckType.UPGRADE, created)
    assert problem is not None
    assert problem.verdict is Verdict.UNDECIDED
    asked, _, came = problem.message.partition("; came: ")
    assert "coredns to 1.30.6" in asked
    assert "everest to 2.4.72" in asked
    assert came.count("check task") == len(created)
