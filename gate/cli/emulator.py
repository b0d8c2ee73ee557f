"""`cce-gate emulator`: serves the built-in cloud."""

from __future__ import annotations

import json
import time
from pathlib import Path
from threading import Event

import click

from gate.cli import streams
from gate.emulator.describe import describe
from gate.emulator.scenario import Scenario, builtin, builtin_names, load
from gate.emulator.server import Emulator
from gate.errors import Interrupted


@click.command("emulator")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; 0: any free one.")
@click.option("--scenario", metavar="FILE", default="pass", show_default=True, help="What the cloud does.")
@click.option(
    "--describe", "only_describe", is_flag=True, help="Print projects, clusters and add-ons as JSON."
)
def command(*, port: int, scenario: str, only_describe: bool) -> int:
    """Serve the built-in cloud on 127.0.0.1 until stopped.

    Prints its URL once it answers. It takes the token emulator-token, and any access key with the secret
    emulator-secret. FILE is a scenario in YAML, or the name of one that ships.
    """
    chosen = _scenario(scenario)
    if only_describe:
        streams.show(json.dumps(describe(chosen), indent=2, ensure_ascii=False) + "\n")
        return 0
    try:
        with Emulator(chosen, port=port, clock=time.time) as served:
            streams.show(f"{served.url}\n")
            Event().wait()
    except Interrupted as stop:
        return stop.exit_code
    return 0


def _scenario(name: str) -> Scenario:
    """A file of that name comes before a scenario that ships."""
    path = Path(name)
    return builtin(name) if name in builtin_names() and not path.exists() else load(path)
