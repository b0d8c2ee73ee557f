"""SIGINT and SIGTERM become one exception in the main thread, and no run that they met ends as a pass."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from gate.errors import ExitCode, Interrupted

TOGETHER = 2.0
"""Seconds in which further signals are the same wish: terminals and runners often send more than one."""

RELAYED = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGUSR1,
    signal.SIGUSR2,
)
"""What would end this process and leave its command behind."""

_EXIT_CODES = {signal.SIGINT: ExitCode.SIGINT, signal.SIGTERM: ExitCode.SIGTERM}
_SOON = 0.01


class _Arrivals:
    """What has arrived in this process; signals know nothing smaller than a process."""

    def __init__(self) -> None:
        self.first: Interrupted | None = None
        self.raised = False
        self.handled = False
        """Whether signals of this process come here at all."""
        self.relay: Relay | None = None
        self._at = 0.0

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Raise `Interrupted` for the first signal. One that comes later ends the process where it stands."""
        if self.first is None:
            self.note(number)
            self.throw(number, frame)
        elif time.monotonic() - self._at > TOGETHER:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    def note(self, number: int) -> None:
        """Keep the first SIGINT or SIGTERM."""
        name = signal.Signals(number)
        if self.first is None and name in _EXIT_CODES:
            self.first, self._at = Interrupted(name.name, _EXIT_CODES[name]), time.monotonic()

    def throw(self, _number: int, frame: FrameType | None) -> None:
        """Raise it, but not in the middle of an import: Python would swallow it there now and then."""
        if self.first is None or self.raised:
            return
        if frame is not None and frame.f_code.co_filename.startswith("<frozen importlib"):
            signal.setitimer(signal.ITIMER_REAL, _SOON)
            return
        self.raised = True
        raise self.first


class Relay:
    """Where signals go once the run is told, if a command may follow: they are held until it is there.

    Handlers, and not `SIG_IGN`: what is ignored here would be ignored by the command too.
    """

    def __init__(self) -> None:
        self._held: list[int] = []
        self._take: Callable[[int], None] | None = None
        self._installed: list[signal.Signals] = []

    def open(self, take: Callable[[int], None]) -> Sequence[int]:
        """From now on `take` gets every signal, and none is this run's own; returns those that were held."""
        self._take = take
        _arrivals.first = None
        return self._held

    def install(self) -> None:
        """What this process was told to ignore from the start (`nohup`) stays ignored."""
        for number in RELAYED:
            if number not in self._installed and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._handle)
                self._installed.append(number)

    def close(self) -> None:
        """The command has ended, or there is none: a signal changes nothing any more."""
        for number in self._installed:
            signal.signal(number, signal.SIG_IGN)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        if self._take is not None:
            self._take(number)
            return
        self._held.append(number)
        _arrivals.note(number)


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
    """The run is over and told: a signal changes nothing any more. Within `relayed` it goes to the relay."""
    if not _arrivals.handled:
        return
    _arrivals.raised = True
    signal.setitimer(signal.ITIMER_REAL, 0)
    if _arrivals.relay is not None:
        _arrivals.relay.install()
        return
    for number in _EXIT_CODES:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def relayed() -> Iterator[Relay]:
    """A command may follow the run: signals that come once the run is told are kept for it."""
    relay = Relay()
    _arrivals.relay = relay
    try:
        yield relay
    finally:
        relay.close()
        _arrivals.relay = None
