"""The ground of the command line's tests: clouds to ask, and the command run as its users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from unittest import mock

from gate.cli import main
from gate.emulator.scenario import parse
from gate.emulator.server import Emulator

PROJECT = "0605767eb20025762f2ec0193c5f3d91"
CLUSTER = "6b400e1c-4368-11f0-ba56-0255ac100037"
TOKEN = "emulator-token"

ROOT = Path(__file__).parents[2]

CLEAR = "{addon: coredns, init: 0s, running: 0s, risks: [{name: AddonStatus, final: 0s}]}"
"""A check that is final from the start, without a risk found."""


def scenario(*checks: str, faults: Sequence[str] = (), more: str = "") -> str:
    """A scenario with coredns and everest in one cluster, and these checks and faults."""
    lines = [
        "version: 1",
        "clusters:",
        f"  - projectId: {PROJECT}",
        f"    clusterId: {CLUSTER}",
        "    addons:",
        "      - {name: coredns, targetVersions: [1.30.6]}",
        "      - {name: everest, targetVersions: [2.4.72]}",
    ]
    if checks:
        lines += ["    checks:", *(f"      - {check}" for check in checks)]
    if faults:
        lines += ["faults:", *(f"  - {fault}" for fault in faults)]
    return "\n".join([*lines, more])


@contextmanager
def cloud(*checks: str, faults: Sequence[str] = (), more: str = "") -> Iterator[Emulator]:
    """An emulated cloud that serves this scenario."""
    with Emulator(parse(scenario(*checks, faults=faults, more=more), "test.yml"), port=0) as served:
        yield served


def asking(endpoint: str) -> list[str]:
    """The options of `check` that name the emulated cluster."""
    return ["check", "--endpoint", endpoint, "--project-id", PROJECT, "--cluster-id", CLUSTER]


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON report on standard output."""
        report: dict[str, Any] = json.loads(self.out)
        return report


def run(*arguments: str, environ: Mapping[str, str] = {}, stdin: bytes = b"") -> Ended:
    """The command as its process runs it, from arguments to exit code, with a token in its environment.

    In the process of the tests: to start one each time would take most of their time. The verbs that start
    processes or meet signals themselves get one.
    """
    if {"run", "demo", "emulator"} & set(arguments[:1]):
        return run_process(*arguments, environ=environ, stdin=stdin)
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", errors="backslashreplace") for _ in range(2))
    with (
        mock.patch.dict(os.environ, {"HW_AUTH_TOKEN": TOKEN, **environ}),
        mock.patch.multiple(sys, stdout=out, stderr=err, stdin=TextIOWrapper(BytesIO(stdin))),
        chdir(ROOT),
    ):
        code = main.run(arguments)
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.buffer.getvalue().decode("utf-8", "replace"))
    return Ended(code, *said)


def run_process(
    *arguments: str, environ: Mapping[str, str] = {}, stdin: bytes = b"", timeout: float = 30
) -> Ended:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "gate", *arguments],
        input=stdin,
        capture_output=True,
        env={**os.environ, "HW_AUTH_TOKEN": TOKEN, **environ},
        timeout=timeout,
        check=False,
        cwd=ROOT,
    )
    return Ended(
        done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    )


def start(*arguments: str, environ: Mapping[str, str] = {}) -> subprocess.Popen[bytes]:
    """The same, still running."""
    return subprocess.Popen(
        [sys.executable, "-m", "gate", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "HW_AUTH_TOKEN": TOKEN, **environ},
        cwd=ROOT,
    )


def until_asked(served: Emulator, times: int = 1) -> None:
    """Wait until the cloud was asked that often."""
    patience = time.monotonic() + 10
    while len(served.requests) < times:
        assert time.monotonic() < patience, "the cloud was not asked"
        time.sleep(0.01)
