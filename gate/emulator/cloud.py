"""The state of the emulated cloud: what is installed, and the check tasks as they unfold. Knows no HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gate.emulator.defaults import DEFAULT_ON_CREATE, KEPT_FOR, derived_id
from gate.emulator.unfold import CheckState, check_at
from gate.emulator.world import Addon, Cluster, Scenario, Template, Unfolding


class NotFound(Exception):
    """There is no such cluster, or it belongs to another project."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One entry of a create request, already checked: `addon` is installed in the cluster."""

    addon: Addon
    type: str
    target_version: str


@dataclass(frozen=True, slots=True)
class Task:
    """A check task. Moments are seconds since the epoch."""

    task_id: str
    type: str
    addon: Addon
    target_version: str
    created: float
    expires: float | None
    """None: the answer has no such moment."""
    unfolding: Unfolding


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task and how it stands at the moment of asking."""

    task: Task
    state: CheckState


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """The query of the list call; None: not filtered by this."""

    type: str | None = None
    task_id: str | None = None
    addon_instance_id: str | None = None

    def takes(self, task: Task) -> bool:
        return (
            self.type in (None, task.type)
            and self.task_id in (None, task.task_id)
            and self.addon_instance_id in (None, task.addon.instance_id)
        )


class Cloud:
    """One cloud, started at the moment it is made. May be used by several threads."""

    def __init__(self, scenario: Scenario, clock: Callable[[], float]) -> None:
        self.scenario = scenario
        self.started = clock()
        self._clock = clock
        self._lock = threading.Lock()
        self._created = 0
        self._clusters = {cluster.cluster_id: cluster for cluster in scenario.clusters}
        self._tasks = {cluster.cluster_id: self._standing(cluster) for cluster in scenario.clusters}

    def now(self) -> float:
        return self._clock()

    def clusters(self, project_id: str) -> tuple[Cluster, ...]:
        """The project's clusters. Raises `NotFound` where no cluster belongs to it."""
        found = tuple(one for one in self.scenario.clusters if one.project_id == project_id)
        if not found:
            raise NotFound
        return found

    def cluster(self, cluster_id: str, project_id: str | None = None) -> Cluster:
        """Raises `NotFound` where there is none, or not in this project."""
        cluster = self._clusters.get(cluster_id)
        if cluster is None or project_id not in (None, cluster.project_id):
            raise NotFound
        return cluster

    def templates(self, name: str | None) -> tuple[Template, ...]:
        return tuple(one for one in self.scenario.templates if name in (None, one.name))

    def tasks(self, cluster: Cluster, wanted: TaskFilter) -> tuple[TaskView, ...]:
        """The cluster's tasks that the filter takes, oldest entry first, as they stand now."""
        with self._lock:
            known = tuple(self._tasks[cluster.cluster_id])
        return self._views([task for task in known if wanted.takes(task)])

    def count(self, cluster: Cluster) -> int:
        """What `pageInfo.currentCount` says."""
        stated = self.scenario.current_count
        with self._lock:
            return len(self._tasks[cluster.cluster_id]) if stated is None else stated

    def create(self, cluster: Cluster, wishes: Sequence[Wish]) -> tuple[TaskView, ...]:
        """Starts a check for each wish and says how it stands at its creation."""
        plans = dict(cluster.on_create)
        now = self._clock()
        with self._lock:
            created = []
            for wish in wishes:
                self._created += 1
                plan = plans.get(wish.addon.instance_id, DEFAULT_ON_CREATE)
                created.append(
                    Task(
                        task_id=derived_id(cluster.cluster_id, "created", str(self._created)),
                        type=plan.type or wish.type,
                        addon=wish.addon,
                        target_version=plan.target_version or wish.target_version,
                        created=now,
                        expires=now + KEPT_FOR,
                        unfolding=plan.unfolding,
                    )
                )
            self._tasks[cluster.cluster_id].extend(created)
        return tuple(TaskView(task, check_at(0.0, task.unfolding)) for task in created)

    def _views(self, tasks: Sequence[Task]) -> tuple[TaskView, ...]:
        now = self._clock()
        return tuple(TaskView(task, check_at(now - task.created, task.unfolding)) for task in tasks)

    def _standing(self, cluster: Cluster) -> list[Task]:
        return [
            Task(
                task_id=check.task_id,
                type=check.type,
                addon=check.addon,
                target_version=check.target_version,
                created=self.started - check.age,
                expires=None if check.expires is None else self.started + check.expires,
                unfolding=check.unfolding,
            )
            for check in cluster.checks
        ]
