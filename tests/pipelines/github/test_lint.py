"""Linters find nothing in the action, in its script, and in what the documents show."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.pipelines.ground import ROOT, documented, run, tool

ACTION = ROOT / "action.yml"
STRICT = Path(__file__).parents[1] / "yamllint.yml"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
WORKFLOWS = documented("github.md")


@pytest.fixture(params=range(len(WORKFLOWS)))
def workflow(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """One of the documents, where a repository has it; the commit is filled in."""
    path = tmp_path / ".github" / "workflows" / "documented.yml"
    path.parent.mkdir(parents=True)
    path.write_text(WORKFLOWS[request.param].replace("@COMMIT", f"@{COMMIT} # v0.1.0"))
    return path


def finds_nothing(*command: str | Path) -> None:
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing_in_the_action() -> None:
    finds_nothing(tool("zizmor"), "--offline", "--no-config", "--persona", "auditor", ACTION)


def test_zizmor_finds_nothing_in_the_documents(workflow: Path) -> None:
    finds_nothing(tool("zizmor"), "--offline", "--no-config", workflow)


def test_the_action_fits_github_s_schema() -> None:
    finds_nothing(tool("check-jsonschema"), "--builtin-schema", "vendor.github-actions", ACTION)


def test_the_documents_fit_github_s_schema(workflow: Path) -> None:
    finds_nothing(tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", workflow)


def test_yamllint_finds_nothing_in_the_action() -> None:
    finds_nothing(tool("yamllint"), "--strict", "-c", STRICT, ACTION)


def test_yamllint_finds_nothing_in_the_documents(workflow: Path) -> None:
    finds_nothing(tool("yamllint"), "--strict", "-c", STRICT, workflow)


def test_shellcheck_finds_nothing_in_the_script(tmp_path: Path) -> None:
    script = tmp_path / "script.sh"
    script.write_text(yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"][0]["run"])
    finds_nothing(tool("shellcheck"), "--shell=bash", "--severity=style", script)
