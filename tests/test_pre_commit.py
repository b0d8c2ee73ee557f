"""The hook for pre-commit: what it is offered, and what it does with the files of a repository."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = {
    "policies/prod.yml": "version: 1\nallow:\n  - risk: AddonStatus\n    reason: accepted\n    owner: us\n",
    "cce-gate-baseline.yaml": "version: 1\nrequire:\n  owner: true\n",
    "policies/prod.test.yml": "cases: []\n",
    "deploy/values.yml": "level: Fatal\n",
}


def hook() -> dict[str, Any]:
    (only,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = only
    return found


def is_picked(path: str) -> bool:
    return re.search(hook()["files"], path) is not None


def commit(repository: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs the hook's entry with the files that it picks, as pre-commit does."""
    for name, text in files.items():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    command, *arguments = shlex.split(hook()["entry"])
    assert command == "cce-gate"
    return subprocess.run(
        [Path(sys.executable).with_name(command), *arguments, *filter(is_picked, files)],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_the_hook_says_what_pre_commit_needs() -> None:
    found = hook()

    assert found["id"] == "cce-gate-policy"
    assert found["language"] == "python"
    assert found["types"] == ["yaml"]
    assert all(found[key] for key in ("name", "description", "entry", "files"))


def test_all_files_go_into_one_run_so_that_a_baseline_holds_for_the_others() -> None:
    assert hook()["require_serial"] is True
    assert hook().get("pass_filenames", True) is True


@pytest.mark.parametrize(
    "path",
    [
        *("policies/prod.yml", "policies/prod.yaml", "ops/policies/dev.yml", "policies/test.yml"),
        *("cce-gate.yml", "cce-gate-policy.yaml", "ci/cce-gate-prod.yml"),
    ],
)
def test_the_policies_of_a_repository_are_picked(path: str) -> None:
    assert is_picked(path)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "policies/prod.test.yml",
            "policies/prod.test.yaml",
            "cce-gate.test.yml",
            "policies/cases/prod.yml",
        ),
        *("policies/README.md", "policies/answer.json", "values.yml", "policies.yml"),
        *(
            "policies/cases/prod.yml",
            "mypolicies/a.yml",
            "cce-gate/notes.txt",
            "policy.yml",
            "policies/prod.yml.bak",
        ),
    ],
)
def test_cases_and_other_files_are_not_picked(path: str) -> None:
    assert not is_picked(path)


def test_every_policy_that_ships_is_picked_and_no_case_is() -> None:
    for path in (ROOT / "policies").glob("*.y*ml"):
        assert is_picked(f"policies/{path.name}") is (".test." not in path.name)


def test_files_in_order_pass(tmp_path: Path) -> None:
    ended = commit(tmp_path, FILES)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "2 files" in ended.stdout


def test_a_file_with_a_slip_fails_with_2_and_its_line(tmp_path: Path) -> None:
    slip = FILES["policies/prod.yml"].replace("reason", "raeson")
    ended = commit(tmp_path, {**FILES, "policies/prod.yml": slip})

    assert ended.returncode == 2
    assert "policies/prod.yml:4:5: allow[0].raeson: unknown key, did you mean reason?" in ended.stderr


def test_what_the_baseline_requires_holds_for_the_other_file(tmp_path: Path) -> None:
    without_owner = FILES["policies/prod.yml"].replace("    owner: us\n", "")
    ended = commit(tmp_path, {**FILES, "policies/prod.yml": without_owner})

    assert ended.returncode == 2
    assert "required by cce-gate-baseline.yaml:3" in ended.stderr
