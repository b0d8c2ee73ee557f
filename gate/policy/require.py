"""What a policy file requires of every allow rule, its own and those of the files beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from gate.model import Rule
from gate.policy import fields
from gate.policy.faults import Fault, Position, key_path, printable, shown
from gate.policy.fields import Field, Place

if TYPE_CHECKING:
    from gate.pattern import Pattern

LONGEST = 36_500
"""Days that `max-days` may be; a longer one limits nothing."""

_TABLE = {
    "expires": Field(fields.flag),
    "max-days": Field(fields.number(1, LONGEST)),
    "owner": Field(fields.flag),
    "ticket": Field(fields.pattern),
}


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A rule with what it takes to point at its keys."""

    rule: Rule
    path: str
    at: Position
    values: Mapping[str, Position]
    """Where the value of each key stands."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """The mapping `require` of one file; `place` is where it starts (`baseline.yml:3`)."""

    place: str
    expires: bool = False
    max_days: int | None = None
    """How many days after the day of the run a rule may end at most; a rule without an end has too many."""
    owner: bool = False
    ticket: Pattern | None = None


def read(place: Place) -> Requirements:
    """The mapping `require`. Raises `WrongValue`."""
    required = fields.mapping(place, _TABLE)
    return Requirements(
        place=f"{printable(place.faults.file)}:{place.node.at.line}",
        **{key.replace("-", "_"): value for key, value in required.items()},
    )


def violations(rules: Sequence[WrittenRule], required: Requirements, today: date) -> Iterator[Fault]:
    """A fault for each thing that `required` asks of a rule and the rule has not."""
    for written in rules:
        for key, lacks in _CHECKS.items():
            wrong = lacks(written.rule, required, today)
            if wrong is not None:
                yield _fault(written, key, wrong)


def _lacks_expiry(rule: Rule, required: Requirements, today: date) -> str | None:
    by = f"required by {required.place}"
    if rule.expires is None:
        is_asked_for = required.expires or required.max_days is not None
        return f"missing: an expiry is {by}" if is_asked_for else None
    days = (rule.expires - today).days
    if required.max_days is None or days <= required.max_days:
        return None
    return f"{rule.expires} is {days} days ahead; at most {required.max_days} are allowed, {by}"


def _lacks_owner(rule: Rule, required: Requirements, today: date) -> str | None:  # noqa: ARG001
    if rule.owner is not None or not required.owner:
        return None
    return f"missing: an owner is required by {required.place}"


def _lacks_ticket(rule: Rule, required: Requirements, today: date) -> str | None:  # noqa: ARG001
    if required.ticket is None:
        return None
    by = f"required by {required.place}"
    if rule.ticket is None:
        return f"missing: a ticket is {by}"
    if required.ticket.search(rule.ticket):
        return None
    return f'"{shown(rule.ticket)}" does not match "{shown(required.ticket.text)}", {by}'


_CHECKS: Mapping[str, Callable[[Rule, Requirements, date], str | None]] = {
    "expires": _lacks_expiry,
    "owner": _lacks_owner,
    "ticket": _lacks_ticket,
}


def _fault(written: WrittenRule, key: str, message: str) -> Fault:
    at = written.values.get(key, written.at)
    return Fault(written.rule.file, at.line, at.column, key_path(written.path, key), message)
