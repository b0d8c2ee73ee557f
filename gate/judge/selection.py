"""Which tasks of an answer decide.

A task is left out only when it is certainly not meant. One that lacks the field by which it would be
told apart stays in, and the verdict on it says that it could not be told: a gap in an answer must never
let an older success speak in place of a newer failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from gate.judge import order
from gate.model import (
    AddonRef,
    Answer,
    CheckType,
    Instant,
    Problem,
    ProblemCode,
    Task,
    Unknown,
    Wanted,
)
from gate.model.versions import comparable

_MOST_LISTED = 10
"""So many of the checks that are there are named where one is missing."""

Group = Callable[[Task], Hashable | None]
"""What tasks must share for a newer one to supersede an older one; None: nothing supersedes it."""


@dataclass(frozen=True, slots=True)
class Selection:
    """`superseded` pairs each older task with a newer one that speaks in its place."""

    deciding: tuple[Task, ...]
    superseded: tuple[tuple[Task, Task], ...]
    problems: tuple[Problem, ...]


def select(answer: Answer, wanted: Wanted) -> Selection:
    """Pick the tasks that decide, and name what was asked for and is not there."""
    if wanted.task_ids:
        deciding = [task for task in answer.tasks if task.task_id in (None, *wanted.task_ids)]
        superseded: list[tuple[Task, Task]] = []
    elif wanted.addons:
        deciding, superseded = _by_addon(answer.tasks, wanted)
    else:
        candidates = [task for task in answer.tasks if may_be_type(task, wanted.type)]
        deciding, superseded = _newest(candidates, _instance_and_version)
    problems = [
        *_missing(answer, wanted, deciding),
        *order.missing(wanted, deciding),
        *_contradictions(answer, deciding),
        *([] if wanted.task_ids else incomplete(answer)),
    ]
    return Selection(tuple(deciding), tuple(superseded), tuple(problems))


def names(ref: AddonRef, task: Task) -> bool:
    """Whether `ref` names the task's add-on by template name, instance name or instance ID."""
    return ref.name in (task.addon, task.instance_name, task.instance_id)


def is_for(ref: AddonRef, task: Task) -> bool:
    """Whether the task certainly is about what `ref` asks for, the version included."""
    return names(ref, task) and ref.version in (None, task.target_version)


def may_be_type(task: Task, wanted: CheckType) -> bool:
    """Whether the task is of the type, or does not say a type that the API documents."""
    return task.type is wanted or isinstance(task.type, Unknown)


def _may_be_for(ref: AddonRef, task: Task) -> bool:
    unnamed = None in (task.addon, task.instance_name, task.instance_id)
    version_fits = ref.version is None or _may_be_version(ref.version, task.target_version)
    return (names(ref, task) or unnamed) and version_fits


def _may_be_version(wanted: str, found: str | None) -> bool:
    """Whether `found` is the version, or the same one written otherwise (`v1.30.6`)."""
    if found in (None, wanted):
        return True
    version = comparable((found or "").strip())
    return version is not None and version == comparable(wanted)


def _by_addon(tasks: Sequence[Task], wanted: Wanted) -> tuple[list[Task], list[tuple[Task, Task]]]:
    deciding: list[Task] = []
    superseded: list[tuple[Task, Task]] = []
    for ref in wanted.addons:
        candidates = [t for t in tasks if may_be_type(t, wanted.type) and _may_be_for(ref, t)]
        newest, older = _newest(candidates, _instance if ref.version is None else _instance_and_version)
        deciding += [task for task in newest if not _holds(deciding, task)]
        superseded += [pair for pair in older if not _holds((old for old, _ in superseded), pair[0])]
    superseded = [pair for pair in superseded if not _holds(deciding, pair[0])]
    return deciding, superseded


def _holds(tasks: Iterable[Task], wanted: Task) -> bool:
    return any(task is wanted for task in tasks)


def _instance(task: Task) -> Hashable | None:
    return task.instance_id


def _instance_and_version(task: Task) -> Hashable | None:
    if task.instance_id is None or task.target_version is None:
        return None
    return (task.instance_id, task.target_version)


def _newest(tasks: Sequence[Task], group: Group) -> tuple[list[Task], list[tuple[Task, Task]]]:
    """Split into the tasks that no other supersedes and pairs of (older, newer).

    Where creation times are missing, unreadable or equal, none supersedes another.
    """
    newest_of: dict[Hashable, tuple[Instant, Task]] = {}
    for task in tasks:
        key = _supersession_key(task, group)
        if key is None or isinstance(task.created, Unknown):
            continue
        if key not in newest_of or task.created > newest_of[key][0]:
            newest_of[key] = (task.created, task)
    deciding: list[Task] = []
    superseded: list[tuple[Task, Task]] = []
    for task in tasks:
        newest = newest_of.get(_supersession_key(task, group))
        if newest is None or isinstance(task.created, Unknown) or task.created >= newest[0]:
            deciding.append(task)
        else:
            superseded.append((task, newest[1]))
    return deciding, superseded


def _supersession_key(task: Task, group: Group) -> Hashable | None:
    """A task of unknown type neither supersedes nor is superseded."""
    return None if isinstance(task.type, Unknown) else group(task)


def _missing(answer: Answer, wanted: Wanted, deciding: Sequence[Task]) -> list[Problem]:
    listed = {task.task_id for task in deciding}
    problems = [
        Problem(
            ProblemCode.TASK_MISSING,
            f"check task {task_id} is not listed for this cluster",
            "check the ID and the cluster; results are not kept for ever: start a new check",
        )
        for task_id in wanted.task_ids
        if task_id not in listed
    ]
    problems += [
        _addon_missing(ref, answer, wanted)
        for ref in wanted.addons
        if not any(is_for(ref, task) for task in deciding)
    ]
    if not deciding and not problems:
        problems.append(
            Problem(
                ProblemCode.NO_TASKS,
                f"no {wanted.type.value} check is listed: there is nothing to judge",
                "start the check in CCE and run this again, or let the gate start it: --create",
            )
        )
    return problems


def _addon_missing(ref: AddonRef, answer: Answer, wanted: Wanted) -> Problem:
    named = {_listed(task) for task in answer.tasks if names(ref, task)}
    listed = sorted(named or {_listed(task) for task in answer.tasks})[:_MOST_LISTED]
    there = f"; listed: {', '.join(listed)}" if listed else "; no check is listed at all"
    wrong = "the version" if named else "the name"
    among = " among the tasks asked for" if wanted.task_ids else ""
    return Problem(
        ProblemCode.ADDON_MISSING,
        f"there is no {wanted.type.value} check of {ref}{among}{there}",
        f"start that check in CCE, or let the gate start it (--create); or correct {wrong} in --addon",
    )


def _listed(task: Task) -> str:
    kind = task.type.value if isinstance(task.type, CheckType) else "check"
    return f"{task.addon or task.instance_name} {task.target_version} ({kind})"


def _contradictions(answer: Answer, deciding: Iterable[Task]) -> list[Problem]:
    distinct = Counter(task_id for task_id, _ in {(task.task_id, task) for task in answer.tasks})
    twice = sorted({task.task_id for task in deciding if task.task_id and distinct[task.task_id] > 1})
    return [
        Problem(
            ProblemCode.CONTRADICTION,
            f"check task {task_id} is listed more than once, with different contents",
            "run this again; if it stays so, ask the support of the cloud",
        )
        for task_id in twice
    ]


def incomplete(answer: Answer) -> list[Problem]:
    """A problem where the answer may not hold all tasks.

    `pageInfo.currentCount` is their number; no paging is documented.
    """
    received = len(answer.tasks)
    if isinstance(answer.count, int):
        if answer.count <= received:
            return []
        what = f"the API says that there are {answer.count} check tasks and sent {received}"
    elif answer.count.text is None:
        return []
    else:
        what = f"the API's number of check tasks can't be read ({answer.count})"
    return [
        Problem(
            ProblemCode.LIST_INCOMPLETE,
            f"{what}: the list is incomplete",
            "name the tasks that decide with --task-id, or ask the support of the cloud",
        )
    ]
