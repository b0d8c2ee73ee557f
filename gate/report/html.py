"""The report as one HTML file to look at: nothing in it runs, nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterable

from gate import __version__
from gate.model import Decision, JudgedTask, Report, TargetReport, Verdict
from gate.report import Style, wording
from gate.report.html_checks import badge, check_card, problem_card, verbatim
from gate.report.html_parts import Child, Markup, element, facts, lines, together
from gate.report.html_style import STYLE
from gate.report.moments import stamp
from gate.report.next_steps import Step, next_steps
from gate.report.notes import all_notes
from gate.report.summary import (
    Counts,
    named,
    target_name,
    tasks_to_read,
)

_MANY = 4
"""So many checks get an overview."""
_CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(report: Report, style: Style) -> str:  # noqa: ARG001
    """The whole report as a document in UTF-8, with the style in it and no script."""
    outcome = wording.Outcome.of(report)
    about = ", ".join(target_name(target.target) for target in report.targets[:3])
    head = lines(
        (
            Markup('<meta charset="utf-8">'),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{_CSP}">'),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            Markup('<meta name="referrer" content="no-referrer">'),
            element("title", f"{outcome.verdict.name}: {about or 'no target'}"),
            element("style", Markup(STYLE)),
        )
    )
    body = lines((_banner(report, outcome), element("main", lines(_main(report))), _footer(report)))
    page = element("body", element("div", Markup("\n"), body, class_="page"))
    return f'<!doctype html>\n<html lang="en">\n<head>\n{head}</head>\n{page}\n</html>\n'


def _banner(report: Report, outcome: wording.Outcome) -> Markup:
    sentence = outcome.sentence[0].upper() + outcome.sentence[1:]
    return element(
        "header",
        element("h1", element("span", outcome.verdict.name, class_="word"), " ", sentence),
        element("p", f"Exit code {outcome.exit_code}. {Counts.of(report).tally()}."),
        class_=f"banner {outcome.verdict.value}",
    )


def _main(report: Report) -> Iterable[Child]:
    many = len(report.targets) > 1
    yield _section("This run", element("div", facts(_run(report)), class_="card"))
    if len(report.deciding) >= _MANY or many:
        yield _section("Overview", element("div", _overview(report), class_="card"))
    for number, target in enumerate(report.targets, 1):
        title = f"{target_name(target.target)} ({number} of {len(report.targets)})" if many else "Checks"
        yield _section(title, *_target(number, target, report))
    yield _steps(report)
    notes = all_notes(report)
    if notes:
        yield _section(
            "Notes", element("div", element("ul", (element("li", note) for note in notes)), class_="card")
        )
    files = [_file(file.path, file.sha256) for file in report.policy.policy.files]
    if files:
        yield _section("Policy files", element("div", facts(files), class_="card"))


def _section(title: str, *content: Child) -> Markup:
    return element("section", element("h2", title), Markup("\n"), lines(content))


def _run(report: Report) -> Iterable[tuple[str, Child]]:
    if len(report.targets) == 1:
        yield from wording.target_facts(report.targets[0].target)
        yield "Result", _result(report.targets[0])
    else:
        yield "Targets", str(len(report.targets))
    yield from wording.run_facts(report)


def _result(target: TargetReport) -> str:
    return f"{target.judgement.verdict.value}: {target.judgement.reason}"


def _overview(report: Report) -> Markup:
    many = len(report.targets) > 1
    columns = ["Verdict", *(["Cluster"] if many else []), "Add-on", "Risks"]
    rows = [
        element(
            "tr",
            element("td", badge(judged.verdict.name, judged.verdict.value)),
            element("td", target_name(target.target)) if many else "",
            element("td", element("a", wording.upgrade(judged.task), href=f"#{_anchor(number, place)}")),
            element("td", _tally(judged)),
        )
        for number, target in enumerate(report.targets, 1)
        for place, judged in enumerate(tasks_to_read(target.judgement.deciding), 1)
    ]
    head = element("tr", (element("th", column, scope="col") for column in columns))
    return element("table", element("thead", head), element("tbody", Markup("\n"), lines(rows)))


def _anchor(target: int, task: int) -> str:
    return f"check-{target}-{task}"


def _tally(judged: JudgedTask) -> str:
    decisions = [risk.decision for risk in judged.risks]
    return Counts(1, 1, len(decisions), {each: decisions.count(each) for each in Decision}).tally()


def _target(number: int, target: TargetReport, report: Report) -> Iterable[Child]:
    if len(report.targets) > 1:
        pairs = [*wording.target_facts(target.target), ("Result", _result(target))]
        yield element("div", facts(pairs), class_="card")
    for problem in target.judgement.problems:
        yield problem_card(problem)
    for place, judged in enumerate(tasks_to_read(target.judgement.deciding), 1):
        yield check_card(judged, report, _anchor(number, place))
    older = [
        element("li", wording.superseded(judged.task, report.finished))
        for judged in target.judgement.tasks
        if judged.superseded
    ]
    if older:
        yield element(
            "div",
            element("h3", "Superseded by a newer check, not judged"),
            element("ul", older),
            class_="card",
        )
    if not target.judgement.problems and not target.judgement.tasks:
        yield element("p", "No check was judged.", class_="soft")


def _steps(report: Report) -> Child:
    steps = [] if report.verdict is Verdict.PASS else next_steps(report)
    if not steps:
        return ""
    items = [_step(step, report) for step in steps]
    if any(target.judgement.problems for target in report.targets):
        items.append(element("li", "see to the problems above; each has a hint."))
    return _section(
        "What to do next",
        element("div", element("ol", Markup("\n"), lines(items), class_="steps"), class_="card"),
    )


def _step(step: Step, report: Report) -> Markup:
    about = element("strong", f"{step.about}{wording.step_place(step, report)}")
    draft = verbatim(step.draft.lines()) if step.draft is not None else ""
    return element("li", about, f": {step.text}", draft)


def _file(path: str, sha256: str) -> tuple[str, Child]:
    return "File", together((named(path, ""), " ", element("span", f"SHA-256 {sha256}", class_="soft")))


def _footer(report: Report) -> Markup:
    times = f"from {stamp(report.started)} to {stamp(report.finished)}"
    return element(
        "footer", f"cce-gate {__version__}, {times}. The JSON report of the run has the exact texts."
    )
