"""`cce-gate policy schema`: the JSON Schema by which editors complete and check policy files."""

from __future__ import annotations

from importlib.resources import files

import click

from gate.cli import streams
from gate.errors import ExitCode

NAME = "policy-v1.schema.json"


@click.command("schema")
def command() -> int:
    """Print the JSON Schema of a policy file, for editors to complete and check it.

    Keep it beside your policies, and name it in the first line of each:

    \b
      cce-gate policy schema > policies/policy-v1.schema.json
      # yaml-language-server: $schema=policy-v1.schema.json

    It can't say all that the gate checks; cce-gate policy check does.
    """
    streams.show_utf8(files("gate.policy").joinpath(NAME).read_bytes().decode("utf-8"))
    return ExitCode.PASS
