"""One measured process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

ROOT = Path(__file__).resolve().parents[2]
_LONGEST = 30.0
"""Seconds after which a process that hangs is ended."""
_INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")


class NotMeasured(Exception):
    """A process did not do what was to be measured."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a process cost (user and system CPU time, in seconds) and what it said on both streams."""

    cpu: float
    output: str


def environment(home: Path, **more: str) -> Mapping[str, str]:
    """What every process gets, and nothing else.

    Settings of the machine (proxies, `PYTHON*`, `.netrc`, the gate's own variables) would cost one side
    more than the other; without `PYTHONDONTWRITEBYTECODE` the warm-up leaves compiled modules to both.
    """
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**kept, "HOME": str(home), **more}


def run(arguments: Sequence[str], environ: Mapping[str, str]) -> Run:
    """Run Python with `arguments` from the root of the project, to its end.

    CPU time and not elapsed time, so that what else the machine does counts little.
    Raises `NotMeasured` where the exit code is not 0.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        watchdog = Timer(_LONGEST, os.kill, (process.pid, signal.SIGKILL))
        watchdog.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            watchdog.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode(errors="replace")
    if process.returncode != 0:
        shown = " ".join(["python", *arguments])
        raise NotMeasured(f"{shown}\nended with {process.returncode}, not with 0:\n{said}")
    return Run(usage.ru_utime + usage.ru_stime, said)
