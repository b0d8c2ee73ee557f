"""The policy as the judge sees it: parsed, checked, immutable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from gate.model.evidence import CheckType

if TYPE_CHECKING:
    from gate.pattern import Pattern

SOON = timedelta(days=14)
"""A rule that ends within this time is named in every report, so that nobody is surprised."""


class Effect(Enum):
    """What a rule does with the Warnings that fall under it; the list it stands in."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `allow` or `deny`: what a person decided about one Warning, and why.

    `file` and `line` say where it stands, so that a report can point at it. What narrows the rule is
    None (or empty) where it holds for any; all that is set must fit.
    """

    file: str
    line: int
    risk: str
    reason: str
    addon: str | None = None
    """Template name."""
    target_version: str | None = None
    """A version specifier such as `>=1.30,<1.31`, in the grammar of Python's packaging (PEP 440)."""
    cluster: tuple[str, ...] = ()
    """Globs (`*` and `?`) of which one fits the cluster's name or ID."""
    type: CheckType | None = None
    message: Pattern | None = None
    """Searched in the risk's message."""
    expires: date | None = None
    """The last day (UTC) on which the rule holds; None: it does not end. Only of `allow`."""
    owner: str | None = None
    ticket: str | None = None
    effect: Effect = Effect.ALLOW

    def is_expired(self, today: date) -> bool:
        """Whether the rule's last day lies before `today` (a day in UTC)."""
        return self.expires is not None and today > self.expires

    def ends_soon(self, today: date) -> bool:
        """Whether the rule holds `today`, and its last day is at most `SOON` away."""
        return self.expires is not None and today <= self.expires <= today + SOON


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A file that the policy was read from. `sha256` is of its bytes, in hexadecimal."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Policy:
    """All files together. The default allows nothing."""

    files: tuple[PolicyFile, ...] = ()
    allow: tuple[Rule, ...] = ()
    deny: tuple[Rule, ...] = ()

    @property
    def names_clusters(self) -> bool:
        """Whether some rule is narrowed to clusters, so that the cluster's name has to be known."""
        return any(rule.cluster for rule in (*self.allow, *self.deny))
