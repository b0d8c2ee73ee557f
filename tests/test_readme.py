"""What the README shows works as it is written."""

from __future__ import annotations

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
from gate.emulator.scenario import parse as parse_scenario
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


QUICK = f"""\
version: 1
clusters:
  - projectId: "{"0" * 32}"
    clusterId: 6b400e1c-4368-11f0-ba56-0255ac100037
    addons:
      - {{name: coredns, version: 1.30.1, targetVersions: [1.30.6]}}
      - {{name: everest, version: 2.4.1, targetVersions: [2.4.72]}}
    onCreate:
      - {{addon: coredns, init: 0s, running: 0s, risks: [{{name: AddonStatus, final: 0s}}]}}
      - {{addon: everest, init: 0s, running: 0s, risks: [{{name: AddonStatus, final: 0s}}]}}
templates:
  - {{name: coredns, versions: [{{version: 1.30.6, stable: true}}]}}
  - {{name: everest, versions: [{{version: 2.4.72, stable: true}}]}}
"""


def shown(beginning: str) -> str:
    """The first command of the README that begins so, with the places of a quick cloud left to fill in."""
    command = next(command for command in commands() if command.startswith(beginning))
    places = {"--region eu-de": "--endpoint $URL", "PROJECT": "0" * 32}
    for place, real in places.items():
        command = command.replace(place, real)
    return command.replace(" CLUSTER", " 6b400e1c-4368-11f0-ba56-0255ac100037")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """What the README's commands find in the folder that they are run in."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/prod.yml").write_bytes((ROOT / "policies/strict.yml").read_bytes())
    (tmp_path / "coredns-values.yml").write_text("basic: {replicas: 2}\n")
    upgrade = tmp_path / "upgrade-coredns.sh"
    upgrade.write_text('#!/bin/sh\necho "upgrading to $1, the gate said $CCE_GATE_VERDICT"\n')
    upgrade.chmod(0o755)
    return tmp_path


def test_the_door_is_held_as_shown(repository: Path) -> None:
    with Emulator(parse_scenario(QUICK, "quick.yml"), port=0) as served:
        ended = run(shown("cce-gate run"), repository, URL=served.url, HW_AUTH_TOKEN="emulator-token")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "upgrading to 1.30.6, the gate said pass"


def test_a_check_is_made_proved_and_judged_again_as_shown(repository: Path) -> None:
    environ = {"HW_AUTH_TOKEN": "emulator-token", "CCE_GATE_SIGNING_KEY": "a long random secret"}
    with Emulator(parse_scenario(QUICK, "quick.yml"), port=0) as served:
        made = run(shown("cce-gate check --create"), repository, URL=served.url, **environ)
        alone = shown("cce-gate run").partition(" -- ")[0].replace("cce-gate run", "cce-gate check")
        proof = run(f"{alone} --report json=gate.json", repository, URL=served.url, **environ)
    assert (made.returncode, proof.returncode) == (0, 0), made.stderr + proof.stderr
    assert "2.4.72 is the newest stable version" in made.stderr
    verified = run(shown("cce-gate verify"), repository, **environ)
    assert (verified.returncode, verified.stdout.splitlines()[-1].partition(":")[0]) == (0, "VERIFIED")
    assert run(shown("cce-gate verify").replace("1.30.6", "1.30.7"), repository, **environ).returncode == 3
    again = run("cce-gate evaluate gate.json", repository, **environ)
    assert (again.returncode, again.stdout.splitlines()[-1].partition(":")[0]) == (0, "PASS")


@pytest.mark.skipif(not Path("/usr/bin/curl").exists(), reason="needs curl")
def test_a_saved_answer_is_judged_as_shown(tmp_path: Path) -> None:
    cluster = builtin("pass").clusters[0]
    judge = next(command for command in commands() if "cce-gate evaluate -" in command)
    with Emulator(builtin("pass"), port=0) as served:
        judge = judge.replace("https://cce.eu-de.otc.t-systems.com", served.url)
        judged = run(
            judge.replace("policies/", f"{ROOT}/policies/"),
            tmp_path,
            HW_AUTH_TOKEN="emulator-token",
            PROJECT=cluster.project_id,
            CLUSTER=cluster.cluster_id,
        )
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
