"""Whether a rule applies to a risk: each key that narrows it, held against what the API said.

What the API left out is unknown and not guessed: an allow rule takes only what certainly fits, a deny rule
whatever may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from gate.model import Effect, Rule, Target, Task, Unknown
from gate.model.versions import comparable

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version


class Fit(Enum):
    """Whether a key of a rule fits; `UNKNOWN` where the API did not say what it takes to tell."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def applies(rule: Rule, fit: Fit) -> bool:
    """What `fit` comes to for the rule: in doubt a denial holds and an allowance does not."""
    return fit is Fit.YES or (fit is Fit.UNKNOWN and rule.effect is Effect.DENY)


def of_task(rule: Rule, task: Task, target: Target) -> bool:
    """Whether the rule applies to risks of this task, as far as the task and the cluster tell."""
    return all(applies(rule, narrowing(rule, task, target)) for narrowing in TASK_KEYS.values())


def of_message(rule: Rule, message: str) -> bool:
    """Whether the rule applies to a risk with this message."""
    return applies(rule, _message(rule, message))


def misfits(rule: Rule, task: Task, target: Target, message: str) -> Iterator[tuple[str, Fit]]:
    """The keys, as the policy spells them, by which the rule does not apply, each with how it fits."""
    for key, narrowing in TASK_KEYS.items():
        fit = narrowing(rule, task, target)
        if not applies(rule, fit):
            yield key, fit
    if not of_message(rule, message):
        yield "message", _message(rule, message)


def _addon(rule: Rule, task: Task, target: Target) -> Fit:  # noqa: ARG001
    return _same(rule.addon, task.addon)


def _target_version(rule: Rule, task: Task, target: Target) -> Fit:  # noqa: ARG001
    """A preview (`1.31.0-rc1`) is in a range for an allowance only where the range names one.

    Local versions (`1.30.6+mine`) and epochs can't be named by a policy. A denial also holds for previews and
    rebuilds of the versions in its range.
    """
    if rule.target_version is None:
        return Fit.YES
    version = comparable(task.target_version)
    if version is None or version.local is not None or version.epoch:
        return Fit.UNKNOWN
    specifier = _specifier(rule.target_version)
    if rule.effect is Effect.DENY:
        return _fit(any(specifier.contains(each, prereleases=True) for each in (version, _release(version))))
    return _fit(specifier.contains(version, prereleases=bool(specifier.prereleases)))


def _release(version: Version) -> Version:
    """Without what makes it a preview or a rebuild: PEP 440 leaves those out at the bounds of a range."""
    return type(version)(version.base_version)


def _cluster(rule: Rule, task: Task, target: Target) -> Fit:  # noqa: ARG001
    if not rule.cluster:
        return Fit.YES
    from fnmatch import fnmatchcase

    facts = (target.cluster_id or None, target.cluster_name or None)
    if any(fnmatchcase(fact, glob) for fact in facts if fact is not None for glob in rule.cluster):
        return Fit.YES
    return Fit.UNKNOWN if None in facts else Fit.NO


def _type(rule: Rule, task: Task, target: Target) -> Fit:  # noqa: ARG001
    return _same(rule.type, None if isinstance(task.type, Unknown) else task.type)


def _message(rule: Rule, message: str) -> Fit:
    if rule.message is None:
        return Fit.YES
    return _fit(rule.message.search(message)) if message.strip() else Fit.UNKNOWN


def _same(wanted: object | None, found: object | None) -> Fit:
    if wanted is None:
        return Fit.YES
    return Fit.UNKNOWN if found is None else _fit(wanted == found)


def _fit(fits: bool) -> Fit:
    return Fit.YES if fits else Fit.NO


@cache
def _specifier(text: str) -> SpecifierSet:
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(text)


TASK_KEYS: Mapping[str, Callable[[Rule, Task, Target], Fit]] = {
    "addon": _addon,
    "target-version": _target_version,
    "cluster": _cluster,
    "type": _type,
}
