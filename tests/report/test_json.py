from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given

from gate.model import Instant, Report, Target, Unknown, Verdict
from gate.report import Style, renderer

from .cases import CASES, blocked, hostile, judged, of_target, passes, report, task
from .strategies import reports, whole_reports
from .test_escape import has_command


def json_of(made: Report) -> str:
    return renderer("json")(made, Style())


def keys(value: object, path: str = "") -> dict[str, list[str]]:
    """The keys of each object by its path, in order."""
    if isinstance(value, list):
        return {where: found for item in value for where, found in keys(item, f"{path}[]").items()}
    if not isinstance(value, dict):
        return {}
    found = {path: list(value)}
    for key, item in value.items():
        found |= keys(item, f"{path}.{key}")
    return found


RULE = ["file", "line", "reason", "expires", "owner", "ticket", "effect", "risk", "addon"]
RULE += ["targetVersion", "cluster", "type", "message"]
TASK = [
    "taskId", "type", "addon", "addonInstanceName", "addonInstanceId", "targetVersion",
    "createdAt", "expiresAt", "status", "message", "verdict", "reason", "superseded", "risks",
]  # fmt: skip


def test_the_keys_are_those_of_the_contract_in_its_order() -> None:
    found = keys(json.loads(json_of(blocked())))
    assert found[""] == [
        "schemaVersion", "tool", "verdict", "exitCode", "startedAt", "finishedAt",
        "summary", "policy", "targets", "seal",
    ]  # fmt: skip
    assert found[".seal"] == ["digest", "signature"]
    assert found[".tool"] == ["name", "version"]
    assert found[".summary"] == ["targets", "tasks", "risks", "ok", "allowed", "blocked", "inconclusive"]
    assert found[".policy"] == [
        "files", "unused", "expired", "unusedKnown", "unseen", "expiring", "shadowed",
    ]  # fmt: skip
    assert found[".policy.files[]"] == ["path", "sha256"]
    assert found[".policy.expired[]"] == found[".policy.unused[]"] == RULE
    assert found[".targets[]"] == [
        "endpoint", "projectId", "clusterId", "clusterName", "verdict", "reason", "problems", "tasks",
        "evidence",
    ]  # fmt: skip
    assert found[".targets[].tasks[]"] == TASK
    assert found[".targets[].tasks[].risks[].rule"] == RULE
    risk = json.loads(json_of(blocked()))["targets"][0]["tasks"][0]["risks"][0]
    assert list(risk) == ["name", "level", "status", "message", "decision", "reason"]
    blocked_risk = json.loads(json_of(blocked()))["targets"][0]["tasks"][0]["risks"][1]
    assert list(blocked_risk)[-1] == "remedy"


def test_optional_keys_are_there_only_where_they_say_something() -> None:
    problem = json.loads(json_of(CASES["error"]()))["targets"][0]["problems"][0]
    assert list(problem) == ["code", "message", "hint", "verdict", "apiCode", "requestId"]
    problem = json.loads(json_of(CASES["undecided"]()))["targets"][0]["problems"][0]
    assert list(problem) == ["code", "message", "hint", "verdict"]
    saved = json.loads(json_of(report(of_target(Verdict.UNDECIDED, "x", target=Target(source="-")))))[
        "targets"
    ][0]
    assert (saved["endpoint"], saved["source"], "clusterName" in saved) == (None, "-", False)


@whole_reports
@given(reports())
def test_it_reads_back_as_exactly_the_texts_of_the_api(made: Report) -> None:
    read = json.loads(json_of(made))
    for target, shown in zip(made.targets, read["targets"], strict=True):
        assert shown["endpoint"] == target.target.endpoint
        assert shown["reason"] == target.judgement.reason
        for judged_task, task_shown in zip(target.judgement.tasks, shown["tasks"], strict=True):
            found = judged_task.task
            assert task_shown["addon"] == found.addon
            assert task_shown["message"] == found.message
            assert task_shown["createdAt"] == found.created.text
            assert [r["message"] for r in task_shown["risks"]] == [r.risk.message for r in judged_task.risks]
            assert [r["name"] for r in task_shown["risks"]] == [r.risk.name for r in judged_task.risks]
            for risk, risk_shown in zip(judged_task.risks, task_shown["risks"], strict=True):
                level = risk.risk.level
                assert risk_shown["level"] == (level.text if isinstance(level, Unknown) else level.value)


@whole_reports
@given(reports())
def test_the_written_bytes_neither_act_nor_command(made: Report) -> None:
    text = json_of(made)
    text.encode("utf-8")
    assert [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")] == []
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u200b\ufeff]", text)
    assert not has_command(text)
    assert not re.search(r'"\s*::', text)
    assert text.endswith("}\n")


def test_chinese_stays_readable() -> None:
    assert "插件状态（abnormal）异常：实例" in json_of(CASES["chinese"]())


def test_commands_are_escaped_only_where_they_are() -> None:
    text = json_of(hostile())
    assert r"\u0023#[error]stop \u0023#vso[task" in text
    assert r"\n\u003a:add-mask::secret" in text
    assert "name=x::1" in text


def test_summary_counts_only_what_decides() -> None:
    assert json.loads(json_of(passes()))["summary"] == {
        "targets": 1, "tasks": 1, "risks": 3, "ok": 2, "allowed": 1, "blocked": 0, "inconclusive": 0,
    }  # fmt: skip


def test_unused_that_is_not_known_is_an_empty_list_and_says_so() -> None:
    policy = json.loads(json_of(CASES["undecided"]()))["policy"]
    assert (policy["unused"], policy["unusedKnown"]) == ([], False)
    assert json.loads(json_of(blocked()))["policy"]["unusedKnown"] is True


def test_times_of_the_run_are_utc_with_milliseconds() -> None:
    made = replace(passes(), started=Instant(0), finished=Instant(1_755_055_812_345_999_999))
    read = json.loads(json_of(made))
    assert (read["startedAt"], read["finishedAt"]) == ("1970-01-01T00:00:00.000Z", "2025-08-13T03:30:12.345Z")


@pytest.mark.parametrize(("created", "shown"), [(Unknown("gestern"), "gestern"), (Unknown(), None)])
def test_a_time_that_cannot_be_read_keeps_its_text(created: Unknown, shown: str | None) -> None:
    odd = judged(Verdict.UNDECIDED, "x", of=task(created=created))
    read = json.loads(json_of(report(of_target(Verdict.UNDECIDED, "x", odd))))
    assert read["targets"][0]["tasks"][0]["createdAt"] == shown


def test_an_unknown_word_keeps_its_text_and_a_missing_one_is_null() -> None:
    odd = judged(Verdict.UNDECIDED, "x", of=task(type=Unknown("addonMagic"), status=Unknown()))
    read = json.loads(json_of(report(of_target(Verdict.UNDECIDED, "x", odd))))["targets"][0]["tasks"][0]
    assert (read["type"], read["status"]) == ("addonMagic", None)
