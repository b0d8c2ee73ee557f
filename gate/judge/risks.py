"""What one risk of a final task comes to, under the policy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gate.model import Decision, JudgedRisk, Level, Policy, Risk, Rule, Status, Task


class Rulebook:
    """The policy's allowances on one day, by risk name, so that the cost does not grow with the rules."""

    def __init__(self, policy: Policy, today: date) -> None:
        self._today = today
        self._by_risk: dict[str, list[Rule]] = {}
        for rule in policy.allow:
            self._by_risk.setdefault(rule.risk, []).append(rule)

    def matching(self, risk: Risk, task: Task) -> list[Rule]:
        """The rules that the risk falls under, in the order of the files, expired ones included."""
        if risk.name is None:
            return []
        return [r for r in self._by_risk.get(risk.name, []) if r.addon is None or r.addon == task.addon]

    def in_force(self, rules: Iterable[Rule]) -> Rule | None:
        """The first of `rules` that has not expired."""
        return next((rule for rule in rules if not rule.is_expired(self._today)), None)


def decide(risk: Risk, rules: list[Rule], book: Rulebook) -> JudgedRisk:
    """Decide on a risk of a final task; `rules` are those that it falls under."""
    if risk.status is Status.SUCCESS:
        return JudgedRisk(risk, Decision.OK, "no risk found")
    if risk.status is not Status.FAILED:
        return JudgedRisk(risk, Decision.INCONCLUSIVE, f"its status is {_said(risk.status)}: not an outcome")
    if risk.level is Level.WARNING:
        return _decide_warning(risk, rules, book)
    if risk.level is Level.FATAL:
        even = f", also when listed ({_place(rules[0])})" if rules else ""
        return JudgedRisk(risk, Decision.BLOCKED, f"Fatal is never allowed{even}")
    return JudgedRisk(
        risk, Decision.BLOCKED, f"its level is {_said(risk.level)}: only a Warning can be allowed"
    )


def _decide_warning(risk: Risk, rules: list[Rule], book: Rulebook) -> JudgedRisk:
    if risk.name is None:
        return JudgedRisk(risk, Decision.BLOCKED, "it has no name, so that no policy can list it")
    rule = book.in_force(rules)
    if rule is not None:
        return JudgedRisk(risk, Decision.ALLOWED, f"listed by the policy: {rule.reason}", rule)
    if rules:
        return JudgedRisk(
            risk, Decision.BLOCKED, f"its rule expired on {rules[0].expires} ({_place(rules[0])})", rules[0]
        )
    return JudgedRisk(risk, Decision.BLOCKED, "not listed by the policy")


def _place(rule: Rule) -> str:
    return f"{rule.file}:{rule.line}"


def _said(word: object) -> str:
    return str(word.value) if isinstance(word, Status | Level) else str(word)
