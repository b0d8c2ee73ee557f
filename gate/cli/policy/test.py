"""`cce-gate policy test`: the cases kept beside the policies."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

import click

from gate.api.parse import parse_answer
from gate.cli import options, streams
from gate.cli.clock import SystemClock
from gate.cli.policy.rehearsal import Outcome, answer_of, rehearse, uncovered
from gate.errors import ExitCode, NotAnAnswer, UsageError
from gate.model import Answer, Policy, Rule
from gate.policy.cases import Case, CasesError, SavedAnswer, read
from gate.policy.faults import Fault
from gate.policy.load import PolicyError, load
from gate.report.escape import guard, printable
from gate.report.summary import named, place_of

ENDINGS = (".test.yml", ".test.yaml")
LARGEST_ANSWER = 64 * 1024 * 1024


@click.command("test")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@options.verbose
def command(*, folder: Path, verbose: int) -> int:  # noqa: ARG001 - used by the last line of defence
    """Run the cases in DIR and below it: files that end in .test.yml, each beside the policy it tests.

    \b
      version: 1
      policy: platform.yml           # or a list, taken together; relative to this file
      today: 2026-11-23              # the day that rules expire against; default: the day of the run
      cluster: {id: ..., name: ...}  # for rules narrowed to a cluster
      cases:
        - name: an edited Corefile passes
          check: {addon: coredns, target-version: 1.30.6}
          risks:
            - risk: K8sResourceModified
              message: configmap coredns is modified
              expect: allowed
          verdict: pass
        - name: the answer saved last week stays blocked
          answer: answers/monday.json
          expect:
            - {addon: coredns, risk: AddonStatus, decision: blocked}
          verdict: blocked

    A check is an addonUpgrade and a risk a Warning, unless the case says other (type, level). expect names
    every risk of the answer that is not ok. today and cluster may stand in a case, too.

    Exits with 0 if every case comes out as expected, 1 if one does not, 2 if there is no case or if a case,
    a policy or an answer can't be read. A case does not look at the age of an answer.
    """
    files = _yaml_files(folder)
    paths = [path for path in files if path.name.endswith(ENDINGS)]
    if not paths:
        raise UsageError(
            f"there is no case in {folder}: no file ends in {' or '.join(ENDINGS)}",
            "put one beside the policy; cce-gate policy test --help shows the form",
        )
    policies, outcomes = _run(paths, SystemClock().now().utc_date)
    lines = [line for outcome in outcomes for line in _told(outcome)]
    lines += _notes(policies, outcomes, paths, files)
    lines.append(_tally(outcomes))
    streams.show(guard("".join(f"{printable(line)}\n" for line in lines)))
    return ExitCode.BLOCKED if any(outcome.differences for outcome in outcomes) else ExitCode.PASS


def _yaml_files(folder: Path) -> list[Path]:
    """All of them, in order. A folder that can't be looked into may hide a case, and is an error."""

    def refuse(error: OSError) -> NoReturn:
        raise UsageError(
            f"{error.filename} can't be read: {error.strerror}",
            "name a folder that holds cases, and can be read",
        )

    found = [
        Path(place, name)
        for place, _, names in os.walk(folder, onerror=refuse)
        for name in names
        if name.endswith((".yml", ".yaml"))
    ]
    return sorted(found)


def _run(paths: Sequence[Path], now: date) -> tuple[list[Policy], list[Outcome]]:
    """Read all there is to read, then run every case. Raises `CasesError` with all that is wrong."""
    cases, faults = read(paths)
    found = list(faults)
    policies: dict[tuple[tuple[Path, ...], date], Policy] = {}
    answers: list[Answer] = []
    for case in cases:
        today = case.today or now
        try:
            if (case.policy, today) not in policies:
                policies[case.policy, today] = load(case.policy, today)
        except PolicyError as error:
            found += [_named_by(case, fault) for fault in error.faults]
        answer = _answer(case)
        if isinstance(answer, Fault):
            found.append(answer)
        else:
            answers.append(answer)
    if found:
        raise CasesError(found)
    outcomes = [
        rehearse(case, answer, policies[case.policy, case.today or now], case.today or now)
        for case, answer in zip(cases, answers, strict=True)
    ]
    return list(policies.values()), outcomes


def _named_by(case: Case, fault: Fault) -> Fault:
    """A fault of a policy; of one that can't be opened, it says who names it."""
    if fault.line:
        return fault
    return Fault(case.file, 0, 0, "policy", f"{fault.file} {fault.message}")


def _answer(case: Case) -> Answer | Fault:
    if not isinstance(case.evidence, SavedAnswer):
        return answer_of(case.evidence)
    saved = case.evidence
    try:
        with saved.path.open("rb") as file:
            body = file.read(LARGEST_ANSWER + 1)
    except (OSError, ValueError) as error:
        return saved.fault(f"{saved.path} cannot be read: {getattr(error, 'strerror', None) or error}")
    if len(body) > LARGEST_ANSWER:
        return saved.fault(f"{saved.path} is larger than {LARGEST_ANSWER} bytes")
    try:
        return parse_answer(body)
    except NotAnAnswer as error:
        return saved.fault(f"{saved.path} is not an answer of the API: {error.message}")


def _told(outcome: Outcome) -> list[str]:
    case = outcome.case
    head = f"{case.file}:{case.line}: {case.name}"
    if not outcome.differences:
        return [f"ok    {head}"]
    return [f"FAIL  {head}", *(f"      {difference}" for difference in outcome.differences)]


def _notes(
    policies: Iterable[Policy], outcomes: Sequence[Outcome], cases: Iterable[Path], files: Iterable[Path]
) -> list[str]:
    """The rules that no case shows at work, and the policies beside the cases that no case names."""
    notes = [
        f"note: not covered: {_called(rule)} is at work in no case" for rule in uncovered(policies, outcomes)
    ]
    tested = {path.resolve() for outcome in outcomes for path in outcome.case.policy}
    folders = {path.parent for path in cases}
    beside = [path for path in files if path.parent in folders and not path.name.endswith(ENDINGS)]
    return notes + [
        f"note: not tested: {path} is named by no case" for path in beside if path.resolve() not in tested
    ]


def _called(rule: Rule) -> str:
    return f"{place_of(rule)} ({rule.effect.value} {named(rule.risk, '')})"


def _tally(outcomes: Sequence[Outcome]) -> str:
    failed = sum(bool(outcome.differences) for outcome in outcomes)
    head = "1 case" if len(outcomes) == 1 else f"{len(outcomes)} cases"
    good = len(outcomes) - failed
    return f"{head}: {good} as expected" + (f", {failed} not" if failed else "")
