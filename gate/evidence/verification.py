"""Whether a report is the pass that an upgrade asks for: for exactly this, fresh, and unchanged.

Without a signing key, and without the policy files, somebody who rewrites the whole report so that it fits
together can't be told from the gate.
"""

from __future__ import annotations

from dataclasses import dataclass

from gate.errors import ExitCode
from gate.evidence.again import judge_again
from gate.evidence.conditions import CONDITIONS, Case, Claim, Finding, finding, same_policy
from gate.evidence.record import read
from gate.evidence.rules import rebuilt
from gate.model import Instant, Verdict
from gate.report.sealed import NotEvidence


@dataclass(frozen=True, slots=True)
class Verification:
    """All conditions. `verdict` is the report's own; None where the report can't be read."""

    findings: tuple[Finding, ...]
    verdict: Verdict | None = None

    @property
    def refused(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if not each.holds)

    @property
    def exit_code(self) -> ExitCode:
        """0 only where every condition holds; a report that is closed itself gives its own category."""
        if self.findings and not self.refused and self.verdict is Verdict.PASS:
            return ExitCode.PASS
        if self.verdict in (None, Verdict.PASS):
            return ExitCode.UNDECIDED
        return self.verdict.exit_code


def verify(data: bytes, key: bytes | None, claim: Claim, now: Instant) -> Verification:
    """Hold the report `data` against the claim. Never raises for what is in the report."""
    try:
        record = read(data, key)
    except NotEvidence as error:
        return Verification((finding("report", "as the gate wrote it", error.message, False, error.hint),))
    sealed = finding("report", record.seal, record.seal, True, "")
    try:
        policy = rebuilt(record)
    except NotEvidence as error:
        rules = finding("rules", "those of one policy", error.message, False, error.hint)
        return Verification((sealed, rules), record.verdict)
    then = claim.policy if claim.policy is not None and same_policy(claim.policy, record) else policy
    times = [each.basis.at for each in record.targets if each.basis is not None]
    case = Case(
        claim,
        record,
        now,
        then,
        judge_again(record, then),
        judge_again(record, claim.policy or then, at=max([now, *times])),
    )
    return Verification((sealed, *(finding for each in CONDITIONS for finding in each(case))), record.verdict)
