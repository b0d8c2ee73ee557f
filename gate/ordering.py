"""The use case of `--create`: find what is installed, choose versions, ask for the checks in one call.

The call is sent once. Where its answer leaves open whether it worked, the checks are looked for instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeVar

from gate.errors import ApiError, NotAnAnswer
from gate.model import (
    Answer,
    CheckType,
    Clock,
    Deadline,
    Order,
    OrderedCheck,
    Problem,
    ProblemCode,
    Schedule,
    Verdict,
    Wanted,
)
from gate.model.addon import ClusterFacts, Installed, Release
from gate.plan import Wish, instances, plan
from gate.poll import FIRST_INTERVAL, Random, insist

Values = Mapping[str, Mapping[str, object]]
Got = TypeVar("Got")

_REFUSED = frozenset({429})
"""Statuses of a create call that say that nothing was created, and that asking again may help."""


class Workshop(Protocol):
    """Where checks are made. Every call raises `ApiError` or `DeadlineReached`."""

    def facts(self, deadline: Deadline) -> ClusterFacts: ...

    def installed(self, deadline: Deadline) -> tuple[Installed, ...]: ...

    def releases(self, template: str, deadline: Deadline) -> tuple[Release, ...]: ...

    def tasks(self, deadline: Deadline) -> Answer: ...

    def create(
        self, checks: Sequence[OrderedCheck], kind: CheckType, values: Values, deadline: Deadline
    ) -> tuple[str, ...]:
        """Sent once; returns the IDs of the tasks that were created."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """What to wait for; with `problems` nothing came of it, and there is nothing to wait for."""

    wanted: Wanted
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is to be checked. `values` are the parameters of the upgrade, by the name that the user gave."""

    wish: Wish
    values: Values


class _Open(Exception):
    """The answer to the create call leaves open whether it worked."""

    def __init__(self, failure: ApiError) -> None:
        super().__init__(failure.message)
        self.failure = failure


def order(
    shop: Workshop,
    purchase: Purchase,
    wanted: Wanted,
    schedule: Schedule,
    deadline: Deadline,
    random: Random,
    tell: Callable[[str], None],
) -> Placed:
    """Ask for the checks; `tell` hears what is chosen and done.

    Raises `ApiError` where the API refused or could not be asked, `DeadlineReached` at the deadline.
    """
    clock = deadline.clock

    def asking(ask: Callable[[Deadline], Got]) -> Got:
        return insist(ask, _is_transient, deadline, clock, random, lambda failure: tell(_again(failure)))

    chosen, problems = instances(purchase.wish, asking(shop.installed))
    if problems:
        return Placed(wanted, tuple(problems))
    cluster = asking(shop.facts)
    templates = dict.fromkeys(each.addon for _, each in chosen)
    releases = {name: asking(partial(shop.releases, name)) for name in templates}
    planned = plan(purchase.wish, chosen, releases, cluster)
    for note in planned.notes:
        tell(note)
    if planned.problems:
        return Placed(wanted, planned.problems)
    earlier = frozenset(task.task_id for task in asking(shop.tasks).tasks if task.task_id is not None)
    placing = Order(planned.checks, clock.now(), earlier)
    values = {
        each.instance_id: purchase.values[name]
        for _, each in chosen
        for name in (each.addon, each.instance_name, each.instance_id)
        if name is not None and name in purchase.values
    }
    tell(f"asking for {_checks(planned.checks)}")
    try:
        ids = _create(shop, placing, wanted.type, values, deadline, random, tell)
    except _Open as left:
        tell(f"{left.failure.message}; looking whether the checks were created")
        ids = _look_up(shop, placing, wanted.type, schedule, deadline, random)
        if not ids:
            return Placed(wanted, (_not_created(left.failure, schedule),))
    return Placed(replace(wanted, task_ids=ids, addons=(), order=placing))


def _create(
    shop: Workshop,
    placing: Order,
    kind: CheckType,
    values: Values,
    deadline: Deadline,
    random: Random,
    tell: Callable[[str], None],
) -> tuple[str, ...]:
    """Send the call; only a refusal that says that nothing was done is followed by another."""

    def once(until: Deadline) -> tuple[str, ...]:
        try:
            return shop.create(placing.checks, kind, values, until)
        except NotAnAnswer as failure:
            raise _Open(failure) from None
        except ApiError as failure:
            if failure.transient and failure.status not in _REFUSED:
                raise _Open(failure) from None
            raise

    return insist(
        once,
        lambda failure: failure.status in _REFUSED,
        deadline,
        deadline.clock,
        random,
        lambda failure: tell(_again(failure)),
    )


def _look_up(
    shop: Workshop,
    placing: Order,
    kind: CheckType,
    schedule: Schedule,
    deadline: Deadline,
    random: Random,
) -> tuple[str, ...]:
    """The IDs of new tasks for the checks, as soon as each has one, else those there are in the end."""
    clock: Clock = deadline.clock
    until = Deadline(clock, min(clock.monotonic() + schedule.discovery_timeout, deadline.at))
    while True:
        answer = insist(shop.tasks, _is_transient, deadline, clock, random, lambda _: None)
        found = {check: _new(answer, check, placing, kind) for check in placing.checks}
        if all(found.values()) or until.remaining <= 0:
            return tuple(dict.fromkeys(task_id for ids in found.values() for task_id in ids))
        clock.sleep(min(FIRST_INTERVAL * (1 + random()), max(until.remaining, 0.05)))


def _new(answer: Answer, check: OrderedCheck, placing: Order, kind: CheckType) -> list[str]:
    return [
        task.task_id
        for task in answer.tasks
        if task.task_id is not None
        and task.task_id not in placing.earlier
        and task.type is kind
        and task.instance_id == check.instance_id
        and check.target_version in (None, task.target_version)
    ]


def _not_created(failure: ApiError, schedule: Schedule) -> Problem:
    return Problem(
        ProblemCode.NOT_CREATED,
        f"whether the checks were created is open ({failure.message}), and none is listed after "
        f"{schedule.discovery_timeout:g} s; the call was not repeated",
        "see in the CCE console whether the add-ons are being checked, then run this again",
        Verdict.UNDECIDED,
        failure.code,
        failure.request_id,
    )


def _is_transient(failure: ApiError) -> bool:
    return failure.transient


def _again(failure: ApiError) -> str:
    return f"{failure.message}; asking again"


def _checks(checks: Sequence[OrderedCheck]) -> str:
    return f"{'the check' if len(checks) == 1 else 'the checks'} of {', '.join(map(str, checks))}"
