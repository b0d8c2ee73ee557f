"""The report as GitLab's Code Quality: what a merge request shows beside the policy file.

A finding stands at the policy rule that decided, else at the start of the policy. What the policy allows is
told too, as `info`. One entry of another form would end GitLab's reading
(`lib/gitlab/ci/parsers/codequality/code_climate.rb`).
"""

from __future__ import annotations

from typing import Any

from gate.model import Decision, Level, Report
from gate.report import Style
from gate.report.escape import printable
from gate.report.findings import Finding, findings_of, json_text, paragraph, place_of, to_notice


def render(report: Report, style: Style) -> str:  # noqa: ARG001
    """A JSON array; empty where every risk is ok."""
    return json_text([_entry(finding, report) for finding in to_notice(findings_of(report))])


def _entry(finding: Finding, report: Report) -> dict[str, Any]:
    path, line = place_of(finding, report)
    return {
        "description": paragraph(finding),
        "check_name": finding.check,
        "fingerprint": finding.fingerprint,
        "severity": _severity(finding),
        "location": {"path": printable(path.removeprefix("./")), "lines": {"begin": line}},
    }


def _severity(finding: Finding) -> str:
    """`blocker` is what no policy can allow; `critical` blocks too; `major` could not be told."""
    if finding.decision is Decision.ALLOWED:
        return "info"
    if finding.decision is Decision.INCONCLUSIVE:
        return "major"
    fatal = finding.risk is not None and finding.risk.risk.level is Level.FATAL
    return "blocker" if fatal else "critical"
