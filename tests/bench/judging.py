"""`python -m tests.bench.judging RULES [TIMES]`: judges 100,000 risks under so many rules.

The rules are of every kind: for one add-on, for a version, for a message, for all add-ons. Prints the tally.
"""

from __future__ import annotations

import sys
from collections import Counter

from gate.judge import judge
from gate.model import Answer, Level, Policy, Risk, Rule, Status, Task
from gate.pattern import Pattern
from tests.builders import NOW, WANTED, task

TASKS = 200
RISKS = 500
NAMES = 50
"""Distinct names of risks."""


def answer() -> Answer:
    """100,000 Warnings: what one kind of them is allowed by depends on the rules."""
    return Answer(tuple(_task(number) for number in range(TASKS)), TASKS)


def policy(rules: int) -> Policy:
    """So many rules, of which each add-on and risk has about as many, whatever their number."""
    return Policy(allow=tuple(_rule(number) for number in range(rules)))


def _task(number: int) -> Task:
    risks = (
        Risk(f"Risk{each % NAMES}", Level.WARNING, Status.FAILED, f"object {each} was modified")
        for each in range(RISKS)
    )
    return task(*risks, task_id=f"task-{number}", instance_id=f"id-{number}", addon=f"addon-{number}")


def _rule(number: int) -> Rule:
    addon = number // NAMES
    kind = addon % 4
    return Rule(
        file="policy.yml",
        line=number + 3,
        risk=f"Risk{number % NAMES}",
        reason="accepted",
        addon=f"addon-{addon}",
        target_version=">=1.30,<1.31" if kind == 1 else None,
        message=Pattern.parse("object [0-9]+ was") if kind == 2 else None,
    )


def main(rules: int, times: int = 3) -> str:
    """Judge, often enough to outweigh what is built for it, and tell how many risks ended how."""
    asked, given = answer(), policy(rules)
    judgement = judge(asked, WANTED, given, NOW)
    for _ in range(times - 1):
        judge(asked, WANTED, given, NOW)
    decisions = Counter(risk.decision.value for each in judgement.deciding for risk in each.risks)
    return ", ".join(f"{number} {decision}" for decision, number in sorted(decisions.items()))


if __name__ == "__main__":
    sys.stdout.write(f"{main(*map(int, sys.argv[1:]))}\n")
