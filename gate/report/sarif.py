"""The report as SARIF 2.1.0: what GitHub's code scanning and other viewers of findings read.

Whatever keeps the gate closed is an `error`, also what could not be told. What the policy allows is a `note`
with a suppression: viewers that know suppressions hide it; GitHub ignores them and shows a note, which fails
no check. What is ok is not told. A result stands at the policy rule that decided, else at the start of the
policy: GitHub shows none without a place. It keeps 5000 results at most, tells them apart by
`primaryLocationLineHash` alone, and wants the same rules in every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from gate import __version__
from gate.catalogue import all_known
from gate.model import Decision, Report, Verdict
from gate.report import Style, wording
from gate.report.escape import printable
from gate.report.findings import (
    FIX,
    NAMELESS,
    OWN,
    REMEDIES,
    Finding,
    findings_of,
    json_text,
    key_of,
    paragraph,
    place_of,
    to_notice,
)
from gate.report.moments import rfc3339
from gate.report.notes import all_notes
from gate.report.summary import risk_name

if TYPE_CHECKING:
    from gate.catalogue.entries import KnownRisk

MOST_RESULTS = 5000
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LONGEST_NAME = 200
_LONGEST_TEXT = 1000
_HINT = "The result says what to do."

_Object = dict[str, Any]

_KINDS: dict[str, tuple[str, str]] = {
    "no-tasks": ("No check to judge", "CCE lists no check of the type that was asked for."),
    "task-missing": ("A check task is missing", "A check task that was asked for is not listed."),
    "addon-missing": ("The check of an add-on is missing", "No check of an add-on asked for is listed."),
    "not-created": ("A check was not started", "CCE did not start a check that was ordered."),
    "not-as-ordered": ("A check is not as ordered", "CCE started something else than what was ordered."),
    "list-incomplete": ("The list of checks is incomplete", "CCE has more check tasks than it sent."),
    "contradiction": ("The answer contradicts itself", "A task is listed twice, with different contents."),
    "timed-out": ("The time ran out", "Not all that was asked for was there and final in time."),
    "interrupted": ("The run was interrupted", "A signal ended the run before it was done."),
    "api-error": ("The API could not be asked", "A call was refused, or was not answered."),
    "not-an-answer": ("What came is not an answer", "The body is not one that this API documents."),
    "check": ("The check itself", "The check task as a whole, where it lists no risks."),
    "not-final": ("The check is not final", "It has not come to its end, or its status is not known."),
    "risks-unseen": ("The check hides its risks", "It found risks, and none of them is listed."),
    "not-usable": ("The result is no evidence", "It is stale, or it is not for what was asked."),
    "closed": ("The gate stays closed", "The verdict is not a pass, and no other result says why."),
    "risk-without-name": ("A risk without a name", "CCE reports a risk and no name for it."),
}
"""The checks of the gate itself: title and meaning."""


def render(report: Report, style: Style) -> str:  # noqa: ARG001
    """One SARIF log with one run, whatever the number of targets."""
    found = to_notice(findings_of(report))
    shown = found[:MOST_RESULTS]
    rules = [*map(_known_rule, all_known()), *map(_own_rule, _KINDS)]
    index: dict[str, int] = {rule["id"]: at for at, rule in enumerate(rules)}
    for finding in shown:
        if finding.check not in index:
            index[finding.check] = len(rules)
            own = finding.check.startswith(OWN)
            rules.append(_own_rule(finding.check.removeprefix(OWN)) if own else _unknown_rule(finding))
    results = [_result(finding, report, index[finding.check]) for finding in shown]
    run = {
        "tool": {"driver": {"name": "cce-gate", "version": __version__, "rules": rules}},
        "automationDetails": {"id": _category(report)},
        "invocations": [_invocation(report, len(found) - len(shown))],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _category(report: Report) -> str:
    """One category a cluster, so that the results of one do not close another's; one for a whole fleet."""
    if len(report.targets) != 1:
        return "cce-gate/fleet/"
    return f"cce-gate/{_escaped(key_of(report.targets[0].target), safe='')}/"


def _invocation(report: Report, left_out: int) -> _Object:
    outcome = wording.Outcome.of(report)
    level = "note" if outcome.verdict is Verdict.PASS else "error"
    notes = [{"level": level, "message": {"text": f"{outcome.line()}."}}]
    if left_out:
        words = f"{left_out} more results are not in this file: see the JSON report."
        notes.append({"level": "warning", "message": {"text": words}})
    notes += [
        {"level": "note", "message": {"text": _without_links(f"{printable(note)}.")}}
        for note in all_notes(report)
    ]
    return {
        "executionSuccessful": outcome.verdict in (Verdict.PASS, Verdict.BLOCKED),
        "exitCode": int(report.exit_code),
        "startTimeUtc": rfc3339(report.started),
        "endTimeUtc": rfc3339(max(report.started, report.finished)),
        "toolExecutionNotifications": notes,
    }


def _result(finding: Finding, report: Report, rule_index: int) -> _Object:
    path, line = place_of(finding, report)
    region = {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": 2}
    result: _Object = {
        "ruleId": finding.check,
        "ruleIndex": rule_index,
        "level": "error" if finding.is_closed else "note",
        "message": {"text": _without_links(paragraph(finding))},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": region}}],
        "partialFingerprints": {
            "cceGate/v1": finding.fingerprint,
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
        },
    }
    if finding.decision is Decision.ALLOWED and finding.risk is not None and finding.risk.rule is not None:
        reason = _without_links(printable(finding.risk.rule.reason))
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return result


def _without_links(text: str) -> str:
    """`[text](place)` in a message is a link in SARIF; foreign text makes none."""
    return text.replace("](", "] (")


def _uri(path: str) -> str:
    """Relative, as the path was given; of an absolute path a `file:` URI, which GitHub takes apart."""
    return ("file://" if path.startswith("/") else "") + _escaped(path.removeprefix("./"), safe="/")


def _escaped(text: str, safe: str) -> str:
    return quote(text, safe=safe, errors="surrogatepass")


def _known_rule(risk: KnownRisk) -> _Object:
    besides = [f"For {addon}: {text}" for addon, text in risk.addons]
    paragraphs = [risk.looks_at, risk.if_ignored, risk.remedy, *besides]
    rule = _rule(risk.name, risk.name, risk.title, f"{risk.looks_at} {risk.if_ignored}", paragraphs)
    links = "".join(f"\n- <{link}>" for link in risk.links)
    rule["help"]["markdown"] += f"\n\nMore:\n{links}"
    rule["helpUri"] = risk.links[0]
    return rule


def _own_rule(kind: str) -> _Object:
    title, meaning = _KINDS.get(kind, (kind.replace("-", " ").capitalize(), "A reason against a pass."))
    name = "".join(word.capitalize() for word in kind.split("-"))
    remedy = FIX if OWN + kind == NAMELESS else REMEDIES.get(kind, _HINT)
    return _rule(OWN + kind, name, title, meaning, [meaning, remedy])


def _unknown_rule(finding: Finding) -> _Object:
    """A name that the catalogue does not know: the API's list of names is open."""
    name = finding.check
    if finding.risk is not None:
        name = wording.shortened(printable(risk_name(finding.risk)), _LONGEST_NAME)
    meaning = (
        "CCE's add-on check reports this risk. Its meaning is not published; the result has its message."
    )
    return _rule(finding.check, name, f"The risk {name}", meaning, [meaning, FIX])


def _rule(identity: str, name: str, title: str, meaning: str, paragraphs: Sequence[str]) -> _Object:
    """`name` is for people, and must not be there where it only repeats the ID."""
    text = "\n\n".join(paragraphs)
    return {
        "id": identity,
        **({} if name == identity else {"name": name}),
        "shortDescription": {"text": f"{title}."},
        "fullDescription": {"text": wording.shortened(meaning, _LONGEST_TEXT)},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": "error"},
    }
