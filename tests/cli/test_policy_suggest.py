"""`cce-gate policy suggest` drafts rules that a person can finish, and that allow what blocked, no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gate.api.parse import parse_answer
from gate.cli.clock import SystemClock
from gate.cli.main import run as run_here
from gate.judge import judge
from gate.model import Answer, CheckType, Decision, Policy, Target, Task, Wanted
from gate.policy.load import PolicyError, parse
from gate.report.escape import guard
from tests.cli.ground import run
from tests.documents import EXAMPLES, a_list, a_task
from tests.report.strategies import hostile

DOCUMENTED = EXAMPLES / "list-response.documented.json"
TODAY = SystemClock().now().utc_date
BLANK = "reason:   # required: who accepts this, and why"
CLUSTER = ("--cluster-id", "6b400e1c-4368-11f0-ba56-0255ac100037")


def found(
    name: object = "AddonStatus", message: str = "it is not ready", **fields: object
) -> dict[str, object]:
    """A risk of an answer, a Warning that failed unless said otherwise."""
    return {"riskName": name, "level": "Warning", "status": "Failed", "message": message, **fields}


def body(*risks: dict[str, object], version: object = "1.30.6", **metadata: object) -> bytes:
    """An answer with one final check that found these risks."""
    return a_list(
        {
            **a_task("Failed", list(risks), "inside status", **metadata),
            "spec": {"addonTargetVersion": version},
        }
    )


def suggested(capsys: pytest.CaptureFixture[str], file: Path, *options: str) -> str:
    code = run_here(["policy", "suggest", str(file), *options])
    shown = capsys.readouterr()
    assert (code, shown.err) == (0, "")
    assert guard(shown.out) == shown.out
    return shown.out


def rules(text: str) -> list[dict[str, Any]]:
    document = yaml.safe_load(text)
    assert document.keys() == {"version", "allow"}
    assert document["version"] == 1
    drafted: list[dict[str, Any]] = document["allow"]
    return drafted


def filled_in(text: str) -> Policy:
    """The policy once a person has written every reason."""
    lines = ["    reason: accepted" if line == f"    {BLANK}" else line for line in text.split("\n")]
    return parse("\n".join(lines).encode("utf-8"), "draft.yml", TODAY)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answer.json"


def test_a_warning_that_blocked_gets_the_narrowest_rule(capsys: pytest.CaptureFixture[str]) -> None:
    out = suggested(capsys, DOCUMENTED, *CLUSTER)
    assert rules(out) == [
        {
            "risk": "AddonStatus",
            "addon": "coredns",
            "target-version": "==3.0.4",
            "cluster": CLUSTER[1],
            "type": "addonUpgrade",
            "message": r"^addon status\(abnormal\) is not running$",
            "reason": None,
            "expires": TODAY + timedelta(days=30),
        }
    ]
    assert "# message: addon status(abnormal) is not running" in out
    assert "better than a rule: Make every pod" in out
    assert "# - coredns, AddonValidate: Fatal is never allowed" in out


def test_a_draft_is_refused_until_a_person_writes_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    out = suggested(capsys, DOCUMENTED)
    with pytest.raises(PolicyError) as refused:
        parse(out.encode(), "draft.yml", TODAY)
    assert [fault.path for fault in refused.value.faults] == ["allow[0].reason"]
    assert len(filled_in(out).allow) == 1


def test_a_json_report_gives_the_same_rules_as_the_answer_that_it_is_about(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    assert run_here(["evaluate", str(DOCUMENTED), *CLUSTER, "--report", f"json={file}"]) == 1
    capsys.readouterr()
    from_report, from_answer = suggested(capsys, file), suggested(capsys, DOCUMENTED, *CLUSTER)
    assert from_report.splitlines()[2:] == from_answer.splitlines()[2:]


def test_a_report_that_does_not_say_its_cluster_is_completed_by_the_options(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    run_here(["evaluate", str(DOCUMENTED), "--report", f"json={file}"])
    capsys.readouterr()
    without = suggested(capsys, file)
    assert "cluster" not in rules(without)[0]
    assert "# cluster: left out, it is not known here; give --cluster-id" in without
    assert rules(suggested(capsys, file, "--cluster-name", "prod-1"))[0]["cluster"] == "prod-1"


def test_the_id_of_a_report_stands_whatever_the_options_say(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    run_here(["evaluate", str(DOCUMENTED), *CLUSTER, "--report", f"json={file}"])
    capsys.readouterr()
    assert rules(suggested(capsys, file, "--cluster-id", "other"))[0]["cluster"] == CLUSTER[1]


def test_the_name_of_the_cluster_tells_which_rules_hold_unless_the_id_is_of_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    rule = "{risk: AddonStatus, reason: fine, cluster: prod-1}"
    (tmp_path / "policy.yml").write_text(f"version: 1\nallow:\n  - {rule}\n")
    run_here(["evaluate", str(DOCUMENTED), *CLUSTER, "--report", f"json={file}"])
    capsys.readouterr()
    options = ("--policy", str(tmp_path / "policy.yml"), "--cluster-name", "prod-1")
    assert rules(suggested(capsys, file, *options)) == []
    assert len(rules(suggested(capsys, file, *options, "--cluster-id", "other"))) == 1


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.yml"
    path.write_text(
        "version: 1\n"
        "deny:\n  - {risk: Denied, reason: never here}\n"
        "allow:\n  - {risk: Listed, reason: fine}\n"
        "  - {risk: Late, reason: was fine, expires: 2020-01-01}\n"
    )
    return path


@pytest.mark.parametrize("by_report", [False, True])
def test_what_a_policy_already_decides_is_not_drafted(
    by_report: bool, policy: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(body(*(found(name) for name in ("Denied", "Listed", "Late", "New"))))
    if by_report:
        run_here(["evaluate", str(file), "--policy", str(policy), "--report", f"json={file}.report"])
        capsys.readouterr()
        out = suggested(capsys, Path(f"{file}.report"))
    else:
        out = suggested(capsys, file, "--policy", str(policy))
    assert [rule["risk"] for rule in rules(out)] == ["New"]
    flow = " ".join(out.replace("#", " ").split())
    assert f"coredns, Denied: denied by the policy: never here ({policy}:3)" in flow
    assert f"coredns, Late: its rule expired on 2020-01-01 ({policy}:6); extend that rule" in flow
    assert "coredns, Listed" not in out


def test_a_report_is_judged_again_under_the_policy_that_is_given(
    policy: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(body(found("Denied"), found("Listed")))
    run_here(["evaluate", str(file), "--report", f"json={file}.report"])
    capsys.readouterr()
    report = Path(f"{file}.report")
    assert [rule["risk"] for rule in rules(suggested(capsys, report))] == ["Denied", "Listed"]
    assert rules(suggested(capsys, report, "--policy", str(policy))) == []


def test_what_no_policy_could_allow_is_said_and_not_drafted(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    risks = [
        found("F", level="Fatal"),
        found("U", level="Notice"),
        found(None),
        found("R", status="Running"),
        found("Any*"),
    ]
    file.write_bytes(body(*risks))
    out = suggested(capsys, file)
    assert rules(out) == []
    assert out.startswith("# Drafted by cce-gate policy suggest on ")
    assert "# Nothing to draft: no Warning blocked that a policy could allow." in out
    flow = " ".join(out.replace("#", " ").split())
    for said in (
        "coredns, F: Fatal is never allowed",
        'coredns, U: its level is "Notice": only a Warning can be allowed',
        "coredns, a risk without a name: it has no name",
        "coredns, R: its status is Running: not an outcome",
        'coredns, "Any*": a policy can\'t name it:',
    ):
        assert said in flow
    filled_in(out)


def test_without_an_add_on_nothing_is_drafted(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(body(found(), addonTemplateName=None))
    out = suggested(capsys, file)
    assert rules(out) == []
    assert "the check names no add-on" in out


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (a_list(a_task()), "Nothing to draft"),
        (a_list(a_task("Running", [found()])), "coredns: not final (status Running)"),
        (a_list(a_task("Failed")), "none of them can be seen"),
        (a_list(), "no addonUpgrade check is listed"),
    ],
)
def test_nothing_to_draft_is_a_policy_that_allows_nothing(
    answer: bytes, said: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(answer)
    out = suggested(capsys, file)
    assert said in " ".join(out.replace("#", " ").split())
    assert filled_in(out).allow == ()
    assert "AddonStatus" not in out


def test_a_static_check_is_drafted_for_its_type(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(body(found(), version=None, type="addonStatic"))
    out = suggested(capsys, file)
    (rule,) = rules(out)
    assert rule["type"] == "addonStatic"
    assert "# target-version: left out, the check names no target version" in out


def test_the_same_warning_twice_gives_one_rule(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = a_task("Failed", [found()], addonInstanceID="other", taskID="other")
    file.write_bytes(a_list(a_task("Failed", [found(), found(), found(message="else")]), other))
    assert [rule["message"] for rule in rules(suggested(capsys, file))] == ["^it is not ready$", "^else$"]


@pytest.mark.parametrize(
    ("message", "why"),
    [("", "the risk has none"), ("x" * 201, "longer than 200"), ("a\nb", "more than one line")],
)
def test_a_message_that_no_rule_should_quote_is_left_out_with_why(
    message: str, why: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(body(found(message=message)))
    out = suggested(capsys, file)
    assert "message" not in rules(out)[0]
    assert "# message: left out, " in out
    assert why in out


@pytest.mark.parametrize("version", ["v1.30", "1.30.*", "1.30,>=1", "latest", "1.30.6+x", "1" * 200])
def test_a_version_that_a_policy_cannot_compare_is_left_out_with_why(
    version: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(body(found(), version=version))
    out = suggested(capsys, file)
    assert "target-version" not in rules(out)[0]
    assert "# target-version: left out," in out


@pytest.mark.parametrize("name", ["prod-*", "prod-?", "prod[1]"])
def test_a_cluster_whose_name_would_be_a_glob_is_not_named(
    name: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(body(found()))
    assert "cluster" not in rules(suggested(capsys, file, "--cluster-name", name))[0]
    assert rules(suggested(capsys, file, "--cluster-name", name, "--cluster-id", "6b"))[0]["cluster"] == "6b"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", 4),
        (b"<html></html>", 4),
        (b"[]", 4),
        (b'{"kind": "AddonCheck"}', 4),
        (b'{"schemaVersion": 2, "targets": []}', 2),
        (b'{"schemaVersion": 1}', 2),
        (b'{"schemaVersion": 1, "schemaVersion": 1}', 4),
        (b'{"errorCode": "CCE.01400001", "errorMessage": "no"}', 4),
    ],
)
def test_what_is_neither_a_report_nor_an_answer_ends_in_its_code(
    content: bytes, code: int, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(content)
    assert run_here(["policy", "suggest", str(file)]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [line.split(":")[0] for line in shown.err.splitlines()] == ["error", "hint"]


def test_a_file_or_a_policy_that_cannot_be_read_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    none = str(tmp_path / "none")
    assert run_here(["policy", "suggest", none]) == 2
    assert run_here(["policy", "suggest", str(DOCUMENTED), "--policy", none]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_the_installed_command_reads_standard_input_and_its_draft_can_be_saved_and_checked(
    arguments: list[str], tmp_path: Path
) -> None:
    ended = run("policy", "suggest", *arguments, stdin=body(found(message="插件状态异常")))
    assert (ended.code, ended.err) == (0, "")
    draft = tmp_path / "draft.yml"
    draft.write_text(ended.out, encoding="utf-8")
    assert run("policy", "check", str(draft)).code == 2
    draft.write_text(ended.out.replace(BLANK, "reason: accepted"), encoding="utf-8")
    assert run("policy", "check", str(draft)).code == 0


words = st.one_of(
    st.sampled_from(["AddonStatus", "coredns", "插件", "a b", "::error::x", "##[group]"]), hostile
)
messages = st.one_of(
    st.sampled_from(["##vso[x] it's (down)", "::error::a.b", "状态异常\u3000（1）", "\t$"]), hostile
)
versions = st.sampled_from(["1.30.6", "2.4.72-beta.1", "v1", "1.30.6 #", None, "1.30\n- risk: X"])
clusters = st.sampled_from([None, "6b400e1c", "prod 1", "::error::", "a\nb"])


@settings(max_examples=50)
@given(words, words, messages, versions, clusters)
@example("x\nallow:\n- risk: y", "coredns", "\n  - risk: y\n    reason: z", "1.30.6", "c")
@example("AddonStatus", BLANK, f"x\n    {BLANK}", "1.30.6", "c")
@example("AddonStatus", "coredns", "\u2028- risk: y\x85", "1.30.6", "c")
def test_whatever_the_api_says_a_filled_in_draft_allows_that_risk_and_no_other(
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    name: str,
    addon: str,
    message: str,
    version: str | None,
    cluster: str | None,
) -> None:
    file = tmp_path_factory.mktemp("answer") / "answer.json"
    content = body(found(name, message), version=version, addonTemplateName=addon)
    file.write_bytes(content)
    out = suggested(capsys, file, *(["--cluster-id", cluster] if cluster else []))
    drafted = rules(out)
    policy = filled_in(out)
    (task,) = parse_answer(content).tasks
    target = Target(cluster_id=cluster, cluster_name="its name")
    assert _allows(policy, task, target) is bool(drafted)
    for rule in drafted:
        assert rule["expires"] == TODAY + timedelta(days=30)
        assert not _allows(policy, replace(task, addon="another"), target)
        if "target-version" in rule:
            assert not _allows(policy, replace(task, target_version="1.30.7"), target)
        if "cluster" in rule:
            assert not _allows(policy, task, Target(cluster_id="another", cluster_name="its name"))
            assert not _allows(policy, task, Target())
        assert not _allows(policy, replace(task, type=CheckType.STATIC), target)
        if "message" in rule:
            for changed in ("another", f"{message} ", f" {message}", f"{message}\n"):
                assert not _allows(policy, _with(task, message=changed), target)
        assert not _allows(policy, _with(task, name=f"{name}2"), target)


def _with(task: Task, **fields: str) -> Task:
    return replace(task, risks=tuple(replace(risk, **fields) for risk in task.risks))  # type: ignore[arg-type]


def _allows(policy: Policy, task: Task, target: Target) -> bool:
    wanted = Wanted(task.type if isinstance(task.type, CheckType) else CheckType.UPGRADE)
    judgement = judge(Answer((task,)), wanted, policy, SystemClock().now(), target)
    (judged,) = judgement.tasks[0].risks
    return judged.decision is Decision.ALLOWED
