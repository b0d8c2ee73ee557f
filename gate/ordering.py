"""The use case of `--create`: find what is installed, choose versions, ask for the checks in one call.

The call is sent once. Where its answer leaves open whether it worked, the checks are looked for instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeVar

from gate.errors import ApiError, DeadlineReached, NotAnAnswer
from gate.judge.order import answered_otherwise, may_be
from gate.judge.selection import incomplete
from gate.model import (
    Answer,
    CheckType,
    Deadline,
    Order,
    OrderedCheck,
    Problem,
    ProblemCode,
    Schedule,
    Task,
    Verdict,
    Wanted,
)
from gate.model.addon import ClusterFacts, Installed, Release
from gate.plan import Chosen, Plan, Wish, instances, plan, values_for
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
    ) -> tuple[Task, ...]:
        """Sent once; returns the tasks that were created, each with its ID. `values` go by instance ID."""
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


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what the checks are asked for: the time there is, and who hears what is chosen and done."""

    schedule: Schedule
    deadline: Deadline
    random: Random
    tell: Callable[[str], None]

    def insist(self, ask: Callable[[Deadline], Got], again: Callable[[ApiError], bool]) -> Got:
        """Ask until there is an answer, or `again` says that it is of no use."""
        return insist(ask, again, self.deadline, self.deadline.clock, self.random, self._again)

    def _again(self, failure: ApiError) -> None:
        self.tell(f"{failure.message}; asking again")


class _Open(Exception):
    """The answer to the create call leaves open whether it worked. None: the deadline cut it off."""

    def __init__(self, failure: ApiError | None) -> None:
        super().__init__()
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

    Raises `ApiError` where the API refused or could not be asked, `DeadlineReached` where the deadline came
    before the checks were asked for.
    """
    terms = Terms(schedule, deadline, random, tell)
    installed = terms.insist(shop.installed, _is_transient)
    chosen, problems = instances(purchase.wish, installed)
    name_of, misplaced = values_for(installed, purchase.values)
    if problems or misplaced:
        return Placed(wanted, (*problems, *misplaced))
    planned = _planned(shop, purchase.wish, chosen, terms)
    for note in planned.notes:
        tell(note)
    if planned.problems:
        return Placed(wanted, planned.problems)
    before = terms.insist(shop.tasks, _is_transient)
    if incomplete(before):
        hint = "run this again; if it stays so, ask the support of the cloud: no check was asked for"
        return Placed(wanted, tuple(replace(problem, hint=hint) for problem in incomplete(before)))
    earlier = frozenset(task.task_id for task in before.tasks if task.task_id is not None)
    placing = Order(planned.checks, deadline.clock.now(), earlier)
    values = {check.instance_id: name_of.get(check.instance_id) for check in planned.checks}
    given = {each: purchase.values[name] for each, name in values.items() if name is not None}
    tell(f"asking for {_checks(planned.checks)}")
    return _placed(shop, placing, wanted, given, terms)


def _planned(shop: Workshop, wish: Wish, chosen: Sequence[Chosen], terms: Terms) -> Plan:
    facts = terms.insist(shop.facts, _is_transient)
    templates = [] if wish.type is CheckType.STATIC else dict.fromkeys(each.addon for _, each in chosen)
    releases = {name: terms.insist(partial(shop.releases, name), _is_transient) for name in templates}
    return plan(wish, chosen, releases, facts)


def _placed(shop: Workshop, placing: Order, wanted: Wanted, values: Values, terms: Terms) -> Placed:
    try:
        created = _create(shop, placing, wanted.type, values, terms)
    except _Open as left:
        if left.failure is None:
            return Placed(wanted, (_cut_off(terms.schedule),))
        terms.tell(f"{left.failure.message}; looking whether the checks were created")
        found = _look_up(shop, placing, wanted.type, terms)
        if found.lacking:
            return Placed(wanted, _not_found(left.failure, found, placing.checks))
        ids = found.ids
    else:
        wrong = answered_otherwise(placing, wanted.type, created)
        if wrong is not None:
            return Placed(wanted, (wrong,))
        ids = [task.task_id for task in created if task.task_id is not None]
    return Placed(replace(wanted, task_ids=tuple(dict.fromkeys(ids)), addons=(), order=placing))


def _create(
    shop: Workshop, placing: Order, kind: CheckType, values: Values, terms: Terms
) -> tuple[Task, ...]:
    """Send the call; only a refusal that says that nothing was done is followed by another."""

    def once(until: Deadline) -> tuple[Task, ...]:
        try:
            return shop.create(placing.checks, kind, values, until)
        except DeadlineReached:
            raise _Open(None) from None
        except ApiError as failure:
            if isinstance(failure, NotAnAnswer) or (failure.transient and failure.status not in _REFUSED):
                raise _Open(failure) from None
            failure.message = f"the checks were not created: {failure.message}"
            raise

    return terms.insist(once, lambda failure: failure.status in _REFUSED)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a look-up came to. `failure` is of the last call, where that brought no answer."""

    of: Mapping[OrderedCheck, Sequence[str]]
    seconds: float = 0.0
    failure: ApiError | None = None

    @property
    def lacking(self) -> list[OrderedCheck]:
        return [check for check, ids in self.of.items() if not ids]

    @property
    def ids(self) -> Iterable[str]:
        return (task_id for ids in self.of.values() for task_id in ids)


def _look_up(shop: Workshop, placing: Order, kind: CheckType, terms: Terms) -> _Found:
    """Look for new tasks until each check has one, the discovery time is over, or asking is of no use."""
    clock, began = terms.deadline.clock, terms.deadline.clock.monotonic()
    until = Deadline(clock, min(began + terms.schedule.discovery_timeout, terms.deadline.at))
    found = _Found(dict.fromkeys(placing.checks, ()))
    while True:
        pause = FIRST_INTERVAL * (1 + terms.random())
        try:
            answer = shop.tasks(terms.deadline)
        except DeadlineReached:
            return replace(found, seconds=clock.monotonic() - began)
        except ApiError as failure:
            found = replace(found, failure=failure)
            pause = max(failure.retry_after or 0.0, pause)
        else:
            found = _Found({check: _new(answer, check, placing, kind) for check in placing.checks})
        refused = found.failure is not None and not found.failure.transient
        if refused or not found.lacking or until.remaining <= 0:
            return replace(found, seconds=clock.monotonic() - began)
        clock.sleep(min(pause, until.remaining))


def _new(answer: Answer, check: OrderedCheck, placing: Order, kind: CheckType) -> Sequence[str]:
    return [
        task.task_id
        for task in answer.tasks
        if task.task_id is not None and may_be(check, task, kind) and task.task_id not in placing.earlier
    ]


def _not_found(failure: ApiError, found: _Found, checks: Sequence[OrderedCheck]) -> tuple[Problem, ...]:
    which = (
        "none" if len(found.lacking) == len(checks) else f"no check of {', '.join(map(str, found.lacking))}"
    )
    open_still = Problem(
        ProblemCode.NOT_CREATED,
        f"whether the checks were created is open ({failure.message}), and {which} is listed after "
        f"{found.seconds:.0f} s; the call was not repeated",
        "see in the CCE console whether the add-ons are being checked, then run this again",
        Verdict.UNDECIDED,
        failure.code,
        failure.request_id,
    )
    if found.failure is None:
        return (open_still,)
    last = found.failure
    code = ProblemCode.NOT_AN_ANSWER if isinstance(last, NotAnAnswer) else ProblemCode.API_ERROR
    unseen = Problem(code, last.message, last.hint, Verdict.ERROR, last.code, last.request_id)
    return (open_still, unseen)


def _cut_off(schedule: Schedule) -> Problem:
    return Problem(
        ProblemCode.NOT_CREATED,
        f"the timeout of {schedule.timeout:g} s ran out while the checks were asked for: whether they were "
        "created is open",
        "see in the CCE console whether the add-ons are being checked; raise --timeout, and run this again",
    )


def _is_transient(failure: ApiError) -> bool:
    return failure.transient


def _checks(checks: Sequence[OrderedCheck]) -> str:
    return f"{'the check' if len(checks) == 1 else 'the checks'} of {', '.join(map(str, checks))}"
