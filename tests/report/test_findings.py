from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import ExitCode
from gate.model import (
    Decision,
    Instant,
    Judgement,
    Policy,
    PolicyFile,
    PolicyReport,
    Report,
    Status,
    Target,
    TargetReport,
    Verdict,
)
from gate.report.findings import (
    ANCHOR,
    Finding,
    findings_of,
    json_text,
    key_of,
    lines_of,
    paragraph,
    place_of,
    to_notice,
)

from .cases import (
    CASES,
    CLUSTER,
    allowed,
    blocked,
    fatal,
    fleet,
    judged,
    nothing_listed,
    of_target,
    ok,
    passes,
    report,
    rule,
    task,
    undecided,
    unlisted,
)
from .strategies import hostile, reports, whole_reports
from .test_escape import has_command


def checks_of(made: Report) -> list[tuple[str, Decision]]:
    return [(finding.check, finding.decision) for finding in findings_of(made)]


def prints(found: tuple[Finding, ...]) -> list[str]:
    return [finding.fingerprint for finding in found]


@whole_reports
@given(reports())
def test_something_is_closed_exactly_where_the_run_or_a_target_is(made: Report) -> None:
    found = findings_of(made)
    assert any(finding.is_closed for finding in found) is (made.exit_code != 0)
    for target in made.targets:
        if target.judgement.verdict is not Verdict.PASS:
            assert any(finding.is_closed and finding.target == target.target for finding in found)


@whole_reports
@given(reports())
def test_each_risk_is_one_finding_with_its_decision_and_no_deciding_task_is_left_out(made: Report) -> None:
    found = [finding for finding in findings_of(made) if finding.risk is not None]
    assert len(found) == sum(len(judged_task.risks) for judged_task in made.deciding)
    for decision in Decision:
        assert sum(finding.decision is decision for finding in found) == made.count(decision)
    told = [finding.judged for finding in findings_of(made)]
    assert all(any(judged_task is each for each in told) for judged_task in made.deciding)


@whole_reports
@given(reports())
def test_fingerprints_differ_and_do_not_depend_on_times_messages_or_decisions(made: Report) -> None:
    found = findings_of(made)
    assert len(set(prints(found))) == len(found)
    assert all(len(each) == 32 and int(each, 16) >= 0 for each in prints(found))
    assert prints(findings_of(replace(made, started=Instant(0), finished=Instant(1)))) == prints(found)


def test_a_fingerprint_survives_a_new_check_that_words_it_differently() -> None:
    def first(task_id: str, *risks: object) -> str:
        of = task(task_id=task_id, instance_id=task_id)
        made = judged(Verdict.BLOCKED, task_id, *risks, of=of)  # type: ignore[arg-type]
        return findings_of(report(of_target(Verdict.BLOCKED, "x", made)))[0].fingerprint

    assert first("a", fatal(message="one")) == first("b", fatal(message="two"))
    assert first("a", fatal()) != first("a", unlisted())


@pytest.mark.parametrize("changes", [{"addon": "x"}, {"target_version": "2.0"}, {"instance_name": "x"}])
def test_a_fingerprint_tells_add_ons_and_versions_apart(changes: dict[str, str]) -> None:
    found = [judged(Verdict.BLOCKED, "x", fatal(), of=task(**each)) for each in ({}, changes)]
    one, other = (findings_of(report(of_target(Verdict.BLOCKED, "x", each))) for each in found)
    assert set(prints(one)).isdisjoint(prints(other))


def test_the_same_risk_on_two_clusters_is_two_findings() -> None:
    found = [finding for finding in findings_of(fleet()) if finding.is_closed]
    assert [finding.check for finding in found] == ["AddonStatus"] * 2
    assert found[0].fingerprint != found[1].fingerprint


def test_a_cluster_is_known_by_its_id_whether_or_not_its_name_is() -> None:
    unnamed = replace(CLUSTER, cluster_name=None)
    assert key_of(CLUSTER) == key_of(unnamed)
    assert key_of(Target()) == "unknown"
    task_found = judged(Verdict.BLOCKED, "x", fatal())
    named, without = (
        findings_of(report(of_target(Verdict.BLOCKED, "x", task_found, target=target)))
        for target in (CLUSTER, unnamed)
    )
    assert prints(named) == prints(without)


def test_superseded_tasks_are_left_out() -> None:
    assert checks_of(passes()) == [
        ("K8sResourceModified", Decision.ALLOWED),
        ("AddonStatus", Decision.OK),
        ("AddonValidate", Decision.OK),
    ]


def test_a_task_that_its_risks_do_not_explain_is_a_finding_of_its_own() -> None:
    assert checks_of(nothing_listed()) == [
        ("gate/risks-unseen", Decision.BLOCKED),
        ("gate/not-final", Decision.INCONCLUSIVE),
        ("AddonStatus", Decision.INCONCLUSIVE),
    ]
    assert checks_of(undecided()) == [
        ("gate/addon-missing", Decision.INCONCLUSIVE),
        ("gate/timed-out", Decision.INCONCLUSIVE),
        ("gate/not-usable", Decision.INCONCLUSIVE),
        ("AddonStatus", Decision.OK),
        ("gate/not-final", Decision.INCONCLUSIVE),
        ("AddonValidate", Decision.INCONCLUSIVE),
    ]


def test_a_pass_without_risks_still_tells_of_its_check() -> None:
    found = judged(Verdict.PASS, "no risk found", of=task(status=Status.SUCCESS))
    assert checks_of(report(of_target(Verdict.PASS, "x", found))) == [("gate/check", Decision.OK)]


def test_a_stale_task_whose_risk_blocks_says_both() -> None:
    found = judged(Verdict.BLOCKED, "1 risk in the way; stale: it expired 2 h ago", fatal())
    (finding,) = findings_of(report(of_target(Verdict.BLOCKED, "x", found)))
    assert finding.check == "AddonValidate"
    assert any("stale: it expired 2 h ago" in detail for detail in finding.details)


def test_a_verdict_that_nothing_else_explains_is_a_finding() -> None:
    nothing = TargetReport(CLUSTER, Judgement(Verdict.UNDECIDED, "nothing was judged", (), ()))
    (finding,) = findings_of(report(nothing))
    assert (finding.check, finding.decision) == ("gate/closed", Decision.INCONCLUSIVE)
    assert "nothing was judged" in finding.headline
    assert checks_of(report()) == [("gate/closed", Decision.INCONCLUSIVE)]


@pytest.mark.parametrize(
    "torn",
    [
        replace(passes(), verdict=Verdict.UNDECIDED, exit_code=ExitCode.SIGTERM),
        replace(passes(), exit_code=ExitCode.UNDECIDED),
    ],
)
def test_a_pass_that_was_interrupted_or_does_not_exit_0_is_closed(torn: Report) -> None:
    assert checks_of(torn)[-1] == ("gate/closed", Decision.INCONCLUSIVE)


def test_the_name_of_a_risk_can_not_pass_for_a_check_of_the_gate() -> None:
    names = ["gate/closed", "risk/0", "a b", "x" * 200, "Addon\u200bStatus", "", "::"]
    found = judged(Verdict.BLOCKED, "x", *(unlisted(name) for name in names))
    checks = [check for check, _ in checks_of(report(of_target(Verdict.BLOCKED, "x", found)))]
    assert all(check.startswith("risk/") and len(check) == 21 for check in checks)
    assert len(set(checks)) == len(names)
    assert checks_of(CASES["chinese"]())[-1][0] == "资源检查"


def test_a_finding_stands_at_the_rule_else_at_the_first_policy_else_where_one_could_be() -> None:
    found = {finding.about: place_of(finding, blocked()) for finding in findings_of(blocked())}
    assert found["AddonStatus (metrics-server -> 1.3.90)"] == ("policies/prod.yml", 20)
    assert found["AddonValidate (coredns -> 1.30.6)"] == ("policies/prod.yml", 1)
    chinese = CASES["chinese"]()
    assert {place_of(finding, chinese) for finding in findings_of(chinese)} == {(ANCHOR, 1)}
    blank = PolicyReport(Policy(files=(PolicyFile("", ""), PolicyFile("b.yml", ""))), unused=(), expired=())
    made = replace(blocked(), policy=blank)
    assert place_of(findings_of(made)[0], made) == ("b.yml", 1)


def test_what_is_ok_is_not_noticed_and_what_is_allowed_comes_last() -> None:
    found = judged(Verdict.BLOCKED, "x", ok("Fine"), allowed(rule()))
    other = judged(Verdict.BLOCKED, "x", fatal(), of=task(addon="other"))
    made = report(of_target(Verdict.BLOCKED, "x", found), of_target(Verdict.BLOCKED, "x", other))
    noticed = to_notice(findings_of(made))
    assert [finding.is_closed for finding in noticed] == [True, True, False]
    assert noticed[-1].check == "K8sResourceModified"


def test_a_paragraph_says_what_why_and_what_to_do_and_quotes_last() -> None:
    by_check = {finding.check: paragraph(finding) for finding in findings_of(CASES["chinese"]())}
    said = by_check["AddonStatus"]
    assert said.startswith(
        "AddonStatus (Warning) in coredns -> 1.30.6 on answers/coredns.json: BLOCKED: not "
    )
    assert said.index("What to do: Make every pod") < said.index("CCE says: 插件状态")
    assert said.endswith("未就绪 请先恢复实例，再重新检查.")


def test_an_unknown_risk_has_a_remedy_too() -> None:
    found = judged(Verdict.BLOCKED, "x", unlisted("Novel"))
    (finding,) = findings_of(report(of_target(Verdict.BLOCKED, "x", found)))
    assert "What to do: Fix what the message says" in paragraph(finding)


@whole_reports
@given(reports())
def test_a_paragraph_is_one_line_that_holds_the_whole_message(made: Report) -> None:
    for finding in findings_of(made):
        said = paragraph(finding)
        assert "\n" not in said
        assert said.isprintable() or not said.isascii()
        assert said.endswith((".", "。"))
        assert all(line.strip(" ;") in said for line in lines_of(finding.message))


@given(hostile)
def test_the_lines_of_a_message_keep_all_that_is_printable(message: str) -> None:
    joined = "\n".join(lines_of(message))
    for word in message.split():
        if word.isascii() and word.isprintable():
            assert word in joined


@given(st.lists(hostile, max_size=3))
def test_written_json_reads_back_and_commands_nothing(texts: list[str]) -> None:
    printed = [" ".join(lines_of(text)) for text in texts]
    written = json_text(printed)
    written.encode()
    assert json.loads(written) == printed
    assert not has_command(written)
    assert '"::' not in written
