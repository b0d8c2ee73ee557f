"""Why the policy decides on a risk as it does: for each rule, what keeps it from deciding.

The decision itself is the judge's own, see `gate.judge.risks.decide`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from gate.judge.narrowing import TASK_KEYS, Fit, misfits
from gate.judge.risks import decide
from gate.judge.rulebook import Rulebook, Ruling
from gate.model import Effect, JudgedRisk, Level, Policy, Risk, Rule, Target, Task


class Cause(Enum):
    """What keeps a rule for the risk from deciding."""

    NARROWED = "narrowed"
    """A key of the rule does not fit, or may not fit."""
    EXPIRED = "expired"
    LEVEL = "level"
    """No rule decides on what is not a Warning."""
    OVERRULED = "overruled"
    """It allows what a denial denies."""
    LATER = "later"
    """Nothing but another rule that comes first."""


@dataclass(frozen=True, slots=True)
class Bystander:
    """A rule for the risk that does not decide, with every cause of it.

    `misfits` are the keys, as the policy spells them, by which it does not apply.
    """

    rule: Rule
    causes: tuple[Cause, ...]
    misfits: tuple[tuple[str, Fit], ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the judge says of a risk, and where every rule of the policy stands."""

    judged: JudgedRisk
    decider: Rule | None
    """The rule in force that decides; None: the risk falls under none, or is not a Warning."""
    uncertain: tuple[str, ...]
    """The keys of `decider` that only may fit: a denial holds in doubt."""
    bystanders: tuple[Bystander, ...]
    others: tuple[Rule, ...]
    """Rules for other risks."""


def explain_decision(policy: Policy, risk: Risk, task: Task, target: Target, today: date) -> Explanation:
    """Explain what `policy` makes of the failed `risk` of the final `task` on the day `today` (UTC).

    Rules come in the judge's order: denials, then allowances, each as the files give them.
    """
    book = Rulebook(policy, today, target)
    ruling = book.ruling(risk, task)
    decider = (ruling.denial or ruling.allowance) if risk.level is Level.WARNING else None
    bystanders = []
    others = []
    for rule in (*policy.deny, *policy.allow):
        if rule.risk != risk.name:
            others.append(rule)
        elif rule is not decider:
            missed = tuple(misfits(rule, task, target, risk.message))
            causes = tuple(_causes(rule, risk, ruling, expired=book.is_expired(rule), narrowed=bool(missed)))
            bystanders.append(Bystander(rule, causes or (Cause.LATER,), missed))
    return Explanation(
        decide(risk, task, ruling, book),
        decider,
        () if decider is None else tuple(_uncertain(decider, risk, task, target)),
        tuple(bystanders),
        tuple(others),
    )


def _causes(rule: Rule, risk: Risk, ruling: Ruling, *, expired: bool, narrowed: bool) -> Iterator[Cause]:
    if narrowed:
        yield Cause.NARROWED
    if expired:
        yield Cause.EXPIRED
    if risk.level is not Level.WARNING:
        yield Cause.LEVEL
    elif rule.effect is Effect.ALLOW and ruling.denial is not None:
        yield Cause.OVERRULED


def _uncertain(rule: Rule, risk: Risk, task: Task, target: Target) -> Iterator[str]:
    for key, narrowing in TASK_KEYS.items():
        if narrowing(rule, task, target) is Fit.UNKNOWN:
            yield key
    if rule.message is not None and not risk.message:
        yield "message"
