"""The policies that ship in `policies/`, held to their own cases by the command that users run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gate.cli.main import run as run_here
from gate.policy.load import PolicyError, load
from tests.builders import TODAY
from tests.cli.ground import run
from tests.documents import documented

FOLDER = Path(__file__).parents[2] / "policies"
SHIPPED = sorted(path for path in FOLDER.glob("*.y*ml") if ".test." not in path.name)
EXAMPLES = sorted(path for path in (FOLDER / "examples").glob("*.y*ml") if ".test." not in path.name)


def shipped(name: str) -> Path:
    (path,) = (path for path in SHIPPED if path.name == name)
    return path


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(FOLDER, tmp_path / "policies")


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def rehearsed(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code of `policy test`, and what it shows."""
    code = run_here(["policy", "test", str(folder)])
    return code, capsys.readouterr().out


def test_the_documented_policies_are_there() -> None:
    assert {"strict.yml", "platform-addons.yml", "baseline.yml"} <= {path.name for path in SHIPPED}


def test_every_case_of_the_shipped_policies_comes_out_as_expected_and_every_rule_is_covered() -> None:
    ended = run("policy", "test", "policies")

    assert (ended.code, ended.err) == (0, "")
    *lines, tally = ended.out.splitlines()
    assert lines
    assert all(line.startswith("ok ") for line in lines)
    assert tally == f"{len(lines)} cases: {len(lines)} as expected"
    for path in [*SHIPPED, *EXAMPLES]:
        assert f"{path.relative_to(FOLDER.parent).with_suffix('')}.test.yml:" in ended.out


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("strict.yml", "allow: []", "allow:\n  - {risk: K8sResourceModified, reason: loosened}"),
        ("platform-addons.yml", "    message: '^configmap", "    # '^configmap"),
        ("platform-addons.yml", "    type: addonUpgrade\n    message", "    message"),
        ("platform-addons.yml", "    addon: coredns\n", ""),
        ("platform-addons.yml", "risk: K8sResourceModified\n    addon: coredns", "risk: AddonStatus"),
        ("baseline.yml", "  - risk: AddonStatus", "  - risk: SomethingElse"),
        ("baseline.yml", "  - risk: AddonValidate", "  - risk: SomethingElse"),
        ("examples/team.yml", '    target-version: ">=1.30,<1.31"\n', ""),
        ("examples/team.yml", "    cluster: prod-*\n", ""),
        ("examples/team.yml", "expires: 2027-01-31", "expires: 2027-02-01"),
        ("examples/team.yml", "expires: 2027-01-31", "expires: 2027-01-30"),
    ],
)
def test_a_shipped_policy_that_lets_more_or_less_through_fails_a_case(
    file: str, old: str, new: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(copy / file, old, new)
    code, shown = rehearsed(copy, capsys)

    assert code == 1
    assert "FAIL  " in shown


@pytest.mark.parametrize("file", ["strict.yml", "platform-addons.yml", "examples/team.yml"])
def test_a_rule_that_is_added_to_a_shipped_policy_fails_its_cases(
    file: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if file == "strict.yml":
        changed(copy / file, "allow: []", "allow:")
    rule = "  - {risk: K8sResourceModified, reason: loosened, expires: 2026-12-31, owner: me, ticket: A-1}\n"
    with (copy / file).open("a") as policy:
        policy.write(rule)
    code, shown = rehearsed(copy, capsys)

    assert code == 1
    assert f"FAIL  {(copy / file).with_suffix('')}.test.yml:" in shown
    assert "expected blocked, got allowed (listed by the policy: loosened, " in shown


@pytest.mark.parametrize(
    "requirement", ["  expires: true\n  max-days: 90\n", "  owner: true\n", '  ticket: "^[A-Z]+-[0-9]+$"\n']
)
def test_what_the_baseline_requires_is_required_of_the_file_beside_it(
    requirement: str, tmp_path: Path
) -> None:
    """Each part does its work: without it, the rule that lacks just that is taken."""
    keys = {"expires": "2025-10-30", "owner": "team", "ticket": "NET-1"}
    lacking = next(key for key in keys if key in requirement)
    rule = "".join(f", {key}: {value}" for key, value in keys.items() if key != lacking)
    team = tmp_path / "team.yml"
    team.write_text(f"version: 1\nallow:\n  - {{risk: K8sResourceModified, reason: because{rule}}}\n")
    baseline = tmp_path / "baseline.yml"
    shutil.copy(shipped("baseline.yml"), baseline)

    with pytest.raises(PolicyError, match=f"{lacking}: missing"):
        load([baseline, team], TODAY)
    changed(baseline, requirement, "")
    assert len(load([baseline, team], TODAY).allow) == 1


def test_the_starting_point_lacks_what_the_baseline_requires_as_its_readme_shows() -> None:
    ended = run("policy", "check", "policies/baseline.yml", "policies/platform-addons.yml")

    assert ended.code == 2
    shown = (FOLDER / "README.md").read_text()
    faults = [line for line in ended.err.splitlines() if line.startswith("policies/")]
    assert len(faults) == 3
    assert all(line in shown for line in faults)


def test_strict_allows_nothing() -> None:
    assert load([shipped("strict.yml")], TODAY).allow == ()


def test_the_baseline_allows_nothing() -> None:
    policy = load([shipped("baseline.yml")], TODAY)
    assert (policy.allow, {rule.risk for rule in policy.deny}) == ((), {"AddonStatus", "AddonValidate"})


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_rules_are_narrow_and_do_not_run_out_by_themselves(path: Path) -> None:
    rules = load([path], TODAY).allow

    assert all(rule.addon and rule.type and rule.message for rule in rules)
    assert all(rule.expires is None for rule in rules)
    assert not {rule.risk for rule in rules} & {"AddonStatus", "AddonValidate"}


def test_the_starting_point_allows_something() -> None:
    assert load([shipped("platform-addons.yml")], TODAY).allow


def test_the_example_of_the_vendor_is_the_documented_one() -> None:
    assert (FOLDER / "answers" / "documented.json").read_bytes() == documented()


def test_the_readme_names_every_shipped_policy() -> None:
    shown = (FOLDER / "README.md").read_text()
    for path in (*SHIPPED, *EXAMPLES):
        name = path.relative_to(FOLDER)
        assert f"[`{name}`]({name})" in shown
