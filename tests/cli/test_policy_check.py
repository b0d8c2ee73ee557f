"""`cce-gate policy check` says whether policy files are in order, all that is wrong at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gate.cli.main import run as run_here
from tests.cli.ground import run

TODAY = datetime.now(UTC).date()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str], **files: str) -> tuple[int, list[str], list[str]]:
    """The exit code and the lines on both streams, for files of these names with these contents."""
    for name, text in files.items():
        Path(f"{name}.yml").write_text(text)
    code = run_here(["policy", "check", *(f"{name}.yml" for name in files)])
    shown = capsys.readouterr()
    return code, shown.out.splitlines(), shown.err.splitlines()


def rule(risk: str = "AddonStatus", **more: object) -> str:
    keys = "".join(f", {key}: {value}" for key, value in more.items())
    return f"{{risk: {risk}, reason: accepted{keys}}}"


def test_a_policy_in_order_ends_in_0_and_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    allow = f"version: 1\nallow: [{rule()}, {rule('NodeVersion')}]\n"
    code, out, err = checked(capsys, a=allow, b=f"version: 1\ndeny: [{rule('AddonValidate')}]\n")

    assert (code, err) == (0, [])
    assert out[-1] == "the policy is in order: 2 files, 2 rules allow, 1 denies"


def test_everything_that_is_wrong_is_told_at_once_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = checked(
        capsys,
        a=f"version: 1\nallow:\n- {rule(expires='2026-02-30')}\n- {rule(level='Fatal')}\n",
        b="allow: []\n",
    )

    assert (code, out) == (2, [])
    assert err[0] == "error: 3 errors in the policy"
    assert err[1].startswith("a.yml:3:")
    assert "no key names a level: Fatal always blocks" in err[2]
    assert err[3] == "b.yml:1:1: version: required, but missing"
    assert err[4].startswith("hint: ")
    assert len(err) == 5


def test_the_requirements_of_one_file_hold_for_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    team = f"version: 1\nallow:\n- {rule()}\n"
    base = "version: 1\nrequire: {owner: true}\n"

    assert checked(capsys, team=team)[0] == 0
    code, _out, err = checked(capsys, team=team, base=base)
    assert code == 2
    assert err[0] == "error: team.yml:3:3: allow[0].owner: missing: an owner is required by base.yml:2"


def test_a_missing_file_is_told_without_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    code = run_here(["policy", "check", "policy.yml"])
    err = capsys.readouterr().err.splitlines()

    assert code == 2
    assert err[0] == "error: policy.yml: cannot be read: No such file or directory"


@pytest.mark.parametrize("days", [-1, 3])
def test_a_rule_that_has_ended_or_ends_soon_is_named_and_is_no_error(
    days: int, capsys: pytest.CaptureFixture[str]
) -> None:
    ends = TODAY + timedelta(days)
    code, out, err = checked(capsys, p=f"version: 1\nallow:\n- {rule(expires=ends)}\n")

    assert (code, err) == (0, [])
    (note,) = (line for line in out if line.startswith("note: "))
    assert "p.yml:3" in note


def test_a_rule_that_a_denial_leaves_nothing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    text = f"version: 1\ndeny:\n- {rule()}\nallow:\n- {rule()}\n"
    code, out, _err = checked(capsys, p=text)

    assert code == 0
    assert any(line.startswith("note: ") and "p.yml:5" in line for line in out)


def test_a_name_that_is_nearly_a_known_one_is_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = checked(capsys, p=f"version: 1\nallow:\n- {rule('AdonStatus')}\n")

    assert code == 0
    assert "note: rule p.yml:3 names AdonStatus, which is not known; is AddonStatus meant?" in out


def test_a_name_that_nobody_knows_is_taken_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = checked(capsys, p=f"version: 1\nallow:\n- {rule('Qzx')}\n")

    assert (code, len(out)) == (0, 1)


def test_without_a_file_it_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_here(["policy", "check"]) == 2
    assert capsys.readouterr().out == ""


def test_the_real_command_does_the_same(folder: Path) -> None:
    file = folder / "p.yml"
    file.write_text("version: 1\nallow:\n- {risk: A, reason: }\n")
    ended = run("policy", "check", str(file))

    assert (ended.code, ended.out) == (2, "")
    assert f"{file}:3:21: allow[0].reason: reason is blank; write who accepts" in ended.err
    assert "Traceback" not in ended.err
