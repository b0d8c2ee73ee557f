"""The report for machines. `report-v1.schema.json` beside this file describes each key.

It is evidence: it holds the answer that was judged and the question, so that the judgement can be made again,
and ends with a seal over all of it (`gate.report.sealed`).
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from gate import __version__
from gate.model import (
    Basis,
    Decision,
    Instant,
    JudgedRisk,
    JudgedTask,
    Order,
    PolicyReport,
    Problem,
    Report,
    Rule,
    Target,
    TargetReport,
    Task,
    Unknown,
    Wanted,
)
from gate.report import Style
from gate.report.escape import replace_commands, replace_unsafe
from gate.report.moments import rfc3339
from gate.report.summary import Counts, remedy_for
from gate.seal import canonical, digest, without

SCHEMA_VERSION = 1
TOOL = "cce-gate"

_Object = dict[str, Any]
_COLONS_AT_START = re.compile(r'((?:"|\\[nrtf]|\\u000b|\\u001[c-f]|\\u0085|\\u202[89])\s*):(?=:)')


def render(report: Report, style: Style) -> str:  # noqa: ARG001
    r"""The report as indented JSON, ended by a newline. It reads back as exactly the API's text.

    Control characters, bidi controls and the like are written as `\uXXXX`, Chinese as it is. Where a
    CI system would find a command in the written text, its first character is written as `\uXXXX` too.
    The seal has a digest and no signature.
    """
    return written(document(report))


def written(document: _Object) -> str:
    """The one text that the gate writes for a document. Raises `RecursionError` where it nests too deep."""
    return _safe(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _safe(written: str) -> str:
    escaped = replace_commands(replace_unsafe(written, _unicode_escape), r"\u0023")
    return _COLONS_AT_START.sub(lambda found: f"{found[1]}\\u003a", escaped)


def _unicode_escape(character: str) -> str:
    if character == "\n":
        return character  # the layout's own: inside strings it is written as `\n` already
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def document(report: Report) -> _Object:
    """The report as plain dicts and lists, keys in the order of the contract."""
    return with_seal(_unsealed(report), None)


def with_seal(document: _Object, signature: str | None) -> _Object:
    """The document with a seal as its last key, in the place of one that it may have."""
    bare = without(document, "seal")
    return {**bare, "seal": {"digest": digest(canonical(bare)), "signature": signature}}


def _unsealed(report: Report) -> _Object:
    """The report without its seal."""
    return {
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": TOOL, "version": __version__},
        "verdict": report.verdict.value,
        "exitCode": int(report.exit_code),
        "startedAt": rfc3339(report.started),
        "finishedAt": rfc3339(report.finished),
        "summary": _summary(Counts.of(report)),
        "policy": _policy(report.policy),
        "targets": [_target(target) for target in report.targets],
    }


def _summary(counts: Counts) -> _Object:
    return {
        "targets": counts.targets,
        "tasks": counts.tasks,
        "risks": counts.risks,
        **{decision.value: counts.decisions[decision] for decision in Decision},
    }


def _policy(policy: PolicyReport) -> _Object:
    return {
        "files": [{"path": file.path, "sha256": file.sha256} for file in policy.policy.files],
        "unused": [_rule(rule) for rule in policy.unused or ()],
        "expired": [_rule(rule) for rule in policy.expired],
        "unusedKnown": policy.unused is not None,
        "unseen": [_rule(rule) for rule in policy.unseen or ()],
        "expiring": [_rule(rule) for rule in policy.expiring],
        "shadowed": [{"rule": _rule(rule), "by": _rule(denial)} for rule, denial in policy.shadowed],
    }


def _rule(rule: Rule) -> _Object:
    return {
        "file": rule.file,
        "line": rule.line,
        "reason": rule.reason,
        "expires": None if rule.expires is None else rule.expires.isoformat(),
        "owner": rule.owner,
        "ticket": rule.ticket,
        "effect": rule.effect.value,
        "risk": rule.risk,
        "addon": rule.addon,
        "targetVersion": rule.target_version,
        "cluster": list(rule.cluster),
        "type": None if rule.type is None else rule.type.value,
        "message": None if rule.message is None else rule.message.text,
    }


def _target(report: TargetReport) -> _Object:
    judgement = report.judgement
    return {
        **_identity(report.target),
        "verdict": judgement.verdict.value,
        "reason": judgement.reason,
        "problems": [_problem(problem) for problem in judgement.problems],
        "tasks": [_task(judged) for judged in judgement.tasks],
        "evidence": _evidence(judgement.basis),
    }


def _evidence(basis: Basis | None) -> _Object | None:
    """What it takes to make the judgement again, beside the policy and the target."""
    if basis is None or not basis.answer.text:
        return None
    return {
        "judgedAt": _exactly(basis.at),
        "asked": _asked(basis.wanted),
        "sha256": digest(basis.answer.text),
        "answer": json.loads(basis.answer.text),
    }


def _asked(wanted: Wanted) -> _Object:
    return {
        "type": wanted.type.value,
        "taskIds": list(wanted.task_ids),
        "addons": [str(addon) for addon in wanted.addons],
        "maxAge": None if wanted.max_age is None else _seconds(wanted.max_age),
        "order": None if wanted.order is None else _order(wanted.order),
    }


def _order(order: Order) -> _Object:
    return {
        "since": _exactly(order.since),
        "checks": [
            {"addon": check.addon, "instanceId": check.instance_id, "targetVersion": check.target_version}
            for check in order.checks
        ],
        "earlier": sorted(order.earlier),
    }


def _identity(target: Target) -> _Object:
    return {
        "endpoint": target.endpoint,
        "projectId": target.project_id,
        "clusterId": target.cluster_id,
        **_set(clusterName=target.cluster_name, source=target.source),
    }


def _problem(problem: Problem) -> _Object:
    return {
        "code": problem.code.value,
        "message": problem.message,
        "hint": problem.hint,
        "verdict": problem.verdict.value,
        **_set(apiCode=problem.api_code, requestId=problem.request_id),
    }


def _task(judged: JudgedTask) -> _Object:
    task = judged.task
    return {
        "taskId": task.task_id,
        "type": _word(task.type),
        "addon": task.addon,
        "addonInstanceName": task.instance_name,
        "addonInstanceId": task.instance_id,
        "targetVersion": task.target_version,
        "createdAt": _time(task.created),
        "expiresAt": _time(task.expires),
        "status": _word(task.status),
        "message": task.message,
        "verdict": judged.verdict.value,
        "reason": judged.reason,
        "superseded": judged.superseded,
        "risks": [_risk(risk, task) for risk in judged.risks],
    }


def _risk(judged: JudgedRisk, task: Task) -> _Object:
    risk = judged.risk
    return {
        "name": risk.name,
        "level": _word(risk.level),
        "status": _word(risk.status),
        "message": risk.message,
        "decision": judged.decision.value,
        "reason": judged.reason,
        **({} if judged.rule is None else {"rule": _rule(judged.rule)}),
        **_set(remedy=remedy_for(judged, task)),
    }


def _set(**facts: str | None) -> dict[str, str]:
    return {key: value for key, value in facts.items() if value is not None}


def _word(value: Any) -> str | None:
    """The API's own word: a documented one, any other as it came, null where it gave none."""
    word: str | None = value.text if isinstance(value, Unknown) else value.value
    return word


def _time(moment: Instant | Unknown) -> str | None:
    """The API's own text; an instant that nobody wrote (a test's, an emulator's) as RFC 3339."""
    if isinstance(moment, Unknown):
        return moment.text
    return moment.text or rfc3339(moment)


def _exactly(moment: Instant) -> str:
    """RFC 3339 to the nanosecond: it reads back as the same instant."""
    return f"{rfc3339(moment)[:-5]}.{moment.nanoseconds % 1_000_000_000:09}Z"


def _seconds(length: timedelta) -> float:
    seconds = length.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds
