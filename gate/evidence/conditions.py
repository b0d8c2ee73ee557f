"""What a report has to be for an upgrade to go on by it: one function a condition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gate.errors import ExitCode
from gate.evidence.essence import difference
from gate.evidence.record import Record
from gate.evidence.rules import misfit
from gate.judge import usage
from gate.judge.selection import is_for
from gate.model import (
    AddonRef,
    CheckType,
    Instant,
    JudgedTask,
    Policy,
    Report,
    TargetReport,
    Unknown,
    Verdict,
    worst,
)
from gate.report import json_report
from gate.report.moments import span, stamp

TOLERANCE = 60.0
"""Seconds by which the clocks of two machines may differ."""

_ROUNDING = 0.001
"""`finishedAt` is rounded down to milliseconds."""

_ANEW = "make a new report with cce-gate check"
_EDITED = f"the report does not fit together; {_ANEW}, and look for what changed this one"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the upgrade is about to do, and how old the judgement may be at most (seconds).

    `policy` is what the report has to have been made with; None: it is not compared.
    """

    addons: tuple[AddonRef, ...]
    max_age: float
    cluster_id: str | None = None
    cluster_name: str | None = None
    project_id: str | None = None
    type: CheckType = CheckType.UPGRADE
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition: what was expected, what was found, and what to do where it does not hold."""

    what: str
    expected: str
    found: str
    holds: bool
    hint: str


@dataclass(frozen=True, slots=True)
class Case:
    """What the conditions look at.

    `then` is the judgement as of the report's moment, under `policy`: the one that is claimed where it is the
    report's, else its recorded rules. `today` is the judgement as of now, under the one that is claimed.
    """

    claim: Claim
    record: Record
    now: Instant
    policy: Policy
    then: tuple[TargetReport, ...]
    today: tuple[TargetReport, ...]

    @property
    def deciding(self) -> tuple[JudgedTask, ...]:
        return tuple(task for target in self.then for task in target.judgement.deciding)


def finding(what: str, expected: str, found: str, holds: bool, hint: str) -> Finding:
    """A finding; there is nothing to do where it holds."""
    return Finding(what, expected, found, holds, "" if holds else hint)


def _verdict(case: Case) -> Iterator[Finding]:
    record = case.record
    found = f"{record.verdict.value}, exit code {int(record.exit_code)}"
    holds = record.verdict is Verdict.PASS and record.exit_code is ExitCode.PASS
    yield finding("verdict", "pass, exit code 0", found, holds, "see in the report what stands in the way")


def _target(case: Case) -> Iterator[Finding]:
    targets = case.record.targets
    yield finding(
        "targets",
        "1",
        str(len(targets)),
        len(targets) == 1,
        "make a report for each cluster that is upgraded",
    )
    for each in targets:
        asked = each.target.source is None and each.target.endpoint is not None
        found = f"the API at {each.target.endpoint}" if asked else "a saved answer"
        hint = "an answer that was saved may be of any time: make the report with cce-gate check"
        yield finding("judged", "an answer of the API", found, asked, hint)


def _cluster(case: Case) -> Iterator[Finding]:
    claim = case.claim
    for each in case.record.targets:
        for what, expected, found in (
            ("cluster ID", claim.cluster_id, each.target.cluster_id),
            ("cluster name", claim.cluster_name, each.target.cluster_name),
            ("project ID", claim.project_id, each.target.project_id),
        ):
            if expected is not None:
                hint = f"the report is not of this cluster: {_ANEW} for it"
                yield finding(what, expected, found or "not known", found == expected, hint)
    if claim.cluster_id is None and claim.cluster_name is None:
        yield finding("cluster", "named", "not named", False, "give --cluster-id or --cluster-name")


def _addons(case: Case) -> Iterator[Finding]:
    asked, deciding = case.claim.addons, case.deciding
    idle = [ref for ref in asked if not any(is_for(ref, judged.task) for judged in deciding)]
    more = [judged for judged in deciding if not any(is_for(ref, judged.task) for ref in asked)]
    exact = all(ref.version is not None for ref in asked)
    yield finding(
        "add-ons",
        ", ".join(str(ref) for ref in asked) or "none",
        ", ".join(dict.fromkeys(_upgrade(judged) for judged in deciding)) or "none",
        bool(asked) and bool(deciding) and exact and not idle and not more,
        f"upgrade exactly what was checked, or {_ANEW} for exactly what is upgraded",
    )


def _upgrade(judged: JudgedTask) -> str:
    task = judged.task
    return f"{task.addon or task.instance_name or task.instance_id}@{task.target_version}"


def _type(case: Case) -> Iterator[Finding]:
    expected = case.claim.type
    types = [each.basis.wanted.type for each in case.record.targets if each.basis is not None]
    found = [*types, *(judged.task.type for judged in case.deciding)]
    words = sorted({each.text or "none" if isinstance(each, Unknown) else each.value for each in found})
    hint = f"a check of another type says nothing of this one: {_ANEW}"
    yield finding(
        "type of check",
        expected.value,
        ", ".join(words) or "none",
        bool(found) and set(found) == {expected},
        hint,
    )


def _times(case: Case) -> Iterator[Finding]:
    record, now = case.record, case.now
    for each in record.targets:
        if each.basis is None:
            yield finding("judged at", "a moment", "nothing was judged", False, _ANEW)
            continue
        at = each.basis.at
        in_order = record.started <= at and at.minus(record.finished) <= _ROUNDING
        found = " - ".join(stamp(moment) for moment in (record.started, at, record.finished))
        expected = found if in_order else "started - judged - finished"
        hint = f"the clock of the machine that made the report went back or forth in the run: {_ANEW}"
        yield finding("order of times", expected, found, in_order, hint)
        yield _age(at, record.finished, now, case.claim.max_age)


def _age(at: Instant, finished: Instant, now: Instant, limit: float) -> Finding:
    expected = f"at most {span(limit)} old"
    ahead = -min(now.minus(at), now.minus(finished))
    if ahead > TOLERANCE:
        hint = f"a clock went back: set the clocks of both machines, then {_ANEW}"
        return finding("age", expected, f"{span(ahead)} in the future of this machine's clock", False, hint)
    age = now.minus(at)
    found = f"{span(max(age, 0))} old (judged {stamp(at)})"
    return finding("age", expected, found, age <= limit, f"what was judged may no longer hold: {_ANEW}")


def _policy(case: Case) -> Iterator[Finding]:
    given = case.claim.policy
    recorded = case.record.files
    found = ", ".join(f"{file.path} ({file.sha256[:12]})" for file in recorded) or "none"
    if given is None:
        yield finding("policy", "any (no --policy)", f"{found}; not compared", True, "")
        return
    expected = ", ".join(f"{file.path} ({file.sha256[:12]})" for file in given.files) or "none"
    holds = same_policy(given, case.record)
    hint = f"give the files that the report was made with, all of them, or {_ANEW} with these"
    yield finding("policy", expected, found, holds, hint)


def same_policy(policy: Policy, record: Record) -> bool:
    """Whether the report was made with exactly these files, in whatever order and place they were."""
    return Counter(each.sha256 for each in policy.files) == Counter(each.sha256 for each in record.files)


def _follows(case: Case) -> Iterator[Finding]:
    verdict = worst(target.judgement.verdict for target in case.then)
    again = Report(
        verdict,
        verdict.exit_code,
        case.record.started,
        case.record.finished,
        case.then,
        usage(case.policy, case.then, case.record.finished.utc_date),
        max_age_checked=False,
    )
    rules = case.policy is case.claim.policy
    differing = difference(case.record.document, json_report.document(again), rules=rules)
    differing = differing or misfit(case.record, case.then)
    found = "the same" if differing is None else f"something else: {differing}"
    yield finding("judged again, as of then", "the same", found, differing is None, _EDITED)


def _still(case: Case) -> Iterator[Finding]:
    verdict = worst(target.judgement.verdict for target in case.today)
    found = verdict.value
    if verdict is not Verdict.PASS:
        found += f": {'; '.join(target.judgement.reason for target in case.today) or 'nothing was judged'}"
    hint = f"what was a pass is none any more: {_ANEW}, and see what has changed"
    yield finding("judged again, as of now", "pass", found, verdict is Verdict.PASS, hint)


CONDITIONS: Sequence[Callable[[Case], Iterator[Finding]]] = (
    _verdict,
    _target,
    _cluster,
    _addons,
    _type,
    _times,
    _policy,
    _follows,
    _still,
)
