"""What the user asks: of which cluster, about which add-ons, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gate.model.evidence import CheckType, Instant


@dataclass(frozen=True, slots=True)
class Target:
    """One cluster, or one saved answer (`source`), about which a verdict is made."""

    endpoint: str | None = None
    project_id: str | None = None
    cluster_id: str | None = None
    cluster_name: str | None = None
    source: str | None = None
    """The file of a saved answer, `-` for standard input; None where the API was asked."""


LATEST = "latest"
"""In place of a version, where a check is asked for: the newest stable one that fits the cluster."""


@dataclass(frozen=True, slots=True)
class AddonRef:
    """`NAME[@VERSION]`: the template name, the instance name or the instance ID."""

    name: str
    version: str | None = None

    def __str__(self) -> str:
        return self.name if self.version is None else f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class OrderedCheck:
    """One check that this run asked CCE to make."""

    addon: str
    """Template name."""
    instance_id: str
    target_version: str | None
    """None for a check of the add-on as it runs, which has no target."""

    def __str__(self) -> str:
        return self.addon if self.target_version is None else f"{self.addon} to {self.target_version}"


@dataclass(frozen=True, slots=True)
class Order:
    """The checks that this run asked for, in one call."""

    checks: tuple[OrderedCheck, ...]
    since: Instant
    """The moment before the call: a check that is older is not the one asked for."""
    earlier: frozenset[str] = frozenset()
    """The IDs of the tasks that were listed before the call; none of them is the one asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tasks decide. With neither IDs nor add-ons: every task of the type."""

    type: CheckType = CheckType.UPGRADE
    task_ids: tuple[str, ...] = ()
    addons: tuple[AddonRef, ...] = ()
    max_age: timedelta | None = None
    """How old a task may be; None: of any age."""
    order: Order | None = None
    """Where the tasks of `task_ids` were asked for: for what each of them has to be."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long to wait and how often to ask. All in seconds."""

    timeout: float
    discovery_timeout: float
    """How long to wait for tasks that are not there yet; lies within `timeout`."""
    poll_interval: float | None = None
    """None: adapts, short at first."""
    fail_fast: bool = False
    """End as soon as one final task is blocked."""
