"""SIGINT and SIGTERM become an exception in the main thread, at once and the first time only."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from gate.errors import ExitCode, Interrupted

_EXIT_CODES = {signal.SIGINT: ExitCode.SIGINT, signal.SIGTERM: ExitCode.SIGTERM}


@contextmanager
def installed() -> Iterator[None]:
    """Raise `Interrupted` on the first signal. A second one ends the process where it stands."""
    before = {number: signal.signal(number, _raise) for number in _EXIT_CODES}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int, _frame: FrameType | None) -> None:
    for each in _EXIT_CODES:
        signal.signal(each, signal.SIG_DFL)
    arrived = signal.Signals(number)
    raise Interrupted(arrived.name, _EXIT_CODES[arrived])
