"""Tasks held against the order of a run that asked for checks of its own."""

from __future__ import annotations

from collections.abc import Sequence

from gate.model import CheckType, Order, OrderedCheck, Problem, ProblemCode, Task, Unknown, Wanted

_HINT = "see in the CCE console what is being checked, then run this again"


def is_ordered(check: OrderedCheck, task: Task) -> bool:
    """Whether the task certainly is the check that was asked for, as far as its subject tells."""
    return (
        check.instance_id == task.instance_id
        and check.addon == task.addon
        and check.target_version in (None, task.target_version)
    )


def may_be(check: OrderedCheck, task: Task, kind: CheckType) -> bool:
    """Whether the task is of the type and the instance, and nothing else that it says is against it."""
    return (
        task.type is kind
        and task.instance_id == check.instance_id
        and task.addon in (None, check.addon)
        and (check.target_version is None or task.target_version in (None, check.target_version))
    )


def missing(wanted: Wanted, deciding: Sequence[Task]) -> list[Problem]:
    """A problem for each check that was ordered and is not among the deciding tasks."""
    order = wanted.order
    if order is None:
        return []
    came = _listed(deciding, order)
    return [
        Problem(
            ProblemCode.NOT_AS_ORDERED,
            f"no {wanted.type.value} check came for {check}, which was asked for; came: {came}",
            _HINT,
        )
        for check in order.checks
        if not any(is_ordered(check, task) for task in deciding)
    ]


def answered_otherwise(order: Order, kind: CheckType, created: Sequence[Task]) -> Problem | None:
    """What is wrong with the answer to the create call.

    It has to name one new task for each check that was ordered, and no other.
    """
    ids = {task.task_id for task in created}
    each_came = all(any(may_be(check, task, kind) for task in created) for check in order.checks)
    all_ordered = all(any(may_be(check, task, kind) for check in order.checks) for task in created)
    if each_came and all_ordered and len(ids) == len(order.checks) and not ids & order.earlier:
        return None
    asked = ", ".join(f"{check} ({kind.value}, instance {check.instance_id})" for check in order.checks)
    return Problem(
        ProblemCode.NOT_AS_ORDERED,
        f"what was created is not what was asked for; asked for: {asked}; came: {_listed(created, order)}",
        _HINT,
    )


def _listed(tasks: Sequence[Task], order: Order) -> str:
    return ", ".join(_told(task, order) for task in tasks) or "nothing"


def _told(task: Task, order: Order) -> str:
    kind = "of unknown type" if isinstance(task.type, Unknown) else task.type.value
    before = ", was there before" if task.task_id in order.earlier else ""
    what = f"{task.addon or 'an unknown add-on'} to {task.target_version or 'an unknown version'}"
    return f"{what} ({kind}, instance {task.instance_id}, check task {task.task_id}{before})"
