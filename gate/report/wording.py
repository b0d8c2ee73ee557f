"""The report's words, in pieces for each format to escape and to set: all formats say the same.

The pieces quote foreign text, which is as foreign as before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.model import (
    CheckType,
    Decision,
    Instant,
    JudgedRisk,
    JudgedTask,
    Report,
    Rule,
    Status,
    Target,
    Task,
    Unknown,
    Verdict,
)
from gate.report.escape import printable
from gate.report.moments import age, span, stamp
from gate.report.summary import is_expired, named, place_of, target_name, word_of

if TYPE_CHECKING:
    from gate.report.next_steps import Step

DECISION_WORDS = {
    Decision.BLOCKED: "BLOCKED",
    Decision.INCONCLUSIVE: "INCONCLUSIVE",
    Decision.ALLOWED: "allowed",
    Decision.OK: "ok",
}

_SENTENCES = {
    Verdict.PASS: "nothing stands in the way, go on with the upgrade",
    Verdict.BLOCKED: "a risk stands in the way, do not upgrade",
    Verdict.UNDECIDED: "the evidence is missing or not usable, do not upgrade",
    Verdict.ERROR: "there is no answer to judge, do not upgrade",
}
_STATUSES: dict[Status, str] = {
    Status.INIT: "Init (not finished)",
    Status.RUNNING: "Running (not finished)",
    Status.FAILED: "Failed (risks found)",
    Status.SUCCESS: "Success",
}

_PLACES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of the run in words; `verdict` is `PASS` only where the exit code is 0."""

    verdict: Verdict
    sentence: str
    exit_code: int

    @classmethod
    def of(cls, report: Report) -> Outcome:
        verdict = report.verdict
        if verdict is Verdict.PASS and report.exit_code != 0:
            verdict = Verdict.UNDECIDED
        sentence = _SENTENCES[verdict]
        if report.exit_code > 128:
            sentence = "the run was interrupted, do not upgrade"
        return cls(verdict, sentence, int(report.exit_code))

    def line(self) -> str:
        """`BLOCKED: a risk stands in the way, do not upgrade (exit 1)`: the text report's last line."""
        return f"{self.verdict.name}: {self.sentence} (exit {self.exit_code})"


def target_facts(target: Target) -> list[tuple[str, str]]:
    """What is known of a target, as pairs of a label and a value; never empty."""
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


def run_facts(report: Report) -> list[tuple[str, str]]:
    """By what policy and when the run judged."""
    files = ", ".join(file.path for file in report.policy.policy.files)
    took = report.finished.minus(report.started)
    judged = stamp(report.finished) + (f", after {span(took)}" if took >= 1 else "")
    return [("Policy", files or "none, so that nothing is allowed"), ("Judged", judged)]


def is_explained(judged: JudgedTask) -> bool:
    """Whether the risks, or the age of the result, say all there is to say."""
    if not judged.task.is_final:
        return False
    return judged.verdict is not Verdict.BLOCKED or any(
        risk.decision is Decision.BLOCKED for risk in judged.risks
    )


def subject(task: Task) -> str:
    """`coredns -> 1.30.6`, and type and instance name where they add something."""
    text = upgrade(task)
    if task.type is not CheckType.UPGRADE:
        text += f", type {word_of(task.type)}"
    if task.instance_name is not None and task.instance_name != task.addon:
        text += f", instance {named(task.instance_name, '')}"
    return text


def called(task: Task) -> str:
    """`task 22386048-…`."""
    return f"task {named(task.task_id, 'without an ID')}"


def upgrade(task: Task) -> str:
    """`coredns -> 1.30.6`."""
    text = named(task.addon, "an add-on without a name")
    if task.target_version is not None:
        text += f" -> {named(task.target_version, '')}"
    elif task.type is CheckType.UPGRADE:
        text += " -> version missing"
    return text


def state(task: Task, now: Instant) -> str:
    """Status, time of creation and age of a check."""
    status = task.status
    text = (
        f"status {word_of(status)} (not known)"
        if isinstance(status, Unknown)
        else f"status {_STATUSES[status]}"
    )
    return f"{text}, {made(task.created, now)}"


def made(created: Instant | Unknown, now: Instant) -> str:
    """When a check was made, and its age."""
    if isinstance(created, Instant):
        return f"created {stamp(created)}, {age(created, now)}"
    return "creation time missing" if created.text is None else f"creation time {created} not readable"


def why(judged: JudgedRisk, report: Report) -> str:
    """Why a risk came to its decision, with the place of the rule that decided."""
    rule = judged.rule
    if rule is None:
        return judged.reason
    if judged.decision is Decision.ALLOWED:
        return f"by {place_of(rule)}, {until(rule)}: {named(rule.reason, '')}"
    if place_of(rule) in judged.reason:
        return judged.reason
    end = f", {until(rule)}" if is_expired(rule, report) else ""
    return f"{judged.reason} (rule {place_of(rule)}{end})"


def until(rule: Rule) -> str:
    """`through 2026-12-31`, or `without end`."""
    return "without end" if rule.expires is None else f"through {rule.expires.isoformat()}"


def superseded(task: Task, now: Instant) -> str:
    """A check that a newer one speaks for, in a line."""
    return f"{upgrade(task)}, {called(task)}, {age(task.created, now)}"


def own_message(judged: JudgedTask) -> str:
    """The task's own message where its risks do not say all there is to say; else empty."""
    if judged.verdict is Verdict.PASS or is_explained(judged):
        return ""
    return judged.task.message


def level_of(judged: JudgedRisk) -> str:
    """`Fatal`, or `level "Severe"`."""
    level = judged.risk.level
    return f"level {word_of(level)}" if isinstance(level, Unknown) else level.value


def answerable(judged: JudgedRisk) -> list[tuple[str, str]]:
    """Who answers for the rule that decided, and where that was agreed; empty without a rule."""
    rule = judged.rule
    facts = [] if rule is None else [("owner", rule.owner), ("ticket", rule.ticket)]
    return [(label, value) for label, value in facts if value is not None]


def step_text(step: Step, targets: int) -> str:
    """A step in one sentence, with where it has to be done if there are several targets."""
    if targets == 1:
        return f"{step.about}: {step.text}"
    rest = len(step.places) - _PLACES_NAMED
    where = ", ".join(step.places[:_PLACES_NAMED]) + (f" and {rest} more" if rest > 0 else "")
    return f"{step.about} (in {where}): {step.text}"


def step_place(step: Step, report: Report) -> str:
    """Where a step has to be done, as ` (in prod-1, prod-2)`; empty where there is one target only."""
    return step_text(step, len(report.targets)).removeprefix(step.about).removesuffix(f": {step.text}")


def message_lines(message: str, most: int) -> tuple[list[str], bool]:
    """The lines of a message of the API made printable, from its first `most` characters.

    The second tells whether more was there. None for a blank message.
    """
    message = message.strip()
    if not message:
        return [], False
    cut = len(message) > most
    return [printable(line) for line in re.split(r"\r?\n", message[:most])], cut


def cut_note(message: str) -> str:
    """What stands below a message that was cut."""
    return f"cut here: the JSON report has all {len(message.strip())} characters of this message"


def shortened(text: str, most: int) -> str:
    """`text`, or the most of it with a mark and its length."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"
