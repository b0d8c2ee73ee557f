"""Time as it comes in from outside, so that no test ever waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gate.model.evidence import Instant


class Clock(Protocol):
    """The only source of time and the only way to wait."""

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; its zero means nothing."""
        ...

    def now(self) -> Instant:
        """The moment on the wall clock, in UTC: what the API's times are held against."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait that long."""
        ...


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on `clock.monotonic()` that nothing runs past."""

    clock: Clock
    at: float

    @property
    def remaining(self) -> float:
        """Seconds left; never below zero."""
        return max(self.at - self.clock.monotonic(), 0.0)
