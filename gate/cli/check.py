"""`cce-gate check`: the main job."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import click

from gate import app
from gate.cli import options, output
from gate.cli.clock import SystemClock
from gate.cli.options import Where
from gate.cli.place import connect
from gate.cli.progress import progress
from gate.cli.types import ReportSpec
from gate.errors import Interrupted
from gate.model import Schedule, Wanted
from gate.policy.load import load


@click.command("check")
@options.target
@options.selection(max_age="24h")
@options.policy
@options.waiting
@options.reports
@options.verbose
@options.quiet
def command(
    *,
    where: Where,
    wanted: Wanted,
    policy: Sequence[Path],
    schedule: Schedule,
    reports: Sequence[ReportSpec],
    verbose: int,
    quiet: bool,
) -> int:
    """Wait until the checks of a cluster's add-ons are final, and judge them.

    Exits with 0 only if every check that decides is there, final, fresh and for what was asked, and every
    risk found in it is a Warning that the policy lists.

    \b
      export HW_AUTH_TOKEN=...
      cce-gate check --region eu-de --project-id ... --cluster-id ... \\
          --addon coredns@1.30.6 --policy policies/prod.yml
    """
    outputs = output.plan(reports, [*policy, *([where.token_file] if where.token_file else [])])
    question = app.Question(wanted, load(policy))
    clock = SystemClock()
    cluster, _ = connect(where, clock, verbose=bool(verbose))
    try:
        with progress(schedule, clock, quiet=quiet) as observer:
            report = app.check(cluster, question, schedule, clock, random.random, observer)
    except Interrupted as stop:
        report = app.interrupted(cluster, question, schedule, clock, stop)
    return outputs.deliver(report)
