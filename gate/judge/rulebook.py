"""The policy on one day and for one cluster, arranged so that the cost does not grow with the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from gate.judge.narrowing import of_message, of_task
from gate.model import Effect, Policy, Risk, Rule, Target, Task


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rules that apply to one risk, in the order of the files.

    `denial` is the first that denies it, `allowance` the first that allows it and has not expired,
    `nearest` a rule for a risk of this name that does not apply, where none does.
    """

    denials: tuple[Rule, ...] = ()
    allowances: tuple[Rule, ...] = ()
    denial: Rule | None = None
    allowance: Rule | None = None
    nearest: Rule | None = None


NO_RULING = Ruling()

_Numbered = tuple[int, Rule]
"""A rule with its place among all rules."""


class Rulebook:
    """Finds the ruling on a risk by its name and add-on; each distinct question is worked out once."""

    def __init__(self, policy: Policy, today: date, target: Target) -> None:
        self._today = today
        self.target = target
        self._by_risk: dict[str, dict[str | None, list[_Numbered]]] = {}
        for number, rule in enumerate((*policy.deny, *policy.allow)):
            self._by_risk.setdefault(rule.risk, {}).setdefault(rule.addon, []).append((number, rule))
        self._candidates: dict[object, tuple[Rule, ...]] = {}
        self._rulings: dict[object, Ruling] = {}

    def ruling(self, risk: Risk, task: Task) -> Ruling:
        """The rules that apply to `risk` of `task`. A risk without a name falls under none."""
        if risk.name is None or risk.name not in self._by_risk:
            return NO_RULING
        question = (risk.name, task.addon, task.target_version, task.type)
        candidates = self._candidates.get(question)
        if candidates is None:
            among = self._named(risk.name, task.addon)
            candidates = tuple(rule for rule in among if of_task(rule, task, self.target))
            self._candidates[question] = candidates
        by_message = any(rule.message is not None for rule in candidates)
        key = (question, risk.message if by_message else None)
        if key not in self._rulings:
            rules = [rule for rule in candidates if of_message(rule, risk.message)]
            self._rulings[key] = self._ruling(rules, risk.name, task.addon)
        return self._rulings[key]

    def named(self, risk: str) -> list[Rule]:
        """All rules for risks of this name: denials, then allowances, each in the order of the files."""
        return _in_order(each for rules in self._by_risk.get(risk, {}).values() for each in rules)

    def is_expired(self, rule: Rule) -> bool:
        return rule.is_expired(self._today)

    def _named(self, risk: str, addon: str | None) -> list[Rule]:
        """Those of `named` that may be for this add-on: all of them where it is not known."""
        if addon is None:
            return self.named(risk)
        by_addon = self._by_risk[risk]
        return _in_order([*by_addon.get(None, ()), *by_addon.get(addon, ())])

    def _ruling(self, rules: Sequence[Rule], risk: str, addon: str | None) -> Ruling:
        denials = tuple(rule for rule in rules if rule.effect is Effect.DENY)
        allowances = tuple(rule for rule in rules if rule.effect is Effect.ALLOW)
        nearest = None
        if not rules:
            near = self._named(risk, addon) or self.named(risk)
            nearest = next((rule for rule in near if rule.effect is Effect.ALLOW), None)
        return Ruling(
            denials,
            allowances,
            denial=next(iter(denials), None),
            allowance=next((rule for rule in allowances if not self.is_expired(rule)), None),
            nearest=nearest,
        )


def _in_order(rules: Iterable[_Numbered]) -> list[Rule]:
    return [rule for _, rule in sorted(rules, key=itemgetter(0))]
