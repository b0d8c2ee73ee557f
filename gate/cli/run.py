"""`cce-gate run`: a command, only if the checks say so."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from gate.cli import child, signals, streams
from gate.cli.checking import Asked, check, takes_asked
from gate.cli.output import Outputs, plan
from gate.cli.signing_key import VARIABLE as SIGNING_KEY
from gate.cli.types import ReportSpec
from gate.errors import ExitCode, UsageError
from gate.model import Report


# Without interspersed arguments, what follows the command's name is the command's, also where -- is left out.
@click.command("run", context_settings={"allow_interspersed_args": False})
@click.argument("argv", metavar="-- COMMAND [ARG...]", nargs=-1, type=click.UNPROCESSED)
@takes_asked
def command(*, argv: Sequence[str], asked: Asked) -> int:
    """Do what check does, and on a pass run COMMAND; exit with its exit code.

    Without a pass COMMAND is not started, and the exit code is the verdict's. COMMAND gets
    CCE_GATE_VERDICT=pass, and in CCE_GATE_REPORT the path of the JSON report. Signals are passed on to it.

    \b
      cce-gate run --region eu-de --project-id ... --cluster-id ... \\
          --addon coredns@1.30.6 --policy policies/prod.yml \\
          -- terraform apply -auto-approve

    Of its own: 126 COMMAND can't be executed, 127 it is not found, 128+N signal N ended it.
    """
    if not argv:
        raise UsageError(
            "there is no command to run",
            "put it behind the options and --: cce-gate run --policy prod.yml -- terraform apply",
        )
    try:
        return _run(argv, asked)
    except child.CannotStart as error:
        streams.complain(error.message, error.hint)
        return error.code


def _run(argv: Sequence[str], asked: Asked) -> int:
    plan(asked.reports, asked.policy)  # takes away what an earlier run left, whatever becomes of this one
    program = child.find(argv[0])
    with _told(asked.reports) as told, signals.relayed() as relay:
        report, outputs = check(replace(asked, reports=told.specs))
        code = _deliver(outputs, report)
        if code != ExitCode.PASS:
            streams.diagnose_line(f"{argv[0]} was not started")
            return code
        return child.follow(program, argv, _environ(told), relay)


def _deliver(outputs: Outputs, report: Report) -> int:
    """Write the reports; again, and no longer as a pass, where a signal came just after them."""
    code = outputs.deliver(report)
    if code == ExitCode.PASS and signals.arrived() is not None:
        return outputs.deliver(report)
    return code


@dataclass(frozen=True, slots=True)
class _Told:
    """The reports to write, among them the JSON report that the command is told of, at `path`."""

    specs: Sequence[ReportSpec]
    path: Path
    private: bool = False


@contextmanager
def _told(specs: Sequence[ReportSpec]) -> Iterator[_Told]:
    """Where no JSON report goes to a file, one that is gone when the command has ended."""
    for spec in specs:
        if spec.format == "json" and spec.path and (spec.path.is_file() or not spec.path.exists()):
            yield _Told(specs, spec.path.resolve())
            return
    try:
        folder = tempfile.TemporaryDirectory(prefix="cce-gate-", ignore_cleanup_errors=True)
    except OSError as error:
        raise UsageError(
            f"there is no place for the command's report: {error.strerror or error}",
            "set TMPDIR to a folder that can be written, or give --report json=PATH",
        ) from None
    with folder as name:
        path = Path(name, "report.json")
        yield _Told((*specs, ReportSpec("json", path)), path, private=True)


def _environ(told: _Told) -> Mapping[str, str]:
    """What the command gets as its environment.

    Not the signing key: who has it can make up a pass, and an upgrade has no need to.
    """
    if told.private:
        told.path.chmod(0o600)
    kept = {name: value for name, value in os.environ.items() if name != SIGNING_KEY}
    return {**kept, "CCE_GATE_VERDICT": "pass", "CCE_GATE_REPORT": str(told.path)}
