"""What is worth knowing beside the verdict, a line each, for every format."""

from __future__ import annotations

from gate.model import CheckType, Instant, PolicyReport, Problem, Report, Rule
from gate.report.moments import age, stamp
from gate.report.summary import named, place_of

_FEW = 2


_MOST_NOTES = 10
"""So many notes of a kind are told one by one."""


def all_notes(report: Report) -> list[str]:
    """Rules that expired, end soon, are shadowed or matched nothing, and what the verdict does not cover."""
    return [*rule_notes(report.policy), *_age_notes(report), *_type_notes(report)]


def for_support(problem: Problem) -> str:
    """The API's code and the request ID, or empty."""
    facts = (("API code", problem.api_code), ("request ID", problem.request_id))
    return ", ".join(f"{label} {value}" for label, value in facts if value is not None)


def rule_notes(policy: PolicyReport) -> list[str]:
    """What the run says about the rules, a line each."""
    expired = [
        f"expired: {_called(rule)} ended on {rule.expires} and allows nothing now" for rule in policy.expired
    ]
    ending = [f"ends soon: {_called(rule)} holds through {rule.expires}" for rule in policy.expiring]
    shadowed = [
        f"shadowed: {_called(rule)} allows nothing where {place_of(denial)} denies "
        f"({named(denial.reason, '')})"
        for rule, denial in policy.shadowed
    ]
    unused = [f"unused: {_called(rule)} was not needed in this run" for rule in policy.unused or ()]
    return [
        *_at_most(expired, "expired"),
        *_at_most(ending, "ends soon"),
        *_at_most(shadowed, "shadowed"),
        *_at_most(unused, "unused"),
        *_unseen_notes(policy),
    ]


def _unseen_notes(policy: PolicyReport) -> list[str]:
    """Rules that this run had no occasion to need: named where they are few."""
    unseen = policy.unseen or ()
    if not unseen:
        return []
    what = "for an add-on, version, cluster or type that was not judged in this run"
    if len(unseen) <= _FEW:
        return [f"not tried: {_called(rule)} is {what}" for rule in unseen]
    return [f"not tried: {len(unseen)} rules are {what}; the JSON report names them"]


def _at_most(notes: list[str], kind: str) -> list[str]:
    """The first of many notes of a kind, and how many more there are."""
    if len(notes) <= _MOST_NOTES:
        return notes
    return [*notes[:_MOST_NOTES], f"{kind}: {len(notes) - _MOST_NOTES} more rules, see the JSON report"]


def _called(rule: Rule) -> str:
    owner = "" if rule.owner is None else f", owner {named(rule.owner, '')}"
    return f"rule {place_of(rule)} ({named(rule.risk, '')}{owner})"


def _age_notes(report: Report) -> list[str]:
    if report.max_age_checked or not report.deciding:
        return []
    times = [judged.task.created for judged in report.deciding]
    known = [created for created in times if isinstance(created, Instant)]
    note = "the age of the results was not checked"
    if known:
        note += f"; the oldest is {age(min(known), report.finished)} (created {stamp(min(known))})"
    unknown = len(times) - len(known)
    if unknown:
        note += f"; {unknown} without a readable creation time"
    return [note]


def _type_notes(report: Report) -> list[str]:
    if not any(judged.task.type is CheckType.STATIC for judged in report.deciding):
        return []
    return [
        "addonStatic inspects an add-on as it runs; what only an addonUpgrade check looks at is not covered"
    ]
