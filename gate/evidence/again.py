"""A report judged again: from its own answer, by its own question, as of its own moment."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from gate import app
from gate.errors import ExitCode, NotAnAnswer, UsageError
from gate.evidence.record import Record, RecordedTarget
from gate.judge import explain, judge, usage
from gate.model import (
    Answer,
    Clock,
    Instant,
    Judgement,
    Policy,
    PolicyFile,
    Problem,
    ProblemCode,
    Report,
    Target,
    TargetReport,
    Verdict,
    worst,
)
from gate.policy.load import load
from gate.policy.text import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved file: `content` is the report in it, or the answer that is of `target`, or why it is none."""

    target: Target
    content: Record | Answer | NotAnAnswer


def evaluate(saved: Sequence[Saved], question: app.Question, clock: Clock) -> Report:
    """Judge what was saved. A report is judged as of its own moment, by its own question.

    `question` has the policy for all of it, and what is asked of plain answers. Where there are only reports,
    the new report has their times. One that a signal ended stays undecided, with that signal's exit code.
    """
    now = clock.now()
    targets: list[TargetReport] = []
    verdicts: list[Verdict] = []
    for each in saved:
        if isinstance(each.content, Record):
            again = judge_again(each.content, question.policy, source=each.target.source)
            stopped = each.content.was_interrupted
            verdicts.append(Verdict.UNDECIDED if stopped else worst(one.judgement.verdict for one in again))
        else:
            again = app.evaluate([(each.target, each.content)], question, clock).targets
            verdicts.append(again[0].judgement.verdict)
        targets += again
    records = [each.content for each in saved if isinstance(each.content, Record)]
    verdict = worst(verdicts)
    all_reports = 0 < len(records) == len(saved)
    finished = max(record.finished for record in records) if all_reports else now
    return Report(
        verdict=verdict,
        exit_code=_exit_code(verdict, records),
        started=min(record.started for record in records) if all_reports else now,
        finished=finished,
        targets=tuple(targets),
        policy=usage(question.policy, targets, finished.utc_date),
        max_age_checked=_limits_age(records) and (all_reports or question.wanted.max_age is not None),
    )


def judge_again(
    record: Record, policy: Policy, *, source: str | None = None, at: Instant | None = None
) -> tuple[TargetReport, ...]:
    """The targets of a report, judged again under `policy`, as of its own moment or as of `at`.

    With `source` they are those of a saved file, and no API was asked.
    """
    return tuple(
        TargetReport(
            each.target if source is None else replace(each.target, endpoint=None, source=source),
            _judged(each, policy, at),
        )
        for each in record.targets
    )


def recorded_policy(records: Sequence[Record], today: date) -> Policy:
    """The policy that the reports were made with, from the files that they name.

    Raises `UsageError` where one of the files is missing or has changed, or the reports differ in them.
    """
    if len({record.files for record in records}) > 1:
        raise UsageError(
            "the reports were made with different policies", "judge them one by one, or give --policy"
        )
    files = records[0].files
    faults = [fault for file in files if (fault := _fault(file)) is not None]
    if faults:
        raise UsageError(
            f"the policy of the report is not here: {'; '.join(faults)}",
            "give the policy to judge by with --policy, or go to the revision that the report is of",
        )
    policy = load([Path(file.path) for file in files], today)
    if policy.files != files:
        raise UsageError("a policy file changed while it was read", "run it again")
    return policy


def _fault(file: PolicyFile) -> str | None:
    try:
        path = Path(file.path)
        if not path.is_file():
            return f"there is no file {file.path}"
        with path.open("rb") as opened:
            found = hashlib.sha256(opened.read(MAX_BYTES + 1)).hexdigest()
    except (OSError, ValueError):
        return f"{file.path} can't be read"
    return None if found == file.sha256 else f"{file.path} has changed"


def _judged(recorded: RecordedTarget, policy: Policy, at: Instant | None) -> Judgement:
    basis = recorded.basis
    if basis is None:
        return _with_problems(Judgement(Verdict.UNDECIDED, "", (), ()), recorded.problems)
    judgement = judge(basis.answer, basis.wanted, policy, at or basis.at, recorded.target)
    # Whatever the judge does not say again came from the run: nothing that was a problem gets lost.
    carried = [problem for problem in recorded.problems if problem not in judgement.problems]
    return _with_problems(judgement, carried) if carried else judgement


def _with_problems(judgement: Judgement, problems: Sequence[Problem]) -> Judgement:
    everything = (*judgement.problems, *problems)
    stop = next((each for each in problems if each.code is ProblemCode.INTERRUPTED), None)
    if stop is not None:
        verdict, reason = Verdict.UNDECIDED, stop.message
    else:
        verdict = worst([judgement.verdict, *(each.verdict for each in problems)])
        reason = explain(verdict, judgement.deciding, everything)
    return replace(judgement, verdict=verdict, reason=reason, problems=everything)


def _exit_code(verdict: Verdict, records: Sequence[Record]) -> ExitCode:
    stopped = [record.exit_code for record in records if record.was_interrupted]
    return stopped[0] if stopped and verdict is Verdict.UNDECIDED else verdict.exit_code


def _limits_age(records: Sequence[Record]) -> bool:
    return all(
        each.basis is None or each.basis.wanted.max_age is not None
        for record in records
        for each in record.targets
    )
