"""Reports reach their place whole, or the run is no evidence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.ground import CLEAR, asking, cloud, run, run_process
from tests.documents import EXAMPLES, a_list, a_task

GOOD = a_list(a_task())


def test_reports_go_to_files_and_text_to_standard_output(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    ended = run("evaluate", "-", "--report", f"json={path}", stdin=GOOD)
    assert ended.out.splitlines()[-1].startswith("PASS")
    assert json.loads(path.read_text())["exitCode"] == 0
    assert {each.name for each in tmp_path.iterdir()} == {"home", "report.json"}


def test_json_on_standard_output_takes_the_place_of_text() -> None:
    assert run("evaluate", "-", "--report", "json", stdin=GOOD).report["verdict"] == "pass"


def test_a_report_of_an_earlier_run_does_not_outlive_a_run_that_fails(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{"verdict": "pass"}')
    with cloud(CLEAR) as served:
        assert run(*asking(served.url), "--report", f"json={path}", environ={"HW_AUTH_TOKEN": ""}).code == 2
    assert not path.exists()


def test_a_report_never_overwrites_an_input(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(GOOD)
    assert run("evaluate", str(path), "--report", f"json={path}").code == 2
    assert path.read_bytes() == GOOD


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_pass_that_cannot_be_written_down_is_no_evidence() -> None:
    assert run("evaluate", "-", "--report", "json=/dev/full", stdin=GOOD).code == 3
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "gate", "evaluate", "-"],
            input=GOOD,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_does_not_turn_a_block_into_anything_else() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "gate", "evaluate", str(EXAMPLES / "list-response.documented.json")],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_chinese_text_comes_through_whatever_the_terminal_takes(encoding: str) -> None:
    risks = [{"riskName": "AddonStatus", "status": "Failed", "level": "Warning", "message": "插件状态异常"}]
    body = a_list(a_task("Failed", risks))
    environ = {"PYTHONIOENCODING": encoding}
    ended = run_process("evaluate", "-", stdin=body, environ=environ)
    assert ended.code == 1
    assert ("插件状态异常" if encoding == "utf-8" else "\\u63d2\\u4ef6") in ended.out
    ended = run_process(
        "evaluate", "-", "--report", "json", stdin=body, environ={"PYTHONIOENCODING": encoding}
    )
    assert ended.report["targets"][0]["tasks"][0]["risks"][0]["message"] == "插件状态异常"
    assert "插件状态异常" in ended.out


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[2J\x1b]0;x\x07",
        "::error::x",
        "  ::set-output name=x::y",
        "##vso[task.x]",
        "##[error]x",
        "\r\n::x::y",
        "\ud800",
    ],
)
def test_text_of_the_api_commands_neither_terminal_nor_ci(hostile: str) -> None:
    risks = [{"riskName": hostile, "status": "Failed", "level": hostile, "message": hostile}]
    body = a_list(a_task("Failed", risks, addonTemplateName=hostile, taskID=hostile))
    ended = run("evaluate", "-", stdin=body)
    lines = (ended.out + ended.err).split("\n")
    assert ended.code == 1
    assert not any(line.lstrip().startswith("::") or "##vso[" in line or "##[" in line for line in lines)
    assert not any(ord(character) < 32 for line in lines for character in line)


FAILING = ("junit=/dev/full", "markdown=/dev/full")


@pytest.mark.parametrize("broken", FAILING)
def test_where_one_report_of_a_pass_can_not_be_written_no_other_says_pass(
    broken: str, tmp_path: Path
) -> None:
    paths = {name: tmp_path / name for name in ("json", "dotenv", "text", "gitlab-codequality")}
    specs = [part for name, path in paths.items() for part in ("--report", f"{name}={path}")]
    runner = {"GITHUB_OUTPUT": str(tmp_path / "out"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    with cloud(CLEAR) as served:
        ended = run(*asking(served.url), *specs, "--report", broken, "--report", "github", environ=runner)
    assert ended.code == 3
    assert json.loads(paths["json"].read_text())["verdict"] == "undecided"
    assert "VERDICT=undecided" in paths["dotenv"].read_text()
    assert json.loads(paths["gitlab-codequality"].read_text())
    for told in (ended.out, paths["text"].read_text()):
        assert told.splitlines()[-1].startswith("UNDECIDED")
    assert (tmp_path / "out").read_text().rpartition("exit-code<<")[2].splitlines()[1] == "3"


def test_a_pass_that_standard_output_does_not_take_is_none_in_the_files_either(tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    with cloud(CLEAR) as served, Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "gate", *asking(served.url), "--report", f"json={path}"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "HW_AUTH_TOKEN": "emulator-token"},
            check=False,
        )
    assert (done.returncode, json.loads(path.read_text())["exitCode"]) == (3, 3)


def test_an_empty_option_is_no_name_of_a_cluster(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yml"
    policy.write_text(
        "version: 1\ndeny: [{risk: AddonStatus, reason: no, cluster: 'prod-*'}]\n"
        "allow: [{risk: AddonStatus, reason: yes please}]\n".replace("reason: no,", "reason: never,")
    )
    saved = tmp_path / "answer.json"
    risk = {"riskName": "AddonStatus", "level": "Warning", "status": "Failed", "message": "down"}
    saved.write_bytes(a_list(a_task("Failed", [risk])))
    asked = ("evaluate", str(saved), "--policy", str(policy), "--cluster-id", "x")
    assert run(*asked, "--cluster-name", "").code == 1
    assert run(*asked, "--cluster-name", "staging").code == 0
