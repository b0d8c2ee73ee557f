"""The use cases: ask, wait, judge, and put together the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from gate.errors import ApiError, Interrupted, NotAnAnswer
from gate.judge import explain, judge, usage
from gate.model import (
    Answer,
    Clock,
    Deadline,
    Instant,
    Judgement,
    Policy,
    Problem,
    ProblemCode,
    Report,
    Schedule,
    Target,
    TargetReport,
    Verdict,
    Wanted,
    worst,
)
from gate.poll import End, Observer, Outcome, Random, wait


class Source(Protocol):
    """Where the answers about one target come from."""

    @property
    def target(self) -> Target:
        """What is known by now of what is asked about."""
        ...

    def tasks(self, deadline: Deadline) -> Answer:
        """Ask once for all check tasks. Raises `ApiError` or `DeadlineReached`."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the judge, whatever the answers come from."""

    wanted: Wanted
    policy: Policy


def check(
    source: Source,
    question: Question,
    schedule: Schedule,
    clock: Clock,
    random: Random,
    observer: Observer,
) -> Report:
    """Wait for the deciding tasks of one cluster and judge them.

    An interrupted run still has a report: undecided, with the exit code of its signal.
    """
    return wait_and_judge(
        source, question, schedule, clock, random, observer, (clock.now(), clock.monotonic())
    )


def wait_and_judge(
    source: Source,
    question: Question,
    schedule: Schedule,
    clock: Clock,
    random: Random,
    observer: Observer,
    begun: tuple[Instant, float],
) -> Report:
    """The same for a run that began at `begun`: on the wall clock and on the monotonic one."""
    started, since = begun

    def judged(answer: Answer) -> Judgement:
        return judge(answer, question.wanted, question.policy, clock.now(), source.target)

    outcome = wait(source.tasks, judged, schedule, clock, random, observer, since)
    return ended(outcome, source, question, schedule, started, clock.now())


def interrupted(
    source: Source, question: Question, schedule: Schedule, clock: Clock, stop: Interrupted
) -> Report:
    """The report of a run that a signal ended outside its wait."""
    now = clock.now()
    return ended(Outcome(End.INTERRUPTED, None, None, stop), source, question, schedule, now, now)


def ended(
    outcome: Outcome,
    source: Source,
    question: Question,
    schedule: Schedule,
    started: Instant,
    finished: Instant,
) -> Report:
    targets = [TargetReport(source.target, _conclude(outcome, schedule))]
    report = _report(targets, question, started, finished)
    if outcome.interrupted is None:
        return report
    return replace(report, verdict=Verdict.UNDECIDED, exit_code=outcome.interrupted.exit_code)


def evaluate(
    saved: Sequence[tuple[Target, Answer | NotAnAnswer]], question: Question, clock: Clock
) -> Report:
    """Judge saved answers, each on its own: states of different moments are not mixed."""
    now = clock.now()
    targets = []
    for target, answer in saved:
        if isinstance(answer, Answer):
            judgement = judge(answer, question.wanted, question.policy, now, target)
        else:
            judgement = with_problems(None, [_problem_of(answer)])
        targets.append(TargetReport(target, judgement))
    return _report(targets, question, now, now)


def _conclude(outcome: Outcome, schedule: Schedule) -> Judgement:
    """What the end of the waiting adds to what the judge said of the last complete answer."""
    problems = []
    if outcome.failure is not None:
        problems.append(_problem_of(outcome.failure))
    if outcome.end is End.ASKED_TO_WAIT or (outcome.end is End.DEADLINE and outcome.failure is None):
        problems.append(_timed_out(outcome, schedule))
    if outcome.interrupted is not None:
        problems.append(
            Problem(
                ProblemCode.INTERRUPTED,
                f"interrupted by {outcome.interrupted.signal_name} before the checks were final",
                "run it again and let it wait",
            )
        )
    judgement = with_problems(outcome.judgement, problems)
    if outcome.interrupted is not None:
        return replace(judgement, verdict=Verdict.UNDECIDED, reason=problems[-1].message)
    return judgement


def with_problems(judgement: Judgement | None, problems: Sequence[Problem]) -> Judgement:
    """The judgement with further problems; without one, only the problems speak."""
    if judgement is None:
        verdict = worst(problem.verdict for problem in problems)
        return Judgement(verdict, explain(verdict, (), problems), tuple(problems), ())
    if not problems:
        return judgement
    everything = (*judgement.problems, *problems)
    verdict = worst([judgement.verdict, *(problem.verdict for problem in problems)])
    reason = explain(verdict, judgement.deciding, everything)
    return replace(judgement, verdict=verdict, reason=reason, problems=everything)


def _problem_of(error: ApiError) -> Problem:
    code = ProblemCode.NOT_AN_ANSWER if isinstance(error, NotAnAnswer) else ProblemCode.API_ERROR
    return Problem(code, error.message, error.hint, Verdict.ERROR, error.code, error.request_id)


def _timed_out(outcome: Outcome, schedule: Schedule) -> Problem:
    if outcome.end is End.ASKED_TO_WAIT and outcome.failure is not None:
        what = f"the API asks for a pause of {outcome.failure.retry_after:g} s, longer than --timeout leaves"
    elif outcome.judgement is None:
        what = f"no answer came within the timeout of {schedule.timeout:g} s"
    else:
        what = f"the timeout of {schedule.timeout:g} s ran out: {_unfinished(outcome.judgement)}"
    return Problem(
        ProblemCode.TIMED_OUT,
        what,
        "raise --timeout, or see in CCE what holds the checks up; then run this again",
    )


def _unfinished(judgement: Judgement) -> str:
    if not judgement.unfinished:
        return "not everything that was asked for is there"
    return f"{len(judgement.unfinished)} of {len(judgement.deciding)} deciding checks not final"


def _report(
    targets: Sequence[TargetReport], question: Question, started: Instant, finished: Instant
) -> Report:
    verdict = worst(target.judgement.verdict for target in targets)
    return Report(
        verdict=verdict,
        exit_code=verdict.exit_code,
        started=started,
        finished=finished,
        targets=tuple(targets),
        policy=usage(question.policy, targets, finished.utc_date),
        max_age_checked=question.wanted.max_age is not None,
    )
