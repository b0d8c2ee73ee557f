"""Stand-ins that implement the Protocols of the seams, so that no test waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gate.errors import ApiError, DeadlineReached, Interrupted
from gate.model import Answer, Deadline, Instant
from gate.poll import Watch
from tests.builders import NOW

Event = Answer | ApiError | Interrupted
"""What one exchange comes to."""


@dataclass
class FakeClock:
    """A clock that moves only when somebody waits; the wall clock moves with it."""

    elapsed: float = 0.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.elapsed

    def now(self) -> Instant:
        return Instant(NOW.nanoseconds + int(self.elapsed * 1_000_000_000))

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.elapsed += seconds


@dataclass
class FakeSource:
    """Gives what `script` says at the moment of each call; each call takes `takes` seconds."""

    clock: FakeClock
    script: Callable[[float], Event]
    takes: float = 0.0
    asked_at: list[float] = field(default_factory=list)

    def tasks(self, deadline: Deadline) -> Answer:
        self.asked_at.append(self.clock.elapsed)
        event = self.script(self.clock.elapsed)
        if self.takes >= deadline.remaining:
            self.clock.elapsed += deadline.remaining
            raise DeadlineReached
        self.clock.elapsed += self.takes
        if isinstance(event, Answer):
            return event
        raise event


def one_after_another(*events: Event) -> Callable[[float], Event]:
    """Each exchange gives the next of `events`; the last one for ever."""
    left = list(events)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def over_time(*steps: tuple[float, Event]) -> Callable[[float], Event]:
    """`(since, event)`: what is given from that second on."""

    def at(elapsed: float) -> Event:
        return [event for since, event in steps if since <= elapsed][-1]

    return at


@dataclass
class FakeObserver:
    """Remembers what it was told."""

    seen: list[Watch] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def asked(self, watch: Watch) -> None:
        self.seen.append(watch)

    def told(self, text: str) -> None:
        self.heard.append(text)


def numbers(values: Iterable[float]) -> Callable[[], float]:
    """A random generator that is not random."""
    each = iter(values)
    return lambda: next(each)


def always(value: float) -> Callable[[], float]:
    return lambda: value
