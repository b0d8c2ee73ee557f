"""What every format needs of a report: its counts, an order to read it in, names for its parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gate.model import (
    Decision,
    JudgedRisk,
    JudgedTask,
    Level,
    Report,
    Rule,
    Target,
    TargetReport,
    Task,
    Unknown,
    Verdict,
)

_WORST_FIRST = (Decision.BLOCKED, Decision.INCONCLUSIVE, Decision.ALLOWED, Decision.OK)
_CLOSED_FIRST = (Verdict.BLOCKED, Verdict.ERROR, Verdict.UNDECIDED, Verdict.PASS)
_PLAIN_NAME = re.compile(r"[\w.@%+/-]+")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each; tasks and risks are those that decide."""

    targets: int
    tasks: int
    risks: int
    decisions: dict[Decision, int]

    @classmethod
    def of(cls, report: Report) -> Counts:
        return cls(
            targets=len(report.targets),
            tasks=len(report.deciding),
            risks=sum(len(judged.risks) for judged in report.deciding),
            decisions={decision: report.count(decision) for decision in Decision},
        )

    def tally(self) -> str:
        """`12 risks: 9 ok, 2 allowed, 1 blocked`; what there is none of is left out."""
        parts = ", ".join(
            f"{number} {decision.value}" for decision, number in self.decisions.items() if number
        )
        head = "1 risk" if self.risks == 1 else f"{self.risks} risks"
        return f"{head}: {parts}" if parts else head


def risks_to_read(risks: Iterable[JudgedRisk]) -> list[JudgedRisk]:
    """Blocked first, then inconclusive, allowed, ok; Fatal before others; else as the API gave them."""
    return sorted(
        risks, key=lambda judged: (_WORST_FIRST.index(judged.decision), judged.risk.level is not Level.FATAL)
    )


def tasks_to_read(tasks: Iterable[JudgedTask]) -> list[JudgedTask]:
    """What stands in the way first; else as the API gave them."""
    return sorted(tasks, key=lambda judged: _CLOSED_FIRST.index(judged.verdict))


def named(name: str | None, nameless: str) -> str:
    """`name`, in quotes where it is more than a plain name; `nameless` where there is none.

    The text is as foreign as before: each format still has to escape it.
    """
    if name is None:
        return nameless
    return name if _PLAIN_NAME.fullmatch(name) else '"' + name.replace('"', r"\"") + '"'


def addon_name(judged: JudgedTask) -> str:
    return named(judged.task.addon, "an add-on without a name")


def risk_name(judged: JudgedRisk) -> str:
    return named(judged.risk.name, "a risk without a name")


def word_of(value: object) -> str:
    """The API's own word for an enum's value; an unknown one in quotes, or `missing`."""
    return str(value) if isinstance(value, Unknown) else str(getattr(value, "value", value))


def target_name(target: Target) -> str:
    """The shortest thing to call a target by."""
    if target.source == "-":
        return "standard input"
    return named(
        target.cluster_name or target.cluster_id or target.source or target.endpoint, "unknown target"
    )


def remedy_for(judged: JudgedRisk, task: Task) -> str | None:
    """What the catalogue says to do about a blocked risk; None where it knows none, or nothing is to do."""
    if judged.decision is not Decision.BLOCKED:
        return None
    from gate.catalogue import remedy

    return remedy(judged.risk.name, task.addon)


def place_of(rule: Rule) -> str:
    """`policies/prod.yml:12`."""
    return f"{rule.file}:{rule.line}"


def is_expired(rule: Rule, report: Report) -> bool:
    """Whether `rule` ended before the day of the run, by the run's list or by the calendar."""
    return rule in report.policy.expired or rule.is_expired(report.finished.utc_date)


def judged_pairs(report: Report) -> list[tuple[TargetReport, JudgedTask]]:
    """Each deciding task with the target it belongs to, in the order to read."""
    return [
        (target, judged) for target in report.targets for judged in tasks_to_read(target.judgement.deciding)
    ]
