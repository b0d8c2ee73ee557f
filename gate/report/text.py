"""The report for people: what was judged, what was found, what to do, and the verdict in the last line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.model import Report, Target, TargetReport, Verdict
from gate.report import Style
from gate.report.layout import Hue, Page
from gate.report.moments import span, stamp
from gate.report.summary import Counts, named, target_name
from gate.report.text_notes import put_notes, put_problems
from gate.report.text_tasks import put_tasks

if TYPE_CHECKING:
    from gate.report.next_steps import Step

_LABEL = 10
_PLACES_NAMED = 3

_OUTCOMES: dict[Verdict, tuple[str, Hue]] = {
    Verdict.PASS: ("nothing stands in the way, go on with the upgrade", Hue.OPEN),
    Verdict.BLOCKED: ("a risk stands in the way, do not upgrade", Hue.CLOSED),
    Verdict.UNDECIDED: ("the evidence is missing or not usable, do not upgrade", Hue.UNCERTAIN),
    Verdict.ERROR: ("there is no answer to judge, do not upgrade", Hue.CLOSED),
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
    for label, value in _facts(target.target):
        _fact(page, label, value)
    if len(report.targets) == 1:
        _put_run(page, report)
    _fact(page, "Result", f"{target.judgement.verdict.value}: {target.judgement.reason}")


def _facts(target: Target) -> list[tuple[str, str]]:
    facts = []
    if target.source is not None:
        saved = target_name(Target(source=target.source))
        facts.append(("Source", f"{saved} (a saved answer; the API was not asked)"))
    if target.cluster_name is not None and target.cluster_id is not None:
        facts.append(("Cluster", f"{named(target.cluster_name, '')} ({target.cluster_id})"))
    elif target.cluster_name is not None or target.cluster_id is not None:
        facts.append(("Cluster", named(target.cluster_name or target.cluster_id, "not known")))
    if target.project_id is not None:
        facts.append(("Project", target.project_id))
    if target.endpoint is not None:
        facts.append(("Endpoint", target.endpoint))
    return facts or [("Cluster", "not known")]


def _put_run(page: Page, report: Report) -> None:
    files = ", ".join(file.path for file in report.policy.policy.files)
    _fact(page, "Policy", files or "none, so that nothing is allowed")
    took = report.finished.minus(report.started)
    _fact(page, "Judged", stamp(report.finished) + (f", after {span(took)}" if took >= 1 else ""))


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
        page.put(_step_text(step, len(report.targets)), first=first, indent=len(first))
        if step.draft is not None:
            _put_draft(page, step.draft.lines())
    if any(target.judgement.problems for target in report.targets):
        first = f"  {len(steps) + 1}. "
        page.put("see to the problems above; each has a hint.", first=first, indent=len(first))


def _step_text(step: Step, targets: int) -> str:
    if targets == 1:
        return f"{step.about}: {step.text}"
    rest = len(step.places) - _PLACES_NAMED
    where = ", ".join(step.places[:_PLACES_NAMED]) + (f" and {rest} more" if rest > 0 else "")
    return f"{step.about} (in {where}): {step.text}"


def _put_draft(page: Page, lines: tuple[str, ...]) -> None:
    """At the column at which it stands in a policy file, to be copied as it is."""
    page.gap()
    if not page.literal(lines, 0):
        page.put("(too wide to show here; the names are in the JSON report)", indent=4)
    page.gap()


def _put_verdict(page: Page, report: Report) -> None:
    verdict = report.verdict
    if verdict is Verdict.PASS and report.exit_code != 0:
        verdict = Verdict.UNDECIDED  # words and exit code must not differ on whether to go on
    outcome, hue = _OUTCOMES[verdict]
    if report.exit_code > 128:
        outcome = "the run was interrupted, do not upgrade"
    page.put_whole(f"{outcome} (exit {int(report.exit_code)})", first=f"{verdict.name}: ", hue=hue)
