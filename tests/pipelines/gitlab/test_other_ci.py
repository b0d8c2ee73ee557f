"""The scripts of docs/other-ci.md, run as they stand against the emulator."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.pipelines.gitlab.ground import CLUSTER, RELEASE, UPGRADE, cloud
from tests.pipelines.ground import ROOT, documented, make_repository, run, tool

(JENKINS,) = documented("other-ci.md", "groovy")
(AZURE,) = documented("other-ci.md")
BY_HAND, BY_RUN = documented("other-ci.md", "sh")


def steps_of_jenkins() -> Iterator[str]:
    """The `sh` steps in their order. Groovy reads the backslash in them, so that there must be none."""
    for long, short in re.findall(r"\bsh (?:'''(.*?)'''|'([^'\n]*)')", JENKINS, re.DOTALL):
        assert "\\" not in long + short
        yield "set -xe\n" + textwrap.dedent(long or short)


def steps_of_azure() -> Iterator[str]:
    for stage in yaml.safe_load(AZURE)["stages"]:
        for job in stage["jobs"]:
            yield from (step["script"] for step in job["steps"] if "script" in step)


PIPELINES = {"jenkins": list(steps_of_jenkins()), "azure": list(steps_of_azure())}
"""The shell steps that a pipeline runs one after the other, until one fails."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    place = tmp_path / "workspace"
    place.mkdir()
    policy = (ROOT / "policies/platform-addons.yml").read_text()
    return make_repository(place, {"policies/prod.yml": policy, "upgrade-coredns.sh": UPGRADE})


def follow(steps: Sequence[str], workspace: Path, scenario: str, **environ: str) -> tuple[list[int], str]:
    """The exit codes of the steps that ran, and all that they said."""
    codes, said = [], ""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with cloud(scenario) as served:
        given = {
            "CCE_GATE_ENDPOINT": served.url,
            "CCE_GATE_PROJECT_ID": CLUSTER.project_id,
            "CCE_GATE_CLUSTER_ID": CLUSTER.cluster_id,
            "HW_AUTH_TOKEN": "emulator-token",
            **environ,
        }
        for step in steps:
            ended = subprocess.run(
                ["bash", "-c", step],
                cwd=workspace,
                env={**os.environ, "PATH": path, **given},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            codes.append(ended.returncode)
            said += ended.stdout + ended.stderr
            if ended.returncode:
                break
    return codes, said


@pytest.mark.parametrize("name", PIPELINES)
@pytest.mark.parametrize(("scenario", "code"), [("pass", 0), ("fatal", 1)])
def test_a_pipeline_upgrades_on_a_pass_only(
    workspace: Path, served: Path, name: str, scenario: str, code: int
) -> None:
    package = f"git+file://{served}/platform/cce-gate.git@{RELEASE}"
    codes, said = follow(PIPELINES[name], workspace, scenario, GATE_PACKAGE=package)

    assert codes[-1] == code, said
    assert ("upgraded to 1.30.6" in said) is (code == 0)
    assert (workspace / "cce-gate.xml").read_text().startswith("<?xml")


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_without_the_gate_does_not_upgrade(workspace: Path, name: str) -> None:
    codes, said = follow(PIPELINES[name], workspace, "pass", GATE_PACKAGE="./not-there")

    assert codes[-1] != 0
    assert "upgraded" not in said


@pytest.mark.parametrize("script", [BY_HAND, BY_RUN], ids=["script", "run"])
@pytest.mark.parametrize(("scenario", "code"), [("pass", 0), ("fatal", 1), ("denied", 4)])
def test_by_hand_it_upgrades_on_a_pass_only(workspace: Path, script: str, scenario: str, code: int) -> None:
    codes, said = follow([script], workspace, scenario)

    assert codes == [code], said
    assert ("upgraded to 1.30.6" in said) is (code == 0)


def test_the_upgrade_s_own_failure_is_the_end_s(workspace: Path) -> None:
    (workspace / "upgrade-coredns.sh").write_text("#!/bin/sh\nexit 9\n")

    for script in (BY_HAND, BY_RUN):
        assert follow([script], workspace, "pass")[0] == [9]


def test_azure_s_schema_accepts_the_example(tmp_path: Path) -> None:
    (tmp_path / "azure-pipelines.yml").write_text(AZURE)
    ended = run(
        tool("check-jsonschema"),
        "--builtin-schema",
        "vendor.azure-pipelines",
        tmp_path / "azure-pipelines.yml",
    )

    assert ended.returncode == 0, ended.stdout


def test_azure_gives_the_secret_to_the_step_and_jenkins_binds_it() -> None:
    gate: Any = yaml.safe_load(AZURE)["stages"][0]["jobs"][0]["steps"][1]
    assert gate["env"] == {"HW_AUTH_TOKEN": "$(HW_AUTH_TOKEN)"}
    assert "HW_AUTH_TOKEN = credentials('hw-auth-token')" in JENKINS


def test_shellcheck_finds_nothing_in_the_scripts(tmp_path: Path) -> None:
    for number, step in enumerate([*PIPELINES["jenkins"], *PIPELINES["azure"], BY_HAND, BY_RUN]):
        script = tmp_path / f"{number}.sh"
        script.write_text(step)
        ended = run(tool("shellcheck"), "--shell=sh", script)
        assert (ended.returncode, ended.stdout) == (0, "")
