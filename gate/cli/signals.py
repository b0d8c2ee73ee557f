"""SIGINT and SIGTERM become an exception in the main thread, at once and the first time only."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from gate.errors import ExitCode, Interrupted

TOGETHER = 2.0
"""Seconds in which further signals are ignored, so that the reports get written."""

_EXIT_CODES = {signal.SIGINT: ExitCode.SIGINT, signal.SIGTERM: ExitCode.SIGTERM}


@contextmanager
def installed() -> Iterator[None]:
    """Raise `Interrupted` on the first signal.

    Those that follow within `TOGETHER` are the same wish: a terminal and a runner often both send one. A
    later one ends the process where it stands.
    """
    since: list[float] = []

    def arrived(number: int, _frame: FrameType | None) -> None:
        if not since:
            since.append(time.monotonic())
            name = signal.Signals(number)
            raise Interrupted(name.name, _EXIT_CODES[name])
        if time.monotonic() - since[0] > TOGETHER:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    before = {number: signal.signal(number, arrived) for number in _EXIT_CODES}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
