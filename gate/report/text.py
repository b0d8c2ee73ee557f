"""The report for people: what was judged, what was found, what to do, and the verdict in the last line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.model import Report, TargetReport, Verdict
from gate.report import Style
from gate.report.layout import Hue, Page
from gate.report.summary import Counts
from gate.report.text_notes import put_notes, put_problems
from gate.report.text_tasks import put_tasks
from gate.report.wording import Outcome, run_facts, step_text, target_facts

if TYPE_CHECKING:
    pass

_LABEL = 10

_HUES = {
    Verdict.PASS: Hue.OPEN,
    Verdict.BLOCKED: Hue.CLOSED,
    Verdict.UNDECIDED: Hue.UNCERTAIN,
    Verdict.ERROR: Hue.CLOSED,
}


def render(report: Report, style: Style) -> str:
    """The whole report as text. Its last line, and no other, starts with the verdict in capitals."""
    page = Page(style)
    if len(report.targets) != 1:
        _fact(page, "Targets", str(len(report.targets)))
        _put_run(page, report)
    for number, target in enumerate(report.targets, 1):
        page.gap()
        if len(report.targets) > 1:
            page.put("", first=f"==== {number} of {len(report.targets)} ====", hue=Hue.TITLE)
        _put_target(page, target, report)
        put_tasks(page, target, report)
        put_problems(page, target)
    put_notes(page, report)
    _put_steps(page, report)
    page.gap()
    page.put(Counts.of(report).tally())
    _put_verdict(page, report)
    return page.text()


def _put_target(page: Page, target: TargetReport, report: Report) -> None:
    for label, value in target_facts(target.target):
        _fact(page, label, value)
    if len(report.targets) == 1:
        _put_run(page, report)
    _fact(page, "Result", f"{target.judgement.verdict.value}: {target.judgement.reason}")


def _put_run(page: Page, report: Report) -> None:
    for label, value in run_facts(report):
        _fact(page, label, value)


def _fact(page: Page, label: str, value: str) -> None:
    page.put(value, first=label.ljust(_LABEL), indent=_LABEL, hue=Hue.TITLE)


def _put_steps(page: Page, report: Report) -> None:
    if report.verdict is Verdict.PASS:
        return
    from gate.report.next_steps import next_steps

    steps = next_steps(report)
    if not steps:
        return
    page.gap()
    page.put("", first="What to do next", hue=Hue.TITLE)
    for number, step in enumerate(steps, 1):
        first = f"  {number}. "
        page.put(step_text(step, len(report.targets)), first=first, indent=len(first))
        if step.draft is not None:
            _put_draft(page, step.draft.lines())
    if any(target.judgement.problems for target in report.targets):
        first = f"  {len(steps) + 1}. "
        page.put("see to the problems above; each has a hint.", first=first, indent=len(first))


def _put_draft(page: Page, lines: tuple[str, ...]) -> None:
    """At the column at which it stands in a policy file, to be copied as it is."""
    page.gap()
    if not page.literal(lines, 0):
        page.put("(too wide to show here; the names are in the JSON report)", indent=4)
    page.gap()


def _put_verdict(page: Page, report: Report) -> None:
    outcome = Outcome.of(report)
    said = f"{outcome.sentence} (exit {outcome.exit_code})"
    page.put_whole(said, first=f"{outcome.verdict.name}: ", hue=_HUES[outcome.verdict])
