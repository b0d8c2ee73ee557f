"""The policy as the judge sees it: parsed, checked, immutable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `allow`: lets one Warning pass, for a reason that a person gave.

    `file` and `line` say where it stands, so that a report can point at it.
    """

    file: str
    line: int
    risk: str
    reason: str
    addon: str | None = None
    """Template name; None: any add-on."""
    expires: date | None = None
    """The last day (UTC) on which the rule holds; None: it does not end."""
    owner: str | None = None
    ticket: str | None = None

    def is_expired(self, today: date) -> bool:
        """Whether the rule's last day lies before `today` (a day in UTC)."""
        return self.expires is not None and today > self.expires


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
