"""The use case of `--create` as a whole: ask for new checks, then wait for exactly those and judge them."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from gate import app
from gate.errors import ApiError, DeadlineReached, Interrupted
from gate.model import Clock, Deadline, Problem, ProblemCode, Report, Schedule
from gate.ordering import Purchase, Workshop, order
from gate.poll import End, Observer, Outcome, Random


class Shop(app.Source, Workshop, Protocol):
    """Where checks are both made and listed."""


def create(
    shop: Shop,
    purchase: Purchase,
    question: app.Question,
    schedule: Schedule,
    clock: Clock,
    random: Random,
    observer: Observer,
) -> Report:
    """Ask for new checks, then wait for exactly those and judge them."""
    begun = started, since = clock.now(), clock.monotonic()
    deadline = Deadline(clock, since + schedule.timeout)

    def ended(outcome: Outcome) -> Report:
        return app.ended(outcome, shop, question, schedule, started, clock.now())

    try:
        placed = order(shop, purchase, question.wanted, schedule, deadline, random, observer.told)
    except ApiError as failure:
        asked_to_wait = failure.transient and failure.retry_after is not None
        end = End.ASKED_TO_WAIT if asked_to_wait else End.FAILED
        return ended(Outcome(end, None, failure))
    except DeadlineReached:
        return ended(Outcome(End.DEADLINE, app.with_problems(None, [_cut_off(schedule)]), None))
    except Interrupted as stop:
        return ended(Outcome(End.INTERRUPTED, None, None, stop))
    if placed.problems:
        return ended(Outcome(End.NOTHING_MORE, app.with_problems(None, placed.problems), None))
    return app.wait_and_judge(
        shop, replace(question, wanted=placed.wanted), schedule, clock, random, observer, begun
    )


def _cut_off(schedule: Schedule) -> Problem:
    return Problem(
        ProblemCode.NOT_CREATED,
        f"the timeout of {schedule.timeout:g} s ran out before the checks were asked for: none was created",
        "raise --timeout, and run this again",
    )
