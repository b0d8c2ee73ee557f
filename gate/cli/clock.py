"""The clock of this machine."""

from __future__ import annotations

import time

from gate.model import Instant


class SystemClock:
    """Implements `gate.model.Clock` on the machine's clocks."""

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> Instant:
        return Instant(time.time_ns())

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
