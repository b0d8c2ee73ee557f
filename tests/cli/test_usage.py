"""Wrong usage ends in 2, with a line that says what and one that says what to do; nothing is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.cli.main import VERBS
from gate.cli.main import run as run_here
from tests.cli.ground import CLEAR, CLUSTER, PROJECT, asking, cloud, run

ENDPOINT = "http://127.0.0.1:9"
COMPLETE = ["--endpoint", ENDPOINT, "--project-id", PROJECT, "--cluster-id", CLUSTER]


def usage_error(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The first line of a usage error; fails the test where the command ends in any other way."""
    code = run_here(arguments)
    lines = capsys.readouterr().err.splitlines()
    assert code == 2
    assert [line.partition(":")[0] for line in lines[-2:]] == ["error", "hint"]
    return lines[-2]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--timeout", "0"],
        ["--timeout", "-1"],
        ["--timeout", "soon"],
        ["--timeout", "1d"],
        ["--timeout", "1.5"],
        ["--timeout", "999999999h"],
        ["--poll-interval", "0"],
        ["--max-age", "x"],
        ["--type", "addonupgrade"],
        ["--addon", ""],
        ["--addon", "coredns@"],
        ["--addon", "@1.30"],
        ["--task-id", ""],
        ["--policy", ""],
        ["--policy", "no-such-file.yml"],
        ["--report", "yaml"],
        ["--report", "json="],
        ["--report", "json", "--report", "text"],
        ["--report", "json=no-such-folder/report.json"],
        ["--report", "json=."],
        ["--cluster-id", "../../other"],
        ["--project-id", "a/b"],
        ["--endpoint", "http://cce.example.com"],
        ["--endpoint", "ftp://127.0.0.1"],
        ["--endpoint", "http://127.0.0.1.example.com"],
        ["--token-file", "no-such-file"],
        ["--no-such-option"],
    ],
)
def test_a_wrong_option_is_a_usage_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HW_AUTH_TOKEN", "token")
    usage_error(capsys, "check", *COMPLETE, *arguments)


def test_all_that_is_missing_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    said = "missing: --region or --endpoint, --project-id or --project-name, --cluster-id or --cluster-name"
    assert usage_error(capsys, "check") == f"error: {said}"


def test_without_credentials_nothing_is_asked() -> None:
    with cloud(CLEAR) as served:
        ended = run(*asking(served.url), environ={"HW_AUTH_TOKEN": ""})
        assert (ended.code, served.requests) == (2, ())
    assert "HW_AUTH_TOKEN" in ended.err


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "schlüssel", "\x1b[31m"])
def test_a_token_with_odd_characters_is_not_sent_and_not_shown(token: str) -> None:
    with cloud(CLEAR) as served:
        ended = run(*asking(served.url), environ={"HW_AUTH_TOKEN": token})
        assert (ended.code, served.requests) == (2, ())
    assert token not in ended.err


def test_a_wrong_policy_is_found_before_anything_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "policy.yml"
    path.write_text("version: 1\nallow:\n  - rsik: AddonStatus\n    reason: yes\n")
    with cloud(CLEAR) as served:
        ended = run(*asking(served.url), "--policy", str(path))
        assert (ended.code, served.requests) == (2, ())
    assert f"{path}:3:5: allow[0].rsik: " in ended.err
    assert f"{path}:4:13: allow[0].reason: " in ended.err


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_here([verb, "--help"]) == 0
    assert "Usage: cce-gate" in capsys.readouterr().out


def test_the_first_screen_names_every_verb_and_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_here(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(verb in shown for verb in VERBS)
    assert all(code in shown for code in ("0 pass", "1 blocked", "2 ", "3 undecided", "4 ", "70", "130/143"))


def test_without_a_verb_it_shows_its_help_and_is_no_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_here([]) == 2
    assert "Commands" in capsys.readouterr().err


def test_a_defect_is_reported_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr("gate.cli.evaluate.parse_answer", broken)
    monkeypatch.setattr("gate.cli.evaluate.read_body", lambda _: b"{}")
    assert run_here(["evaluate", "-"]) == 70
    said = capsys.readouterr().err
    assert "out of order" in said
    assert "report" in said
    assert "Traceback" not in said
    assert run_here(["evaluate", "-", "-vv"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_project_and_cluster_exchanged_is_said_before_anything_is_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = usage_error(
        capsys, "check", "--endpoint", ENDPOINT, "--project-id", CLUSTER, "--cluster-id", PROJECT
    )
    assert "--project-id has the form of a cluster" in said


@pytest.mark.parametrize("value", ["coredns:1.30.6", "coredns@1.30,everest@2.4", "coredns 1.30", "a@b@c"])
def test_an_addon_that_is_written_in_another_way_is_wrong_usage(
    value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "NAME@VERSION" in usage_error(capsys, "check", *COMPLETE, "--addon", value)
