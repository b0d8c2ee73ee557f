"""A job on GitHub, run by `act` without containers: a repository that uses the action by its path."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.cli.ground import CLUSTER, PROJECT
from tests.pipelines.ground import copy_project, make_repository, run, tool

ACTION = "./.cce-gate"
POLICY = """version: 1
allow:
  - risk: K8sResourceModified
    addon: coredns
    reason: the network team carries the Corefile over
"""
UPGRADE = '#!/bin/sh\necho "upgraded to $1"\n'
WARNING = (
    "{addon: coredns, init: 0s, running: 0s, risks: "
    "[{name: K8sResourceModified, status: Failed, message: configmap coredns is modified, final: 0s}]}"
)
FATAL = (
    "{addon: coredns, init: 0s, running: 0s, risks: "
    "[{name: AddonValidate, level: Fatal, status: Failed, message: 'the Corefile is broken', final: 0s}]}"
)
ENDLESS = "{addon: coredns, init: 0s, running: 0s, never: true, risks: [{name: AddonStatus, final: 1h}]}"

_QUIETLY = (
    *("-P", "ubuntu-latest=-self-hosted"),
    *("--no-cache-server", "--pull=false", "--container-daemon-socket", "-", "--json"),
)


@dataclass(frozen=True)
class Job:
    """What `act` told of a run, as JSON lines."""

    code: int
    told: tuple[dict[str, Any], ...]
    left: str
    """All that it wrote, for the one who reads of a failure."""

    @cached_property
    def output(self) -> str:
        """What the steps wrote, commands excepted."""
        return "".join(each["msg"] for each in self.told if each.get("raw_output"))

    @property
    def annotations(self) -> list[dict[str, Any]]:
        """`command`, `arg` (the message) and `kvPairs` (the properties) of each."""
        return [each for each in self.told if each.get("command") in ("error", "warning", "notice")]

    @property
    def summary(self) -> str:
        """What the steps added to the summary; `act` tells it of the action, and of each step in it."""
        told = [each for each in self.told if each.get("command") == "summary" and len(each["stepID"]) == 1]
        return "".join(each["content"] for each in told)

    def result(self, step: str) -> str | None:
        """`success`, `failure` or `skipped`; None: the step was not reached."""
        for each in self.told:
            if each.get("step") == step and each.get("stage") == "Main" and len(each["stepID"]) == 1:
                result = each.get("stepResult")
                if result is not None:
                    return str(result)
        return None


def perform(
    place: Path,
    workflow: str,
    environ: Mapping[str, str],
    secrets: Mapping[str, str] = {},
    variables: Mapping[str, str] = {},
    files: Mapping[str, str] = {},
) -> Job:
    """Run a workflow in a new repository below `place`, with this environment for each of its steps."""
    repository = copy_project(place / "repository" / ACTION).parent
    make_repository(
        repository,
        {
            ".github/workflows/test.yml": workflow,
            "policies/prod.yml": POLICY,
            "upgrade-coredns.sh": UPGRADE,
            **files,
        },
    )
    given = {**_of_pip(), "CCE_GATE_METADATA_ENDPOINT": "off", **environ}
    every = {"CCE_PROJECT_ID": PROJECT, "CCE_CLUSTER_ID": CLUSTER, **variables}
    event = "workflow_dispatch" if "workflow_dispatch" in workflow else "push"
    done = run(
        tool("act"),
        event,
        *_QUIETLY,
        *(word for name, value in given.items() for word in ("--env", f"{name}={value}")),
        *(word for name, value in secrets.items() for word in ("--secret", f"{name}={value}")),
        *(word for name, value in every.items() for word in ("--var", f"{name}={value}")),
        cwd=repository,
        environ={"HOME": str(place), "XDG_CACHE_HOME": str(place / "cache"), "NO_COLOR": "1"},
    )
    told = tuple(json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))
    return Job(done.returncode, told, done.stdout + done.stderr)


def filled(workflow: str) -> str:
    """A workflow of the documents, with the action of this repository in place of the published one."""
    replaced = workflow.replace("YOUR-ORGANISATION/cce-gate@COMMIT", ACTION)
    assert replaced != workflow
    return replaced


def _of_pip() -> dict[str, str]:
    """What pip is to know of its index; a job has no other network."""
    return {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
