"""What the API says: check tasks and their risks, parsed once at the edge.

Words that the API documents become enums; any other text is kept as `Unknown` and never guessed.
Names follow the vendor's page of ListAddonPrecheckTasks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum


class CheckType(Enum):
    """`metadata.type`: what a check looks at."""

    STATIC = "addonStatic"
    UPGRADE = "addonUpgrade"


class Status(Enum):
    """`status` of a task and of a risk: the same four words.

    `FAILED` means that the check is complete and found risks, not that the check broke.
    """

    INIT = "Init"
    RUNNING = "Running"
    FAILED = "Failed"
    SUCCESS = "Success"


class Level(Enum):
    """`level` of a risk. The API may say `Warning` until the risk is final and `Fatal` then."""

    WARNING = "Warning"
    FATAL = "Fatal"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not one of the documented ones. `text` is None where it was missing."""

    text: str | None = None

    def __str__(self) -> str:
        return "missing" if self.text is None else f'"{self.text}"'


@dataclass(frozen=True, order=True, slots=True)
class Instant:
    """A moment, in nanoseconds since the epoch: the API writes nine fractional digits.

    `text` is how the API wrote it; it takes no part in comparisons.
    """

    nanoseconds: int
    text: str = field(default="", compare=False)

    @classmethod
    def at(cls, seconds: float) -> Instant:
        """The instant that is `seconds` after the epoch."""
        return cls(int(seconds * 1_000_000_000))

    @property
    def utc_date(self) -> date:
        """The day in UTC on which this instant lies."""
        return datetime.fromtimestamp(self.nanoseconds // 1_000_000_000, UTC).date()

    def minus(self, other: Instant) -> float:
        """Seconds from `other` to this instant; negative where `other` is later."""
        return (self.nanoseconds - other.nanoseconds) / 1_000_000_000


@dataclass(frozen=True, slots=True)
class Risk:
    """One entry of a task's `riskList`. `name` is None where the API gave no text for it."""

    name: str | None
    level: Level | Unknown
    status: Status | Unknown
    message: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One check task. Text fields are None where the API gave no text."""

    task_id: str | None
    type: CheckType | Unknown
    addon: str | None
    """`addonTemplateName`, such as `coredns`."""
    instance_name: str | None
    """`addonInstanceName`, such as `cceaddon-coredns`."""
    instance_id: str | None
    target_version: str | None
    """`addonTargetVersion`: the version that the upgrade would go to."""
    created: Instant | Unknown
    expires: Instant | Unknown
    status: Status | Unknown
    message: str = ""
    risks: tuple[Risk, ...] = ()
    """`status.riskList` and the `riskList` beside `status`, together: both are documented."""

    @property
    def is_final(self) -> bool:
        """Whether the check has come to its end: `Failed` or `Success`, and nothing else."""
        return self.status in (Status.FAILED, Status.SUCCESS)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the list call. `count` is `pageInfo.currentCount`.

    `text` is the answer itself as canonical JSON (`gate.seal`), without secrets and without the values of
    add-ons: nothing is judged by it, it goes into the report so that the answer can be judged again.
    """

    tasks: tuple[Task, ...]
    count: int | Unknown = Unknown()
    text: str = field(default="", compare=False, repr=False)
