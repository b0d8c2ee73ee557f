"""`cce-gate policy check`: whether policy files are in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from gate.catalogue import all_known, known
from gate.cli import options, streams
from gate.cli.clock import SystemClock
from gate.cli.types import PolicyPath
from gate.errors import ExitCode
from gate.judge import usage
from gate.model import Policy, Rule
from gate.policy.load import load
from gate.report.escape import guard, printable
from gate.report.notes import rule_notes
from gate.report.summary import place_of


@click.command("check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=PolicyPath())
@options.verbose
def command(*, files: Sequence[Path], verbose: int) -> int:  # noqa: ARG001 - used by the last line of defence
    """Say whether the policy in FILE... is in order; the files are taken together, as --policy takes them.

    Exits with 0 if it is, 2 with every error if not. Rules that expired, end soon or are shadowed by a
    denial are named, and are no errors.
    """
    today = SystemClock().now().utc_date
    policy = load(files, today)
    for line in (*_notes(policy, today), _summary(policy)):
        streams.show(guard(f"{printable(line)}\n"))
    return ExitCode.PASS


def _notes(policy: Policy, today: date) -> list[str]:
    notes = [f"note: {note}" for note in rule_notes(usage(policy, (), today))]
    return notes + [note for rule in (*policy.deny, *policy.allow) for note in _misspelt(rule)]


def _misspelt(rule: Rule) -> list[str]:
    """A name that is close to a known one: the list of names is open, so that it is no error."""
    if known(rule.risk) is not None:
        return []
    from difflib import get_close_matches

    names = {each.name.lower(): each.name for each in all_known()}
    near = get_close_matches(rule.risk.lower(), names, n=1, cutoff=0.8)
    meant = f"rule {place_of(rule)} names {rule.risk}, which is not known; is {{}} meant?"
    return [f"note: {meant.format(names[name])}" for name in near]


def _summary(policy: Policy) -> str:
    files = "1 file" if len(policy.files) == 1 else f"{len(policy.files)} files"
    rules = "1 rule allows" if len(policy.allow) == 1 else f"{len(policy.allow)} rules allow"
    denials = "1 denies" if len(policy.deny) == 1 else f"{len(policy.deny)} deny"
    return f"the policy is in order: {files}, {rules}, {denials}"
