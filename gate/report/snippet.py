"""A policy rule, drafted to be pasted. It is refused until a person writes the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gate.report.escape import replace_commands, replace_unsafe, visible

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_SHARP = r"\x23"
_NOT_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def yaml_text(text: str) -> str:
    """`text` as a YAML scalar on one line that reads back as exactly this text, whatever it holds.

    Nothing in it is a command to a CI system, so that no later escaping has to change it.
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{replace_commands(replace_unsafe(quoted, visible), _SHARP)}"'


@dataclass(frozen=True, slots=True)
class Draft:
    """An allow rule that would let one Warning of one add-on pass."""

    risk: str
    addon: str
    expires: date
    whole: bool = False
    """Whether it is a policy of its own, or an entry for one that there is."""

    def lines(self) -> tuple[str, ...]:
        """The rule as it stands under `allow:`; the reason is left blank, which the policy refuses."""
        rule = (
            f"  - risk: {yaml_text(self.risk)}",
            f"    addon: {yaml_text(self.addon)}",
            "    reason:   # required: who accepts this, and why",
            f"    expires: {self.expires.isoformat()}",
        )
        return ("version: 1", "allow:", *rule) if self.whole else rule
