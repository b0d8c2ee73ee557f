from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from gate.model import AddonRef, CheckType, Instant, Order, OrderedCheck, Report, Wanted
from gate.report import Style
from gate.report.json_report import document, render
from tests.test_evidence import PASSING, checked

from .cases import CASES
from .strategies import reports, whole_reports

SCHEMA: dict[str, Any] = json.loads(files("gate.report").joinpath("report-v1.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
Json = dict[str, Any]


def objects(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from objects(item)


def closed(schema: Json) -> Json:
    """The schema with no room for keys that it does not describe."""
    tight = copy.deepcopy(schema)
    for node in objects(tight):
        if "additionalProperties" in node:
            node["additionalProperties"] = False
    return tight


TIGHT = Draft202012Validator(closed(SCHEMA))


def test_the_schema_is_a_valid_one_of_its_draft() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@whole_reports
@given(reports())
def test_every_report_keeps_the_schema_and_has_no_key_that_it_does_not_describe(made: Report) -> None:
    read = json.loads(render(made, Style()))
    assert [error.message for error in VALIDATOR.iter_errors(read)] == []
    assert [error.message for error in TIGHT.iter_errors(read)] == []


@pytest.mark.parametrize("name", CASES)
def test_every_example_keeps_the_schema(name: str) -> None:
    assert [error.message for error in TIGHT.iter_errors(document(CASES[name]()))] == []


def test_a_report_with_its_evidence_keeps_the_schema() -> None:
    order = Order((OrderedCheck("coredns", "id", "1.30.6"),), Instant(1), frozenset({"a"}))
    asked = Wanted(task_ids=("t",), addons=(AddonRef("coredns", "1.30.6"),), order=order)
    for wanted in (asked, Wanted(max_age=timedelta(milliseconds=200)), Wanted(CheckType.STATIC)):
        read = document(checked(PASSING, wanted=wanted))
        assert read["targets"][0]["evidence"]["answer"]["kind"] == "AddonCheck"
        assert [error.message for error in TIGHT.iter_errors(read)] == []


def test_every_key_is_described() -> None:
    with_keys = [node for node in objects(SCHEMA) if "additionalProperties" in node]
    assert len(with_keys) > 8
    for node in with_keys:
        for key, value in node["properties"].items():
            assert value.get("description"), key


def test_a_later_gate_may_add_keys() -> None:
    read = document(CASES["blocked"]())
    read["new"] = read["targets"][0]["new"] = read["targets"][0]["tasks"][0]["risks"][0]["new"] = {
        "any": "thing"
    }
    assert VALIDATOR.is_valid(read)


def task_of(read: Json) -> Json:
    found: Json = read["targets"][0]["tasks"][0]
    return found


def risk_of(read: Json, decision: str) -> Json:
    found: Json = next(risk for risk in task_of(read)["risks"] if risk["decision"] == decision)
    return found


Mutation = Callable[[Json], object]

ON_A_PASS: dict[str, Mutation] = {
    "no verdict": lambda r: r.pop("verdict"),
    "a verdict in capitals": lambda r: r.update(verdict="PASS"),
    "a pass that does not exit 0": lambda r: r.update(exitCode=1),
    "an exit code as text": lambda r: r.update(exitCode="0"),
    "an exit code that does not exist": lambda r: r.update(exitCode=5),
    "another version of the contract": lambda r: r.update(schemaVersion=2),
    "a version as text": lambda r: r.update(schemaVersion="1"),
    "a pass of no target": lambda r: r.update(targets=[]),
    "a pass of no task": lambda r: r["targets"][0].update(tasks=[]),
    "a pass of superseded tasks only": lambda r: task_of(r).update(superseded=True, verdict="undecided"),
    "a pass over a target that is blocked": lambda r: r["targets"][0].update(verdict="blocked"),
    "a pass over a task that is blocked": lambda r: task_of(r).update(verdict="blocked"),
    "a pass over a problem": lambda r: r["targets"][0]["problems"].append(
        {"code": "timed-out", "message": "m", "hint": "h"}
    ),
    "a pass over a blocked risk": lambda r: risk_of(r, "ok").update(decision="blocked", status="Failed"),
    "a pass over an inconclusive risk": lambda r: risk_of(r, "ok").update(decision="inconclusive"),
    "a pass of a task that runs": lambda r: task_of(r).update(status="Running"),
    "a pass that counts a blocked risk": lambda r: r["summary"].update(blocked=1),
    "a pass that counts no task": lambda r: r["summary"].update(tasks=0),
    "an allowed Fatal": lambda r: risk_of(r, "allowed").update(level="Fatal"),
    "an allowed risk of unknown level": lambda r: risk_of(r, "allowed").update(level=None),
    "an allowed risk without a rule": lambda r: risk_of(r, "allowed").pop("rule"),
    "an allowed risk without a name": lambda r: risk_of(r, "allowed").update(name=None),
    "an ok risk that failed": lambda r: risk_of(r, "ok").update(status="Failed"),
    "a rule without its place": lambda r: risk_of(r, "allowed")["rule"].pop("line"),
    "a rule that ends in words": lambda r: risk_of(r, "allowed")["rule"].update(expires="next year"),
    "no word on supersession": lambda r: task_of(r).pop("superseded"),
    "a superseded word": lambda r: task_of(r).update(superseded="no"),
    "a message that is null": lambda r: task_of(r).update(message=None),
    "no createdAt": lambda r: task_of(r).pop("createdAt"),
    "a time without milliseconds": lambda r: r.update(startedAt="2025-08-13T03:27:02Z"),
    "a time in another zone": lambda r: r.update(finishedAt="2025-08-13T11:27:02.000+08:00"),
    "a digest that is none": lambda r: r["policy"]["files"][0].update(sha256="?"),
    "unused rules that nobody can know": lambda r: r["policy"].update(
        unused=[risk_of(r, "allowed")["rule"]], unusedKnown=False
    ),
    "no word on what unused means": lambda r: r["policy"].pop("unusedKnown"),
    "a negative count": lambda r: r["summary"].update(ok=-1),
    "a count that is missing": lambda r: r["summary"].pop("inconclusive"),
    "no seal": lambda r: r.pop("seal"),
    "a seal with more to say": lambda r: r["seal"].update(more=1),
    "a signature that is none": lambda r: r["seal"].update(signature="x"),
    "no word on evidence": lambda r: r["targets"][0].pop("evidence"),
    "another tool": lambda r: r["tool"].update(name="other"),
    "a tool with more to say": lambda r: r["tool"].update(more="x"),
    "a policy file with more to say": lambda r: r["policy"]["files"][0].update(more="x"),
    "a decision that does not exist": lambda r: risk_of(r, "ok").update(decision="fine"),
    "targets as an object": lambda r: r.update(targets={}),
    "a cluster that is a number": lambda r: r["targets"][0].update(clusterId=1),
}
ON_A_BLOCK: dict[str, Mutation] = {
    "a block that exits 0": lambda r: r.update(exitCode=0),
    "a block that exits 3": lambda r: r.update(exitCode=3),
    "a verdict turned to pass": lambda r: r.update(verdict="pass", exitCode=0),
    "a target turned to pass": lambda r: r["targets"][0].update(verdict="pass"),
    "a task turned to pass": lambda r: task_of(r).update(verdict="pass"),
    "a risk turned to allowed": lambda r: risk_of(r, "blocked").update(decision="allowed"),
    "a risk turned to ok": lambda r: risk_of(r, "blocked").update(decision="ok"),
}
ON_AN_ERROR: dict[str, Mutation] = {
    "a problem without a hint": lambda r: r["targets"][0]["problems"][0].pop("hint"),
    "a problem of unknown kind": lambda r: r["targets"][0]["problems"][0].update(code="oops"),
    "a request ID that is null": lambda r: r["targets"][0]["problems"][0].update(requestId=None),
    "a problem that would pass": lambda r: r["targets"][0]["problems"][0].update(verdict="pass"),
    "a problem without its verdict": lambda r: r["targets"][0]["problems"][0].pop("verdict"),
    "an error that exits 0": lambda r: r.update(exitCode=0),
}
MUTATIONS = [
    (case, what, mutate)
    for case, mutations in (("passes", ON_A_PASS), ("blocked", ON_A_BLOCK), ("error", ON_AN_ERROR))
    for what, mutate in mutations.items()
]


@pytest.mark.parametrize(
    ("case", "mutate"), [(c, m) for c, _, m in MUTATIONS], ids=[w for _, w, _ in MUTATIONS]
)
def test_the_schema_refuses(case: str, mutate: Mutation) -> None:
    read = document(CASES[case]())
    assert VALIDATOR.is_valid(read)
    mutate(read)
    assert not VALIDATOR.is_valid(read)
