"""Case files are read as strictly as policies: what is not in order is named, all at once, with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import CheckType, Decision, Level, Target, Verdict
from gate.policy.cases import Case, Expectation, ExpectedRisk, SavedAnswer, WrittenCheck, read

WHOLE = """\
version: 1
policy: [../base.yml, team.yml]
today: 2026-11-23
cluster: {id: 6b400e1c, name: prod-web}
cases:
  - name: of a saved answer
    answer: answers/one.json
    type: addonStatic
    expect:
      - {addon: coredns, risk: AddonStatus, decision: blocked, target-version: 1.30.6}
      - {addon: coredns, risk: AddonValidate, decision: ok}
    verdict: blocked
  - name: written out
    today: 2027-01-31
    cluster: {name: test-web}
    check: {addon: coredns, target-version: 1.30.6, type: addonUpgrade}
    risks:
      - {risk: AddonStatus, level: Fatal, message: is down, expect: blocked}
    verdict: undecided
"""
SHORT = """\
version: 1
policy: team.yml
cases:
  - name: written out
    check: {addon: coredns, target-version: 1.30.6}
    risks:
      - {risk: AddonStatus, expect: allowed}
    verdict: pass
"""


def read_text(text: str | bytes, folder: Path) -> tuple[tuple[Case, ...], list[str]]:
    """The cases of a file with this text, and its faults without the file's name."""
    path = folder / "team.test.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    cases, faults = read([path])
    return cases, [str(fault).removeprefix(str(path)).lstrip(":") for fault in faults]


def faults_of(text: str | bytes, folder: Path) -> list[str]:
    cases, faults = read_text(text, folder)
    assert cases == ()
    return faults


def test_everything_that_a_case_says_is_read(tmp_path: Path) -> None:
    (saved, written), faults = read_text(WHOLE, tmp_path)

    assert faults == []
    assert (saved.name, saved.line, saved.verdict) == ("of a saved answer", 6, Verdict.BLOCKED)
    assert isinstance(saved.evidence, SavedAnswer)
    assert saved.evidence.type is CheckType.STATIC
    assert saved.evidence.expect == (
        Expectation("coredns", "AddonStatus", Decision.BLOCKED, "1.30.6"),
        Expectation("coredns", "AddonValidate", Decision.OK),
    )
    assert (written.name, written.line, written.verdict) == ("written out", 13, Verdict.UNDECIDED)
    assert written.evidence == WrittenCheck(
        "coredns", "1.30.6", (ExpectedRisk("AddonStatus", Decision.BLOCKED, Level.FATAL, "is down"),)
    )


def test_paths_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    (saved, _), _ = read_text(WHOLE, tmp_path)

    assert saved.policy == (tmp_path.parent / "base.yml", tmp_path / "team.yml")
    assert isinstance(saved.evidence, SavedAnswer)
    assert saved.evidence.path == tmp_path / "answers" / "one.json"


def test_the_day_and_the_cluster_of_the_file_hold_for_a_case_that_has_none(tmp_path: Path) -> None:
    (saved, written), _ = read_text(WHOLE, tmp_path)

    assert (saved.today, saved.target) == (
        date(2026, 11, 23),
        Target(cluster_id="6b400e1c", cluster_name="prod-web"),
    )
    assert (written.today, written.target) == (date(2027, 1, 31), Target(cluster_name="test-web"))


def test_what_is_left_out_is_an_upgrade_and_a_warning_of_no_day_and_no_cluster(tmp_path: Path) -> None:
    ((case,), faults) = read_text(SHORT, tmp_path)

    assert faults == []
    assert (case.today, case.target) == (None, None)
    assert isinstance(case.evidence, WrittenCheck)
    assert case.evidence.type is CheckType.UPGRADE
    assert case.evidence.risks == (ExpectedRisk("AddonStatus", Decision.ALLOWED, Level.WARNING, ""),)


def test_an_alias_may_share_what_cases_have_in_common(tmp_path: Path) -> None:
    text = SHORT.replace("    risks:", "    risks: &all") + SHORT.partition("cases:\n")[2].replace(
        "    risks:\n      - {risk: AddonStatus, expect: allowed}", "    risks: *all"
    )
    cases, faults = read_text(text, tmp_path)

    assert faults == []
    assert cases[0].evidence == cases[1].evidence


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version: 1", "version: 2", "1:10: version: version 2 is not known"),
        ("version: 1\n", "", "1:1: version: required"),
        ("policy: team.yml\n", "", "1:1: policy: required"),
        ("policy: team.yml", "policy: []", "2:9: policy: the list is empty: name at least one"),
        ("policy: team.yml", "policy: 7", "2:9: policy: 7 is read as a whole number, text is wanted"),
        ("policy: team.yml", "policy: team.yml\ntoday: 2026-02-30", "3:8: today: there is no day 2026-02-30"),
        ("policy: team.yml", "policy: team.yml\ncluster: prod", '3:10: cluster: "prod" is text, a mapping'),
        ("policy: team.yml", "policy: team.yml\ncluster: {name: prod-*}", "3:17: cluster.name: "),
        ("  - name: written out\n    check", "  - check", "4:5: cases[0].name: required"),
        ("name: written out", "nmae: written out", "4:5: cases[0].nmae: unknown key"),
        ("addon: coredns", "addon: core*", '5:20: cases[0].check.addon: "core*": there are no wildcards'),
        ("1.30.6", "1.30", "5:45: cases[0].check.target-version: 1.30 is read as a number"),
        ("1.30.6", '">=1.30"', "5:45: cases[0].check.target-version: "),
        (", target-version: 1.30.6", "", "5:12: cases[0].check.target-version: required"),
        ("expect: allowed", "expect: alowed", '7:37: cases[0].risks[0].expect: "alowed" is not one of'),
        ("expect: allowed", "expect: ok", '7:37: cases[0].risks[0].expect: "ok" is not one of'),
        (", expect: allowed", "", "7:9: cases[0].risks[0].expect: required"),
        ("risk: AddonStatus", "risk: Addon*", "7:16: cases[0].risks[0].risk: "),
        ("expect: allowed", "expect: allowed, level: Error", "7:53: cases[0].risks[0].level: "),
        ("\n      - {risk: AddonStatus, expect: allowed}", " []", "6:12: cases[0].risks: the list is empty"),
        ("    verdict: pass\n", "", "4:5: cases[0].verdict: required"),
        ("verdict: pass", "verdict: error", '8:14: cases[0].verdict: "error" is not one of'),
        ("verdict: pass", "verdict: pass\n    expect: []", "9:5: cases[0].expect: unknown key"),
        (
            "verdict: pass",
            "verdict: pass\n    answer: a.json",
            "4:5: cases[0]: it has both an answer and a check",
        ),
        ("    check:", "    chekc:", "4:5: cases[0]: it has neither an answer"),
    ],
)
def test_what_is_not_in_order_is_named_with_its_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert old in SHORT
    (fault,) = faults_of(SHORT.replace(old, new), tmp_path)
    assert fault.startswith(said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    expect:\n", "    expects:\n", "9:5: cases[0].expects: unknown key, did you mean expect?"),
        ("decision: ok", "decision: fine", "11:57: cases[0].expect[1].decision: "),
        ("addon: coredns, risk: AddonValidate", "risk: AddonValidate", "11:9: cases[0].expect[1].addon: "),
        ("addonStatic", "static", "8:11: cases[0].type: "),
    ],
)
def test_what_is_expected_of_a_saved_answer_is_read_as_strictly(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    assert old in WHOLE
    (fault,) = faults_of(WHOLE.replace(old, new), tmp_path)
    assert fault.startswith(said)


def test_a_saved_answer_must_say_what_is_expected_of_it(tmp_path: Path) -> None:
    text = "version: 1\npolicy: a.yml\ncases:\n  - {name: one, answer: a.json, verdict: pass}\n"
    assert faults_of(text, tmp_path) == ["4:5: cases[0].expect: required, but missing"]


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "cases:\n  - *nowhere\n", "version: 1\npolicy: a.yml\ncases: []\n"]
)
def test_a_file_without_a_case_is_never_in_order(text: str, tmp_path: Path) -> None:
    assert faults_of(text, tmp_path)


def test_all_that_is_wrong_is_named_at_once_over_all_files(tmp_path: Path) -> None:
    good, bad, gone = (tmp_path / name for name in ("good.test.yml", "bad.test.yml", "gone.test.yml"))
    good.write_text(SHORT)
    bad.write_text(SHORT.replace("verdict: pass", "verdict: go").replace("version: 1", "version: one"))
    cases, faults = read([bad, gone, good])

    assert [case.file for case in cases] == [str(good)]
    assert [(fault.file, fault.line) for fault in faults] == [(str(bad), 1), (str(bad), 8), (str(gone), 0)]


_PIECES = [
    *SHORT.splitlines(keepends=True),
    "- ",
    "{",
    "}",
    "*a",
    "&a ",
    "!!python/x ",
    "\t",
    ": ",
    "'",
    "é",
    "\x00",
]


@given(st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(_PIECES)).map("".join)))
def test_no_file_is_both_without_cases_and_without_faults(tmp_path: Path, text: bytes | str) -> None:
    cases, faults = read_text(text, tmp_path)
    assert bool(cases) != bool(faults)
