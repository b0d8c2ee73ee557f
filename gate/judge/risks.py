"""What one risk of a final task comes to, under the policy."""

from __future__ import annotations

from gate.judge.narrowing import Fit, misfits
from gate.judge.rulebook import Rulebook, Ruling
from gate.model import Decision, JudgedRisk, Level, Risk, Rule, Status, Target, Task


def decide(risk: Risk, task: Task, ruling: Ruling, book: Rulebook) -> JudgedRisk:
    """Decide on a risk of the final `task`; `ruling` is what the policy says of it."""
    if risk.status is Status.SUCCESS:
        return JudgedRisk(risk, Decision.OK, "no risk found")
    if risk.status is not Status.FAILED:
        return JudgedRisk(risk, Decision.INCONCLUSIVE, f"its status is {_said(risk.status)}: not an outcome")
    if risk.level is Level.WARNING:
        return _decide_warning(risk, task, ruling, book)
    if risk.level is Level.FATAL:
        listed = next(iter(ruling.allowances), None)
        even = f", also when listed ({place_of(listed)})" if listed else ""
        return JudgedRisk(risk, Decision.BLOCKED, f"Fatal is never allowed{even}")
    return JudgedRisk(
        risk, Decision.BLOCKED, f"its level is {_said(risk.level)}: only a Warning can be allowed"
    )


def _decide_warning(risk: Risk, task: Task, ruling: Ruling, book: Rulebook) -> JudgedRisk:
    if risk.name is None:
        return JudgedRisk(risk, Decision.BLOCKED, "it has no name, so that no policy can list it")
    if ruling.denial is not None:
        return JudgedRisk(
            risk, Decision.BLOCKED, f"denied by the policy: {ruling.denial.reason}", ruling.denial
        )
    if ruling.allowance is not None:
        return JudgedRisk(
            risk, Decision.ALLOWED, f"listed by the policy: {ruling.allowance.reason}", ruling.allowance
        )
    if ruling.allowances:
        rule = ruling.allowances[0]
        return JudgedRisk(
            risk, Decision.BLOCKED, f"its rule expired on {rule.expires} ({place_of(rule)})", rule
        )
    if ruling.nearest is not None:
        near = not_for(ruling.nearest, risk, task, book.target)
        return JudgedRisk(
            risk, Decision.BLOCKED, f"not listed by the policy: {place_of(ruling.nearest)} {near}"
        )
    return JudgedRisk(risk, Decision.BLOCKED, "not listed by the policy")


def not_for(rule: Rule, risk: Risk, task: Task, target: Target) -> str:
    """In what the rule does not apply to the risk, in words that follow its name; empty where it does."""
    causes = [
        f"{key} ({'does not fit' if fit is Fit.NO else 'is not known here'})"
        for key, fit in misfits(rule, task, target, risk.message)
    ]
    return f"is narrowed by {', '.join(causes)}" if causes else ""


def place_of(rule: Rule) -> str:
    """`policies/prod.yml:12`."""
    return f"{rule.file}:{rule.line}"


def _said(word: object) -> str:
    return str(word.value) if isinstance(word, Status | Level) else str(word)
