"""What `check` and `run` have in common: ask, wait, judge."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gate import app
from gate.cli import options, output
from gate.cli.clock import SystemClock
from gate.cli.creating import purchased
from gate.cli.options import Creating, Where
from gate.cli.output import Outputs
from gate.cli.place import connect
from gate.cli.progress import progress
from gate.cli.types import ReportSpec
from gate.errors import Interrupted
from gate.model import Report, Schedule, Wanted
from gate.policy.load import load

Command = TypeVar("Command", bound=Callable[..., object])

_OPTIONS: Sequence[Callable[[Command], Command]] = (
    options.target,
    options.selection(max_age="24h"),
    options.creating,
    options.policy,
    options.waiting,
    options.reports,
    options.verbose,
    options.quiet,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of `check`."""

    where: Where
    wanted: Wanted
    creating: Creating
    policy: Sequence[Path]
    schedule: Schedule
    reports: Sequence[ReportSpec]
    verbose: int
    quiet: bool


def takes_asked(command: Command) -> Command:
    """Gives a verb all options of `check`, as one argument `asked`."""

    return options.gathered(command, "asked", tuple(Asked.__dataclass_fields__), Asked, _OPTIONS)


def check(asked: Asked) -> tuple[Report, Outputs]:
    """Wait until the deciding checks are final, and judge them. The reports are still to be delivered.

    Raises `UsageError` before anything is asked of the API.
    """
    where, policy = asked.where, asked.policy
    inputs = [*policy, *(path for _, path in asked.creating.values)]
    outputs = output.plan(asked.reports, [*inputs, *([where.token_file] if where.token_file else [])])
    purchase = purchased(asked.creating, asked.wanted)
    clock = SystemClock()
    question = app.Question(asked.wanted, load(policy, clock.now().utc_date))
    cluster, _ = connect(where, clock, verbose=bool(asked.verbose), identify=question.policy.names_clusters)
    try:
        with progress(asked.schedule, clock, quiet=asked.quiet) as observer:
            if purchase is None:
                report = app.check(cluster, question, asked.schedule, clock, random.random, observer)
            else:
                from gate.creation import create

                report = create(cluster, purchase, question, asked.schedule, clock, random.random, observer)
    except Interrupted as stop:
        report = app.interrupted(cluster, question, asked.schedule, clock, stop)
    return report, outputs
