"""`cce-gate verify`: the check of the job that upgrades."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from gate import evidence
from gate.cli import options, streams
from gate.cli.clock import SystemClock
from gate.cli.evaluate import read_body
from gate.cli.signing_key import signing_key
from gate.cli.types import Addon, Duration, PolicyPath
from gate.errors import UsageError
from gate.evidence import Claim, Verification
from gate.model import AddonRef, CheckType
from gate.policy.load import load
from gate.report.escape import guard, printable

_WIDTH = 26


@click.command("verify")
@click.argument("report", metavar="REPORT")
@options.option("--cluster-id", metavar="ID", help="The cluster that is upgraded.")
@options.option("--cluster-name", metavar="NAME", help="Its name; one of the two is needed.")
@options.option("--project-id", metavar="ID", help="Its project.")
@options.option(
    "--addon",
    metavar="NAME@VERSION",
    type=Addon(),
    multiple=True,
    required=True,
    help="An add-on that is upgraded: template name, instance name or instance ID, and the version that it "
    "is upgraded to. Repeat it for each of them: exactly these must have been judged.",
)
@options.option(
    "--type",
    type=click.Choice([each.value for each in CheckType]),
    default=CheckType.UPGRADE.value,
    show_default=True,
    help="Which checks must have decided.",
)
@options.option(
    "--max-age",
    metavar="DURATION",
    type=Duration(),
    default="1h",
    show_default=True,
    help="How long ago the answer may have been judged.",
)
@options.option(
    "--policy",
    metavar="FILE",
    type=PolicyPath(),
    multiple=True,
    help="The policy that it must have been judged by. Repeatable. Without one, any policy will do.",
)
@options.verbose
def command(
    *,
    report: str,
    cluster_id: str | None,
    cluster_name: str | None,
    project_id: str | None,
    addon: Sequence[AddonRef],
    type: str,
    max_age: float,
    policy: Sequence[Path],
    verbose: int,  # noqa: ARG001 - taken by every verb, used by the last line of defence
) -> int:
    """Prove that the JSON report REPORT (- is standard input) is the pass that an upgrade asks for.

    Exits with 0 only if the report says pass for exactly these add-ons and versions of this cluster, is
    fresh, is whole, and its answer of the API still passes when it is judged again now. A report that is
    closed itself gives its own exit code (1, 3 or 4), any other that is refused 3.

    Set CCE_GATE_SIGNING_KEY to the same secret in the job that checks and in the job that upgrades: the
    report is signed then, and an unsigned one is refused. Without the key, and without --policy, somebody
    who rewrites the whole report so that it fits together is not found out.

    \b
      cce-gate verify gate.json --cluster-id ... --addon coredns@1.30.6 \\
          --max-age 30m --policy policies/prod.yml
    """
    _check_usage(cluster_id, cluster_name, project_id, addon)
    key = signing_key(os.environ)
    now = SystemClock().now()
    claim = Claim(
        addons=tuple(addon),
        max_age=max_age,
        cluster_id=cluster_id,
        cluster_name=cluster_name,
        project_id=project_id,
        type=CheckType(type),
        policy=load(policy, now.utc_date) if policy else None,
    )
    verified = evidence.verify(read_body(report), key, claim, now)
    for line in _lines(report, verified):
        streams.show(guard(f"{streams.folded(printable(line), sys.stdout)}\n"))
    return verified.exit_code


def _check_usage(
    cluster_id: str | None, cluster_name: str | None, project_id: str | None, addons: Sequence[AddonRef]
) -> None:
    if cluster_id is None and cluster_name is None:
        raise UsageError(
            "no cluster is named", "give --cluster-id or --cluster-name: a report is for one cluster"
        )
    if cluster_id is None and project_id is None:
        raise UsageError(
            "--cluster-name alone could be a cluster of any project",
            "give --project-id with it, or --cluster-id",
        )
    for addon in addons:
        if addon.version is None:
            raise UsageError(
                f"--addon {addon} names no version",
                f"give the version that it is upgraded to: --addon {addon}@VERSION",
            )


def _lines(name: str, verified: Verification) -> Iterator[str]:
    """One line a condition, then what to do about each that does not hold, then the outcome."""
    for each in verified.findings:
        mark = "ok     " if each.holds else "REFUSED"
        found = each.found if each.found == each.expected else f"{each.found} (expected: {each.expected})"
        yield f"{mark} {each.what:<{_WIDTH}}{found}"
    for each in verified.refused:
        yield f"hint: {each.what}: {each.hint}"
    if verified.exit_code == 0:
        yield f"VERIFIED: {name} is a pass for exactly this upgrade, go on with it (exit 0)"
        return
    what = ", ".join(dict.fromkeys(each.what for each in verified.refused))
    code = int(verified.exit_code)
    yield f"REFUSED: {name} does not prove that the upgrade may go on ({what}), do not upgrade (exit {code})"
