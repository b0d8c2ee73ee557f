"""The tasks of one target as text: each with its risks, and below each risk the API's own message."""

from __future__ import annotations

from gate.model import (
    Decision,
    JudgedRisk,
    JudgedTask,
    Report,
    TargetReport,
    Task,
    Unknown,
    Verdict,
)
from gate.report.layout import Hue, Page
from gate.report.summary import (
    named,
    remedy_for,
    risk_name,
    risks_to_read,
    tasks_to_read,
    word_of,
)
from gate.report.wording import answerable, called, is_explained, state, subject, superseded, why

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
_INDENT = 4
_MOST_SUPERSEDED = 5


def put_tasks(page: Page, target: TargetReport, report: Report) -> None:
    """All tasks of `target`: what stands in the way first, superseded ones last and short."""
    for judged in tasks_to_read(target.judgement.deciding):
        page.gap()
        _put_task(page, judged, report)
    older = [judged.task for judged in target.judgement.tasks if judged.superseded]
    if older:
        page.gap()
        page.put("", first="Superseded by a newer check, not judged", hue=Hue.TITLE)
    for task in older[:_MOST_SUPERSEDED]:
        page.put(superseded(task, report.finished), indent=2)
    if len(older) > _MOST_SUPERSEDED:
        page.put(f"and {len(older) - _MOST_SUPERSEDED} more, see the JSON report", indent=2)


def _put_task(page: Page, judged: JudgedTask, report: Report) -> None:
    task = judged.task
    first = f"[{judged.verdict.name}] "
    page.put(subject(task), first=first, indent=2, hue=_VERDICT_HUES[judged.verdict])
    page.put(state(task, report.finished), indent=2)
    page.put(called(task), indent=2)
    if judged.verdict is not Verdict.PASS:
        page.put(judged.reason, first="  why: ", indent=_INDENT)
        if not is_explained(judged):
            page.quote(task.message, _INDENT)
    width = max((len(_DECISIONS[risk.decision][0]) for risk in judged.risks), default=0)
    for risk in risks_to_read(judged.risks):
        _put_risk(page, risk, task, report, width)


def _put_risk(page: Page, judged: JudgedRisk, task: Task, report: Report, width: int) -> None:
    word, hue = _DECISIONS[judged.decision]
    first = f"  {word.ljust(width)} "
    if judged.decision is Decision.OK:
        page.put(risk_name(judged), first=first, indent=_INDENT, hue=hue)
        return
    level = judged.risk.level
    shown = f"level {word_of(level)}" if isinstance(level, Unknown) else level.value
    page.put(f"{risk_name(judged)} ({shown}): {why(judged, report)}", first=first, indent=_INDENT, hue=hue)
    responsible = ", ".join(f"{label} {named(value, '')}" for label, value in answerable(judged))
    if responsible:
        page.put(responsible, first="    rule: ", indent=_INDENT + 2)
    page.quote(judged.risk.message, _INDENT)
    remedy = remedy_for(judged, task)
    if remedy is not None:
        page.put(remedy, first="    remedy: ", indent=_INDENT + 2)
