"""What a person can do about a closed verdict, one step a cause."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from gate.model import (
    Decision,
    JudgedRisk,
    JudgedTask,
    Level,
    Policy,
    Report,
    Rule,
    TargetReport,
    Unknown,
    Verdict,
)
from gate.report.snippet import Draft
from gate.report.summary import (
    addon_name,
    is_expired,
    judged_pairs,
    place_of,
    remedy_for,
    risk_name,
    risks_to_read,
    target_name,
    word_of,
)

_DRAFT_HOLDS = timedelta(days=30)
_PLAIN_VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})*")


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do. The texts quote foreign names: each format has to escape them."""

    about: str
    """What it is about: `coredns, AddonStatus`."""
    text: str
    draft: Draft | None
    """A policy rule that would be the other way out."""
    places: tuple[str, ...]
    """The targets it has to be done in."""


@dataclass(frozen=True, slots=True)
class _Case:
    report: Report
    target: TargetReport
    task: JudgedTask
    risk: JudgedRisk

    @property
    def rule(self) -> Rule | None:
        return self.risk.rule


_Todo = tuple[str, str, Draft | None]
_AGAIN = "then start a new check"


def next_steps(report: Report) -> tuple[Step, ...]:
    """The steps for all deciding tasks, the same step for several targets only once."""
    places: dict[_Todo, list[str]] = {}
    for target, judged in judged_pairs(report):
        for todo in _for_task(report, target, judged):
            where = places.setdefault(todo, [])
            name = target_name(target.target)
            if name not in where:
                where.append(name)
    return tuple(Step(*todo, tuple(where)) for todo, where in places.items())


def _for_task(report: Report, target: TargetReport, judged: JudgedTask) -> list[_Todo]:
    if judged.verdict is Verdict.PASS:
        return []
    if not judged.task.is_final:
        return [(addon_name(judged), _unfinished(report, target, judged), None)]
    todos = [
        _for_risk(_Case(report, target, judged, risk))
        for risk in risks_to_read(judged.risks)
        if risk.decision in (Decision.BLOCKED, Decision.INCONCLUSIVE)
    ]
    return todos or [(addon_name(judged), _unexplained(judged), None)]


def _unfinished(report: Report, target: TargetReport, judged: JudgedTask) -> str:
    if report.exit_code > 128:
        return "the run was interrupted: run it again and let it wait. With --create that is a new check."
    if isinstance(judged.task.status, Unknown):
        return f"look at the task in the CCE console: its status is {word_of(judged.task.status)}."
    if target.target.source is not None:
        return "wait until the check has finished, save its answer again and judge that one."
    return "wait longer (--timeout), or look in the CCE console why the check does not finish."


def _unexplained(judged: JudgedTask) -> str:
    if judged.verdict is Verdict.BLOCKED:
        return (
            "the check found risks but does not list them. Look at the task in the CCE console, "
            f"fix what it shows, {_AGAIN}."
        )
    return "this result cannot be used, see why above. Judge a new check: --create starts it."


def _for_risk(case: _Case) -> _Todo:
    about = f"{addon_name(case.task)}, {risk_name(case.risk)}"
    advice = next(advice for applies, advice in _ADVICE if applies(case))
    return about, advice(case), _draft(case) if advice is _unlisted else None


def _fix(case: _Case) -> str:
    known = remedy_for(case.risk, case.task.task) is not None
    return f"{'follow the remedy above' if known else 'fix what the message says'}, {_AGAIN}"


def _inconclusive(case: _Case) -> str:
    return (
        f"it has no result (status {word_of(case.risk.risk.status)}). Start a new check; if this stays so, "
        "look at the task in the CCE console."
    )


def _fatal(case: _Case) -> str:
    return f"{_fix(case)}. No policy can allow a Fatal risk."


def _unknown_level(case: _Case) -> str:
    return f"{_fix(case)}. Its level ({word_of(case.risk.risk.level)}) is not one that a policy can allow."


def _nameless(case: _Case) -> str:
    return f"{_fix(case)}. Without a name no policy can list it."


def _expired(case: _Case) -> str:
    if case.rule is None:
        return _unlisted(case)
    return (
        f"{_fix(case)}. Or, if the team still accepts it, set a later expires: in the rule at "
        f"{place_of(case.rule)}."
    )


def _denied(case: _Case) -> str:
    if case.rule is None:
        return _unlisted(case)
    return f"{_fix(case)}. The policy does not allow it, see {place_of(case.rule)}."


def _without_addon(case: _Case) -> str:
    return f"{_fix(case)}. The task names no add-on that a policy rule could be narrowed to."


def _unlisted(case: _Case) -> str:
    policy = case.report.policy.policy
    if not policy.files:
        return f"{_fix(case)}. Or, if the team accepts it, give this file with --policy:"
    return (
        f"{_fix(case)}. Or, if the team accepts it, add this under allow: in {_home(policy)} "
        "(cce-gate policy suggest drafts it narrower):"
    )


def _home(policy: Policy) -> str:
    """The file that allowances stand in; one that only denies is not the place for another."""
    allowing = {rule.file for rule in policy.allow}
    denying = {rule.file for rule in policy.deny}
    files = [file.path for file in policy.files if file.path in allowing or file.path not in denying]
    return files[0] if len(files) == 1 else "a policy file of yours"


def _draft(case: _Case) -> Draft | None:
    risk, addon = case.risk.risk.name, case.task.task.addon
    if risk is None or addon is None:
        return None
    whole = not case.report.policy.policy.files
    version = case.task.task.target_version
    return Draft(
        risk,
        addon,
        case.report.finished.utc_date + _DRAFT_HOLDS,
        version if version is not None and _PLAIN_VERSION.fullmatch(version) else None,
        whole,
    )


_ADVICE: tuple[tuple[Callable[[_Case], bool], Callable[[_Case], str]], ...] = (
    (lambda case: case.risk.decision is Decision.INCONCLUSIVE, _inconclusive),
    (lambda case: case.risk.risk.level is Level.FATAL, _fatal),
    (lambda case: case.risk.risk.level is not Level.WARNING, _unknown_level),
    (lambda case: case.risk.risk.name is None, _nameless),
    (lambda case: case.rule is not None and is_expired(case.rule, case.report), _expired),
    (lambda case: case.rule is not None, _denied),
    (lambda case: case.task.task.addon is None, _without_addon),
    (lambda _: True, _unlisted),
)
"""The first that applies speaks. The order is the judge's: what no policy can change comes first."""
