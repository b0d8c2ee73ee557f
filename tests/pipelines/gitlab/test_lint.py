"""What linters say of the component, the plain form and their script: nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.pipelines.ground import ROOT, run, tool

COMPONENT = ROOT / "templates/cce-gate.yml"
PLAIN = ROOT / "templates/plain/cce-gate.gitlab-ci.yml"


def filled() -> tuple[dict[str, Any], dict[str, Any]]:
    """The header, and the job as GitLab makes it: inputs are pasted into the text before it is YAML."""
    text = COMPONENT.read_text(encoding="utf-8")
    header, body = yaml.safe_load_all(text)
    pasted = text.split("\n---\n")[1]
    for name, each in header["spec"]["inputs"].items():
        default = each.get("default", "a-package")
        value = str(default).lower() if isinstance(default, bool) else default
        pasted = pasted.replace(f"$[[ inputs.{name} ]]", value)
    assert "$[[" not in pasted
    return {"spec": header["spec"], **body}, yaml.safe_load(pasted)


def job_of(document: dict[str, Any]) -> dict[str, Any]:
    (job,) = document.values()
    found: dict[str, Any] = job
    return found


def test_yamllint_finds_nothing() -> None:
    ended = run(tool("yamllint"), "--strict", "-c", "tests/pipelines/yamllint.yml", "templates")

    assert (ended.returncode, ended.stdout) == (0, "")


def test_the_schema_of_gitlab_accepts_both_forms(tmp_path: Path) -> None:
    header, job = filled()
    for name, document in (("header.yml", {"spec": header["spec"]}), ("job.yml", job)):
        (tmp_path / name).write_text(yaml.safe_dump(document))

    ended = run(
        *(tool("check-jsonschema"), "--builtin-schema", "vendor.gitlab-ci"),
        *(tmp_path / "header.yml", tmp_path / "job.yml", PLAIN),
    )

    assert ended.returncode == 0, ended.stdout


def test_shellcheck_finds_nothing(tmp_path: Path) -> None:
    """As plain sh: an image may have no bash."""
    job = job_of(filled()[1])
    script = tmp_path / "script"
    variables = "".join(f"export {name}\n" for name in job["variables"])
    script.write_text(f"#!/bin/sh\nset -e\n{variables}" + "\n".join(job["before_script"] + job["script"]))

    ended = run(tool("shellcheck"), "--enable=all", "--exclude=SC2154,SC2250,SC2312", script)

    assert (ended.returncode, ended.stdout) == (0, "")
