"""`cce-gate evaluate`: the same judge over saved answers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from gate import app
from gate.api.error_body import read_error
from gate.api.parse import parse_answer
from gate.cli import options, output
from gate.cli.clock import SystemClock
from gate.cli.types import ReportSpec
from gate.errors import NotAnAnswer, UsageError
from gate.model import Answer, Target, Wanted
from gate.policy.load import load

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
    """Judge answers of the API that were saved in FILE... (- is standard input); no network.

    Each file is one answer, and the worst verdict of them holds. A check that is not final is undecided.
    """
    if len(set(files)) < len(files):
        raise UsageError("a file is named twice", "name each saved answer once")
    outputs = output.plan(reports, [*policy, *(Path(name) for name in files if name != "-")])
    clock = SystemClock()
    question = app.Question(wanted, load(policy, clock.now().utc_date))
    saved = [
        (Target(source=name, cluster_id=cluster_id, cluster_name=cluster_name), _answer(_read(name)))
        for name in files
    ]
    return outputs.deliver(app.evaluate(saved, question, clock))


def _answer(body: bytes) -> Answer | NotAnAnswer:
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


def _read(name: str) -> bytes:
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
