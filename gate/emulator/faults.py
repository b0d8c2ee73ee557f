"""Which request goes wrong, and how: the fault plan of a running emulator."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence

from gate.emulator.world import Call, Fault


class FaultPlan:
    """Counts the requests of each call. May be used by several threads."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = tuple(faults)
        self._lock = threading.Lock()
        self._of_call: Counter[Call | None] = Counter()

    def next(self, call: Call) -> Fault | None:
        """Counts one request of `call` and says what goes wrong with it; the first fault that fits."""
        with self._lock:
            self._of_call[call] += 1
            self._of_call[None] += 1
            for fault in self._faults:
                if fault.on in (None, call) and _covers(fault, self._of_call[fault.on]):
                    return fault
        return None


def _covers(fault: Fault, count: int) -> bool:
    if count < fault.nth:
        return False
    return fault.times is None or count < fault.nth + fault.times
