"""The judge: what an answer comes to. Pure, and the only one: every command asks it.

A pass is built up. It takes tasks that decide, each of them final, fresh and for what was asked, with
every risk of it decided as ok or allowed. Whatever is not provided for here is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from gate.judge.order import is_ordered
from gate.judge.risks import decide
from gate.judge.rulebook import Rulebook, Ruling
from gate.judge.selection import is_for, select
from gate.model import (
    Answer,
    Basis,
    CheckType,
    Decision,
    Instant,
    JudgedRisk,
    JudgedTask,
    Judgement,
    Order,
    Policy,
    Problem,
    Rule,
    Status,
    Target,
    Task,
    Unknown,
    Verdict,
    Wanted,
    worst,
)

MAX_CLOCK_SKEW = 300.0
"""Seconds by which a task may be created in the future before its time is not believed."""

Objection = tuple[Verdict, str]

_VERDICT_OF = {
    Decision.OK: Verdict.PASS,
    Decision.ALLOWED: Verdict.PASS,
    Decision.INCONCLUSIVE: Verdict.UNDECIDED,
    Decision.BLOCKED: Verdict.BLOCKED,
}


def judge(
    answer: Answer, wanted: Wanted, policy: Policy, now: Instant, target: Target | None = None
) -> Judgement:
    """Judge one answer of the API as of `now`. Pure: the same arguments give the same judgement.

    `target` tells rules that are narrowed to clusters which one this is; without it they can't allow.
    """
    selection = select(answer, wanted)
    book = Rulebook(policy, now.utc_date, target or Target())
    used: dict[int, Ruling] = {}
    deciding = [_judge_task(task, wanted, book, now, used) for task in selection.deciding]
    superseded = [_superseded(old, new) for old, new in selection.superseded]
    verdict = worst([problem.verdict for problem in selection.problems] + [task.verdict for task in deciding])
    return Judgement(
        verdict,
        explain(verdict, deciding, selection.problems),
        selection.problems,
        (*deciding, *superseded),
        matched=frozenset(rule for ruling in used.values() for rule in (*ruling.denials, *ruling.allowances)),
        overruled=frozenset(pair for ruling in used.values() for pair in _overruled(ruling, book)),
        basis=Basis(answer, wanted, now),
    )


def _overruled(ruling: Ruling, book: Rulebook) -> list[tuple[Rule, Rule]]:
    if ruling.denial is None:
        return []
    return [(rule, ruling.denial) for rule in ruling.allowances if not book.is_expired(rule)]


def explain(verdict: Verdict, deciding: Sequence[JudgedTask], problems: Sequence[Problem]) -> str:
    """The reason for a verdict, in one line."""
    if verdict is Verdict.PASS:
        return f"every deciding check is final and clear ({_count(len(deciding), 'check')})"
    causes = [problem.message for problem in problems if problem.verdict is verdict]
    causes += [f"{_name(task.task)}: {task.reason}" for task in deciding if task.verdict is verdict]
    return "; ".join(causes) or "nothing was judged"


def _judge_task(
    task: Task, wanted: Wanted, book: Rulebook, now: Instant, used: dict[int, Ruling]
) -> JudgedTask:
    if not task.is_final:
        waiting = tuple(
            JudgedRisk(risk, Decision.INCONCLUSIVE, "the check is not final") for risk in task.risks
        )
        status = task.status.value if isinstance(task.status, Status) else task.status
        return JudgedTask(task, Verdict.UNDECIDED, f"not final (status {status})", waiting)
    risks: list[JudgedRisk] = []
    for risk in task.risks:
        ruling = book.ruling(risk, task)
        if risk.status is Status.FAILED:
            used[id(ruling)] = ruling
        risks.append(decide(risk, task, ruling, book))
    objections = [*_of_risks(task, risks), *_not_as_asked(task, wanted), *_stale(task, wanted, now)]
    if objections:
        verdict = worst(verdict for verdict, _ in objections)
        return JudgedTask(task, verdict, "; ".join(reason for _, reason in objections), tuple(risks))
    verdict = worst([Verdict.PASS, *(_VERDICT_OF[judged.decision] for judged in risks)])
    return JudgedTask(task, verdict, _clear(risks), tuple(risks))


def _of_risks(task: Task, risks: Sequence[JudgedRisk]) -> list[Objection]:
    objections: list[Objection] = []
    if task.status is Status.FAILED and all(judged.decision is Decision.OK for judged in risks):
        objections.append((Verdict.BLOCKED, "the check found risks, but none of them can be seen"))
    blocked = sum(judged.decision is Decision.BLOCKED for judged in risks)
    if blocked:
        objections.append((Verdict.BLOCKED, f"{_count(blocked, 'risk')} in the way"))
    inconclusive = sum(judged.decision is Decision.INCONCLUSIVE for judged in risks)
    if inconclusive:
        objections.append((Verdict.UNDECIDED, f"{_count(inconclusive, 'risk')} without an outcome"))
    return objections


def _not_as_asked(task: Task, wanted: Wanted) -> list[Objection]:
    """A result for something else, or that does not say for what, is no evidence."""
    causes = []
    if wanted.task_ids and task.task_id is None:
        causes.append("it has no ID, so that it may be the one that was asked for")
    if task.type is not wanted.type:
        said = task.type.value if isinstance(task.type, CheckType) else task.type
        causes.append(f"its type is {said}, asked for was {wanted.type.value}")
    if task.addon is None and task.instance_name is None and task.instance_id is None:
        causes.append("it does not say for which add-on it is")
    if task.target_version is None and wanted.type is CheckType.UPGRADE:
        causes.append("it does not say for which version it is")
    if wanted.addons and not any(is_for(ref, task) for ref in wanted.addons):
        asked = ", ".join(str(ref) for ref in wanted.addons)
        causes.append(f"it is for {_name(task)} to {task.target_version}, asked for was {asked}")
    if wanted.order is not None:
        causes += _not_as_ordered(task, wanted.order)
    return [(Verdict.UNDECIDED, f"not the evidence asked for: {cause}") for cause in causes]


def _not_as_ordered(task: Task, order: Order) -> list[str]:
    """What keeps the task from being one of the checks that this run asked for."""
    causes = []
    if not any(is_ordered(check, task) for check in order.checks):
        asked = ", ".join(f"{check} (instance {check.instance_id})" for check in order.checks)
        what = f"{_name(task)} to {task.target_version} (instance {task.instance_id})"
        causes.append(f"this run asked for {asked}, and it is for {what}")
    if task.task_id in order.earlier:
        causes.append("it was there before this run asked for a check")
    if not isinstance(task.created, Instant):
        causes.append(f"whether it was made after this run asked is not known (created: {task.created})")
    elif order.since.minus(task.created) > MAX_CLOCK_SKEW:
        causes.append(f"it was created {_span(order.since.minus(task.created))} before this run asked for it")
    return causes


def _stale(task: Task, wanted: Wanted, now: Instant) -> list[Objection]:
    causes = []
    if isinstance(task.expires, Instant):
        if now > task.expires:
            causes.append(f"the result expired {_span(now.minus(task.expires))} ago")
    elif task.expires.text is not None:
        causes.append(f"its expiry time can't be read ({task.expires})")
    if isinstance(task.created, Instant):
        age = now.minus(task.created)
        if age < -MAX_CLOCK_SKEW:
            causes.append(f"it was created {_span(-age)} in the future: a clock is wrong")
        elif wanted.max_age is not None and age > wanted.max_age.total_seconds():
            limit = _span(wanted.max_age.total_seconds())
            causes.append(f"it was created {_span(age)} ago, and --max-age allows {limit}")
    elif isinstance(task.created, Unknown):
        if wanted.max_age is not None:
            causes.append(f"its age is not known: the creation time is {task.created}")
    else:
        assert_never(task.created)
    return [(Verdict.UNDECIDED, f"stale: {cause}") for cause in causes]


def _span(seconds: float) -> str:
    """A time that a person can take in: the two largest units of it."""
    rest, parts = int(seconds), []
    for name, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        number, rest = divmod(rest, length)
        if number:
            parts.append(f"{number} {name}")
    return " ".join(parts[:2]) or "0 s"


def _superseded(old: Task, new: Task) -> JudgedTask:
    reason = f"superseded by the newer check {new.task_id}"
    risks = tuple(JudgedRisk(risk, Decision.INCONCLUSIVE, "superseded, not judged") for risk in old.risks)
    return JudgedTask(old, Verdict.UNDECIDED, reason, risks, superseded=True)


def _clear(risks: Sequence[JudgedRisk]) -> str:
    allowed = sum(judged.decision is Decision.ALLOWED for judged in risks)
    return f"{_count(allowed, 'risk')} allowed by the policy" if allowed else "no risk found"


def _name(task: Task) -> str:
    return task.addon or task.instance_name or task.instance_id or f"check task {task.task_id}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
