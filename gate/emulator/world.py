"""What a scenario says: immutable, read once from YAML by `gate.emulator.scenario`.

Durations are in seconds. Words that the API documents are plain text here on purpose: a scenario
may say words that the API does not know.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from gate.emulator.identity import Iam, Lifetimes, MetadataMode, Oidc, Project

CceCall = Literal["list", "create", "instances", "templates", "clusters", "cluster"]
IdentityCall = Literal["token", "projects", "idToken", "securityTokens", "assume"]
MachineCall = Literal["metadataToken", "securityKey", "githubToken"]
Call = Literal[CceCall, IdentityCall, MachineCall]
"""The calls that the emulator answers, by the names that faults use."""

CALLS: tuple[Call, ...] = get_args(Call)


@dataclass(frozen=True, slots=True)
class RiskPlan:
    """How one risk unfolds. Moments count from the check's creation.

    A name, level or status that is None is left out of the answer.
    """

    name: str | None
    level: str | None = "Warning"
    level_until_final: str | None = "Warning"
    status: str | None = "Success"
    message: str = ""
    begins: float | None = None
    """When it goes from `Init` to `Running`; None: with the check."""
    final_at: float | None = None
    """When it takes its `status` and `level`; None: with the check."""


@dataclass(frozen=True, slots=True)
class Relapse:
    """After being final for `after`, the check says `Running` again for `lasts`."""

    after: float
    lasts: float = math.inf


@dataclass(frozen=True, slots=True)
class Unfolding:
    """How a check unfolds: `Init`, then `Running`, then final at `final_at` (infinite: never)."""

    init: float
    final_at: float
    risks: tuple[RiskPlan, ...]
    status: str | None = None
    """The final status; None: `Failed` if any risk failed, else `Success`."""
    message: str = "Addon task check finish"
    relapse: Relapse | None = None


@dataclass(frozen=True, slots=True)
class Addon:
    """An add-on instance that is installed in a cluster. `name` is the template's."""

    name: str
    instance_name: str
    instance_id: str
    version: str
    target_versions: tuple[str, ...]
    status: str = "running"

    def is_called(self, wanted: str) -> bool:
        """Whether `wanted` is its template name, instance name or instance ID."""
        return wanted in (self.name, self.instance_name, self.instance_id)


@dataclass(frozen=True, slots=True)
class StandingCheck:
    """A check that exists from the start, created `age` before it."""

    addon: Addon
    type: str
    target_version: str
    task_id: str
    age: float
    expires: float | None
    """Counted from the start; may be negative. None: the answer has no such moment."""
    unfolding: Unfolding


@dataclass(frozen=True, slots=True)
class OnCreate:
    """How a check that a client creates unfolds. `type` and `target_version` replace what was asked."""

    unfolding: Unfolding
    type: str | None = None
    target_version: str | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """`version` is like `v1.29`; `type` and `category` are the API's words."""

    project_id: str
    project_name: str | None
    """None: the scenario leaves the project's name to another cluster, or to the default."""
    cluster_id: str
    cluster_name: str
    version: str
    type: str
    category: str
    addons: tuple[Addon, ...]
    checks: tuple[StandingCheck, ...]
    on_create: tuple[tuple[str, OnCreate], ...]
    """By add-on instance ID."""


@dataclass(frozen=True, slots=True)
class Support:
    """`cluster_versions` are regular expressions."""

    cluster_type: str
    cluster_versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """`support` is None where the API says `null`."""

    version: str
    stable: bool
    support: tuple[Support, ...] | None


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    versions: tuple[TemplateVersion, ...]


@dataclass(frozen=True, slots=True)
class AnswerStatus:
    """Answers an error in one of the dialects of `gate.emulator.bodies`."""

    status: int
    dialect: str
    code: str | None
    message: str | None
    retry_after: str | None


@dataclass(frozen=True, slots=True)
class Reset:
    """RST before any byte of an answer."""


@dataclass(frozen=True, slots=True)
class Close:
    """Closes in good order, without an answer."""


@dataclass(frozen=True, slots=True)
class Hang:
    """Never answers."""


@dataclass(frozen=True, slots=True)
class Drip:
    """Sends the true answer a byte every `interval`, from its headers or from its body on."""

    part: str
    interval: float


@dataclass(frozen=True, slots=True)
class Truncate:
    """Sends the true answer's headers and half of its body, then closes."""


@dataclass(frozen=True, slots=True)
class Redirect:
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class LiteralBody:
    status: int
    content_type: str
    body: str


@dataclass(frozen=True, slots=True)
class Echo:
    """Answers with what was sent, secrets included: an error, or tasks where `list` is to answer 200."""

    status: int


FaultKind = AnswerStatus | Reset | Close | Hang | Drip | Truncate | Redirect | LiteralBody | Echo


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the `nth` (1-based) request of a call, `times` times (None: for ever).

    `worked`: the creation that was asked for takes place all the same.
    """

    on: Call | None
    """None: any call; then every request counts."""
    kind: FaultKind
    nth: int = 1
    times: int | None = 1
    worked: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole emulated cloud."""

    name: str
    about: str
    token: str
    token_lifetime: float | None
    """Counted from the start; after it the token must be updated. None: it does not end."""
    shape: str
    """`table` or `example`: which of the vendor's two contradicting shapes the list call answers in."""
    current_count: int | None
    """What `pageInfo.currentCount` says; None: the number of all check tasks of the cluster."""
    clusters: tuple[Cluster, ...]
    templates: tuple[Template, ...]
    faults: tuple[Fault, ...]
    projects: tuple[Project, ...]
    iam: Iam
    oidc: Oidc
    metadata: MetadataMode
    lifetimes: Lifetimes
