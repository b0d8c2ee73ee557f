"""The policy of a pass, as far as its report tells it: the rules by which risks were allowed."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from gate.evidence.form import Node
from gate.evidence.record import Record
from gate.judge.narrowing import misfits
from gate.model import CheckType, Decision, Effect, Policy, Rule, TargetReport
from gate.pattern import Pattern, PatternError
from gate.policy.fields import VERSION_RANGE
from gate.report.sealed import NotEvidence

_HINT = "make a new report with cce-gate check"


def rebuilt(record: Record) -> Policy:
    """The rules that allowed risks in the report, by file and line, as a policy.

    Raises `NotEvidence` where one of them is none that can allow, or of a file that the policy did not have.
    """
    order = {file.path: number for number, file in enumerate(record.files)}
    rules: dict[Rule, None] = {}
    for target in Node(record.document).nodes("targets"):
        for task in target.nodes("tasks"):
            for risk in task.nodes("risks"):
                if risk.text("decision") == Decision.ALLOWED.value:
                    rules[_allowing(risk.node("rule"), order)] = None
    return Policy(record.files, tuple(sorted(rules, key=lambda rule: (order[rule.file], rule.line))))


def misfit(record: Record, then: Sequence[TargetReport]) -> str | None:
    """The path of a rule that does not allow the risk that it stands at; None where all do.

    `then` is the same report judged again, with the same tasks and risks.
    """
    for target, again in zip(Node(record.document).nodes("targets"), then, strict=True):
        day = record.finished.utc_date if again.judgement.basis is None else again.judgement.basis.at.utc_date
        for task, judged in zip(target.nodes("tasks"), again.judgement.tasks, strict=True):
            for risk, found in zip(task.nodes("risks"), judged.risks, strict=True):
                if found.decision is not Decision.ALLOWED:
                    continue
                rule = _rule(risk.node("rule"))
                if (
                    rule.risk != found.risk.name
                    or rule.is_expired(day)
                    or any(misfits(rule, judged.task, again.target, found.risk.message))
                ):
                    return f"{risk.where}.rule"
    return None


def _allowing(node: Node, files: Container[str]) -> Rule:
    rule = _rule(node)
    if rule.file not in files:
        raise NotEvidence(f"{node.where} is of a file that is not among those of the policy", _HINT)
    if rule.effect is not Effect.ALLOW:
        raise NotEvidence(f"{node.where} allows a risk, and is a rule of deny", _HINT)
    return rule


def _rule(node: Node) -> Rule:
    kind = node.text_or_none("type")
    message = node.text_or_none("message")
    versions = node.text_or_none("targetVersion")
    if versions is not None and not re.fullmatch(VERSION_RANGE, versions):
        node.wrong("targetVersion")
    try:
        pattern = None if message is None else Pattern.parse(message)
    except PatternError:
        node.wrong("message")
    return Rule(
        file=node.text("file"),
        line=node.number("line"),
        risk=node.text("risk"),
        reason=node.text("reason"),
        addon=node.text_or_none("addon"),
        target_version=versions,
        cluster=node.texts("cluster"),
        type=None if kind is None else node.word(CheckType, "type"),
        message=pattern,
        expires=node.day_or_none("expires"),
        owner=node.text_or_none("owner"),
        ticket=node.text_or_none("ticket"),
        effect=node.word(Effect, "effect"),
    )
