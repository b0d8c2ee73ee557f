"""`cce-gate check`: the main job."""

from __future__ import annotations

import click

from gate.cli.checking import Asked, check, takes_asked


@click.command("check")
@takes_asked
def command(*, asked: Asked) -> int:
    """Wait until the checks of a cluster's add-ons are final, and judge them.

    Exits with 0 only if every check that decides is there, final, fresh and for what was asked, and every
    risk found in it is a Warning that the policy lists.

    \b
      export HW_AUTH_TOKEN=...
      cce-gate check --region eu-de --project-id ... --cluster-id ... \\
          --addon coredns@1.30.6 --policy policies/prod.yml
    """
    report, outputs = check(asked)
    return outputs.deliver(report)
