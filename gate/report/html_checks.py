"""The cards of the HTML report: a check with its risks, a problem."""

from __future__ import annotations

from collections.abc import Iterable

from gate.model import Decision, JudgedRisk, JudgedTask, Problem, Report, Verdict
from gate.report import wording
from gate.report.html_parts import Child, Markup, element, escaped, facts, lines, together
from gate.report.notes import for_support
from gate.report.summary import remedy_for, risk_name, risks_to_read

LONGEST_MESSAGE = 20_000
_MANY = 4
"""So many risks that are ok are folded away."""


def badge(word: str, way: str) -> Markup:
    """A word in the colour of `way`, a class of the style sheet: the value of a verdict or a decision."""
    return element("span", word, class_=f"badge {way}")


def _title(word: Markup, heading: Markup) -> Markup:
    return element("div", word, " ", heading, class_="title")


def problem_card(problem: Problem) -> Markup:
    """A problem of a target with its hint and what support will ask for."""
    asked = for_support(problem)
    told = [("Hint", problem.hint), *([("For support", asked)] if asked else [])]
    title = element("h3", f"Problem: {problem.code.value}")
    word = badge(problem.verdict.name, problem.verdict.value)
    return element(
        "article",
        _title(word, title),
        element("p", problem.message),
        facts(told),
        class_=f"card toned problem {problem.verdict.value}",
    )


def check_card(judged: JudgedTask, report: Report, anchor: str) -> Markup:
    """A check and its risks, what stands in the way first. `anchor` becomes its `id`."""
    way = judged.verdict.value
    read = risks_to_read(judged.risks)
    closed = judged.verdict is not Verdict.PASS
    parts: list[Child] = [
        _title(badge(judged.verdict.name, way), element("h3", wording.subject(judged.task))),
        element("p", wording.state(judged.task, report.finished), class_="soft"),
        element("p", wording.called(judged.task), class_="soft"),
        element("p", element("strong", "Why: "), judged.reason) if closed else "",
        _message(wording.own_message(judged)),
        *(_risk(risk, judged, report) for risk in read if risk.decision is not Decision.OK),
        _fine([risk for risk in read if risk.decision is Decision.OK]),
    ]
    return element(
        "article", Markup("\n"), lines(part for part in parts if part), class_=f"card toned {way}", id=anchor
    )


def _risk(risk: JudgedRisk, judged: JudgedTask, report: Report) -> Markup:
    remedy = remedy_for(risk, judged.task)
    told = [
        *([("Remedy", remedy)] if remedy is not None else []),
        *((f"Rule {label}", value) for label, value in wording.answerable(risk)),
    ]
    name = element("h4", f"{risk_name(risk)} ({wording.level_of(risk)})")
    return element(
        "div",
        _title(badge(wording.DECISION_WORDS[risk.decision], risk.decision.value), name),
        element("p", wording.why(risk, report)),
        _message(risk.risk.message),
        facts(told),
        class_="risk",
    )


def _fine(risks: list[JudgedRisk]) -> Markup:
    if not risks:
        return Markup()
    names = [risk_name(risk) for risk in risks]
    word = badge(wording.DECISION_WORDS[Decision.OK], Decision.OK.value)
    if len(names) < _MANY:
        return element("div", element("p", word, " ", ", ".join(names)), class_="risk")
    listed = element("ul", (element("li", name) for name in names))
    return element("details", element("summary", word, f" {len(names)} risks without a finding"), listed)


def _message(message: str) -> Markup:
    shown, cut = wording.message_lines(message, LONGEST_MESSAGE)
    if not shown:
        return Markup()
    note = element("p", f"({wording.cut_note(message)})", class_="soft") if cut else ""
    return together((verbatim(shown), note))


def verbatim(shown: Iterable[str]) -> Markup:
    """Lines to be read, or copied, as they are."""
    return element("pre", Markup("\n".join(map(escaped, shown))))
