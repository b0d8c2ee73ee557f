"""What a person sees while the gate waits: live lines on a terminal, plain lines in a log."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import Protocol, TextIO

from gate.cli import streams
from gate.model import Clock, Schedule, Status, Task, Unknown
from gate.poll import Observer, Watch
from gate.report.escape import guard, printable
from gate.report.layout import cells

HEARTBEAT = 30.0
"""Seconds after which a log hears that the gate still waits, where nothing changed."""
_FRAME = 0.1
_SPINNER = "|/-\\"
_MOST_ROWS = 14
_MOST_ON_A_LINE = 3


_WORDS = {
    Status.INIT: "not begun",
    Status.RUNNING: "running",
    Status.FAILED: "final, risks found",
    Status.SUCCESS: "final, no risk found",
}


class Shown(Observer, Protocol):
    """An observer that clears up after itself."""

    def close(self) -> None: ...


@contextmanager
def progress(schedule: Schedule, clock: Clock, *, quiet: bool) -> Iterator[Observer]:
    """The observer that fits standard error."""
    shown: Shown
    if quiet:
        shown = Silent()
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        shown = Live(schedule, clock, sys.stderr)
    else:
        shown = Lines(schedule, clock)
    try:
        yield shown
    finally:
        shown.close()


class Silent:
    """Shows nothing."""

    def asked(self, watch: Watch) -> None:
        pass

    def told(self, text: str) -> None:
        pass

    def close(self) -> None:
        pass


class Lines:
    """One line for each change, and now and then one that says that nothing changed."""

    def __init__(self, schedule: Schedule, clock: Clock) -> None:
        self._schedule = schedule
        self._clock = clock
        self._started = clock.monotonic()
        self._said = ""
        self._said_at = self._started
        streams.diagnose_line(f"waiting for the checks, at most {_span(schedule.timeout)}")

    def asked(self, watch: Watch) -> None:
        now = self._clock.monotonic()
        text = summary(watch)
        if text == self._said and now - self._said_at < HEARTBEAT:
            return
        self._said, self._said_at = text, now
        streams.diagnose_line(f"[{times(now - self._started, self._schedule)}] {text}")

    def told(self, text: str) -> None:
        streams.diagnose_line(text)

    def close(self) -> None:
        pass


class Live:
    """A block of lines that is drawn anew several times a second, and taken away at the end."""

    def __init__(self, schedule: Schedule, clock: Clock, stream: TextIO) -> None:
        self._schedule = schedule
        self._clock = clock
        self._stream = stream
        self._started = clock.monotonic()
        self._watch: Watch | None = None
        self._height = 0
        self._lock = Lock()
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="progress", daemon=True)
        self._thread.start()

    def asked(self, watch: Watch) -> None:
        self._watch = watch

    def told(self, text: str) -> None:
        """A line that stays, above the block."""
        with self._lock:
            self._write(f"{self._up()}{guard(printable(text))}\n")
            self._height = 0

    def close(self) -> None:
        self._stopped.set()
        self._thread.join(1)
        with self._lock:
            self._write(self._up())

    def _run(self) -> None:
        tick = 0
        while not self._stopped.wait(_FRAME):
            columns, rows = shutil.get_terminal_size()
            elapsed = self._clock.monotonic() - self._started
            height = max(min(rows - 2, _MOST_ROWS), 1)
            lines = frame(self._watch, elapsed, self._schedule, tick, height)
            with self._lock:
                self._write(self._up() + "".join(f"{guard(clip(line, columns - 1))}\n" for line in lines))
                self._height = len(lines)
            tick += 1

    def _up(self) -> str:
        return f"\x1b[{self._height}F\x1b[J" if self._height else ""

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._stopped.set()


def frame(watch: Watch | None, elapsed: float, schedule: Schedule, tick: int, rows: int) -> list[str]:
    """At most `rows` lines: what is waited for, how long already and how long still, and each check.

    What is not final comes first, then what found risks.
    """
    spinner = _SPINNER[tick % len(_SPINNER)]
    if watch is None:
        return [f"{spinner} {times(elapsed, schedule)}  asking the API"]
    tasks = [judged.task for judged in watch.judgement.deciding] if watch.judgement else []
    tasks.sort(key=lambda task: (task.is_final, task.status is Status.SUCCESS))
    lines = [f"{spinner} {times(elapsed, schedule)}  {summary(watch, with_tasks=False)}"]
    shown = tasks if len(tasks) < rows else tasks[: max(rows - 2, 0)]
    lines += [f"  {line}" for line in _columns(shown)]
    if len(tasks) > len(shown):
        lines.append(f"  and {len(tasks) - len(shown)} more")
    return lines[:rows]


def summary(watch: Watch, *, with_tasks: bool = True) -> str:
    """One line on what the gate waits for."""
    if watch.failure is not None:
        return f"{printable(watch.failure.message)}; {'giving up' if watch.end else 'asking again'}"
    if watch.judgement is None:
        return "asking the API"
    unfinished = [judged.task for judged in watch.judgement.unfinished]
    deciding = len(watch.judgement.deciding)
    if unfinished:
        which = f": {_several(unfinished)}" if with_tasks else ""
        return f"waiting for {len(unfinished)} of {_checks(deciding)}{which}"
    if watch.judgement.problems:
        return f"waiting: {printable(watch.judgement.problems[0].message)}"
    return f"{_checks(deciding)} final"


def times(elapsed: float, schedule: Schedule) -> str:
    """How long already, and how long still."""
    return f"{_span(elapsed)}, {_span(max(schedule.timeout - elapsed, 0.0))} left"


def clip(text: str, width: int) -> str:
    """As much of `text` as fits into `width` cells."""
    while cells(text) > width:
        text = text[:-1]
    return text


def _columns(tasks: Sequence[Task]) -> list[str]:
    names = [_name(task) for task in tasks]
    width = max(map(len, names), default=0)
    return [f"{name:<{width}}  {_state(task)}" for name, task in zip(names, tasks, strict=True)]


def _several(tasks: Sequence[Task]) -> str:
    named = "; ".join(f"{_name(task)} ({_state(task)})" for task in tasks[:_MOST_ON_A_LINE])
    return named if len(tasks) <= _MOST_ON_A_LINE else f"{named}; and {len(tasks) - _MOST_ON_A_LINE} more"


def _name(task: Task) -> str:
    name = printable(task.addon or task.instance_name or task.instance_id or task.task_id or "a check")
    return name if task.target_version is None else f"{name} -> {printable(task.target_version)}"


def _state(task: Task) -> str:
    status = task.status
    word = printable(str(status)) if isinstance(status, Unknown) else _WORDS[status]
    if not task.risks:
        return word
    done = sum(risk.status in (Status.SUCCESS, Status.FAILED) for risk in task.risks)
    return f"{word}, {done}/{len(task.risks)} risks checked"


def _checks(number: int) -> str:
    return "1 check" if number == 1 else f"{number} checks"


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
