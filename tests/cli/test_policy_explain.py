"""`cce-gate policy explain` says which rule decides on a risk, and why no other does."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.cli.main import run as run_here
from tests.cli.ground import run

BASELINE = """\
version: 1
deny:
  - risk: AddonStatus
    reason: an add-on that is down is not upgraded
    cluster: prod-*
"""
TEAM = """\
version: 1
allow:
  - risk: AddonStatus
    reason: known to be slow
    addon: coredns
    owner: team-network
    ticket: NET-1
    expires: 2999-12-31
  - risk: AddonStatus
    reason: any add-on
    target-version: ">=1.30,<1.31"
    type: addonUpgrade
    message: "not ready"
  - risk: AddonStatus
    reason: was fine once
    addon: everest
    expires: 2020-01-01
  - risk: K8sResourceModified
    reason: carried over by inherit
"""
STAGING = ("--cluster-id", "6b400e1c", "--cluster-name", "staging")


@pytest.fixture(autouse=True)
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "baseline.yml").write_text(BASELINE)
    (tmp_path / "team.yml").write_text(TEAM)
    monkeypatch.chdir(tmp_path)


def explained(capsys: pytest.CaptureFixture[str], *options: str, risk: str = "AddonStatus") -> str:
    code = run_here(["policy", "explain", "baseline.yml", "team.yml", "--risk", risk, *options])
    shown = capsys.readouterr()
    assert (code, shown.err) == (0, "")
    assert all(len(line) <= 80 for line in shown.out.splitlines())
    return " ".join(shown.out.split())


def test_the_rule_that_allows_is_shown_with_all_that_a_person_wrote(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = explained(capsys, "--addon", "coredns", *STAGING)
    assert out.startswith(
        "ALLOWED: Warning AddonStatus of coredns Why: listed by the policy: known to be slow"
    )
    for said in ("team.yml:3 (allow)", "team-network", "NET-1", "2999-12-31"):
        assert said in out.split("Rules that do not decide")[0]


def test_every_other_rule_is_told_with_why_it_does_not_decide(capsys: pytest.CaptureFixture[str]) -> None:
    out = explained(
        capsys, "--addon", "coredns@1.31.2", *STAGING, "--message", "gone", "--type", "addonStatic"
    )
    rest = out.split("Rules that do not decide")[1]
    assert 'baseline.yml:3 (deny): cluster "prod-*" does not fit 6b400e1c, staging' in rest
    assert 'team.yml:9 (allow): target-version ">=1.30,<1.31" does not fit 1.31.2; ' in rest
    assert 'type addonUpgrade does not fit addonStatic; message "not ready" is not found in gone' in rest
    assert "team.yml:14 (allow): addon everest does not fit coredns; expired on 2020-01-01" in rest
    assert "team.yml:18 (allow): is for another risk, K8sResourceModified" in rest


def test_a_rule_that_only_comes_too_late_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    facts = ("--addon", "coredns@1.30.6", "--type", "addonUpgrade", "--message", "pods are not ready")
    out = explained(capsys, *facts, *STAGING)
    assert "team.yml:9 (allow): comes after the rule that decides, team.yml:3" in out


def test_a_denial_holds_in_doubt_and_says_what_would_tell(capsys: pytest.CaptureFixture[str]) -> None:
    out = explained(capsys, "--addon", "coredns")
    assert out.startswith("BLOCKED: ")
    assert "denied by the policy: an add-on that is down is not upgraded" in out
    assert "It denies in doubt: cluster is not known here; give --cluster-id or --cluster-name." in out
    assert "team.yml:3 (allow): overruled by the denial at baseline.yml:3" in out
    out = explained(capsys, "--addon", "coredns", "--cluster-id", "6b400e1c")
    assert "the cluster's name is not known here; give --cluster-name" in out


@pytest.mark.parametrize("key", ["addon", "target-version", "type", "message"])
def test_what_was_not_given_is_not_known_and_its_option_is_named(
    key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = explained(capsys, *STAGING)
    assert out.startswith("BLOCKED: ")
    assert f"{key} is not known here; give --{key}" in out


def test_the_day_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--addon", "everest", *STAGING)
    assert "its rule expired on 2020-01-01 (team.yml:14)" in explained(capsys, *options)
    assert "The rule that would decide, had it not expired" in explained(capsys, *options)
    assert explained(capsys, *options, "--on", "2020-01-01").startswith("ALLOWED")
    assert explained(capsys, *options, "--on", "2020-01-02").startswith("BLOCKED")


def test_no_rule_decides_on_a_fatal_risk(capsys: pytest.CaptureFixture[str]) -> None:
    out = explained(capsys, "--addon", "coredns", *STAGING, "--level", "Fatal")
    assert out.startswith("BLOCKED: Fatal AddonStatus of coredns Why: Fatal is never allowed")
    assert "team.yml:3 (allow): no rule decides on a Fatal risk" in out
    assert "The rule that" not in out


def test_many_rules_for_other_risks_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    out = explained(capsys, risk="AddonValidate")
    assert "- 5 rules are for other risks" in out
    assert "team.yml:3" not in out


def test_a_name_that_is_nearly_known_is_pointed_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert "is AddonStatus meant?" in explained(capsys, risk="addonstatus")
    assert "meant?" not in explained(capsys)
    assert "meant?" not in explained(capsys, risk="名字")


def test_options_come_from_the_environment_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCE_GATE_ADDON", "coredns@1.30.6")
    monkeypatch.setenv("CCE_GATE_CLUSTER_ID", "6b400e1c")
    monkeypatch.setenv("CCE_GATE_CLUSTER_NAME", "staging")
    assert explained(capsys).startswith("ALLOWED: Warning AddonStatus of coredns to 1.30.6")


@pytest.mark.parametrize(
    "arguments",
    [
        ["none.yml", "--risk", "AddonStatus"],
        ["team.yml"],
        ["team.yml", "--risk", " "],
        ["--risk", "AddonStatus"],
        ["team.yml", "--risk", "AddonStatus", "--level", "fatal"],
        ["team.yml", "--risk", "AddonStatus", "--on", "tomorrow"],
        ["team.yml", "--risk", "AddonStatus", "--addon", "a,b"],
    ],
)
def test_wrong_usage_and_a_policy_in_disorder_end_in_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_here(["policy", "explain", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "error: " in shown.err


@pytest.mark.parametrize("text", ["::error::x", "\x1b[31mred\nBLOCKED", "##vso[task.complete]", "\u202e"])
def test_no_text_on_the_command_line_or_in_a_policy_breaks_the_output(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = explained(capsys, "--message", text, "--cluster-name", text, "--target-version", text, risk=text)
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "##vso" not in out


def test_the_installed_command_explains(tmp_path: Path) -> None:
    ended = run("policy", "explain", str(tmp_path / "team.yml"), "--risk", "K8sResourceModified")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("ALLOWED")
