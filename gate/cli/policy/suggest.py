"""`cce-gate policy suggest`: drafts rules for the Warnings that blocked a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import click

from gate import app
from gate.api.strict_json import load_object
from gate.cli import options, streams
from gate.cli.clock import SystemClock
from gate.cli.evaluate import read_answer, read_body
from gate.errors import ExitCode, NotAnAnswer
from gate.judge.risks import decide
from gate.judge.rulebook import Rulebook
from gate.model import (
    Answer,
    CheckType,
    Clock,
    Decision,
    Effect,
    JudgedTask,
    Level,
    Policy,
    Target,
    TargetReport,
    Verdict,
    Wanted,
)
from gate.policy.load import PolicyError, load, parse
from gate.report.saved import is_report, read_targets
from gate.report.snippet import NARROWINGS, Finding, NarrowDraft, policy_text
from gate.report.summary import named, place_of, target_name

_HOLDS = timedelta(days=30)


@click.command("suggest")
@click.argument("file", metavar="[FILE]", default="-")
@options.policy
@options.option("--cluster-id", metavar="ID", help="The cluster, where FILE does not say it.")
@options.option("--cluster-name", metavar="NAME", help="Its name.")
@options.verbose
def command(
    *,
    file: str,
    policy: Sequence[Path],
    cluster_id: str | None,
    cluster_name: str | None,
    verbose: int,  # noqa: ARG001 - used by the last line of defence
) -> int:
    """Draft rules for the Warnings that blocked, from a JSON report or a saved answer of the API.

    FILE is one of the two; - or nothing is standard input. The rules are as narrow as what is known allows
    and end in 30 days. Each is refused until a person fills in its reason. What a policy can't allow is
    said in a comment. With --policy: what blocks under that policy.

    \b
      cce-gate check ... --report json=report.json
      cce-gate policy suggest report.json > draft.yml
    """
    clock = SystemClock()
    today = clock.now().utc_date
    rules = load(policy, today)
    known = Target(cluster_id=cluster_id or None, cluster_name=cluster_name or None, source=file)
    reports = _judged(read_body(file), rules, known, clock)
    streams.show_utf8(_drafted(reports, file, today))
    return ExitCode.PASS


def _judged(body: bytes, policy: Policy, known: Target, clock: Clock) -> list[TargetReport]:
    """What was judged of each target. Raises `NotAnAnswer`, and `UsageError` for a report in disorder."""
    document: Mapping[str, object] = {}
    with suppress(NotAnAnswer):  # `read_answer` explains it
        document = load_object(body)
    if is_report(document):
        found = list(read_targets(document))
        if len(found) == 1:
            found = [replace(found[0], target=_completed(found[0].target, known))]
        return [_judged_again(each, policy, clock) for each in found] if policy.files else found
    answer = read_answer(body)
    if isinstance(answer, NotAnAnswer):
        raise answer
    return _of_answer(answer, policy, known, clock)


def _completed(said: Target, known: Target) -> Target:
    """The one target of a report, with what else is known of its cluster; of another cluster nothing is."""
    if said.cluster_id is not None and known.cluster_id not in (None, said.cluster_id):
        return said
    return replace(
        said,
        cluster_id=said.cluster_id or known.cluster_id,
        cluster_name=said.cluster_name or known.cluster_name,
    )


def _judged_again(report: TargetReport, policy: Policy, clock: Clock) -> TargetReport:
    """The report with its risks judged under `policy`, in place of the policy of its run."""
    book = Rulebook(policy, clock.now().utc_date, report.target)

    def again(judged: JudgedTask) -> JudgedTask:
        if judged.superseded or not judged.task.is_final:
            return judged
        risks = [each.risk for each in judged.risks]
        decided = (decide(risk, judged.task, book.ruling(risk, judged.task), book) for risk in risks)
        return replace(judged, risks=tuple(decided))

    tasks = tuple(again(judged) for judged in report.judgement.tasks)
    return replace(report, judgement=replace(report.judgement, tasks=tasks))


def _of_answer(answer: Answer, policy: Policy, target: Target, clock: Clock) -> list[TargetReport]:
    """The answer judged for every type of check: a draft is wanted for whatever blocks."""
    held = [each for each in CheckType if any(task.type is each for task in answer.tasks)]
    found: list[TargetReport] = []
    for type_ in held or [CheckType.UPGRADE]:
        question = app.Question(Wanted(type_), policy)
        found += app.evaluate([(target, answer)], question, clock).targets
    return found


def _drafted(reports: Sequence[TargetReport], source: str, today: date) -> str:
    """The policy: a rule for each distinct Warning that blocked, and why there is none for the rest."""
    drafts: dict[tuple[str, ...], NarrowDraft] = {}
    notes = dict.fromkeys(_unfinished(reports))
    for finding in dict.fromkeys(_findings(reports)):
        refusal = next((words(finding) for applies, words in _REFUSALS if applies(finding)), None)
        draft = _draft(finding, today) if refusal is None else refusal
        if isinstance(draft, NarrowDraft):
            drafts.setdefault(replace(draft, about=()).lines(), draft)
        else:
            notes[f"- {finding.title}: {draft}"] = None
    called = "standard input" if source == "-" else source
    about = [f"Drafted by cce-gate policy suggest on {today} from {called}."]
    if drafts:
        about.append(
            "Each rule is refused until a person writes its reason. Keep only what the team accepts."
        )
    else:
        about.append("Nothing to draft: no Warning blocked that a policy could allow.")
    said = ["Not drafted:", *notes] if notes else []
    return policy_text(about, [draft.lines() for draft in drafts.values()], said)


def _findings(reports: Sequence[TargetReport]) -> Iterator[Finding]:
    for report in reports:
        for judged in report.judgement.deciding:
            for risk in judged.risks if judged.task.is_final else ():
                if risk.decision in (Decision.BLOCKED, Decision.INCONCLUSIVE):
                    yield Finding(risk, judged.task, report.target)


def _unfinished(reports: Sequence[TargetReport]) -> Iterator[str]:
    """What kept the gate closed and is no risk."""
    for report in reports:
        if not report.judgement.deciding:
            yield f"- {target_name(report.target)}: {report.judgement.reason}"
        for judged in report.judgement.deciding:
            seen = judged.task.is_final and any(each.decision is not Decision.OK for each in judged.risks)
            if judged.verdict is not Verdict.PASS and not seen:
                yield f"- {named(judged.task.addon, 'an add-on without a name')}: {judged.reason}"


def _draft(finding: Finding, today: date) -> NarrowDraft | str:
    """The narrowest rule that the policy takes and that allows the finding, or why there is none."""
    risk, task = finding.judged.risk, finding.task
    bare = NarrowDraft(risk.name or "", task.addon or "", today + _HOLDS)
    objection = _objection(bare, finding, today)
    if objection is not None:
        return objection
    keys: list[tuple[str, str]] = []
    left_out: list[tuple[str, str]] = []
    for key, narrowing in NARROWINGS.items():
        values, otherwise = narrowing(finding)
        tried = (
            value
            for value in values
            if _objection(replace(bare, keys=((key, value),)), finding, today) is None
        )
        value = next(tried, None)
        if value is None:
            left_out.append((key, otherwise))
        else:
            keys.append((key, value))
    draft = replace(bare, keys=tuple(keys), left_out=tuple(left_out), about=tuple(finding.about()))
    return _objection(draft, finding, today) or draft


def _objection(draft: NarrowDraft, finding: Finding, today: date) -> str | None:
    """Why the rule, once it has a reason, would not do; None where it allows the finding. The judge says."""
    written = policy_text((), [draft.lines("a reason")])
    try:
        policy = parse(written.encode("utf-8"), "the draft", today)
    except PolicyError as error:
        return f"a policy can't name it: {error.faults[0].message}"
    book = Rulebook(policy, today, finding.target)
    risk, task = finding.judged.risk, finding.task
    judged = decide(risk, task, book.ruling(risk, task), book)
    return None if judged.decision is Decision.ALLOWED else judged.reason


def _has_rule(finding: Finding, effect: Effect) -> bool:
    return finding.judged.rule is not None and finding.judged.rule.effect is effect


def _denied(finding: Finding) -> str:
    rule = finding.judged.rule
    return finding.judged.reason if rule is None else f"{finding.judged.reason} ({place_of(rule)})"


_REFUSALS: tuple[tuple[Callable[[Finding], bool], Callable[[Finding], str]], ...] = (
    (lambda each: each.judged.decision is not Decision.BLOCKED, lambda each: each.judged.reason),
    (lambda each: each.judged.risk.level is Level.FATAL, lambda _: "Fatal is never allowed"),
    (lambda each: each.judged.risk.level is not Level.WARNING, lambda each: each.judged.reason),
    (lambda each: each.judged.risk.name is None, lambda each: each.judged.reason),
    (lambda each: _has_rule(each, Effect.DENY), _denied),
    (
        lambda each: _has_rule(each, Effect.ALLOW),
        lambda each: f"{each.judged.reason}; extend that rule in a review, if the team still accepts it",
    ),
    (lambda each: each.task.addon is None, lambda _: "the check names no add-on to narrow a rule to"),
)
"""Why no rule is drafted: the first that applies speaks, in the judge's order."""
