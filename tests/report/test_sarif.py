from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from gate.errors import ExitCode
from gate.model import (
    Decision,
    Instant,
    Policy,
    PolicyFile,
    PolicyReport,
    ProblemCode,
    Report,
    Status,
    Target,
    Verdict,
)
from gate.report import Style, renderer, sarif
from gate.report.findings import OWN, REMEDIES, findings_of, lines_of, to_notice

from .cases import (
    CASES,
    CLUSTER,
    allowed,
    blocked,
    error,
    fatal,
    fleet,
    interrupted,
    judged,
    of_target,
    ok,
    passes,
    report,
    rule,
    task,
    undecided,
    unlisted,
)
from .strategies import reports, whole_reports
from .test_escape import has_command


def filled(most: int | None = None) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, **({} if most is None else {"maxLength": most})}


def thing(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


POSITIVE = {"type": "integer", "minimum": 1}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
LEVEL = {"enum": ["error", "note"]}
RULE = thing(
    {
        "id": filled(255),
        "shortDescription": thing({"text": filled(1024)}),
        "fullDescription": thing({"text": filled(1024)}),
        "help": thing({"text": filled(), "markdown": filled()}),
        "defaultConfiguration": thing({"level": LEVEL}),
    },
    name=filled(255),
    helpUri={"type": "string", "pattern": "^https://"},
)
REGION = thing(dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), POSITIVE))
PLACE = thing({"artifactLocation": thing({"uri": filled()}), "region": REGION})
RESULT = thing(
    {
        "ruleId": filled(255),
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": thing({"text": filled()}),
        "locations": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": thing({"physicalLocation": PLACE}),
        },
        "partialFingerprints": thing({"primaryLocationLineHash": filled(), "cceGate/v1": filled()}),
    },
    suppressions={
        "type": "array",
        "items": thing(
            {
                "kind": {"const": "external"},
                "status": {"const": "accepted"},
                "justification": {"type": "string"},
            }
        ),
    },
)
NOTE = thing({"level": {"enum": ["note", "warning", "error"]}, "message": thing({"text": filled()})})
INVOCATION = thing(
    {
        "executionSuccessful": {"type": "boolean"},
        "exitCode": {"type": "integer"},
        "startTimeUtc": TIME,
        "endTimeUtc": TIME,
        "toolExecutionNotifications": {"type": "array", "minItems": 1, "items": NOTE},
    }
)
DRIVER = thing(
    {
        "name": {"const": "cce-gate"},
        "version": filled(),
        "rules": {"type": "array", "items": RULE, "maxItems": 25_000},
    }
)
RUN = thing(
    {
        "tool": thing({"driver": DRIVER}),
        "automationDetails": thing({"id": {"type": "string", "pattern": "^cce-gate/[^/]+/$"}}),
        "invocations": {"type": "array", "minItems": 1, "maxItems": 1, "items": INVOCATION},
        "columnKind": {"const": "unicodeCodePoints"},
        "results": {"type": "array", "items": RESULT, "maxItems": 5000},
    }
)
LOG = Draft202012Validator(
    thing(
        {
            "$schema": {"const": "https://json.schemastore.org/sarif-2.1.0.json"},
            "version": {"const": "2.1.0"},
            "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": RUN},
        }
    )
)
"""What code scanning asks for, and the part of SARIF 2.1.0 that is used; nothing else."""


def written_of(made: Report) -> str:
    return renderer("sarif")(made, Style())


def run_of(made: Report) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(written_of(made))["runs"][0]
    return run


def uris_of(made: Report) -> list[str]:
    return [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in run_of(made)["results"]
    ]


def under(path: str) -> Report:
    policy = PolicyReport(Policy(files=(PolicyFile(path, ""),)), unused=(), expired=())
    found = judged(Verdict.BLOCKED, "x", unlisted())
    return replace(report(of_target(Verdict.BLOCKED, "x", found)), policy=policy)


@pytest.mark.parametrize("name", CASES)
def test_a_known_report_has_the_form_that_code_scanning_wants(name: str) -> None:
    LOG.validate(json.loads(written_of(CASES[name]())))


@whole_reports
@given(reports())
def test_any_report_has_the_form_that_code_scanning_wants(made: Report) -> None:
    LOG.validate(json.loads(written_of(made)))
    run = run_of(made)
    rules = run["tool"]["driver"]["rules"]
    identities = [each["id"] for each in rules]
    assert len(set(identities)) == len(identities)
    assert all(each.get("name") != each["id"] for each in rules)
    for result in run["results"]:
        assert identities[result["ruleIndex"]] == result["ruleId"]
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


@whole_reports
@given(reports())
def test_an_error_is_there_exactly_where_the_run_does_not_exit_0(made: Report) -> None:
    run = run_of(made)
    errors = [result for result in run["results"] if result["level"] == "error"]
    assert bool(errors) is (made.exit_code != 0)
    assert all("suppressions" not in result for result in errors)
    assert run["invocations"][0]["exitCode"] == int(made.exit_code)


@whole_reports
@given(reports())
def test_hostile_text_is_held_whole_makes_no_link_and_commands_nothing(made: Report) -> None:
    written = written_of(made)
    written.encode()
    assert not has_command(written)
    for uri in uris_of(made):
        assert re.fullmatch(r"[A-Za-z0-9%._~/:-]+", uri)
        assert urlsplit(uri).scheme in ("", "file")
        assert not urlsplit(uri).netloc
    for finding, result in zip(to_notice(findings_of(made)), run_of(made)["results"], strict=True):
        text = result["message"]["text"]
        assert "](" not in text
        for line in lines_of(finding.message):
            assert line.strip(" ;").replace("](", "] (") in text


def test_what_is_allowed_is_a_suppressed_note_with_the_reason() -> None:
    (result,) = run_of(passes())["results"]
    assert result["level"] == "note"
    (suppression,) = result["suppressions"]
    assert suppression["justification"] == "Corefile is managed by the network team, carried over by inherit"
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["endLine"]) == (12, 12)


def test_foreign_text_makes_no_link() -> None:
    lure = "[see here](https://evil.example)"
    found = judged(Verdict.BLOCKED, "x", fatal(message=lure), allowed(rule(reason=lure)))
    written = written_of(report(of_target(Verdict.BLOCKED, "x", found)))
    assert "](" not in written
    assert written.count("[see here] (https://evil.example)") == 3


def test_what_is_ok_is_not_told_and_errors_come_first() -> None:
    found = judged(Verdict.BLOCKED, "x", ok("Fine"), allowed(rule()), fatal())
    results = run_of(report(of_target(Verdict.BLOCKED, "x", found)))["results"]
    assert [(result["ruleId"], result["level"]) for result in results] == [
        ("AddonValidate", "error"),
        ("K8sResourceModified", "note"),
    ]


def test_what_could_not_be_told_is_an_error() -> None:
    assert {result["level"] for result in run_of(undecided())["results"]} == {"error"}
    assert [result["ruleId"] for result in run_of(error())["results"]] == ["gate/api-error"]


def test_the_rules_are_the_same_in_every_run() -> None:
    rules = [run_of(CASES[name]())["tool"]["driver"]["rules"] for name in ("passes", "blocked", "error")]
    assert rules[0] == rules[1] == rules[2]


def test_every_check_of_the_gate_has_a_rule() -> None:
    assert {code.value for code in ProblemCode} | set(REMEDIES) <= set(sarif._KINDS)
    for make in CASES.values():
        for finding in findings_of(make()):
            assert not finding.check.startswith(OWN) or finding.check.removeprefix(OWN) in sarif._KINDS


def test_a_kind_without_words_of_its_own_still_has_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sarif._KINDS, "api-error")
    driver = run_of(error())["tool"]["driver"]
    assert driver["rules"][-1]["id"] == "gate/api-error"
    assert driver["rules"][-1]["shortDescription"]["text"] == "Api error."


def test_a_known_risk_is_explained_by_the_catalogue_and_an_unknown_one_honestly() -> None:
    found = judged(Verdict.BLOCKED, "x", fatal(), unlisted("Novel"), unlisted("odd one"))
    rules = {
        each["id"]: each
        for each in run_of(report(of_target(Verdict.BLOCKED, "x", found)))["tool"]["driver"]["rules"]
    }
    known = rules["AddonValidate"]
    assert known["shortDescription"]["text"] == "The upgrade's parameters are not accepted."
    assert "For coredns: If the Corefile" in known["help"]["markdown"]
    assert known["helpUri"] in known["help"]["markdown"]
    assert "not published" in rules["Novel"]["fullDescription"]["text"]
    odd = next(each for identity, each in rules.items() if identity.startswith("risk/"))
    assert odd["name"] == '"odd one"'


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("policies/prod.yml", "policies/prod.yml"),
        ("./prod.yml", "prod.yml"),
        ("../org/base line.yml", "../org/base%20line.yml"),
        ("a:b.yml", "a%3Ab.yml"),
        ("/etc/gate/prod.yml", "file:///etc/gate/prod.yml"),
        ("策略.yml", "%E7%AD%96%E7%95%A5.yml"),
        ("100%#?.yml", "100%25%23%3F.yml"),
        ("", "cce-gate-policy.yml"),
    ],
)
def test_the_path_of_the_policy_is_written_as_a_uri(path: str, uri: str) -> None:
    assert uris_of(under(path)) == [uri]
    assert not path or unquote(uri).endswith(path.removeprefix("./"))


def test_each_cluster_has_a_category_that_does_not_change_with_its_name() -> None:
    def category(*targets: Target) -> str:
        made = report(*(of_target(Verdict.UNDECIDED, "x", target=target) for target in targets))
        found: str = run_of(made)["automationDetails"]["id"]
        return found

    assert category(CLUSTER) == "cce-gate/6b400e1c-4368-11f0-ba56-0255ac100037/"
    assert category(replace(CLUSTER, cluster_name=None)) == category(CLUSTER)
    assert category(Target(source="a/b c.json")) == "cce-gate/a%2Fb%20c.json/"
    assert category(CLUSTER, Target(source="x")) == category() == "cce-gate/fleet/"


def test_a_fleet_is_one_run_that_tells_its_clusters_apart() -> None:
    texts = [result["message"]["text"] for result in run_of(fleet())["results"]]
    assert ["prod-1" in texts[0], "prod-3" in texts[1]] == [True, True]


def test_the_results_stay_the_same_when_only_the_time_moves_on() -> None:
    later = replace(blocked(), started=Instant(0), finished=Instant(1))
    assert run_of(later)["results"] == run_of(blocked())["results"]


def test_more_results_than_are_taken_are_left_out_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    run = run_of(blocked())
    assert [result["level"] for result in run["results"]] == ["error", "error"]
    assert (
        "1 more results are not in this file"
        in run["invocations"][0]["toolExecutionNotifications"][1]["message"]["text"]
    )


def test_the_run_says_how_it_ended() -> None:
    def end(made: Report) -> tuple[bool, int]:
        invocation = run_of(made)["invocations"][0]
        return invocation["executionSuccessful"], invocation["exitCode"]

    assert end(passes()) == (True, 0)
    assert end(blocked()) == (True, 1)
    assert end(undecided()) == (False, 3)
    assert end(interrupted()) == (False, ExitCode.SIGTERM)


def test_a_pass_without_exceptions_has_no_results() -> None:
    found = judged(Verdict.PASS, "no risk found", ok("AddonStatus"), of=task(status=Status.SUCCESS))
    made = report(of_target(Verdict.PASS, "x", found))
    assert run_of(made)["results"] == []
    assert not any(finding.decision is Decision.ALLOWED for finding in findings_of(made))


def test_rules_that_are_due_for_a_review_are_named() -> None:
    run = run_of(CASES["blocked"]())
    told = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert [text.partition(":")[0] for text in told[1:]] == ["expired", "ends soon", "unused"]
