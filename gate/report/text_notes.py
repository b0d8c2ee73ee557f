"""The problems of a target, and what is worth knowing beside the verdict, as text."""

from __future__ import annotations

from gate.model import Report, TargetReport
from gate.report.layout import Hue, Page
from gate.report.notes import all_notes, for_support


def put_problems(page: Page, target: TargetReport) -> None:
    """Each problem with what to do about it, and what support will ask for."""
    problems = target.judgement.problems
    if not problems:
        return
    page.gap()
    page.put("", first="Problems", hue=Hue.TITLE)
    for problem in problems:
        page.put(f"{problem.code.value}: {problem.message}", indent=2)
        page.put(f"hint: {problem.hint}", indent=4)
        asked = for_support(problem)
        if asked:
            page.put(asked, indent=4)


def put_notes(page: Page, report: Report) -> None:
    """Rules that expired, end soon, are shadowed or matched nothing, and what the verdict does not cover."""
    notes = all_notes(report)
    if not notes:
        return
    page.gap()
    page.put("", first="Notes", hue=Hue.TITLE)
    for note in notes:
        page.put(note, first="  - ", indent=4)
