"""The use cases, with fakes at the seams."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from gate import app
from gate.errors import ApiError, ExitCode, Interrupted, NotAnAnswer
from gate.model import (
    AddonRef,
    Answer,
    Policy,
    ProblemCode,
    Report,
    Schedule,
    Status,
    Target,
    Verdict,
    Wanted,
    worst,
)
from tests.builders import TODAY, WANTED, YESTERDAY, answer, failed, other_task, policy, rule, task
from tests.fakes import Event, FakeClock, FakeObserver, FakeSource, always, one_after_another

NOTHING = policy()
CLUSTER = Target("https://cce.example.com", "project", "cluster")
SCHEDULE = Schedule(timeout=60, discovery_timeout=10)
REFUSED = ApiError("refused", "log in", status=401, code="APIGW.0301", request_id="r-1")
BUSY = ApiError("busy", "wait", transient=True, status=503)
HALF = answer(task(failed()), other_task(status=Status.RUNNING))


@dataclass
class ClusterSource(FakeSource):
    target: Target = field(default=CLUSTER)


def checked(*events: Event, given: Policy = NOTHING, wanted: Wanted = WANTED) -> Report:
    clock = FakeClock()
    source = ClusterSource(clock, one_after_another(*events))
    question = app.Question(wanted, given)
    return app.check(source, question, SCHEDULE, clock, always(0.5), FakeObserver())


def problems(report: Report) -> list[ProblemCode]:
    return [problem.code for target in report.targets for problem in target.judgement.problems]


def test_a_settled_answer_is_the_report() -> None:
    report = checked(answer(task()))
    assert (report.verdict, report.exit_code, problems(report)) == (Verdict.PASS, ExitCode.PASS, [])
    assert report.targets[0].target == CLUSTER


def test_blocked_comes_before_an_error_that_follows() -> None:
    report = checked(HALF, REFUSED)
    assert (report.verdict, problems(report)) == (Verdict.BLOCKED, [ProblemCode.API_ERROR])


def test_a_refusal_is_an_error_with_the_words_of_the_api() -> None:
    problem = checked(REFUSED).targets[0].judgement.problems[0]
    assert (problem.verdict, problem.api_code, problem.request_id) == (Verdict.ERROR, "APIGW.0301", "r-1")


def test_a_failure_that_lasts_to_the_deadline_is_an_error() -> None:
    report = checked(BUSY)
    assert (report.verdict, problems(report)) == (Verdict.ERROR, [ProblemCode.API_ERROR])


def test_a_check_that_lasts_to_the_deadline_is_undecided() -> None:
    report = checked(answer(task(status=Status.RUNNING)))
    assert (report.verdict, problems(report)) == (Verdict.UNDECIDED, [ProblemCode.TIMED_OUT])


def test_a_pause_beyond_the_deadline_is_an_error_and_says_so() -> None:
    report = checked(ApiError("slow down", "wait", transient=True, status=429, retry_after=3600))
    assert report.verdict is Verdict.ERROR
    assert "3600 s" in report.targets[0].judgement.problems[-1].message


def test_what_is_not_an_answer_is_an_error_of_its_own_kind() -> None:
    assert problems(checked(NotAnAnswer("HTML", "check"))) == [ProblemCode.NOT_AN_ANSWER]


@pytest.mark.parametrize("before", [[], [HALF]])
def test_an_interrupted_run_is_undecided_whatever_it_has_seen(before: list[Event]) -> None:
    report = checked(*before, Interrupted("SIGTERM", ExitCode.SIGTERM))
    assert (report.verdict, report.exit_code) == (Verdict.UNDECIDED, ExitCode.SIGTERM)
    assert problems(report)[-1] is ProblemCode.INTERRUPTED


def test_an_interruption_outside_the_wait_has_its_report_too() -> None:
    clock = FakeClock()
    source = ClusterSource(clock, one_after_another(HALF))
    stop = Interrupted("SIGINT", ExitCode.SIGINT)
    report = app.interrupted(source, app.Question(WANTED, policy()), SCHEDULE, clock, stop)
    assert (report.verdict, report.exit_code) == (Verdict.UNDECIDED, ExitCode.SIGINT)


def test_a_rule_that_matched_nothing_is_named_where_that_is_known() -> None:
    used, idle, elsewhere = rule(), rule("AddonValidate"), rule("AddonValidate", addon="everest")
    report = checked(answer(task(failed())), given=policy(used, idle, elsewhere))
    assert report.verdict is Verdict.PASS
    assert report.policy.unused == (idle,)


def test_a_run_that_did_not_see_everything_calls_no_rule_unused() -> None:
    missing = Wanted(max_age=WANTED.max_age, addons=(AddonRef("coredns"), AddonRef("everest")))
    assert checked(answer(task()), given=policy(rule()), wanted=missing).policy.unused is None
    assert checked(REFUSED, given=policy(rule())).policy.unused is None


def test_expired_rules_are_named_in_every_report() -> None:
    over, today = rule(expires=YESTERDAY), rule("AddonValidate", expires=TODAY)
    assert checked(REFUSED, given=policy(over, today)).policy.expired == (over,)


def saved(*answers: Answer | NotAnAnswer) -> Report:
    targets = [(Target(source=f"{number}.json"), each) for number, each in enumerate(answers)]
    return app.evaluate(targets, app.Question(WANTED, policy()), FakeClock())


def test_the_worst_of_several_saved_answers_holds() -> None:
    good, open_end, bad = answer(task()), answer(), NotAnAnswer("HTML", "save again")
    assert saved(good).verdict is Verdict.PASS
    assert saved(good, open_end).verdict is Verdict.UNDECIDED
    assert saved(good, open_end, bad).verdict is Verdict.ERROR
    assert saved(good, open_end, bad, answer(task(failed()))).verdict is Verdict.BLOCKED


def test_nothing_saved_is_never_a_pass() -> None:
    assert saved().verdict is Verdict.UNDECIDED
    assert worst(()) is Verdict.UNDECIDED
