"""A GitLab on this machine: gitlab-ci-local, a project that is gated, and the project of the gate beside it.

The documented address of the gate leads to a bare repository, by git's own rewriting of addresses, so that
the documented text runs unchanged. Jobs see only what artifacts carry over, as on a server.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from gate.emulator.scenario import builtin
from gate.emulator.server import Emulator
from tests.pipelines.ground import ROOT, copy_project, make_repository, run

SERVER = "https://gitlab.example.com"
RELEASE = "1.0.0"
CLUSTER = builtin("pass").clusters[0]
UPGRADE = '#!/bin/sh\necho "upgraded to $1"\n'
_NODE = os.environ.get("CCE_GATE_NODE") or ROOT / ".venv/node"
_OUTCOME = re.compile(r"^ (PASS|FAIL|WARN) +(\S+)", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Late:
    """A clock whose first reading is a minute early: the checks of a scenario are final at once."""

    def __init__(self) -> None:
        self._read = 0

    def __call__(self) -> float:
        self._read += 1
        return time.time() - (60 if self._read == 1 else 0)


def cloud(scenario: str) -> Emulator:
    """An emulator of a built-in scenario whose checks have ended a while ago."""
    return Emulator(builtin(scenario), clock=Late())


def gitlab_ci_local() -> Path:
    """The program. `CCE_GATE_NODE` names the folder that it was installed into, else it is `.venv/node`."""
    found = Path(_NODE, "node_modules/.bin/gitlab-ci-local")
    assert found.exists(), f"{found} is missing: run make pipelines"
    return found


def release(folder: Path) -> Path:
    """A server with the gate's files as they are now, under a tag; the folder that its address means."""
    work = make_repository(copy_project(folder / "work"), {})
    bare = folder / "served/platform/cce-gate.git"
    for command in (["tag", RELEASE], ["clone", "--quiet", "--bare", str(work), str(bare)]):
        done = run("git", *command, cwd=work)
        assert done.returncode == 0, done.stderr
    return folder / "served"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a pipeline left behind."""

    output: str
    outcomes: Mapping[str, str]
    """PASS, FAIL or WARN of each job that ran: gitlab-ci-local's exit code does not always say it."""

    folder: Path

    def artifact(self, job: str, name: str) -> Path:
        """A file that the job handed over."""
        return self.folder / ".gitlab-ci-local/artifacts" / job / name

    def reported(self, job: str) -> Mapping[str, str]:
        """The dotenv report that the job handed over."""
        path = self.artifact(job, f".gitlab-ci-reports/dotenv/{job}.env")
        return dict(line.split("=", 1) for line in path.read_text().splitlines())


@dataclass(frozen=True, slots=True)
class Project:
    """The project whose pipeline has the gate."""

    folder: Path
    served: Path

    def keep(self, name: str, text: str) -> None:
        """A file of the repository. What git does not know, no job sees."""
        (self.folder / name).write_text(text)
        added = run("git", "add", "--force", name, cwd=self.folder)
        assert added.returncode == 0, added.stderr

    def run(self, pipeline: Mapping[str, object] | str, **variables: str) -> Ran:
        """Run a `.gitlab-ci.yml`; `variables` are CI/CD variables of the project."""
        text = pipeline if isinstance(pipeline, str) else yaml.safe_dump(dict(pipeline), sort_keys=False)
        (self.folder / ".gitlab-ci.yml").write_text(text)
        ended = subprocess.run(
            [
                gitlab_ci_local(),
                *("--force-shell-executor", "--shell-isolation", "--color=false"),
                *("--home", str(self.folder.parent)),
                *(part for name, value in variables.items() for part in ("--variable", f"{name}={value}")),
            ],
            cwd=self.folder,
            env=self._environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        told = _COLOUR.sub("", ended.stdout)
        found = {job: word for word, job in _OUTCOME.findall(told)}
        return Ran(told + _COLOUR.sub("", ended.stderr), found, self.folder)

    def _environ(self) -> Mapping[str, str]:
        rewritten = {"GIT_CONFIG_COUNT": "2", "GIT_TERMINAL_PROMPT": "0"}
        for number, address in enumerate((SERVER, f"{SERVER}:443")):
            rewritten[f"GIT_CONFIG_KEY_{number}"] = f"url.file://{self.served}/platform/.insteadOf"
            rewritten[f"GIT_CONFIG_VALUE_{number}"] = f"{address}/platform/"
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, **rewritten, "PATH": path}


def project(folder: Path, served: Path) -> Project:
    """A repository with policies, an upgrade and copies of the templates, at the documented GitLab."""
    files = {
        path: (ROOT / path).read_text() for path in ("policies/platform-addons.yml", "policies/strict.yml")
    }
    files["policies/prod.yml"] = files["policies/platform-addons.yml"]
    for path in (ROOT / "templates").rglob("*.yml"):
        files[str(path.relative_to(ROOT))] = path.read_text()
    work = folder / "project"
    work.mkdir()
    make_repository(work, {**files, "upgrade-coredns.sh": UPGRADE, ".gitignore": ".gitlab-ci-local/\n"})
    added = run("git", "remote", "add", "origin", f"{SERVER}/teams/shop.git", cwd=work)
    assert added.returncode == 0, added.stderr
    return Project(work, served)
