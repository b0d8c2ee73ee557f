"""SIGINT and SIGTERM become one exception in the main thread, and no run that they met ends as a pass."""

from __future__ import annotations

import signal
import time
from types import FrameType

from gate.errors import ExitCode, Interrupted

TOGETHER = 2.0
"""Seconds in which further signals are the same wish: terminals and runners often send more than one."""

_EXIT_CODES = {signal.SIGINT: ExitCode.SIGINT, signal.SIGTERM: ExitCode.SIGTERM}
_SOON = 0.01


class _Arrivals:
    """What has arrived in this process; signals know nothing smaller than a process."""

    def __init__(self) -> None:
        self.first: Interrupted | None = None
        self.raised = False
        self.handled = False
        """Whether signals of this process come here at all."""
        self._at = 0.0

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Raise `Interrupted` for the first signal. One that comes later ends the process where it stands."""
        if self.first is None:
            name = signal.Signals(number)
            self.first, self._at = Interrupted(name.name, _EXIT_CODES[name]), time.monotonic()
            self.throw(number, frame)
        elif time.monotonic() - self._at > TOGETHER:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    def throw(self, _number: int, frame: FrameType | None) -> None:
        """Raise it, but not in the middle of an import: Python would swallow it there now and then."""
        if self.first is None or self.raised:
            return
        if frame is not None and frame.f_code.co_filename.startswith("<frozen importlib"):
            signal.setitimer(signal.ITIMER_REAL, _SOON)
            return
        self.raised = True
        raise self.first


_arrivals = _Arrivals()


def install() -> None:
    """From now on the first signal raises `Interrupted` in the main thread."""
    _arrivals.handled = True
    signal.signal(signal.SIGALRM, _arrivals.throw)
    for number in _EXIT_CODES:
        signal.signal(number, _arrivals.handle)


def arrived() -> Interrupted | None:
    """The signal that this process has met, also where its exception was lost on the way."""
    return _arrivals.first


def ignore() -> None:
    """The run is over and told: a signal changes nothing any more."""
    if _arrivals.handled:
        _arrivals.raised = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number in _EXIT_CODES:
            signal.signal(number, signal.SIG_IGN)
