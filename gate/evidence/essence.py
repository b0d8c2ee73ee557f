"""What is decisive in a report, to be held against the same report made again."""

from __future__ import annotations

from collections.abc import Mapping

from gate.seal import canonical

_Object = Mapping[str, object]

_PARTS: Mapping[str, tuple[str, ...]] = {
    "report": ("verdict", "exitCode", "summary"),
    "target": ("verdict",),
    "problem": ("code", "verdict"),
    "task": (
        *("taskId", "type", "addon", "addonInstanceName", "addonInstanceId", "targetVersion"),
        *("createdAt", "expiresAt", "status", "message", "verdict", "superseded"),
    ),
    "risk": ("name", "level", "status", "message", "decision"),
    "rule": (
        *("line", "expires", "owner", "ticket", "effect", "risk", "addon", "targetVersion", "cluster"),
        *("type", "message"),
    ),
}
"""What must come out of the answer again. Reasons are left out: a later gate may word them otherwise."""


def difference(one: _Object, other: _Object, *, rules: bool) -> str | None:
    """The path of something decisive in which two reports differ; None where they are the same.

    With `rules` the rules by which risks were decided are compared, too; not the files that they are of,
    which may lie elsewhere now.
    """
    first, second = _essence(one, rules=rules), _essence(other, rules=rules)
    return next((path for path in [*first, *second] if first.get(path) != second.get(path)), None)


def _essence(document: _Object, *, rules: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    _gather(found, "report", document, "")
    for target, where in _each(found, document, "targets", ""):
        _gather(found, "target", target, where)
        for problem, place in _each(found, target, "problems", where):
            _gather(found, "problem", problem, place)
        for task, place in _each(found, target, "tasks", where):
            _gather(found, "task", task, place)
            for risk, spot in _each(found, task, "risks", place):
                _gather(found, "risk", risk, spot)
                rule = risk.get("rule")
                if rules and isinstance(rule, dict):
                    _gather(found, "rule", rule, f"{spot}rule.")
    return found


def _gather(found: dict[str, str], part: str, value: _Object, where: str) -> None:
    for key in _PARTS[part]:
        found[f"{where}{key}"] = canonical([key in value, value.get(key)])


def _each(found: dict[str, str], holder: _Object, key: str, where: str) -> list[tuple[_Object, str]]:
    listed = holder.get(key)
    items = listed if isinstance(listed, list) else []
    found[f"{where}{key}"] = str(len(items))
    return [
        (item if isinstance(item, dict) else {}, f"{where}{key}[{number}].")
        for number, item in enumerate(items)
    ]
