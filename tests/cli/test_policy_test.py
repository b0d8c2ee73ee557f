"""`policy test` says of every case whether it came out as expected, and never that nothing did."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.cli.main import run as run_here
from gate.cli.policy.rehearsal import answer_of, rehearse, uncovered
from gate.model import Answer, CheckType, Decision, Effect, JudgedRisk, Level, Policy, Risk, Verdict
from gate.policy.cases import Case, Expectation, ExpectedRisk, SavedAnswer, WrittenCheck
from gate.policy.faults import START
from tests.builders import TODAY, answer, failed, other_task, policy, risk, rule, task
from tests.cli.ground import Ended
from tests.documents import a_list, a_task

POLICY = """\
version: 1
allow:
  - {risk: K8sResourceModified, addon: coredns, reason: carried over}
"""
WARNING = "{risk: K8sResourceModified, expect: allowed}"


def case(
    *risks: str, verdict: str = "pass", name: str = "a case", more: str = "", check: str = "addon: coredns"
) -> str:
    """One case with its check written out."""
    listed = "".join(f"      - {each}\n" for each in risks)
    return (
        f"  - name: {name}\n    check: {{{check}, target-version: 1.30.6}}\n    risks:\n{listed}"
        f"    verdict: {verdict}\n{more}"
    )


def of_answer(expect: str = "[]", verdict: str = "pass", more: str = "") -> str:
    """One case of the answer that was saved in answer.json."""
    return (
        f"  - name: a saved answer\n    answer: answer.json\n    expect: {expect}\n"
        f"    verdict: {verdict}\n{more}"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "policies"
    made.mkdir()
    (made / "team.yml").write_text(POLICY)
    return made


def put(folder: Path, *cases: str, header: str = "policy: team.yml", name: str = "team.test.yml") -> Path:
    path = folder / name
    path.write_text(f"version: 1\n{header}\ncases:\n{''.join(cases)}", encoding="utf-8")
    return path


def save(folder: Path, body: bytes) -> None:
    (folder / "answer.json").write_bytes(body)


def a_warning(**fields: object) -> dict[str, object]:
    return {
        "riskName": "K8sResourceModified",
        "status": "Failed",
        "level": "Warning",
        "message": "m",
        **fields,
    }


@pytest.fixture
def tested(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(folder, capsys)


class Command:
    """Runs `policy test` on the folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    def __call__(self, folder: Path | None = None) -> Ended:
        code = run_here(["policy", "test", str(folder or self._folder)])
        shown = self._capsys.readouterr()
        return Ended(code, shown.out, shown.err)

    def lines(self) -> list[str]:
        """What a run that could be made shows, without the place of the folder."""
        ended = self()
        assert ended.code in (0, 1)
        assert ended.err == ""
        return ended.out.replace(f"{self._folder}{os.sep}", "").splitlines()


def test_cases_that_come_out_as_expected_are_told_one_a_line(folder: Path, tested: Command) -> None:
    put(folder, case(WARNING), case("{risk: Other, expect: blocked}", verdict="blocked", name="another"))

    assert tested.lines() == [
        "ok    team.test.yml:4: a case",
        "ok    team.test.yml:9: another",
        "2 cases: 2 as expected",
    ]
    assert tested().code == 0


def test_a_case_that_differs_fails_and_says_what_was_expected_what_came_and_why(
    folder: Path, tested: Command
) -> None:
    put(
        folder,
        case("{risk: K8sResourceModified, message: of m, expect: blocked}", "{risk: Other, expect: allowed}"),
        case(WARNING, name="good"),
    )

    why = '(listed by the policy: carried over, team.yml:3); its message: "of m"'
    assert tested.lines() == [
        "FAIL  team.test.yml:4: a case",
        "      verdict: expected pass, got blocked (coredns: 1 risk in the way)",
        f"      coredns K8sResourceModified: expected blocked, got allowed {why}",
        "      coredns Other: expected allowed, got blocked (not listed by the policy)",
        "ok    team.test.yml:10: good",
        "2 cases: 1 as expected, 1 not",
    ]
    assert tested().code == 1


@pytest.mark.parametrize("verdict", ["pass", "undecided"])
def test_a_verdict_that_differs_fails_though_every_risk_is_as_expected(
    verdict: str, folder: Path, tested: Command
) -> None:
    put(folder, case("{risk: Other, expect: blocked}", verdict=verdict))
    assert tested().code == 1
    assert f"expected {verdict}, got blocked" in tested().out


def test_a_risk_of_an_answer_that_nobody_expected_fails(folder: Path, tested: Command) -> None:
    save(folder, a_list(a_task("Failed", [a_warning()])))
    put(folder, of_answer())

    assert "      coredns K8sResourceModified: nothing expected, got allowed (" in tested().out
    assert tested().code == 1


def test_a_risk_that_is_expected_and_not_in_the_answer_fails(folder: Path, tested: Command) -> None:
    save(folder, a_list(a_task("Success", [])))
    put(folder, of_answer("[{addon: coredns, risk: AddonStatus, decision: ok}]"))

    said = "      coredns AddonStatus: expected ok, but no check that decides has such a risk"
    assert said in tested.lines()
    assert tested().code == 1


def test_a_risk_that_is_ok_need_not_be_expected(folder: Path, tested: Command) -> None:
    save(folder, a_list(a_task("Success", [a_warning(status="Success")])))
    put(folder, of_answer())
    assert tested().code == 0


def test_a_risk_without_a_name_is_never_expected(folder: Path, tested: Command) -> None:
    save(folder, a_list(a_task("Failed", [a_warning(riskName=None)])))
    put(folder, of_answer(verdict="blocked"))
    assert "coredns a risk without a name: nothing expected, got blocked" in tested().out


def test_only_checks_that_decide_are_looked_at(folder: Path, tested: Command) -> None:
    old = a_task(
        "Failed", [a_warning(riskName="Other")], createTimeStamp="2025-01-01T00:00:00Z", taskID="old"
    )
    save(folder, a_list(old, a_task("Failed", [a_warning()])))
    put(folder, of_answer("[{addon: coredns, risk: K8sResourceModified, decision: allowed}]"))
    assert tested().code == 0


def test_two_checks_of_one_addon_are_told_apart_by_their_version(folder: Path, tested: Command) -> None:
    newer = {**a_task("Failed", [a_warning(level="Fatal")]), "spec": {"addonTargetVersion": "1.31.0"}}
    save(folder, a_list(a_task("Failed", [a_warning()]), newer))
    of_both = (
        "[{addon: coredns, risk: K8sResourceModified, decision: allowed, target-version: 1.30.6}, "
        "{addon: coredns, risk: K8sResourceModified, decision: blocked, target-version: 1.31.0}]"
    )
    put(folder, of_answer(of_both, verdict="blocked"))
    assert tested().code == 0
    put(folder, of_answer(of_both.replace(", target-version: 1.31.0", ""), verdict="blocked"))
    assert tested().code == 1


def test_the_age_of_a_saved_answer_does_not_count(folder: Path, tested: Command) -> None:
    old = a_task(
        "Success", [], createTimeStamp="2025-01-01T00:00:00Z", expireTimeStamp="2025-01-02T00:00:00Z"
    )
    save(folder, a_list(old))
    put(folder, of_answer())
    assert tested().code == 0


def test_an_answer_of_another_type_needs_the_case_to_say_so(folder: Path, tested: Command) -> None:
    save(folder, a_list(a_task("Success", [], type="addonStatic")))
    put(folder, of_answer())
    assert tested().code == 1
    put(folder, of_answer(more="    type: addonStatic\n"))
    assert tested().code == 0


def test_rules_expire_against_the_day_of_the_case(folder: Path, tested: Command) -> None:
    (folder / "team.yml").write_text(POLICY.replace("carried over", "carried over, expires: 2026-06-30"))
    put(
        folder,
        case(WARNING, more="    today: 2026-06-30\n"),
        case("{risk: K8sResourceModified, expect: blocked}", verdict="blocked"),
        header="policy: team.yml\ntoday: 2026-07-01",
    )
    assert tested().code == 0


@pytest.mark.parametrize(("day", "code"), [("2000-01-01", 1), ("2999-12-31", 0)])
def test_without_a_day_rules_expire_against_the_day_of_the_run(
    day: str, code: int, folder: Path, tested: Command
) -> None:
    (folder / "team.yml").write_text(POLICY.replace("carried over", f"carried over, expires: {day}"))
    put(folder, case(WARNING))
    assert tested().code == code


def test_the_requirements_of_a_policy_count_from_the_day_of_the_case(folder: Path, tested: Command) -> None:
    rule_until = POLICY.replace("carried over", "carried over, expires: 2026-06-30")
    (folder / "team.yml").write_text(rule_until + "require: {max-days: 30}\n")
    put(folder, case(WARNING), header="policy: team.yml\ntoday: 2026-06-01")
    assert tested().code == 0
    put(folder, case(WARNING), header="policy: team.yml\ntoday: 2026-05-01")
    assert tested().code == 2
    assert f"{folder / 'team.yml'}:3:" in tested().err


def test_rules_for_a_cluster_are_held_against_the_one_of_the_case(folder: Path, tested: Command) -> None:
    (folder / "team.yml").write_text(POLICY.replace("carried over", 'carried over, cluster: "prod-*"'))
    blocked = "{risk: K8sResourceModified, expect: blocked}"
    put(
        folder,
        case(WARNING, more="    cluster: {id: a, name: prod-web}\n"),
        case(blocked, verdict="blocked", more="    cluster: {id: a, name: test-web}\n"),
        case(blocked, verdict="blocked"),
    )
    assert tested().code == 0


def test_several_policies_are_taken_together(folder: Path, tested: Command) -> None:
    (folder / "base.yml").write_text("version: 1\ndeny: [{risk: K8sResourceModified, reason: never}]\n")
    put(folder, case(WARNING), header="policy: [team.yml, base.yml]")

    assert f"got blocked (denied by the policy: never, {folder / 'base.yml'}:2)" in tested().out
    assert tested().code == 1


def test_a_rule_that_no_case_shows_at_work_is_named_and_is_no_failure(folder: Path, tested: Command) -> None:
    (folder / "team.yml").write_text(f"{POLICY}  - {{risk: Idle, reason: some day}}\n")
    put(folder, case(WARNING))

    assert "note: not covered: team.yml:4 (allow Idle) is at work in no case" in tested.lines()
    assert tested().code == 0


def test_a_policy_beside_the_cases_that_no_case_names_is_named(folder: Path, tested: Command) -> None:
    (folder / "other.yml").write_text(POLICY)
    put(folder, case(WARNING))
    assert "note: not tested: other.yml is named by no case" in tested.lines()


def test_cases_are_found_below_the_folder_and_run_in_the_order_of_their_names(
    folder: Path, tested: Command
) -> None:
    (folder / "below").mkdir()
    put(folder, case(WARNING), name="z.test.yaml")
    put(folder / "below", case(WARNING), header="policy: ../team.yml", name="m.test.yml")
    put(folder, case(WARNING), name="a.test.yml")

    assert [line.split()[1] for line in tested.lines()[:-1]] == [
        "a.test.yml:4:",
        "below/m.test.yml:4:",
        "z.test.yaml:4:",
    ]


def test_a_folder_without_a_case_is_no_success(folder: Path, tested: Command) -> None:
    ended = tested()
    assert (ended.code, ended.out) == (2, "")
    assert "there is no case in " in ended.err
    assert "hint: " in ended.err


@pytest.mark.parametrize("name", ["nowhere", "team.yml"])
def test_a_place_that_is_no_folder_is_wrong_usage(name: str, folder: Path, tested: Command) -> None:
    ended = tested(folder / name)
    assert ended.code == 2
    assert f"{folder / name} can't be read: " in ended.err


def test_a_folder_that_cannot_be_looked_into_is_an_error(
    folder: Path, tested: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hold a case that would fail."""
    put(folder, case(WARNING))
    hidden = folder / "hidden"
    hidden.mkdir()
    scandir = os.scandir

    def guarded(path: str) -> object:
        if Path(path) == hidden:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    ended = tested()
    assert ended.code == 2
    assert f"{hidden} can't be read: Permission denied" in ended.err


def test_all_that_cannot_be_read_is_told_at_once_and_no_case_is_run(folder: Path, tested: Command) -> None:
    save(folder, b'{"kind": "Error"}')
    (folder / "broken.yml").write_text("version: 1\nallow: [{rsik: AddonStatus, reason: because}]\n")
    put(folder, of_answer(), case(WARNING), name="1.test.yml")
    put(folder, case(WARNING), header="policy: broken.yml", name="2.test.yml")
    put(folder, case(WARNING), case(WARNING), header="policy: gone.yml", name="3.test.yml")
    put(folder, case(WARNING, verdict="go"), name="4.test.yml")
    put(folder, of_answer().replace("answer.json", "gone.json"), name="5.test.yml")
    ended = tested()

    assert (ended.code, ended.out) == (2, "")
    said = ended.err.replace(f"{folder}{os.sep}", "").splitlines()
    for start in (
        "error: 5 errors, so that no case was run",
        "1.test.yml:5:13: cases[0].answer: answer.json is not an answer of the API: ",
        "broken.yml:2:10: allow[0].rsik: unknown key",
        "3.test.yml: policy: gone.yml cannot be read: ",
        "4.test.yml:8:14: cases[0].verdict: ",
        "5.test.yml:5:13: cases[0].answer: gone.json cannot be read: ",
    ):
        assert any(line.startswith(start) for line in said), start


def test_nothing_that_an_answer_or_a_case_says_reaches_the_terminal_or_the_ci_raw(
    folder: Path, tested: Command
) -> None:
    evil = "\n::error::x\x1b[2J##[error]\u202e"
    save(folder, a_list(a_task("Failed", [a_warning(riskName=evil, message=evil)], addonTemplateName=evil)))
    put(folder, of_answer(verdict="blocked"), case(WARNING, name=json.dumps("a\n::warning::b")))
    ended = tested()

    assert ended.code == 1
    assert not {"\x1b", "\u202e"} & set(ended.out)
    assert "##[" not in ended.out
    assert not any(line.lstrip().startswith("::") for line in ended.out.splitlines())


RISKS = st.lists(
    st.builds(
        ExpectedRisk,
        st.sampled_from(["AddonStatus", "AddonValidate", "K8sResourceModified"]),
        st.sampled_from([Decision.ALLOWED, Decision.BLOCKED]),
        st.sampled_from(Level),
    ),
    min_size=1,
    max_size=4,
)
SOME = policy(rule("AddonStatus"), rule("K8sResourceModified", "everest", line=4))


def a_case(evidence: SavedAnswer | WrittenCheck, verdict: Verdict) -> Case:
    return Case("team.test.yml", 1, "a case", evidence, verdict)


@given(RISKS, st.sampled_from(["coredns", "everest"]), st.sampled_from([Verdict.PASS, Verdict.BLOCKED]))
def test_a_written_case_is_as_expected_exactly_where_the_rules_say_so(
    risks: Sequence[ExpectedRisk], addon: str, verdict: Verdict
) -> None:
    listed = {"AddonStatus"} | ({"K8sResourceModified"} if addon == "everest" else set())
    allowed = [each.risk in listed and each.level is Level.WARNING for each in risks]
    check = WrittenCheck(addon, "1.30.6", tuple(risks))
    outcome = rehearse(a_case(check, verdict), answer_of(check), SOME, TODAY)

    expected = [each.expect is Decision.ALLOWED for each in risks]
    as_expected = expected == allowed and (verdict is Verdict.PASS) == all(allowed)
    assert (not outcome.differences) is as_expected


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """An answer with risks in checks of two add-ons, names not given twice in one check."""
    names = st.lists(st.sampled_from(["AddonStatus", "AddonValidate", "K8sResourceModified"]), unique=True)
    kinds: list[Callable[[str], Risk]] = [failed, risk]
    made = st.sampled_from(kinds)
    first = [draw(made)(name) for name in draw(names)]
    second = [draw(made)(name) for name in draw(names)]
    return answer(task(*first), other_task(*second))


@given(answers(), st.data())
def test_expectations_of_an_answer_hold_only_if_they_name_every_risk_and_its_decision(
    saved: Answer, data: st.DataObject
) -> None:
    def run(expect: Sequence[Expectation], verdict: Verdict) -> tuple[str, ...]:
        evidence = SavedAnswer(Path("a.json"), CheckType.UPGRADE, tuple(expect), "team.test.yml", START, "")
        return rehearse(a_case(evidence, verdict), saved, SOME, TODAY).differences

    def judged() -> list[tuple[str, JudgedRisk]]:
        evidence = SavedAnswer(Path("a.json"), CheckType.UPGRADE, (), "team.test.yml", START, "")
        judgement = rehearse(a_case(evidence, Verdict.PASS), saved, SOME, TODAY).judgement
        return [(str(each.task.addon), risk) for each in judgement.deciding for risk in each.risks]

    right = [Expectation(addon, str(each.risk.name), each.decision) for addon, each in judged()]
    blocked = any(each.decision is Decision.BLOCKED for each in right)
    verdict = Verdict.BLOCKED if blocked else Verdict.PASS
    assert run(right, verdict) == ()
    assert run(right, Verdict.UNDECIDED)
    assert run([*right, Expectation("coredns", "NotThere", Decision.OK)], verdict)
    if right:
        at = data.draw(st.integers(0, len(right) - 1))
        wrong = data.draw(st.sampled_from([each for each in Decision if each is not right[at].decision]))
        assert run([*right[:at], replace(right[at], decision=wrong), *right[at + 1 :]], verdict)
        without = run([*right[:at], *right[at + 1 :]], verdict)
        assert bool(without) is (right[at].decision is not Decision.OK)


def test_an_allowance_that_a_denial_overruled_counts_as_shown_and_an_idle_denial_does_not() -> None:
    allowance, idle = rule("AddonStatus"), replace(rule("Idle", line=9), effect=Effect.DENY)
    denial = replace(rule("AddonStatus", line=8), effect=Effect.DENY)
    both = Policy(allow=(allowance,), deny=(denial, idle))
    check = WrittenCheck("coredns", "1.30.6", (ExpectedRisk("AddonStatus", Decision.BLOCKED),))
    outcome = rehearse(a_case(check, Verdict.BLOCKED), answer_of(check), both, date(2026, 11, 23))

    assert outcome.differences == ()
    assert uncovered([both, both], [outcome]) == (idle,)
    assert uncovered([both], []) == (allowance, denial, idle)
