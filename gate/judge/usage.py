"""What a run says about the rules themselves: which did their work, and which are due for a review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from gate.judge.narrowing import of_task
from gate.model import Policy, PolicyReport, Rule, Target, TargetReport, Task


def usage(policy: Policy, targets: Sequence[TargetReport], today: date) -> PolicyReport:
    """The allow rules that expired, end soon, matched nothing, could not match or are shadowed by a denial.

    Of what matched nothing is told only where every target was judged to the end.
    """
    expired = tuple(rule for rule in policy.allow if rule.is_expired(today))
    live = [rule for rule in policy.allow if not rule.is_expired(today)]
    shadowed = _shadowed(policy, live, targets)
    unused = unseen = None
    if targets and all(target.judgement.is_settled for target in targets):
        matched = frozenset[Rule]().union(*(target.judgement.matched for target in targets))
        told = {rule for rule, _ in shadowed}
        idle = [rule for rule in live if rule not in matched and rule not in told]
        circumstances = list(_circumstances(targets))
        apply = [any(of_task(rule, task, target) for task, target in circumstances) for rule in idle]
        unused = tuple(rule for rule, could in zip(idle, apply, strict=True) if could)
        unseen = tuple(rule for rule, could in zip(idle, apply, strict=True) if not could)
    return PolicyReport(
        policy,
        unused,
        expired,
        expiring=tuple(rule for rule in live if rule.ends_soon(today)),
        shadowed=shadowed,
        unseen=unseen,
    )


def _circumstances(targets: Sequence[TargetReport]) -> Iterable[tuple[Task, Target]]:
    """Each task that decided with its cluster, one of those in which a rule can't tell a difference."""
    distinct = {
        (judged.task.addon, judged.task.target_version, judged.task.type, report.target): judged.task
        for report in targets
        for judged in report.judgement.deciding
    }
    return [(task, target) for (_, _, _, target), task in distinct.items()]


def _shadowed(
    policy: Policy, live: Iterable[Rule], targets: Iterable[TargetReport]
) -> tuple[tuple[Rule, Rule], ...]:
    overruled = dict(pair for report in targets for pair in sorted(report.judgement.overruled, key=_places))
    denials: dict[str, list[Rule]] = {}
    for rule in policy.deny:
        denials.setdefault(rule.risk, []).append(rule)
    pairs = []
    for rule in live:
        covering = (each for each in denials.get(rule.risk, ()) if covers(each, rule))
        denial = next(covering, None) or overruled.get(rule)
        if denial is not None:
            pairs.append((rule, denial))
    return tuple(pairs)


def covers(denial: Rule, rule: Rule) -> bool:
    """Whether `denial` certainly applies wherever `rule` does, told from the keys alone."""
    return (
        denial.risk == rule.risk
        and denial.addon in (None, rule.addon)
        and denial.target_version in (None, rule.target_version)
        and denial.type in (None, rule.type)
        and denial.message in (None, rule.message)
        and (not denial.cluster or (bool(rule.cluster) and set(rule.cluster) <= set(denial.cluster)))
    )


def _places(pair: tuple[Rule, Rule]) -> tuple[str, int, str, int]:
    rule, denial = pair
    return (rule.file, rule.line, denial.file, denial.line)
