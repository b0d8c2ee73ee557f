"""Wait until an answer is worth a verdict.

`Watch` decides when to ask next and when to stop. It does no I/O and never waits, so that one driver can
hold one of them (`wait`, here) and another driver many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Protocol, TypedDict, TypeVar

from gate.errors import ApiError, DeadlineReached, Interrupted
from gate.model import Answer, Clock, Deadline, Judgement, Schedule

FIRST_INTERVAL = 0.5
LONGEST_INTERVAL = 10.0
GROWTH = 1.5
"""Seconds between two rounds, and by what they grow, where `--poll-interval` does not say it."""

FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 10.0
"""Seconds to wait after a failed exchange; doubled with each further one."""

LONGEST_RESERVE = 1.0
"""Seconds before the deadline at which a last call is made, so that the last word is a fresh one."""

Random = Callable[[], float]
"""Gives numbers in [0, 1): `random.random` of a generator that comes in from outside."""


Asked = TypeVar("Asked")


class End(Enum):
    """Why the waiting ended."""

    SETTLED = auto()
    BLOCKED_EARLY = auto()
    NOTHING_MORE = auto()
    """The discovery time is over, and what was asked for is still not there."""
    DEADLINE = auto()
    FAILED = auto()
    """The API refused for good: asking again is of no use."""
    ASKED_TO_WAIT = auto()
    """The API asked for a pause (`Retry-After`) that goes past the deadline."""
    INTERRUPTED = auto()


class _Next(TypedDict):
    due: float
    end: End | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the waiting ended: the last complete answer, and the failure of the exchange after it, if any."""

    end: End
    judgement: Judgement | None
    failure: ApiError | None
    interrupted: Interrupted | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """The wait for one target. All times are seconds on the monotonic clock."""

    schedule: Schedule
    started: float
    due: float
    """When to ask next."""
    judgement: Judgement | None = None
    """What the judge says of the last complete answer."""
    failure: ApiError | None = None
    """Of the last exchange that ended by itself; None where that one brought an answer."""
    failures: int = 0
    answers: int = 0
    missing_since: float | None = None
    end: End | None = None

    @property
    def deadline(self) -> float:
        return self.started + self.schedule.timeout

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.end or End.DEADLINE, self.judgement, self.failure)

    def answered(self, judgement: Judgement, at: float, random: Random) -> Watch:
        """Take a complete answer, already judged, that arrived at `at`."""
        watch = replace(self, judgement=judgement, failure=None, failures=0, answers=self.answers + 1)
        if judgement.is_settled:
            return replace(watch, end=End.SETTLED)
        if self.schedule.fail_fast and judgement.blocks_already:
            return replace(watch, end=End.BLOCKED_EARLY)
        due = at + self._interval(random)
        if not judgement.problems:
            return replace(watch, missing_since=None, **self._next(due, at))
        since = at if self.missing_since is None else self.missing_since
        give_up = since + self.schedule.discovery_timeout
        if judgement.unfinished:
            return replace(watch, missing_since=since, **self._next(due, at))
        if at >= give_up:
            return replace(watch, missing_since=since, end=End.NOTHING_MORE)
        return replace(watch, missing_since=since, **self._next(min(due, give_up), at))

    def failed(self, failure: ApiError, at: float, random: Random) -> Watch:
        """Take an exchange that ended by itself at `at` and brought no answer."""
        watch = replace(self, failure=failure, failures=self.failures + 1)
        if not failure.transient:
            return replace(watch, end=End.FAILED)
        if failure.retry_after is None:
            return replace(watch, **self._next(at + _backoff(self.failures, random), at))
        due = at + max(failure.retry_after, FIRST_BACKOFF)
        if due >= self.deadline:
            return replace(watch, end=End.ASKED_TO_WAIT)
        return replace(watch, due=due)

    def cut_off(self) -> Watch:
        """Take a call that the deadline itself ended: it says nothing about the API."""
        return replace(self, end=End.DEADLINE)

    def _interval(self, random: Random) -> float:
        if self.schedule.poll_interval is not None:
            return self.schedule.poll_interval
        longest = FIRST_INTERVAL * GROWTH ** min(self.answers, 20)
        return min(longest, LONGEST_INTERVAL) * (0.8 + random() / 5)

    def _next(self, due: float, now: float) -> _Next:
        """When to ask next: at `due`, but a last time shortly before the deadline."""
        last_call = self.deadline - min(LONGEST_RESERVE, self.schedule.timeout / 10)
        if now >= last_call:
            return {"due": self.deadline, "end": End.DEADLINE}
        return {"due": min(due, last_call), "end": None}


class Observer(Protocol):
    """Is told how the waiting goes, to show it."""

    def asked(self, watch: Watch) -> None:
        """An exchange has ended; `watch` says what is known and when the next one is due."""
        ...

    def told(self, text: str) -> None:
        """Something was chosen or done that a person would want to know."""
        ...


def wait(
    ask: Callable[[Deadline], Answer],
    judge: Callable[[Answer], Judgement],
    schedule: Schedule,
    clock: Clock,
    random: Random,
    observer: Observer,
    started: float | None = None,
) -> Outcome:
    """Ask until an answer is settled or waiting longer is of no use; never past the timeout.

    `started` is the moment on the monotonic clock that the timeout counts from; None: now. `ask` raises
    `ApiError` where there is no answer and `DeadlineReached` where the deadline cut it off.
    """
    now = clock.monotonic()
    watch = Watch(schedule, started=now if started is None else started, due=now)
    deadline = Deadline(clock, watch.deadline)
    try:
        while watch.end is None:
            clock.sleep(max(watch.due - clock.monotonic(), 0.0))
            watch = _exchange(watch, ask, judge, deadline, clock, random)
            observer.asked(watch)
    except Interrupted as interrupted:
        return Outcome(End.INTERRUPTED, watch.judgement, watch.failure, interrupted)
    return watch.outcome


def insist(
    ask: Callable[[Deadline], Asked],
    again: Callable[[ApiError], bool],
    deadline: Deadline,
    clock: Clock,
    random: Random,
    told: Callable[[ApiError], None],
) -> Asked:
    """Ask once more after each failure of which `again` says so, with the pauses of a `wait`.

    Raises the last `ApiError` where asking again is of no use or would go past the deadline, and
    `DeadlineReached` where the deadline cut the call off.
    """
    failures = 0
    while True:
        try:
            return ask(deadline)
        except ApiError as failure:
            pause = _backoff(failures, random) if failure.retry_after is None else failure.retry_after
            failures += 1
            if not again(failure) or pause >= deadline.remaining:
                raise
            told(failure)
        clock.sleep(max(pause, FIRST_BACKOFF / 2))


def _backoff(failures: int, random: Random) -> float:
    """Seconds to wait after one more failure than `failures`."""
    longest: float = min(FIRST_BACKOFF * 2 ** min(failures, 20), LONGEST_BACKOFF)
    return longest * (0.5 + random() / 2)


def _exchange(
    watch: Watch,
    ask: Callable[[Deadline], Answer],
    judge: Callable[[Answer], Judgement],
    deadline: Deadline,
    clock: Clock,
    random: Random,
) -> Watch:
    try:
        answer = ask(deadline)
    except DeadlineReached:
        return watch.cut_off()
    except ApiError as failure:
        return watch.failed(failure, clock.monotonic(), random)
    return watch.answered(judge(answer), clock.monotonic(), random)
