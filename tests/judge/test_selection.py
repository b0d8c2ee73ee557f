"""Which tasks decide, and what is said of those that were asked for and are not there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.judge import judge
from gate.model import (
    AddonRef,
    Answer,
    CheckType,
    Judgement,
    Level,
    ProblemCode,
    Task,
    Unknown,
    Verdict,
    Wanted,
)
from tests.builders import NOW, WANTED, ago, answer, failed, other_task, policy, task


def judged(given: Answer, *addons: str, task_ids: tuple[str, ...] = ()) -> Judgement:
    refs = tuple(AddonRef(*each.split("@")) for each in addons)
    return judge(given, replace(WANTED, addons=refs, task_ids=task_ids), policy(), NOW)


def deciding(judgement: Judgement) -> list[str | None]:
    return [each.task.task_id for each in judgement.deciding]


def problems(judgement: Judgement) -> list[ProblemCode]:
    return [each.code for each in judgement.problems]


OLD = task(failed(), task_id="old", created=ago(600))
NEW = task(task_id="new", created=ago(60))


def test_an_empty_list_is_never_a_pass() -> None:
    judgement = judged(answer())
    assert (judgement.verdict, problems(judgement)) == (Verdict.UNDECIDED, [ProblemCode.NO_TASKS])


def test_without_a_selection_the_newest_of_each_instance_and_version_decides() -> None:
    elsewhere = other_task(task_id="elsewhere")
    older_version = task(task_id="other-version", target_version="1.29.4", created=ago(600))
    judgement = judged(answer(OLD, NEW, elsewhere, older_version))
    assert deciding(judgement) == ["new", "elsewhere", "other-version"]
    assert [each.task.task_id for each in judgement.tasks if each.superseded] == ["old"]
    assert judgement.verdict is Verdict.PASS


def test_a_newer_failure_is_not_hidden_by_an_older_success() -> None:
    judgement = judged(answer(replace(NEW, created=ago(900)), OLD))
    assert judgement.verdict is Verdict.BLOCKED


def test_a_newer_check_that_still_runs_takes_the_place_of_an_older_success() -> None:
    running = task(task_id="running", status=Unknown(), created=ago(5))
    judgement = judged(answer(NEW, running))
    assert (deciding(judgement), judgement.verdict) == (["running"], Verdict.UNDECIDED)


@pytest.mark.parametrize("created", [Unknown(), Unknown("yesterday"), NEW.created])
def test_without_a_clear_order_none_supersedes_another(created: Unknown) -> None:
    wanted = replace(WANTED, max_age=None)
    judgement = judge(answer(replace(OLD, created=created), NEW), wanted, policy(), NOW)
    assert deciding(judgement) == ["old", "new"]
    assert judgement.verdict is Verdict.BLOCKED


@pytest.mark.parametrize("field", ["instance_id", "target_version"])
def test_a_task_that_cannot_be_told_apart_is_judged_too(field: str) -> None:
    lost = replace(OLD, **{field: None})  # type: ignore[arg-type]
    assert judged(answer(lost, NEW)).verdict is Verdict.BLOCKED


def test_tasks_of_another_type_do_not_decide() -> None:
    inspection = task(failed(), type=CheckType.STATIC, task_id="inspection")
    assert deciding(judged(answer(inspection, NEW))) == ["new"]
    assert problems(judged(answer(inspection))) == [ProblemCode.NO_TASKS]


def test_a_task_without_a_type_may_be_of_the_type_and_closes_the_gate() -> None:
    judgement = judged(answer(task(type=Unknown(), task_id="untyped"), NEW))
    assert deciding(judgement) == ["untyped", "new"]
    assert judgement.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("name", ["coredns", "cceaddon-coredns", "1d43577d-4b50-4723-b05b-2121f47cb219"])
def test_an_addon_is_named_by_template_instance_name_or_instance_id(name: str) -> None:
    judgement = judged(answer(NEW, other_task(failed())), name)
    assert (deciding(judgement), judgement.verdict) == (["new"], Verdict.PASS)


@pytest.mark.parametrize("name", ["core", "Coredns", "coredns ", "cceaddon"])
def test_an_addon_name_matches_to_the_letter(name: str) -> None:
    assert problems(judged(answer(NEW), name)) == [ProblemCode.ADDON_MISSING]


def test_each_instance_of_an_addon_decides() -> None:
    second = task(failed(), task_id="second", instance_id="id-2", instance_name="coredns-2")
    judgement = judged(answer(NEW, second), "coredns")
    assert (deciding(judgement), judgement.verdict) == (["new", "second"], Verdict.BLOCKED)


def test_with_a_version_only_checks_for_that_version_decide() -> None:
    newer_version = task(failed(), task_id="newer-version", target_version="1.31.0", created=ago(5))
    judgement = judged(answer(NEW, newer_version), "coredns@1.30.6")
    assert (deciding(judgement), judgement.verdict) == (["new"], Verdict.PASS)


def test_a_check_for_another_version_is_not_the_evidence_asked_for() -> None:
    judgement = judged(answer(NEW), "coredns@1.31.0")
    assert (problems(judgement), judgement.verdict) == ([ProblemCode.ADDON_MISSING], Verdict.UNDECIDED)
    assert "listed: coredns 1.30.6 (addonUpgrade)" in judgement.problems[0].message


def test_without_a_version_the_newest_of_the_instance_decides() -> None:
    older_version = task(failed(), task_id="older", target_version="1.29.4", created=ago(600))
    assert deciding(judged(answer(older_version, NEW), "coredns")) == ["new"]


@pytest.mark.parametrize("field", ["addon", "instance_name", "instance_id"])
def test_a_task_that_lost_its_name_is_not_left_out(field: str) -> None:
    lost = replace(OLD, created=ago(5), **{field: None})  # type: ignore[arg-type]
    assert judged(answer(NEW, lost), "coredns").verdict is Verdict.BLOCKED


def test_every_addon_that_was_asked_for_must_be_there() -> None:
    judgement = judged(answer(NEW), "coredns", "everest")
    assert (problems(judgement), judgement.verdict) == ([ProblemCode.ADDON_MISSING], Verdict.UNDECIDED)


def test_two_names_of_one_addon_ask_for_it_once() -> None:
    assert deciding(judged(answer(NEW), "coredns", "cceaddon-coredns")) == ["new"]


def test_exactly_the_named_tasks_decide() -> None:
    judgement = judged(answer(OLD, NEW, other_task(failed())), task_ids=("new",))
    assert (deciding(judgement), judgement.verdict) == (["new"], Verdict.PASS)


def test_a_named_task_decides_although_a_newer_one_is_there() -> None:
    assert judged(answer(OLD, NEW), task_ids=("old",)).verdict is Verdict.BLOCKED


def test_a_named_task_that_is_not_listed_is_missing() -> None:
    judgement = judged(answer(NEW), task_ids=("new", "gone"))
    assert (problems(judgement), judgement.verdict) == ([ProblemCode.TASK_MISSING], Verdict.UNDECIDED)


def test_a_named_task_for_another_addon_is_not_the_evidence_asked_for() -> None:
    judgement = judged(answer(NEW), "everest", task_ids=("new",))
    assert judgement.verdict is Verdict.UNDECIDED
    assert "asked for was everest" in judgement.tasks[0].reason


def test_a_named_task_of_another_type_is_not_the_evidence_asked_for() -> None:
    judgement = judged(answer(replace(NEW, type=CheckType.STATIC)), task_ids=("new",))
    assert judgement.verdict is Verdict.UNDECIDED
    assert "its type is addonStatic, asked for was addonUpgrade" in judgement.tasks[0].reason


def test_an_inspection_that_was_asked_for_passes_without_a_version() -> None:
    inspection = task(type=CheckType.STATIC, target_version=None)
    wanted = Wanted(type=CheckType.STATIC, max_age=WANTED.max_age)
    assert judge(answer(inspection), wanted, policy(), NOW).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "lost", [{"target_version": None}, {"addon": None, "instance_name": None, "instance_id": None}]
)
def test_an_upgrade_check_that_does_not_say_for_what_is_undecided(lost: dict[str, None]) -> None:
    assert judged(answer(replace(NEW, **lost))).verdict is Verdict.UNDECIDED  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [2, Unknown("many"), Unknown("-1")])
def test_a_list_that_is_not_complete_is_undecided(count: int | Unknown) -> None:
    judgement = judged(answer(NEW, count=count))
    assert (problems(judgement), judgement.verdict) == ([ProblemCode.LIST_INCOMPLETE], Verdict.UNDECIDED)


@pytest.mark.parametrize("count", [0, 1, Unknown()])
def test_a_count_that_is_not_larger_than_the_list_is_no_gap(count: int | Unknown) -> None:
    assert judged(answer(NEW, count=count)).verdict is Verdict.PASS


def test_named_tasks_that_are_all_there_need_no_complete_list() -> None:
    assert judged(answer(NEW, count=9), task_ids=("new",)).verdict is Verdict.PASS


def test_one_task_listed_twice_with_different_contents_is_a_contradiction() -> None:
    judgement = judged(answer(NEW, replace(NEW, message="other")), task_ids=("new",))
    assert (problems(judgement), judgement.verdict) == ([ProblemCode.CONTRADICTION], Verdict.UNDECIDED)


def test_a_task_without_an_id_may_be_the_named_one() -> None:
    nameless: Task = replace(OLD, task_id=None)
    assert judged(answer(NEW, nameless), task_ids=("new",)).verdict is Verdict.BLOCKED


@pytest.mark.parametrize("written", ["v1.30.6", "1.30.6 ", "1.30.6.0"])
def test_a_newer_check_of_the_version_written_otherwise_is_not_left_out(written: str) -> None:
    wanted = replace(WANTED, addons=(AddonRef("coredns", "1.30.6"),))
    older = task(created=ago(120))
    newer = task(failed(level=Level.FATAL), task_id="task-2", target_version=written)
    assert judge(answer(older, newer), wanted, policy(), NOW).verdict is Verdict.BLOCKED
