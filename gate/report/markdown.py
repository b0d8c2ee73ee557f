"""The report in GitHub-flavoured Markdown: for a step summary, or a comment on a merge request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gate.model import Decision, JudgedRisk, JudgedTask, Report, TargetReport, Verdict
from gate.report import Style, wording
from gate.report.escape import break_commands, guard, printable
from gate.report.markdown_text import cell, code, fenced, prose
from gate.report.next_steps import Step, next_steps
from gate.report.notes import all_notes, for_support
from gate.report.summary import Counts, judged_pairs, remedy_for, risk_name, risks_to_read, target_name

LIMIT = 1_000_000
"""Bytes of UTF-8 that a report stays under: GitHub takes 1 MiB as the summary of a step."""
LONGEST_MESSAGE = 3_000
_RESERVE = 20_000
"""For the heading, the facts and the words about what was cut; and for the spaces that `guard` adds."""

_MARKS = {Verdict.PASS: "✅", Verdict.BLOCKED: "⛔", Verdict.UNDECIDED: "⚠️", Verdict.ERROR: "⚠️"}


@dataclass(slots=True)
class _Section:
    """A heading, and blocks that are left out from the end where there is no room for all."""

    heading: str
    counted: str
    """What a block is called where some were left out."""
    blocks: list[str]
    before: str = ""
    kept: list[str] = field(default_factory=list)

    def fit(self, room: int) -> int:
        """Keep what `room` bytes hold; returns how many bytes that takes."""
        used = 0
        for block in self.blocks:
            size = len(guard(block).encode()) + 1
            if used + size > room:
                break
            self.kept.append(block)
            used += size
        return used

    def text(self) -> str:
        if not self.blocks:
            return ""
        left = len(self.blocks) - len(self.kept)
        cut = f"\n_cut here: {left} more {self.counted}; the whole is in the JSON report_\n" if left else ""
        kept = self.before + "".join(self.kept)
        return f"\n{self.heading}\n\n{kept.rstrip()}\n{cut}"


def render(report: Report, style: Style) -> str:  # noqa: ARG001
    """The whole report, in less than `LIMIT` bytes of UTF-8: of very long ones only the first parts."""
    problems = _Section("### Problems", "problems", list(_problems(report)))
    table = _Section("### Checks", "checks", list(_rows(report)), _head_of_table(report))
    details = _Section("### What was found", "checks", list(_details(report)))
    steps = _Section("### What to do next", "steps", list(_steps(report)))
    notes = _Section("### Notes", "notes", [f"- {prose(note)}\n" for note in all_notes(report)])
    files = _Section("### Policy files", "files", list(_files(report)))
    room = LIMIT - _RESERVE
    for section in (problems, steps, table, notes, files):
        room -= section.fit(room // 2)
    details.fit(room)
    sections = (problems, table, details, steps, notes, files)
    return guard(_opening(report) + "".join(section.text() for section in sections))


def _opening(report: Report) -> str:
    outcome = wording.Outcome.of(report)
    lines = [f"## {_MARKS[outcome.verdict]} {outcome.line()}", "", f"{Counts.of(report).tally()}.", ""]
    if len(report.targets) == 1:
        target = report.targets[0]
        lines += [f"- **{label}:** {code(value)}" for label, value in wording.target_facts(target.target)]
        lines.append(f"- **Result:** {target.judgement.verdict.value}: {prose(target.judgement.reason)}")
    else:
        lines.append(f"- **Targets:** {len(report.targets)}")
    lines += [f"- **{label}:** {prose(value)}" for label, value in wording.run_facts(report)]
    return "\n".join(lines) + "\n"


def _problems(report: Report) -> Iterable[str]:
    for target in report.targets:
        where = f" in {code(target_name(target.target))}" if len(report.targets) > 1 else ""
        for problem in target.judgement.problems:
            lines = [
                f"- **{problem.code.value}**{where}: {prose(problem.message)}",
                f"  - hint: {prose(problem.hint)}",
            ]
            asked = for_support(problem)
            if asked:
                lines.append(f"  - for support: {code(asked)}")
            yield "\n".join(lines) + "\n"


def _head_of_table(report: Report) -> str:
    columns = ["Verdict", "Add-on", "Risks"]
    if len(report.targets) > 1:
        columns.insert(1, "Cluster")
    return f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}\n"


def _rows(report: Report) -> Iterable[str]:
    for target, judged in judged_pairs(report):
        cells = [f"{_MARKS[judged.verdict]} {judged.verdict.value}"]
        if len(report.targets) > 1:
            cells.append(cell(target_name(target.target)))
        cells += [cell(wording.subject(judged.task)), _tally(judged)]
        yield f"| {' | '.join(cells)} |\n"


def _tally(judged: JudgedTask) -> str:
    decisions = [risk.decision for risk in judged.risks]
    counts = {decision: decisions.count(decision) for decision in Decision}
    return Counts(1, 1, len(decisions), counts).tally()


def _details(report: Report) -> Iterable[str]:
    for target, judged in judged_pairs(report):
        if judged.verdict is not Verdict.PASS or any(r.decision is not Decision.OK for r in judged.risks):
            yield "\n".join(_detail(target, judged, report)).rstrip("\n") + "\n\n"
    older = [
        f"- superseded, not judged: {code(wording.superseded(judged.task, report.finished))}\n"
        for target in report.targets
        for judged in target.judgement.tasks
        if judged.superseded
    ]
    yield from older


def _detail(target: TargetReport, judged: JudgedTask, report: Report) -> Iterable[str]:
    mark = _MARKS[judged.verdict]
    yield f"#### {mark} {judged.verdict.value}: {code(wording.subject(judged.task))}"
    yield ""
    if len(report.targets) > 1:
        yield f"- cluster {code(target_name(target.target))}"
    yield f"- {code(wording.called(judged.task))}, {prose(wording.state(judged.task, report.finished))}"
    if judged.verdict is not Verdict.PASS:
        yield f"- why: {prose(judged.reason)}"
        yield from _message(wording.own_message(judged))
    read = risks_to_read(judged.risks)
    for risk in read:
        if risk.decision is not Decision.OK:
            yield from _risk(risk, judged, report)
    fine = [code(risk_name(risk)) for risk in read if risk.decision is Decision.OK]
    if fine:
        yield f"- ok: {', '.join(fine)}"


def _risk(risk: JudgedRisk, judged: JudgedTask, report: Report) -> Iterable[str]:
    word = f"**{wording.DECISION_WORDS[risk.decision]}**"
    level = prose(wording.level_of(risk))
    yield f"- {word} {code(risk_name(risk))} ({level}): {prose(wording.why(risk, report))}"
    yield from _message(risk.risk.message)
    remedy = remedy_for(risk, judged.task)
    if remedy is not None:
        yield f"  - remedy: {prose(remedy)}"
    facts = [f"{label} {code(value)}" for label, value in wording.answerable(risk)]
    if facts:
        yield f"  - rule: {', '.join(facts)}"


def _message(message: str) -> Iterable[str]:
    lines, cut = wording.message_lines(message, LONGEST_MESSAGE)
    if not lines:
        return
    yield ""
    yield from fenced(lines, "text", 2)
    yield ""
    if cut:
        yield f"  - {wording.cut_note(message)}"


def _steps(report: Report) -> Iterable[str]:
    if report.verdict is Verdict.PASS:
        return
    steps = next_steps(report)
    for number, step in enumerate(steps, 1):
        yield "\n".join(_step(number, step, report)) + "\n"
    if steps and any(target.judgement.problems for target in report.targets):
        yield f"{len(steps) + 1}. see to the problems above; each has a hint.\n"


def _step(number: int, step: Step, report: Report) -> Iterable[str]:
    first = f"{number}. "
    place = wording.step_place(step, report)
    where = f" {prose(place.lstrip(' '))}" if place else ""
    yield f"{first}{code(step.about)}{where}: {prose(step.text)}"
    if step.draft is not None:
        draft = [break_commands(printable(line)) for line in step.draft.lines()]
        yield ""
        yield from fenced(draft, "yaml", len(first))
        yield ""


def _files(report: Report) -> Iterable[str]:
    for file in report.policy.policy.files:
        yield f"- {code(file.path)}, SHA-256 {code(file.sha256)}\n"
