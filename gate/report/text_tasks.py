"""The tasks of one target as text: each with its risks, and below each risk the API's own message."""

from __future__ import annotations

from gate.model import (
    CheckType,
    Decision,
    Instant,
    JudgedRisk,
    JudgedTask,
    Report,
    Rule,
    Status,
    TargetReport,
    Task,
    Unknown,
    Verdict,
)
from gate.report.layout import Hue, Page
from gate.report.moments import age, stamp
from gate.report.summary import (
    is_expired,
    named,
    place_of,
    remedy_for,
    risk_name,
    risks_to_read,
    tasks_to_read,
    word_of,
)

_VERDICT_HUES = {
    Verdict.PASS: Hue.OPEN,
    Verdict.BLOCKED: Hue.CLOSED,
    Verdict.UNDECIDED: Hue.UNCERTAIN,
    Verdict.ERROR: Hue.CLOSED,
}
_DECISIONS: dict[Decision, tuple[str, Hue | None]] = {
    Decision.BLOCKED: ("BLOCKED", Hue.CLOSED),
    Decision.INCONCLUSIVE: ("INCONCLUSIVE", Hue.UNCERTAIN),
    Decision.ALLOWED: ("allowed", Hue.UNCERTAIN),
    Decision.OK: ("ok", Hue.OPEN),
}
_STATUSES: dict[Status, str] = {
    Status.INIT: "Init (not finished)",
    Status.RUNNING: "Running (not finished)",
    Status.FAILED: "Failed (risks found)",
    Status.SUCCESS: "Success",
}
_INDENT = 4


def put_tasks(page: Page, target: TargetReport, report: Report) -> None:
    """All tasks of `target`: what stands in the way first, superseded ones last and short."""
    for judged in tasks_to_read(target.judgement.deciding):
        page.gap()
        _put_task(page, judged, report)
    superseded = [judged.task for judged in target.judgement.tasks if judged.superseded]
    if superseded:
        page.gap()
        page.put("", first="Superseded by a newer check, not judged", hue=Hue.TITLE)
    for task in superseded:
        page.put(f"{_upgrade(task)}, {_called(task)}, {age(task.created, report.finished)}", indent=2)


def _put_task(page: Page, judged: JudgedTask, report: Report) -> None:
    task = judged.task
    first = f"[{judged.verdict.name}] "
    page.put(_subject(task), first=first, indent=2, hue=_VERDICT_HUES[judged.verdict])
    page.put(_state(task, report.finished), indent=2)
    page.put(_called(task), indent=2)
    if judged.verdict is not Verdict.PASS:
        page.put(judged.reason, first="  why: ", indent=_INDENT)
        if not _explained(judged):
            page.quote(task.message, _INDENT)
    width = max((len(_DECISIONS[risk.decision][0]) for risk in judged.risks), default=0)
    for risk in risks_to_read(judged.risks):
        _put_risk(page, risk, task, report, width)


def _explained(judged: JudgedTask) -> bool:
    """Whether the risks, or the age of the result, say all there is to say."""
    if not judged.task.is_final:
        return False
    return judged.verdict is not Verdict.BLOCKED or any(
        risk.decision is Decision.BLOCKED for risk in judged.risks
    )


def _subject(task: Task) -> str:
    """`coredns -> 1.30.6`, and type and instance name where they add something."""
    text = _upgrade(task)
    if task.type is not CheckType.UPGRADE:
        text += f", type {word_of(task.type)}"
    if task.instance_name is not None and task.instance_name != task.addon:
        text += f", instance {named(task.instance_name, '')}"
    return text


def _called(task: Task) -> str:
    return f"task {named(task.task_id, 'without an ID')}"


def _upgrade(task: Task) -> str:
    text = named(task.addon, "an add-on without a name")
    if task.target_version is not None:
        text += f" -> {named(task.target_version, '')}"
    elif task.type is CheckType.UPGRADE:
        text += " -> version missing"
    return text


def _state(task: Task, now: Instant) -> str:
    status = task.status
    text = (
        f"status {word_of(status)} (not known)"
        if isinstance(status, Unknown)
        else f"status {_STATUSES[status]}"
    )
    return f"{text}, {_made(task.created, now)}"


def _made(created: Instant | Unknown, now: Instant) -> str:
    if isinstance(created, Instant):
        return f"created {stamp(created)}, {age(created, now)}"
    return "creation time missing" if created.text is None else f"creation time {created} not readable"


def _put_risk(page: Page, judged: JudgedRisk, task: Task, report: Report, width: int) -> None:
    word, hue = _DECISIONS[judged.decision]
    first = f"  {word.ljust(width)} "
    if judged.decision is Decision.OK:
        page.put(risk_name(judged), first=first, indent=_INDENT, hue=hue)
        return
    level = judged.risk.level
    shown = f"level {word_of(level)}" if isinstance(level, Unknown) else level.value
    page.put(f"{risk_name(judged)} ({shown}): {_why(judged, report)}", first=first, indent=_INDENT, hue=hue)
    page.quote(judged.risk.message, _INDENT)
    remedy = remedy_for(judged, task)
    if remedy is not None:
        page.put(remedy, first="    remedy: ", indent=_INDENT + 2)


def _why(judged: JudgedRisk, report: Report) -> str:
    rule = judged.rule
    if rule is None:
        return judged.reason
    if judged.decision is Decision.ALLOWED:
        return f"by {place_of(rule)}, {_until(rule)}: {named(rule.reason, '')}"
    if place_of(rule) in judged.reason:
        return judged.reason
    until = f", {_until(rule)}" if is_expired(rule, report) else ""
    return f"{judged.reason} (rule {place_of(rule)}{until})"


def _until(rule: Rule) -> str:
    return "without end" if rule.expires is None else f"through {rule.expires.isoformat()}"
