"""The cloud that is asked, in a process of its own: its CPU time counts for nobody."""

from __future__ import annotations

import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.process import ROOT, NotMeasured, environment

TASKS = 50
TOKEN = "emulator-token"
PROJECT_ID = "0605767eb20025762f2ec0193c5f3d91"
CLUSTER_ID = "6b400e1c-4368-11f0-ba56-0255ac100037"
_RISKS = ("AddonStatus", "K8sResourceModified", "AddonValidate", "IngressClassMissing")
_WARNINGS = {
    *((f"addon-{n}", "K8sResourceModified") for n in range(0, TASKS, 10)),
    ("addon-5", "AddonValidate"),
}
WARNINGS = len(_WARNINGS)
_STARTS_WITHIN = 20.0

POLICY = """\
version: 1
allow:
  - risk: K8sResourceModified
    reason: the changes are carried over by the add-on's parameters
    owner: team-platform
  - risk: AddonValidate
    addon: addon-5
    reason: its parameters are corrected by the upgrade itself
    ticket: OPS-123
"""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A running cloud with one cluster, and the options by which both sides ask for it."""

    options: tuple[str, ...]


@contextmanager
def serving(folder: Path) -> Iterator[Cloud]:
    """Serve `scenario()` until the block ends. Files go to `folder`. Raises `NotMeasured`."""
    scenario_file, policy_file = folder / "scenario.yml", folder / "policy.yml"
    scenario_file.write_text(scenario(), encoding="utf-8")
    policy_file.write_text(POLICY, encoding="utf-8")
    command = [sys.executable, "-m", "gate", "emulator", "--scenario", str(scenario_file), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment(folder)
    ) as process:
        try:
            yield Cloud(_options(_url(process), policy_file))
        finally:
            process.terminate()


def scenario() -> str:
    """One cluster whose checks are all final at the start; some found a Warning that `POLICY` lists."""
    lines = [
        "version: 1",
        "clusters:",
        f"  - projectId: {PROJECT_ID}",
        f"    clusterId: {CLUSTER_ID}",
        "    clusterName: bench",
        "    addons:",
        *(f"      - {{name: addon-{n}, version: 1.0.{n}, targetVersions: [1.1.{n}]}}" for n in range(TASKS)),
        "    checks:",
    ]
    for n in range(TASKS):
        lines += [
            f"      - addon: addon-{n}",
            "        created: 10m",
            "        status: Success",
            "        risks:",
        ]
        lines += [f"          - {_risk(f'addon-{n}', name)}" for name in _RISKS[: 3 + n % 2]]
    return "\n".join(lines) + "\n"


def _risk(addon: str, name: str) -> str:
    if (addon, name) in _WARNINGS:
        return f"{{name: {name}, status: Failed, message: configmap {addon} is modified}}"
    return f"{{name: {name}}}"


def _url(process: subprocess.Popen[str]) -> str:
    """The line in which the emulator says that it answers."""
    stdout = process.stdout
    if stdout is None or not select.select([stdout], [], [], _STARTS_WITHIN)[0]:
        raise NotMeasured("the emulator did not start in time")
    url = stdout.readline().strip()
    if not url:
        raise NotMeasured("the emulator ended before it answered")
    return url


def _options(url: str, policy: Path) -> tuple[str, ...]:
    return (
        *("--endpoint", url),
        *("--project-id", PROJECT_ID),
        *("--cluster-id", CLUSTER_ID),
        *("--policy", str(policy)),
    )
