"""`cce-gate evaluate`: the same judge over saved answers and reports."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
from click.core import ParameterSource

from gate import app, evidence
from gate.api.error_body import read_error
from gate.api.parse import parse_answer
from gate.api.strict_json import load_object
from gate.cli import options, output, streams
from gate.cli.clock import SystemClock
from gate.cli.signing_key import signing_key
from gate.cli.types import ReportSpec
from gate.errors import NotAnAnswer, UsageError
from gate.evidence import Record, Saved
from gate.model import Answer, Policy, Report, Target, Wanted
from gate.policy.load import load
from gate.report.moments import stamp
from gate.report.sealed import NotEvidence, is_report

LARGEST_FILE = 64 * 1024 * 1024


@click.command("evaluate")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@options.selection(max_age=None)
@options.option(
    "--cluster-id", metavar="ID", help="The cluster that the answers are of, for rules narrowed to it."
)
@options.option("--cluster-name", metavar="NAME", help="Its name.")
@options.policy
@options.reports
@options.verbose
@options.quiet
def command(
    *,
    files: Sequence[str],
    wanted: Wanted,
    cluster_id: str | None,
    cluster_name: str | None,
    policy: Sequence[Path],
    reports: Sequence[ReportSpec],
    verbose: int,  # noqa: ARG001 - taken by every verb, used by the last line of defence
    quiet: bool,  # noqa: ARG001 - there is no progress to leave out
) -> int:
    """Judge what was saved in FILE... (- is standard input); no network.

    Each file is one answer of the API, or one JSON report of this command, and the worst verdict of them
    holds. A check that is not final is undecided.

    A report is judged again as of its own moment and by its own question, under the policy that it was made
    with (the files that it names, if they are unchanged) or the one that --policy gives. Options that
    select must say what the report says.
    """
    if len(set(files)) < len(files):
        raise UsageError("a file is named twice", "name each saved answer once")
    outputs = output.plan(reports, [*policy, *(Path(name) for name in files if name != "-")])
    clock = SystemClock()
    today = clock.now().utc_date
    given = load(policy, today) if policy else None
    cluster = Target(cluster_id=cluster_id, cluster_name=cluster_name)
    bodies = {name: read_body(name) for name in files}
    records = {name: _record(name, body) for name, body in bodies.items() if _is_report(body)}
    for name, record in records.items():
        _check_options(name, record, wanted, cluster)
    question = app.Question(wanted, _policy(given, records, len(files), today))
    saved = [
        Saved(replace(cluster, source=name), records[name] if name in records else read_answer(body))
        for name, body in bodies.items()
    ]
    report = evidence.evaluate(saved, question, clock)
    for line in _notes(records, question.policy, report):
        streams.diagnose_line(f"note: {line}")
    return outputs.deliver(report)


def _policy(given: Policy | None, records: Mapping[str, Record], files: int, today: date) -> Policy:
    """What --policy gives; else that of the reports, if there are only reports; else the one of no file."""
    if given is not None or not records:
        return given or Policy()
    if len(records) < files:
        raise UsageError("reports and answers are mixed, without --policy", "give the policy for all of them")
    return evidence.recorded_policy([*records.values()], today)


def _is_report(body: bytes) -> bool:
    """Whether it is a JSON object that calls itself a report of this tool."""
    if b'"cce-gate"' not in body:
        return False
    try:
        return is_report(load_object(body))
    except NotAnAnswer:
        return False


def _record(name: str, body: bytes) -> Record:
    """Raises `NotEvidence`, which says of which file."""
    try:
        return evidence.read(body, signing_key(os.environ), needs_key=False)
    except NotEvidence as error:
        raise NotEvidence(f"the report {name} can't be judged again: {error.message}", error.hint) from None


def _check_options(name: str, record: Record, wanted: Wanted, cluster: Target) -> None:
    """Raises `UsageError` where an option was given that says something else than the report."""
    context = click.get_current_context()
    for each in record.targets:
        asked = Wanted() if each.basis is None else each.basis.wanted
        pairs = {
            "task_id": (wanted.task_ids, asked.task_ids),
            "addon": (wanted.addons, asked.addons),
            "type": (wanted.type, asked.type),
            "max_age": (wanted.max_age, asked.max_age),
            "cluster_id": (cluster.cluster_id, each.target.cluster_id),
            "cluster_name": (cluster.cluster_name, each.target.cluster_name),
        }
        for option, (given, found) in pairs.items():
            is_given = context.get_parameter_source(option) not in (None, ParameterSource.DEFAULT)
            if is_given and given != found and (each.basis is not None or option.startswith("cluster")):
                raise UsageError(
                    f"--{option.replace('_', '-')} says something else than the report {name}",
                    "leave the option (or its variable) out: a report is judged by its own question",
                )


def _notes(records: Mapping[str, Record], policy: Policy, report: Report) -> Iterator[str]:
    """What whoever takes the result for that of the reports has to know."""
    for name, record in records.items():
        yield f"{name} is judged as of {stamp(record.finished)}; {record.seal}"
        if {file.sha256 for file in record.files} != {file.sha256 for file in policy.files}:
            yield f"{name} was made with another policy"
    if len(records) == len(report.targets) == 1:
        (record,) = records.values()
        if record.verdict is not report.verdict:
            yield f"the report says {record.verdict.value}; judged again it is {report.verdict.value}"


def read_answer(body: bytes) -> Answer | NotAnAnswer:
    try:
        return parse_answer(body)
    except NotAnAnswer as error:
        return _explained(error, body)


def _explained(error: NotAnAnswer, body: bytes) -> NotAnAnswer:
    """What was saved instead of an answer, as far as it says so itself."""
    if not body.strip():
        return NotAnAnswer("what was saved is empty", "see whether the command that saved it failed")
    facts = read_error(body, {})
    if facts.code is None or facts.message is None:
        return NotAnAnswer(
            error.message, "save the answer of the call that lists the check tasks, whole, as UTF-8"
        )
    return NotAnAnswer(
        f"what was saved is an error of the API: {facts.message[:300]}",
        "see to that error, then save the answer again",
        code=facts.code[:100],
        request_id=facts.request_id,
    )


def read_body(name: str) -> bytes:
    try:
        if name == "-":
            body = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with Path(name).open("rb") as file:
                body = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UsageError(f"{name} can't be read: {error.strerror}", "check the path") from None
    if len(body) > LARGEST_FILE:
        raise UsageError(f"{name} is larger than {LARGEST_FILE} bytes", "save one answer a file")
    return body
