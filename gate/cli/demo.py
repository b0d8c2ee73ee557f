"""`cce-gate demo`: the real `check`, over real HTTP, against the built-in cloud."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from gate.cli import streams
from gate.emulator.scenario import Scenario, builtin
from gate.emulator.server import Emulator
from gate.errors import ExitCode, Interrupted

_POLICY = Path(__file__).with_name("demo_policy.yml")
_PATIENCE = 3.0
"""Seconds that an interrupted check has to write its report."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A scenario of the built-in cloud and the options that show it best."""

    scenario: str
    options: Sequence[str] = ()


DEMOS: Mapping[str, Demo] = {
    "pass": Demo("pass"),
    "fatal": Demo("fatal"),
    "unlisted": Demo("unlisted"),
    "stuck": Demo("stuck", ("--timeout", "8s")),
    "stale": Demo("stale"),
    "flaky": Demo("flaky"),
    "denied": Demo("denied"),
    "documented": Demo("documented"),
    "chinese": Demo("chinese"),
}


@click.command("demo")
@click.argument("scenario", metavar="[SCENARIO]", type=click.Choice(list(DEMOS)), default="pass")
def command(*, scenario: str) -> int:
    """Run `check` against a built-in cloud on 127.0.0.1; no account needed.

    \b
    pass        a listed Warning is allowed, the gate opens
    fatal       a Fatal risk: the gate stays closed, whatever is listed
    unlisted    a Warning that nobody listed
    stuck       a check that does not end in time
    stale       a success of some days ago
    flaky       a cloud that fails now and then
    denied      a user without permission
    documented  the example of the vendor's documentation
    chinese     messages in Chinese, and one that means harm
    """
    demo = DEMOS[scenario]
    cloud = builtin(demo.scenario)
    with Emulator(cloud, port=0, clock=time.time) as served:
        options = [*_options(cloud, served.url), *demo.options]
        streams.show(f"# {cloud.about}\n$ {_shown(options)}\n\n")
        environ = {name: value for name, value in os.environ.items() if not name.startswith("CCE_GATE_")}
        environ["HW_AUTH_TOKEN"] = cloud.token
        return _run([sys.executable, "-m", "gate", "check", *options], environ)


def _options(cloud: Scenario, url: str) -> list[str]:
    cluster = cloud.clusters[0]
    return [
        *("--endpoint", url),
        *("--project-id", cluster.project_id),
        *("--cluster-id", cluster.cluster_id),
        *("--policy", _relative(_POLICY)),
    ]


def _relative(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _shown(options: Sequence[str]) -> str:
    lines = ["cce-gate check"]
    for word in options:
        lines += [word] if word.startswith("--") else []
        if not word.startswith("--"):
            lines[-1] = f"{lines[-1]} {shlex.quote(word)}"
    return " \\\n    ".join(lines)


def _run(command_line: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run it, and pass a signal on; the exit code as a shell would tell it.

    It has a process group of its own: a terminal's Ctrl-C reaches it once, from here.
    """
    with subprocess.Popen(command_line, env=environ, process_group=0) as process:
        try:
            code = process.wait()
        except Interrupted as stop:
            process.send_signal(signal.Signals[stop.signal_name])
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
            return stop.exit_code
    return code if code >= 0 else ExitCode(128 - code)
