"""What a job on GitHub prints: workflow commands that the runner turns into annotations.

The format is that of "Workflow commands for GitHub Actions" (docs.github.com): `::error title=…::message`,
in which `%`, CR and LF are written as `%25`, `%0D` and `%0A`, in properties `:` and `,` as `%3A` and `%2C`.
`summary` and `outputs` make the texts of the files that the runner names by GITHUB_STEP_SUMMARY and
GITHUB_OUTPUT; to write those is the command line's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from gate.model import (
    Decision,
    JudgedRisk,
    JudgedTask,
    Policy,
    PolicyReport,
    Report,
    Rule,
    TargetReport,
    Verdict,
)
from gate.report import Style, markdown, wording
from gate.report.escape import break_commands, printable
from gate.report.notes import for_support, rule_notes
from gate.report.summary import addon_name, judged_pairs, remedy_for, risk_name, risks_to_read, target_name
from gate.report.text import render as render_text

MOST = 10
"""GitHub shows so many annotations of a kind in one step."""
LONGEST_TITLE = 150
LONGEST_MESSAGE = 2_000
_PLACES_NAMED = 3


class _Kind(Enum):
    """The command that a finding becomes, in the order of what matters most."""

    BLOCKED = (0, "error")
    UNCLEAR = (1, "error")
    WARNING = (2, "warning")
    NOTICE = (3, "notice")

    @property
    def order(self) -> int:
        return self.value[0]

    @property
    def command(self) -> str:
        return self.value[1]


_KINDS = {
    Decision.BLOCKED: _Kind.BLOCKED,
    Decision.INCONCLUSIVE: _Kind.UNCLEAR,
    Decision.ALLOWED: _Kind.NOTICE,
}


@dataclass(frozen=True, slots=True)
class _Finding:
    """One annotation. The texts quote foreign text; they are escaped where the command is written."""

    kind: _Kind
    title: str
    text: tuple[str, ...]
    rule: Rule | None = None


def render(report: Report, style: Style) -> str:
    """What a job's log shows: at most `MOST` workflow commands, errors first, and then the text report."""
    told = [_command(finding) for finding in _at_most(_merged(report))]
    return "".join(f"{line}\n" for line in told) + render_text(report, style)


def summary(report: Report) -> str:
    """What to add to the file GITHUB_STEP_SUMMARY."""
    return markdown.render(report, Style())


def outputs(report: Report, paths: Mapping[str, str], delimiter: str) -> str:
    """What to add to the file GITHUB_OUTPUT: the verdict, counts, and where each report was written.

    `paths` maps the name of a format to a path. `delimiter` must be one that nobody can guess.
    Raises `ValueError` where it is blank, is not one line, or stands in a value.
    """
    outcome = wording.Outcome.of(report)
    values = {
        "verdict": outcome.verdict.value,
        "exit-code": str(outcome.exit_code),
        **{decision.value: str(report.count(decision)) for decision in Decision},
        **{f"report-{name}": path for name, path in paths.items()},
    }
    if not delimiter.strip() or delimiter.splitlines() != [delimiter]:
        raise ValueError("the delimiter of an output must be one line of text")
    if any(delimiter in text for pair in values.items() for text in pair):
        raise ValueError("the delimiter of an output stands in a value")
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in values.items())


def _command(finding: _Finding) -> str:
    properties = {"title": _safe(wording.shortened(finding.title, LONGEST_TITLE))}
    if finding.rule is not None:
        properties |= {"file": _safe(finding.rule.file), "line": str(finding.rule.line)}
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = _data("\n".join(map(_safe, finding.text)))
    return f"::{finding.kind.command} {told}::{message}"


def _safe(text: str) -> str:
    """One line in which nothing hides, and that no other CI system takes for a command either."""
    return break_commands(printable(text))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _merged(report: Report) -> list[_Finding]:
    """All findings, what matters most first, the same one in several targets only once."""
    places: dict[_Finding, list[str]] = {}
    for place, finding in _findings(report):
        where = places.setdefault(finding, [])
        if place not in where:
            where.append(place)
    merged = [
        _placed(finding, where) if len(report.targets) > 1 else finding for finding, where in places.items()
    ]
    return sorted(merged, key=lambda finding: finding.kind.order)


def _placed(finding: _Finding, places: list[str]) -> _Finding:
    if places == [""]:
        return finding
    rest = len(places) - _PLACES_NAMED
    named = ", ".join(places[:_PLACES_NAMED]) + (f" and {rest} more" if rest > 0 else "")
    return replace(finding, text=(*finding.text, f"in {named}"))


def _at_most(findings: list[_Finding]) -> list[_Finding]:
    if len(findings) <= MOST:
        return findings
    rest = findings[MOST - 1 :]
    commands = [finding.kind.command for finding in rest]
    counts = [(commands.count(command), command) for command in dict.fromkeys(commands)]
    told = ", ".join(f"{number} {command}{'s' if number > 1 else ''}" for number, command in counts)
    where = "the step summary and the JSON report have them all"
    last = _Finding(rest[0].kind, f"{len(rest)} more findings", (f"not shown here: {told}; {where}",))
    return [*findings[: MOST - 1], last]


def _findings(report: Report) -> Iterator[tuple[str, _Finding]]:
    """Each finding with the name of the target it is about; rules are about none."""
    pairs = judged_pairs(report)
    for target, judged in pairs:
        place = target_name(target.target)
        yield from ((place, finding) for finding in _of_task(judged, report))
    for target in report.targets:
        for problem in target.judgement.problems:
            asked = for_support(problem)
            text = (problem.message, f"hint: {problem.hint}", *([asked] if asked else []))
            yield target_name(target.target), _Finding(_Kind.UNCLEAR, problem.code.value, text)
    for target in report.targets:
        if not _is_explained(target):
            yield (
                target_name(target.target),
                _Finding(_Kind.UNCLEAR, "nothing was judged", (target.judgement.reason,)),
            )
    if not report.targets or (report.verdict is Verdict.PASS and report.exit_code != 0):
        title = "no evidence" if report.targets else "nothing was judged"
        yield "", _Finding(_Kind.UNCLEAR, title, (wording.Outcome.of(report).sentence,))
    yield from (("", finding) for finding in _of_rules(report.policy))


def _is_explained(target: TargetReport) -> bool:
    """Whether a closed target has a problem or a check that says why."""
    judgement = target.judgement
    return (
        judgement.verdict is Verdict.PASS
        or bool(judgement.problems)
        or any(judged.verdict is not Verdict.PASS for judged in judgement.deciding)
    )


def _of_task(judged: JudgedTask, report: Report) -> Iterator[_Finding]:
    if judged.verdict is not Verdict.PASS and not judged.task.is_final:
        yield _of_whole(judged)
        return
    closed = False
    for risk in risks_to_read(judged.risks):
        kind = _KINDS.get(risk.decision)
        if kind is not None:
            closed = closed or kind is not _Kind.NOTICE
            yield _of_risk(kind, risk, judged, report)
    if judged.verdict is not Verdict.PASS and not closed:
        yield _of_whole(judged)


def _of_whole(judged: JudgedTask) -> _Finding:
    kind = _Kind.BLOCKED if judged.verdict is Verdict.BLOCKED else _Kind.UNCLEAR
    message = _quoted(wording.own_message(judged))
    title = f"{judged.verdict.value}: {addon_name(judged)}"
    return _Finding(kind, title, (f"{wording.subject(judged.task)}: {judged.reason}", *message))


def _of_risk(kind: _Kind, risk: JudgedRisk, judged: JudgedTask, report: Report) -> _Finding:
    title = f"{risk.decision.value}: {addon_name(judged)}, {risk_name(risk)}"
    first = f"{wording.subject(judged.task)} ({wording.level_of(risk)}): {wording.why(risk, report)}"
    remedy = remedy_for(risk, judged.task)
    facts = [f"{label} {value}" for label, value in wording.answerable(risk)]
    text = (
        first,
        *([", ".join(facts)] if facts else []),
        *_quoted(risk.risk.message),
        *([f"remedy: {remedy}"] if remedy is not None else []),
    )
    return _Finding(kind, title, text, risk.rule)


def _quoted(message: str) -> Iterable[str]:
    lines, cut = wording.message_lines(message, LONGEST_MESSAGE)
    return (*(f"| {line}" for line in lines), *([f"({wording.cut_note(message)})"] if cut else []))


def _of_rules(policy: PolicyReport) -> Iterator[_Finding]:
    """Rules to look after: an annotation each, where the rule stands."""
    none = PolicyReport(Policy(), unused=None, expired=())
    told = [
        *((_Kind.WARNING, "expired rule", rule, replace(none, expired=(rule,))) for rule in policy.expired),
        *(
            (_Kind.WARNING, "rule ends soon", rule, replace(none, expiring=(rule,)))
            for rule in policy.expiring
        ),
        *(
            (_Kind.WARNING, "shadowed rule", pair[0], replace(none, shadowed=(pair,)))
            for pair in policy.shadowed
        ),
        *((_Kind.NOTICE, "unused rule", rule, replace(none, unused=(rule,))) for rule in policy.unused or ()),
    ]
    for kind, title, rule, about in told:
        yield _Finding(kind, title, tuple(rule_notes(about)), rule)
