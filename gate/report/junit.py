"""The report as JUnit XML: a test case for each risk, in a test suite for each target.

What blocks is a failure, what could not be told is an error, what is ok or allowed passes. Held to what
GitLab reads (`lib/gitlab/ci/parsers/test/junit.rb`): it drops a `message` where there is a body, so that the
body says all; it takes a `type` for the type of the data, so that there is none; it keeps one of several
cases with the same names, so that names differ; and one forbidden character voids the whole report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from gate.model import Decision, Report, Target
from gate.report import Style, wording
from gate.report.escape import printable, replace_commands
from gate.report.findings import Finding, findings_of, lines_of
from gate.report.moments import rfc3339
from gate.report.notes import all_notes
from gate.report.summary import target_name

_ELEMENTS = {Decision.BLOCKED: "failure", Decision.INCONCLUSIVE: "error", Decision.ALLOWED: "system-out"}
_LONGEST_MESSAGE = 300
_COLONS_AT_START = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
_ATTACHMENT = "[[ATTACHMENT|"


def render(report: Report, style: Style) -> str:  # noqa: ARG001
    """The report as XML 1.0 in UTF-8. The times are those of the whole run, which is one for all targets."""
    found = findings_of(report)
    seconds = f"{max(report.finished.minus(report.started), 0):.3f}"
    outcome = printable(wording.Outcome.of(report).line())
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f"<testsuites {_attributes(name=f'cce-gate: {outcome}', **_counts(found), time=seconds)}>")
    named: dict[tuple[str, str], int] = {}
    notes = _text("\n".join(map(printable, all_notes(report))))
    for target, group in _by_target(found):
        when = {"timestamp": rfc3339(report.started), "time": seconds}
        lines.append(f"  <testsuite {_attributes(name=_name_of(target), **_counts(group), **when)}>")
        for finding in group:
            lines += _case(finding, named)
        if notes:
            lines.append(f"    <system-out>{notes}</system-out>")
            notes = ""
        lines.append("  </testsuite>")
    return _guarded("\n".join([*lines, "</testsuites>", ""]))


def _by_target(found: Iterable[Finding]) -> Iterator[tuple[Target, list[Finding]]]:
    groups: dict[Target, list[Finding]] = {}
    for finding in found:
        groups.setdefault(finding.target, []).append(finding)
    yield from groups.items()


def _counts(found: Iterable[Finding]) -> dict[str, str]:
    decisions = [finding.decision for finding in found]
    return {
        "tests": str(len(decisions)),
        "failures": str(decisions.count(Decision.BLOCKED)),
        "errors": str(decisions.count(Decision.INCONCLUSIVE)),
        "skipped": "0",
    }


def _case(finding: Finding, named: dict[tuple[str, str], int]) -> list[str]:
    classname, name = _class_of(finding), printable(finding.about)
    unique = name
    while (classname, unique) in named:
        named[classname, name] += 1
        unique = f"{name} #{named[classname, name]}"
    named[classname, unique] = 1
    opening = f"    <testcase {_attributes(classname=classname, name=unique, time='0')}"
    element = _ELEMENTS.get(finding.decision)
    if element is None:
        return [f"{opening}/>"]
    headline = printable(finding.headline)
    message = (
        ""
        if element == "system-out"
        else " " + _attributes(message=wording.shortened(headline, _LONGEST_MESSAGE))
    )
    body = _text("\n".join(_body(finding)))
    return [f"{opening}>", f"      <{element}{message}>{body}</{element}>", "    </testcase>"]


def _class_of(finding: Finding) -> str:
    """Cluster and add-on. Readers split it at the last dot, so that no version stands in it."""
    addon = finding.judged.task.addon if finding.judged is not None else None
    where = _name_of(finding.target)
    return where if addon is None else f"{where}/{printable(addon)}"


def _name_of(target: Target) -> str:
    return printable(target_name(target)) if target != Target() else "cce-gate"


def _body(finding: Finding) -> Iterator[str]:
    """The message of the API stands in a gutter, so that nothing in it can pass for the gate's own words."""
    yield printable(finding.headline)
    message = lines_of(finding.message)
    if message:
        yield "CCE says:"
        yield from (f"| {line}".rstrip(" ") for line in message)
    if finding.remedy:
        yield f"What to do: {printable(finding.remedy)}"
    yield from map(printable, finding.details)


def _attributes(**values: str) -> str:
    return " ".join(f'{name}="{_text(value, quote=True)}"' for name, value in values.items())


def _text(text: str, *, quote: bool = False) -> str:
    """Text for XML. What readers take for the path of an attachment loses its form."""
    text = text.replace(_ATTACHMENT, "[ [ATTACHMENT|")
    return escape(text, {'"': "&quot;"} if quote else {})


def _guarded(written: str) -> str:
    """No command to a CI system in the written text; character references keep what it means."""
    return _COLONS_AT_START.sub(r"\1&#58;", replace_commands(written, "&#35;"))
