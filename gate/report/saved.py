"""A JSON report read back, as far as one who follows it up needs it. `report-v1.schema.json` is its form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import NoReturn, TypeVar

from gate.errors import UsageError
from gate.model import (
    CheckType,
    Decision,
    Effect,
    JudgedRisk,
    JudgedTask,
    Judgement,
    Level,
    Risk,
    Rule,
    Status,
    Target,
    TargetReport,
    Task,
    Unknown,
    Verdict,
)
from gate.report.json_report import SCHEMA_VERSION

_Object = Mapping[str, object]
_Word = TypeVar("_Word", bound=Enum)


def is_report(document: _Object) -> bool:
    """Whether the JSON object calls itself a report of this tool, of whatever version."""
    return "schemaVersion" in document


def read_targets(document: _Object) -> tuple[TargetReport, ...]:
    """The targets of a report with what was judged of them.

    Times keep their text and are not read. Problems are left out; the reason of a target names them. A rule
    has its place, its effect, its reason and its end, and nothing of what narrows it.
    Raises `UsageError` for a report of another version, and where it is not of the form.
    """
    version = document.get("schemaVersion")
    if type(version) is not int or version != SCHEMA_VERSION:
        raise UsageError(
            f"the report's schemaVersion is not {SCHEMA_VERSION}: this gate can't read it",
            "use the release of cce-gate that wrote it, or judge the saved answer of the API",
        )
    return tuple(_target(each, where) for each, where in _objects(document, "targets", ""))


def _target(target: _Object, where: str) -> TargetReport:
    judgement = Judgement(
        _of(Verdict, target, "verdict", where),
        _text(target, "reason", where),
        (),
        tuple(_task(each, place) for each, place in _objects(target, "tasks", where)),
    )
    identity = Target(
        endpoint=_maybe(target, "endpoint", where),
        project_id=_maybe(target, "projectId", where),
        cluster_id=_maybe(target, "clusterId", where),
        cluster_name=_maybe(target, "clusterName", where),
        source=_maybe(target, "source", where),
    )
    return TargetReport(identity, judgement)


def _task(task: _Object, where: str) -> JudgedTask:
    read = Task(
        task_id=_maybe(task, "taskId", where),
        type=_word(CheckType, task, "type", where),
        addon=_maybe(task, "addon", where),
        instance_name=_maybe(task, "addonInstanceName", where),
        instance_id=_maybe(task, "addonInstanceId", where),
        target_version=_maybe(task, "targetVersion", where),
        created=Unknown(_maybe(task, "createdAt", where)),
        expires=Unknown(_maybe(task, "expiresAt", where)),
        status=_word(Status, task, "status", where),
        message=_text(task, "message", where),
    )
    superseded = task.get("superseded")
    if not isinstance(superseded, bool):
        _wrong(where, "superseded")
    risks = tuple(_risk(each, place) for each, place in _objects(task, "risks", where))
    return JudgedTask(
        read, _of(Verdict, task, "verdict", where), _text(task, "reason", where), risks, superseded
    )


def _risk(risk: _Object, where: str) -> JudgedRisk:
    rule = risk.get("rule")
    if rule is not None and not isinstance(rule, dict):
        _wrong(where, "rule")
    return JudgedRisk(
        Risk(
            _maybe(risk, "name", where),
            _word(Level, risk, "level", where),
            _word(Status, risk, "status", where),
            _text(risk, "message", where),
        ),
        _of(Decision, risk, "decision", where),
        _text(risk, "reason", where),
        None if rule is None else _rule(rule, f"{where}.rule"),
    )


def _rule(rule: _Object, where: str) -> Rule:
    line = rule.get("line")
    if type(line) is not int:
        _wrong(where, "line")
    expires = _maybe(rule, "expires", where)
    try:
        end = None if expires is None else date.fromisoformat(expires)
    except ValueError:
        _wrong(where, "expires")
    return Rule(
        _text(rule, "file", where),
        line,
        _text(rule, "risk", where),
        _text(rule, "reason", where),
        expires=end,
        effect=_of(Effect, rule, "effect", where),
    )


def _objects(holder: _Object, key: str, where: str) -> list[tuple[_Object, str]]:
    listed = holder.get(key)
    if not isinstance(listed, list):
        _wrong(where, key)
    found: list[tuple[_Object, str]] = []
    for index, each in enumerate(listed):
        place = f"{where}.{key}[{index}]" if where else f"{key}[{index}]"
        if not isinstance(each, dict):
            _wrong("", place)
        found.append((each, place))
    return found


def _text(holder: _Object, key: str, where: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else _wrong(where, key)


def _maybe(holder: _Object, key: str, where: str) -> str | None:
    return None if holder.get(key) is None else _text(holder, key, where)


def _of(words: type[_Word], holder: _Object, key: str, where: str) -> _Word:
    """One of the words that the gate itself writes."""
    try:
        return words(_text(holder, key, where))
    except ValueError:
        _wrong(where, key)


def _word(words: type[_Word], holder: _Object, key: str, where: str) -> _Word | Unknown:
    """A word of the API: a documented one, or the text that came instead."""
    text = _maybe(holder, key, where)
    return next((word for word in words if word.value == text), Unknown(text))


def _wrong(where: str, key: str) -> NoReturn:
    place = f"{where}.{key}" if where else key
    raise UsageError(
        f"not a report that this gate can read: {place} is missing or not what it should be",
        "give the JSON report as --report json wrote it, or a saved answer of the API",
    )
