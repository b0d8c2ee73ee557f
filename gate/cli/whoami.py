"""`cce-gate whoami`: which credentials, project and cluster would be used, and whether they work."""

from __future__ import annotations

import click

from gate.cli import options, streams
from gate.cli.clock import SystemClock
from gate.cli.options import Where
from gate.cli.place import connect
from gate.errors import DeadlineReached, ExitCode
from gate.model import Deadline
from gate.report.escape import guard, printable

PATIENCE = 60.0
"""Seconds for all of it."""


@click.command("whoami")
@options.target
@options.verbose
def command(*, where: Where, verbose: int) -> int:
    """Say which credentials, project and cluster would be used, and ask for the cluster to prove it.

    Exits with 0 if the API answered, 2 if something is missing or wrong here, 4 if the API refused.
    """
    clock = SystemClock()
    cluster, credential = connect(where, clock, verbose=bool(verbose))
    _say("Credentials", credential.source)
    _say("Endpoint", cluster.target.endpoint)
    try:
        shown = cluster.show(Deadline(clock, clock.monotonic() + PATIENCE))
    except DeadlineReached:
        streams.complain(f"no answer within {PATIENCE:g} s", "check --endpoint or --region, and the network")
        return ExitCode.ERROR
    _say("Project", cluster.target.project_id)
    _say("Cluster", f"{cluster.target.cluster_id} ({shown})")
    streams.show("The API answered: these credentials can read this cluster.\n")
    return ExitCode.PASS


def _say(what: str, value: str | None) -> None:
    streams.show(guard(f"{what:<12} {printable(value or '-')}\n"))
