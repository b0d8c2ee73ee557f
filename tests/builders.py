"""Model objects for tests: a passing task and answer, from which each test changes what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from gate.model import (
    Answer,
    CheckType,
    Effect,
    Instant,
    Level,
    Policy,
    PolicyFile,
    Risk,
    Rule,
    Status,
    Task,
    Unknown,
    Wanted,
)

NOW = Instant(1_760_000_000 * 1_000_000_000)
TODAY = NOW.utc_date
YESTERDAY = TODAY - timedelta(days=1)


def ago(seconds: float) -> Instant:
    """The instant that lies `seconds` before `NOW`."""
    return Instant(NOW.nanoseconds - int(seconds * 1_000_000_000), text=f"{seconds:g} s ago")


def risk(
    name: str | None = "AddonStatus",
    status: Status | Unknown = Status.SUCCESS,
    level: Level | Unknown = Level.WARNING,
    message: str = "",
) -> Risk:
    return Risk(name, level, status, message)


def failed(name: str | None = "AddonStatus", level: Level | Unknown = Level.WARNING) -> Risk:
    return risk(name, Status.FAILED, level, "addon status(abnormal) is not running")


def task(*risks: Risk, status: Status | Unknown | None = None, **fields: object) -> Task:
    """A fresh final task for coredns to 1.30.6, `Failed` where a risk is, unless said otherwise."""
    outcome = Status.FAILED if any(each.status is Status.FAILED for each in risks) else Status.SUCCESS
    passing = Task(
        task_id="task-1",
        type=CheckType.UPGRADE,
        addon="coredns",
        instance_name="cceaddon-coredns",
        instance_id="1d43577d-4b50-4723-b05b-2121f47cb219",
        target_version="1.30.6",
        created=ago(60),
        expires=Unknown(),
        status=outcome if status is None else status,
        risks=risks,
    )
    return replace(passing, **fields)  # type: ignore[arg-type]


def other_task(*risks: Risk, **fields: object) -> Task:
    """A fresh final task for another add-on, everest to 2.4.72."""
    other: dict[str, object] = {
        "task_id": "task-2",
        "addon": "everest",
        "instance_name": "cceaddon-everest",
        "instance_id": "3c0f5d6b-8a61-4f4e-9b7e-1f0a4c1f2d11",
        "target_version": "2.4.72",
    }
    return replace(task(*risks), **{**other, **fields})  # type: ignore[arg-type]


def answer(*tasks: Task, count: int | Unknown | None = None) -> Answer:
    return Answer(tasks, len(tasks) if count is None else count)


def rule(
    risk: str = "AddonStatus",
    addon: str | None = None,
    expires: date | None = None,
    line: int = 3,
    **more: object,
) -> Rule:
    named = {"addon": addon, "expires": expires, **more}
    return Rule("policy.yml", line, risk, "accepted by the team", **named)  # type: ignore[arg-type]


def denial(risk: str = "AddonStatus", line: int = 9, **more: object) -> Rule:
    named = {"effect": Effect.DENY, **more}
    return Rule("baseline.yml", line, risk, "the organisation does not want it", **named)  # type: ignore[arg-type]


def policy(*rules: Rule) -> Policy:
    """Of allow and deny rules, each in its list."""
    return Policy(
        (PolicyFile("policy.yml", "0" * 64),),
        tuple(rule for rule in rules if rule.effect is Effect.ALLOW),
        tuple(rule for rule in rules if rule.effect is Effect.DENY),
    )


WANTED = Wanted(max_age=timedelta(hours=24))
