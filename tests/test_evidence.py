"""A report read back: judged again it comes to the same, and only a pass for exactly this is verified."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate import app, evidence
from gate.api.parse import parse_answer
from gate.errors import ApiError, ExitCode, Interrupted
from gate.evidence import Claim, Saved, Verification
from gate.model import (
    AddonRef,
    CheckType,
    Effect,
    Instant,
    Order,
    OrderedCheck,
    Policy,
    PolicyFile,
    Report,
    Rule,
    Schedule,
    Target,
    Verdict,
    Wanted,
)
from gate.pattern import Pattern
from gate.report import Style, sealed
from gate.report.json_report import render, with_seal, written
from gate.report.sealed import NotEvidence
from tests.builders import NOW
from tests.documents import a_list, a_task, created
from tests.fakes import Event, FakeClock, FakeObserver, always, one_after_another
from tests.test_app import ClusterSource

KEY = b"the secret of the pipeline"
CLUSTER = Target("https://cce.example.com", "project", "cluster", "prod-1")
DAY = Wanted(max_age=timedelta(hours=24))
SCHEDULE = Schedule(timeout=60, discovery_timeout=10)
FILE = PolicyFile("policy.yml", "0" * 64)
STATUS = Rule("policy.yml", 3, "AddonStatus", "accepted", addon="coredns", expires=date(2025, 10, 31))
MODIFIED = Rule("policy.yml", 7, "K8sResourceModified", "accepted", message=Pattern.parse("^configmap"))
POLICY = Policy((FILE,), (STATUS, MODIFIED))
OTHER = {
    "taskID": "task-2",
    "addonTemplateName": "everest",
    "addonInstanceName": "cceaddon-everest",
    "addonInstanceID": "everest-id",
}


def warning(name: str, message: str = "configmap modified") -> dict[str, object]:
    return {"riskName": name, "status": "Failed", "level": "Warning", "message": message}


def after(seconds: float) -> Instant:
    return Instant(NOW.nanoseconds + int(seconds * 1_000_000_000))


def checked(
    *events: Event | bytes, policy: Policy = POLICY, wanted: Wanted = DAY, target: Target = CLUSTER
) -> Report:
    clock = FakeClock()
    read = [parse_answer(each) if isinstance(each, bytes) else each for each in events]
    source = ClusterSource(clock, one_after_another(*read), target=target)
    question = app.Question(wanted, policy)
    return app.check(source, question, SCHEDULE, clock, always(0.5), FakeObserver())


def text_of(report: Report) -> bytes:
    return render(report, Style()).encode()


OLDER = a_task("Failed", [warning("Unlisted")], taskID="task-0", createTimeStamp=created(600))
PASSING = a_list(
    a_task("Failed", [warning("AddonStatus"), warning("K8sResourceModified")]),
    {**a_task("Success", **OTHER), "spec": {"addonTargetVersion": "2.4.72"}},
    OLDER,
)
BOTH = (AddonRef("coredns", "1.30.6"), AddonRef("cceaddon-everest", "2.4.72"))
CLAIM = Claim(addons=BOTH, max_age=1800, cluster_id="cluster")


@cache
def a_pass() -> bytes:
    """Two add-ons, two allowed Warnings, and an older check that is superseded."""
    made = checked(PASSING)
    assert made.verdict is Verdict.PASS
    return text_of(made)


def verified(
    data: bytes, key: bytes | None = None, now: Instant | None = None, **changes: Any
) -> Verification:
    return evidence.verify(data, key, replace(CLAIM, **changes), now or after(60))


def refusals(found: Verification) -> set[str]:
    assert found.exit_code != ExitCode.PASS
    assert all(each.hint for each in found.refused)
    return {each.what for each in found.refused}


def edited(change: Callable[[dict[str, Any]], object], data: bytes | None = None) -> bytes:
    """The report after `change`, by somebody who knows how digests are taken but not the key."""
    document = json.loads(data or a_pass())
    change(document)
    return written(with_seal(document, None)).encode("utf-8", "surrogatepass")


def again(data: bytes, policy: Policy = POLICY) -> Report:
    record = evidence.read(data, None)
    clock = FakeClock(elapsed=10**6)
    saved = [Saved(Target(source="report.json"), record)]
    return evidence.evaluate(saved, app.Question(Wanted(), policy), clock)


# --- judged again


STATUSES = st.sampled_from(["Success", "Success", "Failed", "Failed", "Running", "Odd", None])
RISK = st.fixed_dictionaries(
    {
        "riskName": st.sampled_from(["AddonStatus", "K8sResourceModified", "Unlisted", None]),
        "status": STATUSES,
        "level": st.sampled_from(["Warning", "Warning", "Fatal", "Odd", None]),
        "message": st.sampled_from(
            ["", "configmap modified", "配置", "\u202e::error::\n##[x]", {"values": 1}]
        ),
    }
)
MOMENTS = st.sampled_from([created(60), created(90_000), created(-3600), "gestern", None])


@st.composite
def tasks(draw: st.DrawFn) -> dict[str, object]:
    item = a_task(
        draw(STATUSES),
        draw(st.lists(RISK, max_size=2)),
        draw(st.sampled_from(["inside status", "beside status", "both"])),
        taskID=draw(st.sampled_from(["task-1", "task-2", None])),
        addonTemplateName=draw(st.sampled_from(["coredns", "everest", None])),
        addonInstanceID=draw(st.sampled_from(["id-1", "id-2", None])),
        type=draw(st.sampled_from(["addonUpgrade", "addonUpgrade", "addonStatic", None])),
        createTimeStamp=draw(MOMENTS),
        expireTimeStamp=draw(st.sampled_from([None, created(-600), created(600), "never"])),
    )
    version = draw(st.sampled_from(["1.30.6", "2.4.72", None]))
    return {**item, "spec": {"addonTargetVersion": version, "values": {"password": "x"}}}


ORDERS = st.sampled_from(
    [None, Order((OrderedCheck("coredns", "id-1", "1.30.6"),), after(-100.123456789), frozenset({"task-2"}))]
)
WANTED = st.builds(
    Wanted,
    type=st.sampled_from(list(CheckType)),
    task_ids=st.sampled_from([(), ("task-1",), ("task-1", "task-2")]),
    addons=st.sampled_from([(), (AddonRef("coredns"),), BOTH]),
    max_age=st.sampled_from([None, timedelta(hours=24), timedelta(milliseconds=200)]),
    order=ORDERS,
)
EVENTS = st.one_of(
    st.lists(tasks(), max_size=3).map(lambda items: parse_answer(a_list(*items))),
    st.lists(tasks(), min_size=1, max_size=2).map(lambda items: parse_answer(a_list(*items))),
    st.just(ApiError("refused", "log in", status=401, code="APIGW.0301", request_id="r-1")),
    st.just(ApiError("busy", "wait", transient=True, status=503)),
    st.sampled_from([Interrupted("SIGINT", ExitCode.SIGINT), Interrupted("SIGTERM", ExitCode.SIGTERM)]),
)
DENY = Rule("policy.yml", 9, "Unlisted", "never", effect=Effect.DENY)
POLICIES = st.sampled_from(
    [POLICY, Policy(), Policy((FILE,), (replace(STATUS, expires=date(2025, 10, 8)), MODIFIED), (DENY,))]
)


def decisions(report: Report) -> list[object]:
    """What the JSON report says was decided."""
    document = json.loads(render(report, Style()))
    return [
        [target["verdict"], target["reason"], target["problems"], target["tasks"]]
        for target in document["targets"]
    ]


@settings(max_examples=30)
@given(st.lists(EVENTS, min_size=1, max_size=3), WANTED, POLICIES)
def test_a_report_that_is_judged_again_comes_to_the_same(
    events: list[Event], wanted: Wanted, policy: Policy
) -> None:
    made = checked(*events, policy=policy, wanted=wanted)
    repeated = again(text_of(made), policy)
    assert (repeated.verdict, repeated.exit_code) == (made.verdict, made.exit_code)
    assert decisions(repeated) == decisions(made)
    assert decisions(again(text_of(repeated), policy)) == decisions(made)


def test_a_run_that_a_signal_ended_while_it_was_told_stays_undecided() -> None:
    stopped = replace(checked(PASSING), verdict=Verdict.UNDECIDED, exit_code=ExitCode.SIGTERM)
    assert again(text_of(stopped)).verdict is Verdict.UNDECIDED
    assert again(text_of(stopped)).exit_code == ExitCode.SIGTERM


def test_a_report_under_another_policy_comes_to_what_that_policy_says() -> None:
    assert again(a_pass()).verdict is Verdict.PASS
    assert again(a_pass(), Policy()).verdict is Verdict.BLOCKED


def test_the_worst_of_reports_and_answers_holds() -> None:
    record = evidence.read(a_pass(), None)
    saved = [Saved(Target(), record), Saved(Target(source="a"), parse_answer(a_list(a_task("Running"))))]
    report = evidence.evaluate(saved, app.Question(Wanted(), POLICY), FakeClock())
    assert (report.verdict, len(report.targets), report.max_age_checked) == (Verdict.UNDECIDED, 2, False)
    assert evidence.evaluate([], app.Question(Wanted(), POLICY), FakeClock()).verdict is Verdict.UNDECIDED


def test_the_moment_and_the_question_read_back_to_the_nanosecond() -> None:
    order = Order((OrderedCheck("coredns", "id", "1.30.6"),), after(-1.000000001), frozenset({"b", "a"}))
    wanted = Wanted(CheckType.UPGRADE, ("t",), BOTH, timedelta(milliseconds=200), order)
    record = evidence.read(text_of(checked(PASSING, wanted=wanted)), None)
    basis = record.targets[0].basis
    assert basis is not None
    assert (basis.wanted, basis.at.nanoseconds % 10**9) == (wanted, basis.at.nanoseconds % 10**9)
    assert basis.answer == parse_answer(PASSING)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [found for key in keys for found in ((*path, key), *leaves(value[key], (*path, key)))]


NULLABLE = {"endpoint", "projectId", "clusterId", "maxAge", "order", "evidence"}
TEXTS = {"endpoint", "projectId", "clusterId"}
NOT_READ = {"tool", "summary", "reason", "seal", "tasks"}


def is_read(path: tuple[Any, ...]) -> bool:
    """Whether it takes this value to judge again; what was made of it is held against the judgement later."""
    if NOT_READ & set(path) or path == ("targets", 0, "verdict"):
        return False
    return ("policy" not in path or "files" in path) and ("answer" not in path or path[-1] == "answer")


def may_be(key: object, value: object) -> bool:
    return (
        (value is None and key in NULLABLE)
        or (value == 7 and key == "maxAge")
        or (isinstance(value, str) and key in TEXTS)
    )


def test_nothing_of_the_evidence_may_be_missing_or_of_another_kind() -> None:
    order = Order((OrderedCheck("coredns", "id", "1.30.6"),), after(-1), frozenset({"a"}))
    wanted = replace(DAY, order=order, task_ids=("x",))
    document = json.loads(text_of(checked(PASSING, ApiError("refused", "log in"), wanted=wanted)))
    wrongs: tuple[Any, ...] = (None, 7, "7", [7], {"x": 7}, ...)
    for path, wrong in product(filter(is_read, leaves(document)), wrongs):
        broken = copy.deepcopy(document)
        holder, key = broken, path[-1]
        for step in path[:-1]:
            holder = holder[step]
        if type(holder[key]) is type(wrong) or may_be(key, wrong):
            continue
        holder[key] = wrong
        if wrong is ...:
            if isinstance(holder, list) or key == "clusterName":
                continue
            del holder[key]
        with pytest.raises(NotEvidence):
            evidence.read(written(with_seal(broken, None)).encode(), None)


# --- verified


def test_a_pass_for_exactly_this_is_verified_with_and_without_key_and_policy() -> None:
    signed = sealed.signed(a_pass().decode(), KEY).encode()
    for found in (
        verified(a_pass()),
        verified(a_pass(), policy=POLICY, cluster_name="prod-1", project_id="project"),
        verified(a_pass(), cluster_id=None, cluster_name="prod-1"),
        verified(signed, KEY),
        verified(signed, KEY, policy=POLICY),
        verified(a_pass(), policy=replace(POLICY, files=(PolicyFile("elsewhere/policy.yml", "0" * 64),))),
        verified(a_pass(), now=after(-30)),
        verified(a_pass(), addons=(AddonRef("cceaddon-coredns", "1.30.6"), AddonRef("everest-id", "2.4.72"))),
    ):
        assert (found.exit_code, found.refused) == (ExitCode.PASS, ())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"cluster_id": "another"}, "cluster ID"),
        ({"cluster_name": "prod-2"}, "cluster name"),
        ({"project_id": "another"}, "project ID"),
        ({"cluster_id": None}, "cluster"),
        ({"addons": (AddonRef("coredns", "1.30.7"), BOTH[1])}, "add-ons"),
        ({"addons": BOTH[:1]}, "add-ons"),
        ({"addons": BOTH[1:]}, "add-ons"),
        ({"addons": (*BOTH, AddonRef("autoscaler", "1.0"))}, "add-ons"),
        ({"addons": ()}, "add-ons"),
        ({"addons": (AddonRef("coredns"), BOTH[1])}, "add-ons"),
        ({"type": CheckType.STATIC}, "type of check"),
        ({"max_age": 59.0}, "age"),
        ({"now": after(1801)}, "age"),
        ({"now": after(-61)}, "age"),
        ({"policy": Policy()}, "policy"),
        ({"policy": replace(POLICY, files=(FILE, FILE))}, "policy"),
        ({"policy": replace(POLICY, files=(PolicyFile("policy.yml", "1" * 64),))}, "policy"),
    ],
)
def test_another_upgrade_an_older_report_or_another_policy_is_refused(
    changes: dict[str, Any], why: str
) -> None:
    found = verified(a_pass(), **changes)
    assert why in refusals(found)
    assert found.exit_code == ExitCode.UNDECIDED


def test_a_clock_that_went_back_is_told_apart_from_age() -> None:
    (refused,) = verified(a_pass(), now=after(-3600)).refused
    assert "future" in refused.found
    assert "clock went back" in refused.hint


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ((a_list(a_task("Failed", [warning("Unlisted")])),), 1),
        ((a_list(a_task("Running")),), 3),
        ((a_list(a_task("Running")), Interrupted("SIGTERM", ExitCode.SIGTERM)), 3),
        ((ApiError("refused", "log in"),), 4),
    ],
)
def test_a_report_that_is_closed_itself_gives_its_own_category(
    events: tuple[Event | bytes], code: int
) -> None:
    found = verified(text_of(checked(*events)))
    assert "verdict" in refusals(found)
    assert found.exit_code == code


def test_what_held_then_has_to_hold_now() -> None:
    late = date(2025, 10, 9)
    ending = Policy((FILE,), (replace(STATUS, expires=late), MODIFIED))
    data = text_of(checked(PASSING, policy=ending))
    tomorrow = Instant.at(1_760_000_000 + 86_400)
    assert verified(data).exit_code == ExitCode.PASS
    for compared in (None, ending):
        found = verified(data, now=tomorrow, max_age=10**6, policy=compared)
        assert refusals(found) == {"judged again, as of now"}
    expiring = a_list(a_task(expireTimeStamp=created(-120)))
    data = text_of(checked(expiring))
    assert verified(data, addons=BOTH[:1]).exit_code == ExitCode.PASS
    assert refusals(verified(data, addons=BOTH[:1], now=after(130))) == {"judged again, as of now"}


def test_a_saved_answer_is_no_evidence_of_freshness() -> None:
    saved = app.evaluate(
        [(replace(CLUSTER, source="a.json", endpoint=None), parse_answer(PASSING))],
        app.Question(DAY, POLICY),
        FakeClock(),
    )
    assert saved.verdict is Verdict.PASS
    assert refusals(verified(text_of(saved))) == {"judged"}
    assert "judged" in refusals(verified(text_of(again(a_pass()))))


def _first(document: dict[str, Any]) -> dict[str, Any]:
    task: dict[str, Any] = document["targets"][0]["tasks"][0]
    return task


def _other_answer(document: dict[str, Any]) -> None:
    other = json.loads(text_of(checked(a_list(a_task("Success")))))
    document["targets"][0]["evidence"] = other["targets"][0]["evidence"]


def _exchange_rules(document: dict[str, Any]) -> None:
    one, other = _first(document)["risks"][:2]
    one["rule"], other["rule"] = other["rule"], one["rule"]


def _twice(document: dict[str, Any]) -> None:
    document["targets"] *= 2
    document["summary"] = {name: 2 * number for name, number in document["summary"].items()}


def _opened(document: dict[str, Any]) -> None:
    """A block that is made to look like a pass, but for its answer."""
    passing = json.loads(a_pass())
    for key in ("verdict", "exitCode", "summary"):
        document[key] = passing[key]
    kept = document["targets"][0]["evidence"]
    document["targets"] = passing["targets"]
    document["targets"][0]["evidence"] = kept


EDITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a task dropped": lambda d: d["targets"][0]["tasks"].pop(0),
    "a superseded task dropped": lambda d: d["targets"][0]["tasks"].pop(),
    "a task doubled": lambda d: d["targets"][0]["tasks"].append(copy.deepcopy(_first(d))),
    "a task superseded": lambda d: _first(d).update(superseded=True),
    "an older task brought back": lambda d: d["targets"][0]["tasks"][2].update(superseded=False),
    "superseded as a number": lambda d: _first(d).update(superseded=0),
    "a level": lambda d: _first(d)["risks"][0].update(level="Fatal"),
    "a status": lambda d: _first(d)["risks"][0].update(status="Success"),
    "a decision": lambda d: _first(d)["risks"][0].update(decision="ok"),
    "a risk dropped": lambda d: _first(d)["risks"].pop(),
    "a message": lambda d: _first(d)["risks"][0].update(message="nothing"),
    "a version": lambda d: _first(d).update(targetVersion="1.30.7"),
    "a task's verdict": lambda d: _first(d).update(verdict="blocked"),
    "the target's verdict": lambda d: d["targets"][0].update(verdict="undecided"),
    "a count": lambda d: d["summary"].update(allowed=0),
    "the exit code": lambda d: d.update(exitCode=1),
    "a problem more": lambda d: d["targets"][0]["problems"].append(
        {"code": "timed-out", "message": "m", "hint": "h", "verdict": "undecided"}
    ),
    "a target twice": lambda d: d["targets"].append(copy.deepcopy(d["targets"][0])),
    "a target twice, and counted": _twice,
    "no target": lambda d: d["targets"].clear(),
    "a saved answer": lambda d: d["targets"][0].update(source="a.json"),
    "no endpoint": lambda d: d["targets"][0].update(endpoint=None),
    "no evidence": lambda d: d["targets"][0].update(evidence=None),
    "another answer": _other_answer,
    "another type asked": lambda d: d["targets"][0]["evidence"]["asked"].update(type="addonStatic"),
    "another add-on asked": lambda d: d["targets"][0]["evidence"]["asked"].update(addons=["autoscaler"]),
    "judged before the start": lambda d: d.update(startedAt="2099-01-01T00:00:00.000Z"),
    "judged after the end": lambda d: d.update(finishedAt="2025-10-09T08:53:19.000Z"),
    "judged later": lambda d: d["targets"][0]["evidence"].update(judgedAt="2025-10-09T08:54:00.000000000Z"),
    "judged in the year 0": lambda d: d["targets"][0]["evidence"].update(judgedAt="0001-01-01T00:00:00Z"),
    "judged at the end of time": lambda d: d.update(finishedAt="9999-12-31T23:59:59.999Z"),
    "a rule dropped": lambda d: _first(d)["risks"][0].pop("rule"),
    "a rule for another risk": lambda d: _first(d)["risks"][0]["rule"].update(risk="Other"),
    "a rule for another add-on": lambda d: _first(d)["risks"][0]["rule"].update(addon="everest"),
    "a rule for another message": lambda d: _first(d)["risks"][1]["rule"].update(message="down"),
    "a rule that ended": lambda d: _first(d)["risks"][0]["rule"].update(expires="2025-10-08"),
    "a rule of another file": lambda d: _first(d)["risks"][0]["rule"].update(file="other.yml"),
    "a rule of deny": lambda d: _first(d)["risks"][0]["rule"].update(effect="deny"),
    "a rule exchanged": lambda d: _first(d)["risks"][0].update(rule=_first(d)["risks"][1]["rule"]),
    "two rules exchanged": _exchange_rules,
    "a rule with a pattern that is none": lambda d: _first(d)["risks"][0]["rule"].update(message="("),
    "a rule with versions that are none": lambda d: _first(d)["risks"][0]["rule"].update(targetVersion=">"),
}


@pytest.mark.parametrize("given_policy", [None, POLICY], ids=["without policy", "with policy"])
@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS)
def test_an_edit_with_its_digest_counted_again_is_refused(
    change: Callable[[dict[str, Any]], object], given_policy: Policy | None
) -> None:
    assert edited(lambda _: None) == a_pass()
    assert refusals(verified(edited(change), policy=given_policy))
    assert refusals(verified(edited(change), KEY)) == {"report"}


@pytest.mark.parametrize("edit", ["a rule of another file", "a rule of deny"])
def test_a_rule_that_can_be_none_of_the_policy_is_named(edit: str) -> None:
    assert refusals(verified(edited(EDITS[edit]))) == {"rules"}


def test_a_widened_rule_is_refused_where_the_policy_or_the_key_is_given() -> None:
    widened = edited(lambda d: _first(d)["risks"][0]["rule"].update(addon=None, expires=None))
    assert verified(widened).exit_code == ExitCode.PASS
    assert refusals(verified(widened, policy=POLICY)) == {"judged again, as of then"}
    assert refusals(verified(widened, KEY)) == {"report"}


def test_a_block_that_is_dressed_up_as_a_pass_is_refused() -> None:
    for body in (
        a_list(a_task("Failed", [warning("Unlisted")])),
        a_list(a_task("Running")),
        a_list(a_task("Failed", [{**warning("AddonStatus"), "level": "Fatal"}])),
    ):
        data = edited(_opened, text_of(checked(body)))
        assert "judged again, as of then" in refusals(verified(data))


def test_the_answer_itself_edited_is_refused_by_its_own_digest() -> None:
    def hide(document: dict[str, Any]) -> None:
        document["targets"][0]["evidence"]["answer"]["items"].pop()

    assert refusals(verified(edited(hide))) == {"report"}


def test_an_order_that_is_edited_is_refused_where_there_is_a_key() -> None:
    order = Order((OrderedCheck("coredns", "id", "1.30.6"),), after(-100), frozenset({"old"}))
    signed = sealed.signed(text_of(checked(PASSING, wanted=replace(DAY, order=order))).decode(), KEY)
    emptied = edited(
        lambda d: d["targets"][0]["evidence"]["asked"]["order"].update(earlier=[]), signed.encode()
    )
    assert refusals(verified(emptied, KEY)) == {"report"}


def test_every_changed_inserted_or_deleted_byte_is_refused() -> None:
    signed = sealed.signed(text_of(checked(a_list(a_task()), policy=Policy())).decode(), KEY).encode()
    assert verified(signed, KEY, addons=BOTH[:1]).exit_code == ExitCode.PASS
    for at in range(len(signed)):
        changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        inserted = signed[:at] + b" " + signed[at:]
        deleted = signed[:at] + signed[at + 1 :]
        for data in (changed, inserted if at % 2 else deleted):
            assert refusals(verified(data, KEY)) == {"report"}


def test_a_key_twice_in_the_json_is_refused() -> None:
    text = a_pass().decode()
    assert refusals(verified(text.replace("{\n", '{\n  "verdict": "blocked",\n', 1).encode())) == {"report"}


@settings(max_examples=50)
@given(st.integers(0, len(PASSING)), st.binary(max_size=6), st.integers(0, 40))
def test_no_damage_is_more_than_refused(at: int, put: bytes, removed: int) -> None:
    data = a_pass()[:at] + put + a_pass()[at + removed :]
    assert data == a_pass() or refusals(verified(data)) == {"report"}


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=50)
@given(st.data())
def test_any_json_in_any_place_is_a_verdict_and_never_a_crash(data: st.DataObject) -> None:
    document = json.loads(a_pass())
    path = data.draw(st.sampled_from(leaves(document)))
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    before = holder[path[-1]]
    holder[path[-1]] = data.draw(ANY)
    found = verified(written(with_seal(document, None)).encode("utf-8", "surrogatepass"))
    harmless = {"reason", "tool", "file", "path", "clusterName", "projectId", "endpoint", "policy", "rule"}
    if holder[path[-1]] != before and not harmless & set(map(str, path)) and "seal" not in path:
        assert found.exit_code != ExitCode.PASS or "evidence" in path


@given(st.binary(max_size=60) | ANY.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_refused(data: bytes) -> None:
    assert refusals(verified(data)) == {"report"}
