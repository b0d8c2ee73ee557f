"""What the README shows works as it is written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click import Group

from gate.api.chain import find
from gate.cli.main import VERBS, cli
from gate.emulator.scenario import builtin
from gate.emulator.server import Emulator
from gate.errors import ExitCode
from gate.policy.load import parse
from tests.builders import TODAY

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
CONSOLE = [body for kind, body in BLOCKS if kind == "console"]
LINKS = re.findall(r"\]\(([^)#]+)\)", README)


def commands() -> list[str]:
    """The shown commands, each with its continuation lines."""
    found: list[str] = []
    for body in CONSOLE:
        for line in body.splitlines():
            if line.startswith("$ "):
                found.append(line[2:])
            else:
                found[-1] += f"\n{line}"
    return found


def options_of(verb: str) -> set[str]:
    assert isinstance(cli, Group)
    command = cli.get_command(None, verb)  # type: ignore[arg-type]
    assert command is not None
    return {name for parameter in command.params for name in [*parameter.opts, *parameter.secondary_opts]}


def run(script: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """A shell as the README's reader has it, with `cce-gate` on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_shown_option_of_check_is_there() -> None:
    shown = {
        option
        for command in commands()
        if "cce-gate check" in command
        for option in re.findall(r"--[a-z-]+", command)
    }
    assert shown
    assert shown <= options_of("check")


@pytest.mark.parametrize("option", sorted(set(re.findall(r"`(--[a-z-]+)", README))))
def test_every_option_that_is_spoken_of_is_there(option: str) -> None:
    assert any(option in options_of(verb) for verb in VERBS)


def test_every_exit_code_is_in_the_table() -> None:
    table = README.partition("## Exit codes")[2].partition("##")[0]
    for code in ExitCode:
        assert re.search(rf"\b{int(code)}\b", table), code


def test_the_policy_that_is_shown_is_valid() -> None:
    shown = next(body for kind, body in BLOCKS if kind == "yaml" and body.startswith("version: 1"))
    assert [rule.risk for rule in parse(shown.encode(), "README.md", TODAY).allow] == ["K8sResourceModified"]


def test_every_yaml_that_is_shown_is_yaml() -> None:
    assert all(yaml.safe_load(body) for kind, body in BLOCKS if kind == "yaml")


@pytest.mark.parametrize("link", LINKS)
def test_every_link_leads_somewhere(link: str) -> None:
    assert link.startswith("https://") or (ROOT / link).exists()


def test_every_variable_of_the_credentials_is_one_that_the_chain_knows() -> None:
    assert find.__module__ == "gate.api.chain"
    known = "".join(path.read_text() for path in (ROOT / "gate/api").rglob("*.py"))
    for name in re.findall(r"`((?:HUAWEICLOUD|HW|OS|GITLAB)_[A-Z_]+)`", README):
        assert name in known or name.partition("_OIDC_")[2] in known, name


def test_the_commands_for_the_emulator_work_as_shown(tmp_path: Path) -> None:
    served = next(command for command in commands() if command.startswith("cce-gate emulator"))
    asked = next(command for command in commands() if command.startswith("HW_AUTH_TOKEN=emulator-token"))
    script = (
        f"{served.rstrip('&')} > url & trap 'kill %1' EXIT\nuntil [ -s url ]; do sleep 0.1; done\n{asked}"
    )
    script = script.replace("8443", "0").replace("http://127.0.0.1:0", "$(cat url)")
    ended = run(script.replace("policies/", f"{ROOT}/policies/"), tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1].startswith("PASS")


@pytest.mark.skipif(not all(Path(f"/usr/bin/{tool}").exists() for tool in ("curl",)), reason="needs curl")
def test_a_check_is_started_and_a_saved_answer_is_judged_as_shown(tmp_path: Path) -> None:
    cluster = builtin("pass").clusters[0]
    start = next(command for command in commands() if "-X POST" in command)
    judge = next(command for command in commands() if "cce-gate evaluate -" in command)
    with Emulator(builtin("pass"), port=0) as served:
        ids = json.loads(run("cce-gate emulator --describe", tmp_path).stdout)[0]["addons"]
        environ = {
            "HW_AUTH_TOKEN": "emulator-token",
            "PROJECT": cluster.project_id,
            "CLUSTER": cluster.cluster_id,
            "INSTANCE": next(each["instanceId"] for each in ids if each["name"] == "coredns"),
        }
        there = {"https://cce.eu-de.otc.t-systems.com": served.url, "policies/": f"{ROOT}/policies/"}
        for shown, real in there.items():
            start, judge = start.replace(shown, real), judge.replace(shown, real)
        started = run(start, tmp_path, **environ)
        assert started.returncode == 0, started.stderr
        assert json.loads(started.stdout)["status"]["items"][0]["spec"]["addonTargetVersion"] == "1.30.6"
        judged = run(judge, tmp_path, **environ)
    assert judged.returncode == 3, judged.stderr
    assert "not final" in judged.stdout


def test_the_package_brings_every_file_that_it_needs() -> None:
    """What is no module has to be named in `package_data`, or an installed copy lacks it."""
    import configparser

    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    brought: set[Path] = set()
    for package, patterns in setup["options.package_data"].items():
        for pattern in patterns.split():
            brought |= set((ROOT / package.replace(".", "/")).glob(pattern))
    files = {
        path for path in (ROOT / "gate").rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    assert files == brought
