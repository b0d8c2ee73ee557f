"""`cce-gate policy`: the verbs about policy files, one module each."""

from __future__ import annotations

import click

from gate.cli.verbs import Verbs

VERBS = {
    "check": "Say whether policy files are in order.",
    "explain": "Say which rule decides on a risk, and why no other does.",
    "suggest": "Draft rules for the Warnings that blocked a run.",
    "test": "Run the cases kept beside the policies of a folder.",
    "schema": "Print the JSON Schema of a policy file.",
}


@click.command("policy", cls=Verbs, package="gate.cli.policy", verbs=VERBS)
def command() -> None:
    """Check, explain, draft and test policy files."""
