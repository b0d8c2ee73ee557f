"""The report as a flat list of findings: what the formats for machines have in common.

A finding belongs to a risk of a deciding task; to a task that its risks do not explain; to a problem of a
target; or to the whole. There is a closed one wherever the verdict is closed, and none in a pass.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from gate.model import Decision, JudgedRisk, JudgedTask, Problem, Report, Target, TargetReport, Verdict
from gate.report import wording
from gate.report.escape import printable, replace_commands
from gate.report.notes import for_support
from gate.report.summary import remedy_for, risk_name, risks_to_read, target_name, tasks_to_read

ANCHOR = "cce-gate-policy.yml"
"""Where a finding stands if no policy file was given: GitHub and GitLab want a place for each.
The file need not exist; it is where a policy could be put."""

OWN = "gate/"
"""What the checks of the gate itself start with; risks never do."""
NAMELESS = "gate/risk-without-name"
FIX = "Fix what the message says, then start a new check."
REPEAT = "Start a new check; if this stays so, look at the task in the CCE console."
REMEDIES = {
    "not-final": "Wait longer (--timeout), or look in the CCE console why the check does not finish.",
    "risks-unseen": "Look at the task in the CCE console, fix what it shows, then start a new check.",
    "not-usable": "Start a new check and judge that one.",
}
"""What to do about a task that its risks do not explain, by what is wrong with it."""

_PLAIN_ID = re.compile(r"[\w.-]{1,100}")
_DECISION_OF = {Verdict.PASS: Decision.OK, Verdict.BLOCKED: Decision.BLOCKED}
_COLONS_AT_START = re.compile(r'("\s*):(?=:)')


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the run says. All texts but `check` quote foreign ones and have to be escaped."""

    check: str
    """What was looked at: the name of a risk, or one that starts with `OWN`. Printable and stable."""
    decision: Decision
    target: Target
    judged: JudgedTask | None
    """The task it belongs to; None for what belongs to the target or to the whole."""
    about: str
    """Short, and without what changes from run to run: `AddonStatus (coredns -> 1.30.6)`."""
    headline: str
    """One sentence without its full stop: what, where and why."""
    details: tuple[str, ...] = ()
    message: str = ""
    """The API's own, of any length and form."""
    remedy: str | None = None
    risk: JudgedRisk | None = None
    fingerprint: str = ""
    """32 hexadecimal digits: cluster, check, add-on and version, not times. No two findings share one."""

    @property
    def is_closed(self) -> bool:
        """Whether it stands against a pass."""
        return self.decision in (Decision.BLOCKED, Decision.INCONCLUSIVE)


def findings_of(report: Report) -> tuple[Finding, ...]:
    """All findings: targets as they come, in each what stands in the way first."""
    found = [finding for target in report.targets for finding in _of_target(target, report)]
    outcome = wording.Outcome.of(report)
    if outcome.verdict is not Verdict.PASS and not any(finding.is_closed for finding in found):
        words = f"the run as a whole: {outcome.line()}"
        found.append(_own("closed", _closed(outcome.verdict), Target(), "the run", words))
    return tuple(_with_fingerprints(found))


def to_notice(found: tuple[Finding, ...]) -> list[Finding]:
    """The findings but for those that are ok: closed ones first, then what the policy allows."""
    return sorted((each for each in found if each.decision is not Decision.OK), key=lambda f: not f.is_closed)


def place_of(finding: Finding, report: Report) -> tuple[str, int]:
    """File, as it was given, and line: the rule that decided, else the first policy file, else `ANCHOR`."""
    rule = finding.risk.rule if finding.risk is not None else None
    if rule is not None and rule.file:
        return rule.file, rule.line
    return next((file.path for file in report.policy.policy.files if file.path), ANCHOR), 1


def paragraph(finding: Finding) -> str:
    """The finding in one line of printable sentences: headline, remedy, and last the API's message.

    Nothing follows the message, so that no words in it can pass for the gate's own.
    """
    message = " ".join(filter(None, (line.strip() for line in lines_of(finding.message))))
    parts = [printable(finding.headline)]
    if finding.remedy:
        parts.append(f"What to do: {printable(finding.remedy)}")
    if message:
        parts.append(f"CCE says: {message}")
    return " ".join(part if part.endswith((".", "。")) else f"{part.rstrip(' ;')}." for part in parts)


def lines_of(message: str) -> list[str]:
    """The lines of a message, each of them printable; none of a blank one."""
    message = message.strip()
    return [printable(line) for line in re.split(r"\r?\n", message)] if message else []


def json_text(document: Any) -> str:
    """Printable texts as indented JSON, ended by a newline, in which a CI system finds no command."""
    written = replace_commands(json.dumps(document, ensure_ascii=False, indent=2), r"\u0023")
    return _COLONS_AT_START.sub(lambda found: f"{found[1]}\\u003a", written) + "\n"


def key_of(target: Target) -> str:
    """What names a target in every run alike; the cluster's ID where it is known."""
    return target.cluster_id or target.cluster_name or target.source or target.endpoint or "unknown"


def _of_target(over: TargetReport, report: Report) -> Iterator[Finding]:
    found = [_of_problem(problem, over.target) for problem in over.judgement.problems]
    for judged in tasks_to_read(over.judgement.deciding):
        if not judged.risks or (judged.verdict is not Verdict.PASS and not _is_explained(judged)):
            found.append(_of_task(judged, over.target))
        found += [_of_risk(risk, judged, over.target, report) for risk in risks_to_read(judged.risks)]
    verdict = over.judgement.verdict
    if verdict is not Verdict.PASS and not any(finding.is_closed for finding in found):
        name = target_name(over.target)
        words = f"{name}: {verdict.name}: {over.judgement.reason}"
        found.append(_own("closed", _closed(verdict), over.target, name, words))
    yield from found


def _is_explained(judged: JudgedTask) -> bool:
    """Whether a risk of a final task stands for its verdict."""
    decisions = {risk.decision for risk in judged.risks}
    return judged.task.is_final and _closed(judged.verdict) in decisions


def _closed(verdict: Verdict) -> Decision:
    return Decision.BLOCKED if verdict is Verdict.BLOCKED else Decision.INCONCLUSIVE


def _of_problem(problem: Problem, target: Target) -> Finding:
    name = target_name(target)
    words = f"{problem.code.value} on {name}: {problem.message}"
    asked = for_support(problem)
    return replace(
        _own(problem.code.value, _closed(problem.verdict), target, f"{problem.code.value} ({name})", words),
        details=(asked,) if asked else (),
        remedy=problem.hint,
    )


def _of_task(judged: JudgedTask, target: Target) -> Finding:
    decision = _DECISION_OF.get(judged.verdict, Decision.INCONCLUSIVE)
    kind = "check"
    if judged.verdict is not Verdict.PASS:
        unseen = "risks-unseen" if decision is Decision.BLOCKED else "not-usable"
        kind = unseen if judged.task.is_final else "not-final"
    upgrade = wording.upgrade(judged.task)
    word = wording.DECISION_WORDS[decision]
    words = f"the check of {upgrade} on {target_name(target)}: {word}: {judged.reason}"
    return replace(
        _own(kind, decision, target, f"the check itself ({upgrade})", words),
        judged=judged,
        details=(f"{wording.called(judged.task)}, {wording.subject(judged.task)}",),
        message=wording.own_message(judged),
        remedy=REMEDIES.get(kind),
    )


def _of_risk(risk: JudgedRisk, judged: JudgedTask, target: Target, report: Report) -> Finding:
    upgrade, word = wording.upgrade(judged.task), wording.DECISION_WORDS[risk.decision]
    where = f"in {upgrade} on {target_name(target)}: {word}"
    headline, remedy = f"{risk_name(risk)} {where}", None
    if risk.decision is not Decision.OK:
        by = " " if risk.decision is Decision.ALLOWED else ": "
        headline = f"{risk_name(risk)} ({wording.level_of(risk)}) {where}{by}{wording.why(risk, report)}"
    if risk.decision is Decision.BLOCKED:
        remedy = remedy_for(risk, judged.task) or FIX
    elif risk.decision is Decision.INCONCLUSIVE:
        remedy = REPEAT if judged.task.is_final else REMEDIES["not-final"]
    details = [f"{wording.called(judged.task)}, {wording.subject(judged.task)}"]
    if judged.verdict is not Verdict.PASS:
        details.append(f"the check as a whole: {judged.verdict.value}: {judged.reason}")
    return Finding(
        check=_check_of(risk),
        decision=risk.decision,
        target=target,
        judged=judged,
        about=f"{risk_name(risk)} ({upgrade})",
        headline=headline,
        details=(*details, *(f"{label}: {value}" for label, value in wording.answerable(risk))),
        message=risk.risk.message,
        remedy=remedy,
        risk=risk,
    )


def _check_of(risk: JudgedRisk) -> str:
    """The risk's name; one that is more than a name, comes as `risk/HASH`."""
    name = risk.risk.name
    if name is None:
        return NAMELESS
    return name if _PLAIN_ID.fullmatch(name) and printable(name) == name else f"risk/{_hash(name)[:16]}"


def _own(kind: str, decision: Decision, target: Target, about: str, headline: str) -> Finding:
    return Finding(OWN + kind, decision, target, None, about, headline)


def _with_fingerprints(found: list[Finding]) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    for finding in found:
        task = finding.judged.task if finding.judged is not None else None
        parts = [key_of(finding.target), finding.check]
        if task is not None:
            parts += map(repr, (task.type, task.addon, task.instance_name, task.target_version))
        first = _hash(*parts)
        seen[first] += 1
        yield replace(finding, fingerprint=first if seen[first] == 1 else _hash(first, str(seen[first])))


def _hash(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
