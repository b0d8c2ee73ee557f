"""A case run: what the judge makes of it, held against what was expected. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from gate.judge import judge
from gate.model import (
    Answer,
    Decision,
    Instant,
    JudgedRisk,
    JudgedTask,
    Judgement,
    Policy,
    Risk,
    Rule,
    Status,
    Target,
    Task,
    Unknown,
    Wanted,
)
from gate.policy.cases import Case, Expectation, SavedAnswer, WrittenCheck
from gate.report.summary import addon_name, place_of, risk_name

_LONGEST_MESSAGE = 120


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case with its judgement. `differences` has a line for each thing that is not as expected.

    The lines hold text of the answer: foreign text, to be escaped where it is shown.
    """

    case: Case
    judgement: Judgement
    differences: tuple[str, ...]


def rehearse(case: Case, answer: Answer, policy: Policy, today: date) -> Outcome:
    """Judge `answer` under `policy` as of the end of the day `today` (UTC).

    Whether a saved answer has expired is left out: a case is about the policy, not about the answer's age.
    """
    ageless = replace(answer, tasks=tuple(replace(task, expires=Unknown()) for task in answer.tasks))
    end = Instant.at(datetime.combine(today, time(23, 59, 59), UTC).timestamp())
    judgement = judge(ageless, Wanted(type=case.evidence.type), policy, end, case.target or Target())
    return Outcome(case, judgement, tuple(_differences(case, judgement)))


def answer_of(check: WrittenCheck) -> Answer:
    """The answer of the API that a check written out in a case stands for."""
    risks = tuple(Risk(each.risk, each.level, Status.FAILED, each.message) for each in check.risks)
    task = Task(
        task_id="written-in-the-case",
        type=check.type,
        addon=check.addon,
        instance_name=None,
        instance_id=None,
        target_version=check.target_version,
        created=Unknown(),
        expires=Unknown(),
        status=Status.FAILED,
        risks=risks,
    )
    return Answer((task,), count=1)


def uncovered(policies: Iterable[Policy], outcomes: Iterable[Outcome]) -> tuple[Rule, ...]:
    """The rules of the tested policies that no case shows at work, in the order of the files.

    At work is a rule that decided on a risk, or that a denial kept from it.
    """
    shown: set[Rule | None] = set()
    for outcome in outcomes:
        shown |= {risk.rule for task in outcome.judgement.deciding for risk in task.risks}
        shown |= {rule for rule, _ in outcome.judgement.overruled}
    rules = {rule for policy in policies for rule in (*policy.deny, *policy.allow)}
    return tuple(sorted(rules - shown, key=lambda rule: (rule.file, rule.line)))


def _differences(case: Case, judgement: Judgement) -> Iterator[str]:
    if judgement.verdict is not case.verdict:
        yield (f"verdict: expected {case.verdict.value}, got {judgement.verdict.value} ({judgement.reason})")
    found = [(task, risk) for task in judgement.deciding for risk in task.risks]
    if isinstance(case.evidence, SavedAnswer):
        yield from _against_list(case.evidence.expect, found)
        return
    for (task, risk), wanted in zip(found, case.evidence.risks, strict=True):
        if risk.decision is not wanted.expect:
            yield _other(task, risk, wanted.expect)


def _against_list(
    expected: Iterable[Expectation], found: Iterable[tuple[JudgedTask, JudgedRisk]]
) -> Iterator[str]:
    """Each risk that is not ok has to be expected, and each expectation has to find its risk."""
    waiting = dict.fromkeys(expected)
    everything = tuple(waiting)
    for task, risk in found:
        fitting = [each for each in everything if _speaks_of(each, task.task, risk)]
        for each in fitting:
            waiting.pop(each, None)
            if each.decision is not risk.decision:
                yield _other(task, risk, each.decision)
        if not fitting and risk.decision is not Decision.OK:
            yield f"{_called(task, risk)}: nothing expected, got {_got(risk)}"
    for each in waiting:
        version = f" {each.target_version}" if each.target_version else ""
        yield (
            f"{each.addon}{version} {each.risk}: expected {each.decision.value}, "
            "but no check that decides has such a risk"
        )


def _speaks_of(expectation: Expectation, task: Task, risk: JudgedRisk) -> bool:
    return (
        expectation.addon == task.addon
        and expectation.risk == risk.risk.name
        and expectation.target_version in (None, task.target_version)
    )


def _other(task: JudgedTask, risk: JudgedRisk, expected: Decision) -> str:
    return f"{_called(task, risk)}: expected {expected.value}, got {_got(risk)}"


def _called(task: JudgedTask, risk: JudgedRisk) -> str:
    return f"{addon_name(task)} {risk_name(risk)}"


def _got(judged: JudgedRisk) -> str:
    """The decision, the judge's reason, the rule's place, and the message that it was made on."""
    said = f"{judged.decision.value} ({judged.reason}"
    if judged.rule is not None and place_of(judged.rule) not in judged.reason:
        said += f", {place_of(judged.rule)}"
    said += ")"
    message = judged.risk.message
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[: _LONGEST_MESSAGE - 1]}…"
    return f'{said}; its message: "{message}"' if message else said
