"""`cce-gate check`: the main job."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path

import click

from gate import app
from gate.api.cce import Cce, check_id
from gate.api.credentials import find
from gate.api.endpoint import parse_endpoint, region_endpoint
from gate.api.http import Http, Request, Response
from gate.cli import options, output, streams
from gate.cli.clock import SystemClock
from gate.cli.progress import progress
from gate.cli.types import Duration, ReportSpec
from gate.errors import UsageError
from gate.model import AddonRef, Schedule, Target
from gate.policy.load import load


@click.command("check")
@options.target
@options.selection(max_age="24h")
@options.policy
@options.option(
    "--timeout",
    metavar="DURATION",
    type=Duration(),
    default="15m",
    show_default=True,
    help="End after this long.",
)
@options.option(
    "--poll-interval", metavar="DURATION", type=Duration(), help="How often to ask; by default it adapts."
)
@options.option(
    "--discovery-timeout",
    metavar="DURATION",
    type=Duration(zero=True),
    default="60s",
    show_default=True,
    help="How long to wait for checks that are not there yet.",
)
@options.option("--fail-fast", is_flag=True, help="End as soon as one final check is blocked.")
@options.output
def command(
    *,
    region: str | None,
    endpoint: str | None,
    allow_insecure_http: bool,
    project_id: str | None,
    cluster_id: str | None,
    token_file: Path | None,
    task_id: Sequence[str],
    addon: Sequence[AddonRef],
    type: str,
    max_age: float | None,
    policy: Sequence[Path],
    timeout: float,
    poll_interval: float | None,
    discovery_timeout: float,
    fail_fast: bool,
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
    target = _target(region, endpoint, project_id, cluster_id, allow_insecure_http=allow_insecure_http)
    outputs = output.plan(reports, [*policy, *([token_file] if token_file else [])])
    question = app.Question(options.wanted(task_id, addon, type, max_age), load(policy))
    credential = find(os.environ, token_file)
    if verbose:
        streams.diagnose(f"credentials: {credential.source}\n")
    source = Cce(Http(), credential, target, _trace if verbose else _silent)
    clock = SystemClock()
    schedule = Schedule(timeout, discovery_timeout, poll_interval, fail_fast)
    with progress(schedule, clock, quiet=quiet) as observer:
        report = app.check(target, source, question, schedule, clock, random.random, observer)
    return outputs.deliver(report)


def _target(
    region: str | None,
    endpoint: str | None,
    project_id: str | None,
    cluster_id: str | None,
    *,
    allow_insecure_http: bool,
) -> Target:
    """Where to ask. Raises `UsageError`, with all that is missing at once."""
    missing = [
        name
        for name, value in (
            ("--region or --endpoint", endpoint or region),
            ("--project-id", project_id),
            ("--cluster-id", cluster_id),
        )
        if not value
    ]
    if missing or project_id is None or cluster_id is None:
        raise UsageError(
            f"missing: {', '.join(missing)}",
            "give the options, or their variables CCE_GATE_...; to try it without an account: cce-gate demo",
        )
    if endpoint:
        url = parse_endpoint(endpoint, allow_insecure_http=allow_insecure_http)
    else:
        url = region_endpoint(region or "")
    return Target(
        endpoint=url,
        project_id=check_id("--project-id", project_id),
        cluster_id=check_id("--cluster-id", cluster_id),
    )


def _silent(request: Request, response: Response) -> None:
    """Without -v an exchange is not told."""


def _trace(request: Request, response: Response) -> None:
    request_id = response.headers.get("X-Request-Id", "-")
    streams.diagnose_line(f"{request.method} {request.url}: {response.status}, request ID {request_id}")
