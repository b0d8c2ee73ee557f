"""What a team writes in an hour in place of the gate: the yardstick that the gate's cost is held against.

It does one call and trusts the answer. It is run as a script and shares nothing with the gate.
"""

from __future__ import annotations

import sys
from typing import TextIO

import click
import requests
import yaml


@click.command()
@click.option("--endpoint", required=True, help="Endpoint of the CCE API.")
@click.option("--project-id", required=True)
@click.option("--cluster-id", required=True)
@click.option("--policy", required=True, type=click.File(), help="YAML file of the Warnings to allow.")
@click.option("--token", required=True, envvar="HW_AUTH_TOKEN", help="IAM token.")
def main(endpoint: str, project_id: str, cluster_id: str, policy: TextIO, token: str) -> None:
    """Fail unless all add-on checks of a cluster are clear."""
    allowed = {(rule["risk"], rule.get("addon")) for rule in yaml.safe_load(policy)["allow"]}
    response = requests.get(
        f"{endpoint}/api/v3/projects/{project_id}/clusters/{cluster_id}/addons/precheck/tasks",
        headers={"X-Auth-Token": token, "Content-Type": "application/json"},
        timeout=30,
    )
    response.raise_for_status()
    tasks = response.json()["items"]
    blocked = not tasks
    for task in tasks:
        addon = task["metadata"]["addonTemplateName"]
        status = task["status"]["status"]
        click.echo(f"{addon} -> {task['spec']['addonTargetVersion']}: {status}")
        if status not in ("Success", "Failed"):
            blocked = True
        for risk in task["status"].get("riskList", []):
            name, outcome = risk["riskName"], "ok"
            if risk["status"] != "Success":
                listed = (name, addon) in allowed or (name, None) in allowed
                outcome = "allowed" if risk["level"] == "Warning" and listed else "BLOCKED"
            click.echo(f"  {name}: {risk['level']} {risk['status']}: {outcome} {risk.get('message', '')}")
            blocked = blocked or outcome == "BLOCKED"
    click.echo(f"{len(tasks)} tasks: {'blocked' if blocked else 'pass'}")
    sys.exit(1 if blocked else 0)


if __name__ == "__main__":
    main()
