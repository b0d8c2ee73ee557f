"""Waiting: when to ask again, when to stop, and never past the timeout."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import ApiError, ExitCode, Interrupted, NotAnAnswer
from gate.judge import judge
from gate.model import Answer, Judgement, Schedule, Status, Verdict
from gate.poll import LONGEST_BACKOFF, LONGEST_INTERVAL, End, Outcome, wait
from tests.builders import WANTED, answer, failed, other_task, policy, task
from tests.fakes import Event, FakeClock, FakeObserver, FakeSource, always, one_after_another, over_time

RUNNING = answer(task(status=Status.RUNNING))
DONE = answer(task())
EMPTY = answer()
BUSY = ApiError("busy", "wait", transient=True, status=503)
REFUSED = ApiError("refused", "log in", status=401)
GARBAGE = NotAnAnswer("HTML", "check the endpoint")


def throttled(seconds: float) -> ApiError:
    return ApiError("slow down", "wait", transient=True, status=429, retry_after=seconds)


class Run:
    """One wait against a script, with a fake clock."""

    def __init__(
        self,
        script: Callable[[float], Event],
        *,
        timeout: float = 900,
        discovery: float = 60,
        interval: float | None = None,
        fail_fast: bool = False,
        takes: float = 0.0,
        random: float = 0.5,
    ) -> None:
        self.clock = FakeClock()
        self.source = FakeSource(self.clock, script, takes)
        self.observer = FakeObserver()
        schedule = Schedule(timeout, discovery, interval, fail_fast)
        self.outcome: Outcome = wait(
            self.source.tasks, self._judge, schedule, self.clock, always(random), self.observer
        )

    def _judge(self, given: Answer) -> Judgement:
        return judge(given, WANTED, policy(), self.clock.now())

    @property
    def asked_at(self) -> list[float]:
        return self.source.asked_at

    @property
    def verdict(self) -> Verdict | None:
        return self.outcome.judgement.verdict if self.outcome.judgement else None


def test_a_final_answer_ends_the_wait_at_once() -> None:
    run = Run(one_after_another(DONE))
    assert (run.outcome.end, run.verdict, run.asked_at) == (End.SETTLED, Verdict.PASS, [0.0])


def test_it_waits_until_every_deciding_task_is_final() -> None:
    half = answer(task(), other_task(status=Status.RUNNING))
    run = Run(over_time((0, half), (30, answer(task(), other_task()))))
    assert (run.outcome.end, run.verdict) == (End.SETTLED, Verdict.PASS)
    assert run.clock.elapsed >= 30


def test_a_final_state_that_runs_again_is_not_final() -> None:
    first = answer(task(), other_task(status=Status.RUNNING))
    second = answer(task(status=Status.RUNNING), other_task())
    run = Run(over_time((0, first), (5, second)), timeout=60)
    assert (run.outcome.end, run.verdict) == (End.DEADLINE, Verdict.UNDECIDED)


def test_without_an_interval_the_wait_adapts_up_to_ten_seconds() -> None:
    run = Run(over_time((0, RUNNING), (120, DONE)), random=0.999)
    gaps = [round(b - a, 6) for a, b in zip(run.asked_at, run.asked_at[1:], strict=False)]
    assert gaps[0] <= 0.8
    assert gaps == sorted(gaps)
    assert LONGEST_INTERVAL * 0.99 < max(gaps) <= LONGEST_INTERVAL


def test_the_adaptive_wait_has_jitter() -> None:
    assert (
        Run(over_time((0, RUNNING), (9, DONE)), random=0.0).asked_at
        != Run(over_time((0, RUNNING), (9, DONE)), random=0.9).asked_at
    )


def test_a_given_interval_is_kept() -> None:
    run = Run(over_time((0, RUNNING), (10, DONE)), interval=4)
    assert run.asked_at == [0, 4, 8, 12]


def test_the_last_call_comes_shortly_before_the_deadline() -> None:
    run = Run(over_time((0, RUNNING), (58.5, DONE)), timeout=60, interval=50)
    assert (run.outcome.end, run.asked_at) == (End.SETTLED, [0, 50, 59])


def test_at_the_deadline_the_last_answer_speaks() -> None:
    run = Run(one_after_another(answer(task(failed()), other_task(status=Status.RUNNING))), timeout=20)
    assert (run.outcome.end, run.verdict, run.outcome.failure) == (End.DEADLINE, Verdict.BLOCKED, None)


def test_with_fail_fast_a_blocked_final_task_ends_the_wait() -> None:
    run = Run(one_after_another(answer(task(failed()), other_task(status=Status.RUNNING))), fail_fast=True)
    assert (run.outcome.end, run.verdict, len(run.asked_at)) == (End.BLOCKED_EARLY, Verdict.BLOCKED, 1)


def test_with_fail_fast_a_risk_of_a_running_task_does_not_end_the_wait() -> None:
    early = answer(task(failed(), status=Status.RUNNING))
    assert Run(over_time((0, early), (5, DONE)), fail_fast=True).verdict is Verdict.PASS


def test_without_tasks_it_waits_for_the_discovery_time_only() -> None:
    run = Run(one_after_another(EMPTY), discovery=30)
    assert (run.outcome.end, run.verdict) == (End.NOTHING_MORE, Verdict.UNDECIDED)
    assert run.clock.elapsed == pytest.approx(30)


def test_a_task_that_appears_within_the_discovery_time_is_waited_for() -> None:
    run = Run(over_time((0, EMPTY), (20, RUNNING), (100, DONE)))
    assert (run.outcome.end, run.verdict) == (End.SETTLED, Verdict.PASS)


def test_the_discovery_time_lies_within_the_timeout() -> None:
    run = Run(one_after_another(EMPTY), timeout=10, discovery=60)
    assert run.outcome.end is End.DEADLINE
    assert run.clock.elapsed <= 10


def test_without_a_discovery_time_a_missing_task_ends_the_wait_at_once() -> None:
    run = Run(one_after_another(EMPTY), discovery=0)
    assert (run.outcome.end, run.asked_at) == (End.NOTHING_MORE, [0])


def test_the_discovery_time_begins_with_the_first_answer() -> None:
    run = Run(over_time((0, BUSY), (100, EMPTY), (130, DONE)), discovery=60)
    assert run.verdict is Verdict.PASS


def test_transient_failures_are_ridden_out() -> None:
    run = Run(one_after_another(BUSY, GARBAGE, BUSY, DONE))
    assert (run.outcome.end, run.verdict, run.outcome.failure) == (End.SETTLED, Verdict.PASS, None)


def test_the_pause_after_failures_grows_up_to_a_limit_and_has_jitter() -> None:
    run = Run(over_time((0, BUSY), (200, DONE)), random=0.999)
    gaps = [round(b - a, 6) for a, b in zip(run.asked_at, run.asked_at[1:], strict=False)]
    assert gaps == sorted(gaps)
    assert LONGEST_BACKOFF * 0.99 < max(gaps) <= LONGEST_BACKOFF
    assert Run(over_time((0, BUSY), (200, DONE)), random=0.1).asked_at != run.asked_at


def test_retry_after_is_kept_to_the_second() -> None:
    assert Run(one_after_another(throttled(17), DONE)).asked_at == [0, 17]


def test_a_retry_after_beyond_the_deadline_ends_the_wait_at_once() -> None:
    run = Run(one_after_another(throttled(3600)), timeout=900)
    assert (run.outcome.end, run.asked_at, run.clock.elapsed) == (End.ASKED_TO_WAIT, [0], 0)


def test_a_permanent_failure_is_asked_once() -> None:
    run = Run(one_after_another(REFUSED))
    assert (run.outcome.end, run.outcome.failure, run.asked_at) == (End.FAILED, REFUSED, [0])


def test_a_failure_after_an_answer_leaves_the_answer_standing() -> None:
    run = Run(over_time((0, answer(task(failed()), other_task(status=Status.RUNNING))), (5, REFUSED)))
    assert (run.outcome.end, run.verdict, run.outcome.failure) == (End.FAILED, Verdict.BLOCKED, REFUSED)


def test_a_failure_that_an_answer_follows_is_forgotten() -> None:
    run = Run(one_after_another(BUSY, RUNNING), timeout=30)
    assert (run.outcome.end, run.outcome.failure) == (End.DEADLINE, None)


def test_a_call_that_the_deadline_cut_off_does_not_count() -> None:
    run = Run(one_after_another(RUNNING), timeout=30, takes=20)
    assert (run.outcome.end, run.outcome.failure, run.verdict) == (End.DEADLINE, None, Verdict.UNDECIDED)
    assert run.clock.elapsed == 30


def test_a_server_that_never_answers_leaves_no_judgement() -> None:
    run = Run(one_after_another(DONE), timeout=30, takes=99)
    assert (run.outcome.end, run.outcome.judgement, run.clock.elapsed) == (End.DEADLINE, None, 30)


@pytest.mark.parametrize("code", [ExitCode.SIGINT, ExitCode.SIGTERM])
def test_a_signal_ends_the_wait_and_keeps_what_is_known(code: ExitCode) -> None:
    stop = Interrupted("SIGINT", code)
    run = Run(one_after_another(RUNNING, stop))
    assert (run.outcome.end, run.outcome.interrupted) == (End.INTERRUPTED, stop)
    assert run.outcome.judgement is not None


def test_the_observer_is_told_of_every_exchange() -> None:
    run = Run(one_after_another(BUSY, RUNNING, DONE))
    assert [each.failure for each in run.observer.seen] == [BUSY, None, None]
    assert run.observer.seen[-1].end is End.SETTLED


EVENTS = st.sampled_from([EMPTY, RUNNING, BUSY, GARBAGE, throttled(0), throttled(7), throttled(400)])


@given(
    st.lists(EVENTS, min_size=1, max_size=8),
    st.floats(0.1, 120),
    st.floats(0, 120),
    st.sampled_from([None, 0.2, 5.0, 1000.0]),
    st.floats(0, 50),
    st.floats(0, 0.999),
)
def test_no_wait_outlives_its_timeout_and_none_hurries(
    events: list[Event], timeout: float, discovery: float, interval: float | None, takes: float, random: float
) -> None:
    run = Run(
        one_after_another(*events),
        timeout=timeout,
        discovery=discovery,
        interval=interval,
        takes=takes,
        random=random,
    )
    assert run.clock.elapsed <= timeout + 1e-6
    assert run.outcome.end is not End.SETTLED
    assert len(run.asked_at) <= len(events) + 2 + timeout / min(interval or 0.25, 0.25)
