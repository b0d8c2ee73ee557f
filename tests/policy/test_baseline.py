"""A baseline holds, whatever files stand beside it and in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.judge import judge
from gate.model import Decision, Effect, Policy, Rule, Target, Task, Verdict
from gate.policy.load import PolicyError, load, parse
from tests.builders import NOW, TODAY, WANTED, answer, failed, task
from tests.policy import written

RISKS = st.sampled_from(["AddonStatus", "K8sResourceModified", "NodeVersion"])
TARGET = Target(cluster_id="6b400e1c", cluster_name="prod-1")
FITTING: dict[str, st.SearchStrategy[Any]] = {
    "addon": st.sampled_from(["coredns", "everest"]),
    "target-version": st.sampled_from([">=1.30", "==1.30.6", "<1.30"]),
    "cluster": st.sampled_from(["prod-*", "6b400e1c", ["dev", "prod-1"], "dev-*"]),
    "type": st.sampled_from(["addonUpgrade", "addonStatic"]),
    "message": st.sampled_from(["abnormal", "running$", "other"]),
}
"""Narrowings that often fit the tasks below."""
DENY = st.fixed_dictionaries({"risk": RISKS, "reason": st.just("the baseline says so")}, optional=FITTING)
EXPIRES = st.integers(-3, 30).map(lambda days: (TODAY + timedelta(days)).isoformat())
ALLOW = st.fixed_dictionaries(
    {"risk": RISKS, "reason": st.just("accepted")},
    optional={**FITTING, "expires": EXPIRES, "owner": st.just("us"), "ticket": st.just("NET-1")},
)
COMPLETE = st.fixed_dictionaries(
    {"risk": RISKS, "reason": st.just("accepted"), "expires": EXPIRES, "owner": st.just("us")},
    optional=FITTING,
)
OTHERS = st.lists(
    st.fixed_dictionaries(
        {"version": st.just(1), "allow": st.lists(st.one_of(COMPLETE, ALLOW), max_size=4)},
        optional={"deny": st.lists(DENY, max_size=1), "require": written.REQUIREMENTS},
    ),
    max_size=3,
)
BASELINES = st.fixed_dictionaries(
    {"version": st.just(1), "deny": st.lists(DENY, min_size=1, max_size=3)},
    optional={"allow": st.lists(COMPLETE, max_size=2)},
)
TASKS = st.builds(
    lambda names, **fields: task(*map(failed, names), **fields),
    st.lists(RISKS, min_size=1, max_size=3),
    addon=st.sampled_from(["coredns", "everest", None]),
    target_version=st.sampled_from(["1.30.6", "1.29.1", None]),
)


def saved(folder: Path, documents: Sequence[object]) -> list[Path]:
    paths = [folder / f"{number}.yml" for number, _ in enumerate(documents)]
    for path, document in zip(paths, documents, strict=True):
        path.write_bytes(written.as_yaml(document))
    return paths


def decisions(check: Task, policy: Policy) -> list[tuple[Decision, Rule | None]]:
    (judged,) = judge(answer(check), WANTED, policy, NOW, TARGET).tasks
    return [(risk.decision, risk.rule) for risk in judged.risks]


@settings(max_examples=50)
@given(st.data(), BASELINES, OTHERS, TASKS)
def test_what_the_baseline_denies_no_sequence_of_files_allows(
    tmp_path: Path, data: st.DataObject, baseline: object, others: list[object], check: Task
) -> None:
    alone = decisions(check, load(saved(tmp_path, [baseline]), TODAY))
    denied = [rule is not None and rule.effect is Effect.DENY for _, rule in alone]
    paths = saved(tmp_path, data.draw(st.permutations([baseline, *others])))
    try:
        policy = load(paths, TODAY)
    except PolicyError:
        return

    together = judge(answer(check), WANTED, policy, NOW, TARGET)

    (judged,) = together.tasks
    for risk, was_denied in zip(judged.risks, denied, strict=True):
        assert not was_denied or risk.decision is Decision.BLOCKED
    assert not any(denied) or together.verdict is Verdict.BLOCKED


def test_a_denial_holds_over_an_allowance_of_the_same_risk_in_either_order(tmp_path: Path) -> None:
    """The law above is not kept by denying everything: without the denial the same check passes."""
    deny = {"version": 1, "deny": [{"risk": "AddonStatus", "reason": "no"}]}
    allow = {"version": 1, "allow": [{"risk": "AddonStatus", "reason": "yes"}]}
    check = answer(task(failed("AddonStatus")))

    def verdict(*documents: object) -> Verdict:
        return judge(check, WANTED, load(saved(tmp_path, documents), TODAY), NOW, TARGET).verdict

    assert verdict(allow) is Verdict.PASS
    assert verdict(allow, deny) is Verdict.BLOCKED
    assert verdict(deny, allow) is Verdict.BLOCKED


@settings(max_examples=50)
@given(st.data(), written.REQUIREMENTS, OTHERS)
def test_every_rule_of_every_file_meets_what_the_baseline_requires(
    tmp_path: Path, data: st.DataObject, required: dict[str, Any], others: list[object]
) -> None:
    documents = data.draw(st.permutations([{"version": 1, "require": required}, *others]))
    try:
        rules = load(saved(tmp_path, documents), TODAY).allow
    except PolicyError:
        return

    for rule in rules:
        assert rule.expires or not (required.get("expires") or "max-days" in required)
        assert (rule.expires or TODAY) - TODAY <= timedelta(required.get("max-days", 36_500))
        assert rule.owner or not required.get("owner")
        assert "ticket" not in required or rule.ticket == "NET-1"


BASELINE = b"""\
version: 1
require:
  expires: true
  max-days: 90
  owner: true
  ticket: "^[A-Z]+-[0-9]+$"
"""
DAY = date(2026, 1, 1)


def lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes) -> list[str]:
    monkeypatch.chdir(tmp_path)
    Path("team.yml").write_bytes(text)
    Path("base.yml").write_bytes(BASELINE)
    with pytest.raises(PolicyError) as caught:
        load([Path("team.yml"), Path("base.yml")], DAY)
    return [str(fault) for fault in caught.value.faults]


def test_what_a_rule_lacks_is_told_at_the_rule_and_names_who_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lacking(tmp_path, monkeypatch, b"version: 1\nallow:\n  - risk: A\n    reason: b\n") == [
        "team.yml:3:5: allow[0].expires: missing: an expiry is required by base.yml:3",
        "team.yml:3:5: allow[0].owner: missing: an owner is required by base.yml:3",
        "team.yml:3:5: allow[0].ticket: missing: a ticket is required by base.yml:3",
    ]


def test_what_does_not_meet_a_requirement_is_told_at_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = b"version: 1\nallow:\n- {risk: A, reason: b, owner: c,\n   expires: 2026-04-02,\n   ticket: x-1}\n"
    late, other = lacking(tmp_path, monkeypatch, rule)

    by = "at most 90 are allowed, required by base.yml:3"
    assert late == f"team.yml:4:13: allow[0].expires: 2026-04-02 is 91 days ahead; {by}"
    by = "required by base.yml:3"
    assert other == f'team.yml:5:12: allow[0].ticket: "x-1" does not match "^[A-Z]+-[0-9]+$", {by}'


def test_the_last_day_that_is_allowed_is_allowed() -> None:
    rule = b"allow: [{risk: A, reason: b, owner: c, expires: 2026-04-01, ticket: NET-1}]\n"

    assert parse(BASELINE + rule, "p.yml", DAY).allow


def test_a_longest_time_alone_asks_for_an_expiry() -> None:
    with pytest.raises(PolicyError, match=r"missing: an expiry is required by p\.yml:2"):
        parse(b"version: 1\nrequire: {max-days: 9}\nallow: [{risk: A, reason: b}]\n", "p.yml", DAY)


def test_requirements_are_for_allowances_and_not_for_denials() -> None:
    assert parse(BASELINE + b"deny: [{risk: A, reason: b}]\n", "p.yml", DAY).deny


def test_faults_of_every_kind_stand_in_the_order_of_the_files_and_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("z.yml").write_bytes(
        b"version: 1\nallow:\n- {risk: A, reason: b}\n- {risk: '*', reason: b}\n- {risk: B, reason: b}\n"
    )
    Path("a.yml").write_bytes(b"version: 1\nrequire: {owner: true}\nallow:\n- {risk: C, reason: c}\nx: 1\n")
    with pytest.raises(PolicyError) as caught:
        load([Path("z.yml"), Path("missing.yml"), Path("a.yml")], DAY)

    assert [(fault.file, fault.line) for fault in caught.value.faults] == [
        ("z.yml", 3),
        ("z.yml", 4),
        ("z.yml", 5),
        ("missing.yml", 0),
        ("a.yml", 4),
        ("a.yml", 5),
    ]


def test_no_file_name_breaks_the_one_line_form_of_a_requirement() -> None:
    text = b"version: 1\nrequire: {owner: true}\nallow: [{risk: A, reason: b}]\n"
    with pytest.raises(PolicyError) as caught:
        parse(text, "x\n::error.yml", DAY)

    assert caught.value.message.isprintable()
