"""`cce-gate explain` says what a risk means, to somebody whose upgrade it has just stopped."""

from __future__ import annotations

import pytest

from gate.catalogue import all_known, unnamed
from gate.cli.main import run as run_here
from tests.cli.ground import run


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is shown; fails the test where the command does not end in 0 or has something to complain of."""
    code = run_here(["explain", *arguments])
    shown = capsys.readouterr()
    assert (code, shown.err) == (0, "")
    return shown.out


def refused(capsys: pytest.CaptureFixture[str], name: str) -> tuple[str, str]:
    """The message and the hint for a name that is not known."""
    code = run_here(["explain", name])
    shown = capsys.readouterr()
    assert (code, shown.out) == (2, "")
    error, hint = shown.err.splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("hint: ")
    return error.removeprefix("error: "), hint.removeprefix("hint: ")


def flow(text: str) -> str:
    return " ".join(text.split())


def test_the_list_has_a_line_for_every_risk_and_every_unnamed_check(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = [flow(line) for line in explained(capsys).splitlines()]
    for risk in all_known():
        assert f"{risk.name} {risk.title}" in lines
    for check in unnamed():
        assert f"{check.addon} {check.title}" in lines


def test_the_list_says_how_to_ask_for_one_and_that_it_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    out = explained(capsys)
    assert "cce-gate explain AddonStatus" in out
    assert "The list is open" in out


@pytest.mark.parametrize("name", [risk.name for risk in all_known()])
def test_a_risk_is_explained_in_full(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (risk,) = (risk for risk in all_known() if risk.name == name)
    out = flow(explained(capsys, name))
    for text in (risk.name, risk.title, risk.looks_at, risk.if_ignored, risk.remedy, *risk.links):
        assert text in out
    for addon, text in risk.addons:
        assert f"For {addon}: {text}" in out


def test_it_says_what_a_policy_can_do_and_gives_no_rule_to_copy(capsys: pytest.CaptureFixture[str]) -> None:
    for risk in all_known():
        out = flow(explained(capsys, risk.name))
        assert "never where it is Fatal" in out
        assert "AddonValidate is a Warning at the start and Fatal at the end" in out
        assert "cce-gate policy suggest" in out
        assert "allow:" not in out
        assert "- risk:" not in out


def test_an_add_on_is_explained_by_its_template_name(capsys: pytest.CaptureFixture[str]) -> None:
    out = flow(explained(capsys, "nginx-ingress"))
    for check in unnamed("nginx-ingress"):
        for text in (check.title, check.looks_at, check.if_ignored, check.remedy, *check.links):
            assert text in out
    out = flow(explained(capsys, "coredns"))
    for risk in all_known():
        assert risk.name in out
        assert risk.remedy_for("coredns") in out  # type: ignore[operator]
    assert "not published" not in out


@pytest.mark.parametrize("arguments", [[], ["nginx-ingress"], *([risk.name] for risk in all_known())])
def test_no_line_is_wider_than_80_columns_but_for_an_address(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for line in explained(capsys, *arguments).splitlines():
        assert len(line) <= 80 or line.strip().startswith("https://")
        assert line == line.rstrip()


def test_an_unknown_name_is_said_plainly_with_what_it_may_be(capsys: pytest.CaptureFixture[str]) -> None:
    error, hint = refused(capsys, "NginxCertificate")
    assert error == "no risk named NginxCertificate is known"
    assert "The list is open" in hint
    for check in unnamed():
        assert check.title in hint
    assert "did you mean" not in hint


@pytest.mark.parametrize("name", ["addonstatus", "ADDONSTATUS", " AddonStatus "])
def test_a_name_in_other_letters_is_answered_with_the_exact_one(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    error, hint = refused(capsys, name)
    assert error == f"no risk named {name} is known"
    assert hint == "the name is AddonStatus, in exactly these letters: cce-gate explain AddonStatus"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("AdonValidate", "AddonValidate"),
        ("k8sresourcemodify", "K8sResourceModified"),
        ("core-dns", "coredns"),
    ],
)
def test_a_mistyped_name_is_answered_with_the_nearest(
    name: str, nearest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, hint = refused(capsys, name)
    assert hint.startswith(f"did you mean {nearest}")


@pytest.mark.parametrize("name", ["", "  ", "\x1b[31mred", "::error::x", "名字", "x" * 20_000])
def test_no_name_breaks_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    error, _ = refused(capsys, name)
    assert "\x1b" not in error


def test_two_names_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_here(["explain", "AddonStatus", "AddonValidate"]) == 2
    assert "error: " in capsys.readouterr().err


def test_it_needs_no_credentials_and_no_configuration() -> None:
    ended = run("explain", "K8sResourceModified", environ={"HW_AUTH_TOKEN": ""})
    assert (ended.code, ended.err) == (0, "")
    assert "K8sResourceModified" in ended.out
