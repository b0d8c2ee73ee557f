"""The script of the action alone: what it does around the gate, in whose place stands one that is made up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.pipelines.ground import ROOT

STEP: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"][0]


def outputs(verdict: str, code: int) -> str:
    return f"verdict<<X\n{verdict}\nX\nexit-code<<X\n{code}\nX\n"


def telling(verdict: str, code: int) -> str:
    """A gate that tells this and ends in 0."""
    return f"""
import os, sys
with open(os.environ["GITHUB_OUTPUT"], "a") as file:
    file.write({outputs(verdict, code)!r})
"""


PASSING = telling("pass", 0)


class Ground:
    """A runner's folders, and a place of the action with a gate of its own in it."""

    def __init__(self, place: Path) -> None:
        self.action, self.temp, self.workspace = place / "the action", place / "temp", place / "workspace"
        for folder in (self.action / "gate", self.action / "requirements", self.temp, self.workspace):
            folder.mkdir(parents=True)
        (self.action / "requirements" / "run.txt").touch()
        (self.action / "gate" / "__init__.py").touch()
        self.output = place / "output"
        self.output.touch()
        self.gate(PASSING)
        self.environ = {
            **os.environ,
            **dict.fromkeys(STEP["env"], ""),
            "GATE_PYTHON": sys.executable,
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_OUTPUT": str(self.output),
        }

    def gate(self, code: str) -> None:
        (self.action / "gate" / "__main__.py").write_text(code)

    def start(self, **environ: str) -> subprocess.Popen[str]:
        """As the runner starts a step with `shell: bash`."""
        return subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", STEP["run"]],
            cwd=self.workspace,
            env={**self.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, **environ: str) -> tuple[int, str]:
        """The exit code, and all that was written."""
        process = self.start(**environ)
        told, _ = process.communicate(timeout=60)
        return process.returncode, told

    def environments(self) -> list[Path]:
        return sorted(self.temp.glob("cce-gate-*/bin"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Shared, so that the environment is made once."""
    return Ground(tmp_path_factory.mktemp("runner"))


@pytest.fixture
def ground(whole: Ground) -> Ground:
    whole.gate(PASSING)
    whole.output.write_text("")
    return whole


def test_a_pass_ends_in_0_and_is_told(ground: Ground) -> None:
    code, told = ground.run()
    assert code == 0, told
    assert ground.output.read_text() == outputs("pass", 0) + "exit-code=0\n"


def test_the_environment_is_made_once(ground: Ground) -> None:
    ground.run()
    made = ground.environments()
    _, told = ground.run()
    assert "installing" not in told
    assert ground.environments() == made
    assert len(made) == 1


def test_an_environment_that_was_not_finished_is_made_anew(ground: Ground) -> None:
    ground.run()
    (ground.environments()[0].parent / "ready").unlink()
    code, told = ground.run()
    assert code == 0
    assert "installing" in told


def test_the_gate_s_own_code_is_run_and_nothing_of_the_workspace(ground: Ground) -> None:
    """Neither the working directory nor PYTHON variables of the job lead it elsewhere."""
    (ground.workspace / "gate").mkdir(exist_ok=True)
    (ground.workspace / "gate" / "__main__.py").write_text("print('wrong')")
    (ground.workspace / "os.py").write_text("print('wrong')")
    ground.gate(f"{PASSING}\nprint(__file__, os.getcwd(), sep='\\n')")
    _, told = ground.run(PYTHONPATH=str(ground.workspace), PYTHONHOME="/nowhere", PYTHONSTARTUP="os.py")
    assert told.splitlines()[-2:] == [str(ground.action / "gate" / "__main__.py"), str(ground.workspace)]


def test_pip_settings_of_the_job_lead_nothing_elsewhere(tmp_path: Path) -> None:
    ground, elsewhere = Ground(tmp_path), tmp_path / "elsewhere"
    settings = {
        "PIP_TARGET": str(elsewhere),
        "PIP_PREFIX": str(elsewhere),
        "PIP_USER": "1",
        "PIP_CONSTRAINT": "no.txt",
    }
    code, told = ground.run(**settings)
    assert code == 0, told
    assert not elsewhere.exists()


def test_packages_that_cannot_be_installed_are_an_error(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    (ground.action / "requirements" / "run.txt").write_text(f"click==8.2.1 --hash=sha256:{'0' * 64}\n")
    code, told = ground.run(PIP_NO_INDEX="1")
    assert code == 4
    assert "::error title=cce-gate::what cce-gate needs could not be installed" in told
    assert ground.output.read_text() == "exit-code=4\n"


@pytest.mark.parametrize("name", ["python-that-is-not-there", "/bin", "$(touch pwned)", "a\n::error::b"])
def test_no_python_is_wrong_usage_with_a_way_out(ground: Ground, name: str) -> None:
    code, told = ground.run(GATE_PYTHON=name)
    assert code == 2
    assert "actions/setup-python" in told
    assert not any(line.startswith("::error::") for line in told.splitlines())
    assert ground.output.read_text() == "exit-code=2\n"


@pytest.mark.parametrize(
    "script",
    ["echo too old; exit 1", "exit 127", "exit 0"],
    ids=["old", "broken", "no Python"],
)
def test_a_python_that_is_too_old_is_wrong_usage(ground: Ground, tmp_path: Path, script: str) -> None:
    old = tmp_path / "python3"
    old.write_text(f"#!/bin/sh\n{script}\n")
    old.chmod(0o755)
    code, told = ground.run(GATE_PYTHON="", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert code == 2
    assert "actions/setup-python" in told


def test_windows_is_refused(ground: Ground) -> None:
    code, told = ground.run(RUNNER_OS="Windows")
    assert (code, "does not run on Windows" in told) == (2, True)


SHOW = f"{PASSING}\nprint(*(f'{{name}}={{value!r}}' for name, value in os.environ.items()), sep='\\n')"


def test_an_input_becomes_its_variable_and_an_empty_one_does_not_hide_the_job_s(ground: Ground) -> None:
    ground.gate(SHOW)
    given = {"GATE_INPUT_REGION": "eu-de", "GATE_INPUT_ADDON": "a\n$(touch pwned)\n"}
    _, told = ground.run(**given, CCE_GATE_REGION="eu-nl", CCE_GATE_PROJECT_ID="of the job")
    assert "CCE_GATE_REGION='eu-de'" in told
    assert "CCE_GATE_ADDON='a\\n$(touch pwned)\\n'" in told
    assert "CCE_GATE_PROJECT_ID='of the job'" in told
    assert "CCE_GATE_CLUSTER_ID" not in told
    assert not (ground.workspace / "pwned").exists()


@pytest.mark.parametrize(
    ("given", "added"),
    [
        ("", []),
        ("junit=a.xml html=b.html", ["junit=a.xml", "html=b.html"]),
        ("junit=a b.xml\n", ["junit=a b.xml"]),
    ],
)
def test_reports_are_added_to_those_of_the_action(ground: Ground, given: str, added: list[str]) -> None:
    ground.gate(f"{PASSING}\nprint(os.environ['CCE_GATE_REPORT'])")
    _, told = ground.run(GATE_INPUT_REPORT=given)
    github, json, *rest = told[told.index("github\n") :].splitlines()
    assert github == "github"
    assert json.startswith(f"json={ground.temp}/")
    assert [line for line in rest if line] == added


def test_two_steps_have_json_reports_of_their_own(ground: Ground) -> None:
    ground.gate(f"{PASSING}\nprint(os.environ['CCE_GATE_REPORT'])")
    assert ground.run()[1] != ground.run()[1]


@pytest.mark.parametrize("code", [1, 2, 3, 4, 70])
def test_any_other_end_keeps_its_code_and_no_pass_is_told(ground: Ground, code: int) -> None:
    """Also where the gate said pass before it ended otherwise."""
    ground.gate(f"{PASSING}\nsys.exit({code})")
    ended, told = ground.run()
    assert ended == code
    assert ground.output.read_text() == f"exit-code={code}\n"
    assert f"exit code {code}" in told


def test_a_block_is_told(ground: Ground) -> None:
    ground.gate(f"{telling('blocked', 1)}\nsys.exit(1)")
    assert ground.run()[0] == 1
    assert ground.output.read_text().startswith(outputs("blocked", 1))


def test_an_end_in_0_without_a_verdict_is_no_pass(ground: Ground) -> None:
    ground.gate("")
    code, told = ground.run()
    assert code == 70
    assert "no verdict" in told


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_reaches_the_gate_which_may_end_in_its_way(ground: Ground, number: int, code: int) -> None:
    """The runner sends it to the shell alone."""
    ground.gate(f"""
import os, signal, sys, time
def stop(number, frame):
    time.sleep(0.3)
    os.write(1, b"reports written")
    sys.exit({code})
signal.signal({int(number)}, stop)
os.write(1, b"ready\\n")
time.sleep(20)
""")
    process = ground.start()
    assert process.stdout is not None
    while "ready" not in process.stdout.readline():
        assert process.poll() is None
    began = time.monotonic()
    process.send_signal(number)
    told, _ = process.communicate(timeout=15)
    assert process.returncode == code, told
    assert "reports written" in told
    assert time.monotonic() - began < 10
    assert ground.output.read_text() == f"exit-code={code}\n"
