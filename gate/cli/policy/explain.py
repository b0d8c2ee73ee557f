"""`cce-gate policy explain`: which rule decides on a risk, and why no other does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from gate.catalogue import all_known, known
from gate.cli import options, streams
from gate.cli.clock import SystemClock
from gate.cli.types import Addon, PolicyPath
from gate.errors import ExitCode, UsageError
from gate.judge.explanation import Bystander, Cause, Explanation, explain_decision
from gate.judge.narrowing import Fit
from gate.model import AddonRef, CheckType, Decision, Level, Risk, Rule, Status, Target, Task, Unknown
from gate.policy.load import load
from gate.report import Style
from gate.report.layout import Hue, Page
from gate.report.summary import named, place_of

_FEW = 3
"""So many rules for other risks are named one by one."""
_LABEL = 13
_ITEM = "  - "


@click.command("explain")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=PolicyPath())
@options.option("--risk", metavar="NAME", required=True, help="The risk, as reports name it.")
@options.option("--level", type=click.Choice([each.value for each in Level]), default=Level.WARNING.value,
                show_default=True, help="Its level.")  # fmt: skip
@options.option("--message", metavar="TEXT", default="", help="Its message.")
@options.option("--addon", metavar="NAME[@VERSION]", type=Addon(), help="Template name of the add-on.")
@options.option("--target-version", metavar="VERSION", help="The version that the upgrade would go to.")
@options.option("--cluster-id", metavar="ID", help="The cluster.")
@options.option("--cluster-name", metavar="NAME", help="Its name.")
@options.option(
    "--type", type=click.Choice([each.value for each in CheckType]), help="The type of the check."
)
@options.option("--on", metavar="YYYY-MM-DD", type=click.DateTime(["%Y-%m-%d"]),
                help="The day (UTC) that rules expire against; today unless given.")  # fmt: skip
@options.verbose
def command(
    *,
    files: Sequence[Path],
    risk: str,
    level: str,
    message: str,
    addon: AddonRef | None,
    target_version: str | None,
    cluster_id: str | None,
    cluster_name: str | None,
    type: str | None,
    on: datetime | None,
    verbose: int,  # noqa: ARG001 - used by the last line of defence
) -> int:
    """Say which rule of FILE... decides on a failed risk, and for every other rule why it does not.

    What is not given is not known: in doubt a denial holds and an allowance does not, as when the gate
    judges. Exits with 0 whatever the decision is, with 2 if the policy is not in order.

    \b
      cce-gate policy explain policies/prod.yml \\
          --risk K8sResourceModified --addon coredns@1.30.6
    """
    if not risk.strip():
        raise UsageError("--risk is blank", "give the name of the risk as reports show it")
    today = SystemClock().now().utc_date
    policy = load(files, today)
    version = target_version or (addon.version if addon else None)
    facts = _Facts(
        Risk(risk, Level(level), Status.FAILED, message),
        _task(addon.name if addon else None, version or None, CheckType(type) if type else Unknown()),
        Target(cluster_id=cluster_id or None, cluster_name=cluster_name or None),
    )
    day = on.date() if on else today
    page = Page(Style())
    _fill(page, explain_decision(policy, facts.risk, facts.task, facts.target, day), facts)
    streams.show(page.text())
    return ExitCode.PASS


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the options say of the risk, its check and its cluster."""

    risk: Risk
    task: Task
    target: Target


def _task(addon: str | None, version: str | None, type: CheckType | Unknown) -> Task:
    return Task(None, type, addon, None, None, version, Unknown(), Unknown(), Status.FAILED)


def _fill(page: Page, said: Explanation, facts: _Facts) -> None:
    _put_decision(page, said, facts)
    shown = said.judged.rule
    if shown is not None:
        page.gap()
        title = "The rule that decides" if said.decider else "The rule that would decide, had it not expired"
        page.put("", first=title, hue=Hue.TITLE)
        _put_rule(page, shown)
        for key in said.uncertain:
            page.put(f"It denies in doubt: {_unknown(key, shown, facts)}.", indent=2)
    rest = [each for each in said.bystanders if each.rule is not shown]
    if rest or said.others:
        page.gap()
        page.put("", first="Rules that do not decide", hue=Hue.TITLE)
    for each in rest:
        page.put(f"{_called(each.rule)}: {'; '.join(_words(each, said, facts))}", first=_ITEM, indent=4)
    _put_others(page, said.others)


def _put_decision(page: Page, said: Explanation, facts: _Facts) -> None:
    allowed = said.judged.decision is Decision.ALLOWED
    about = [f"{facts.risk.level.value} {named(facts.risk.name, '')}"]  # type: ignore[union-attr]
    if facts.task.addon is not None:
        about.append(f"of {named(facts.task.addon, '')}")
    if facts.task.target_version is not None:
        about.append(f"to {named(facts.task.target_version, '')}")
    first, hue = ("ALLOWED: ", Hue.OPEN) if allowed else ("BLOCKED: ", Hue.CLOSED)
    page.put(" ".join(about), first=first, hue=hue)
    page.put(f"Why: {said.judged.reason}", indent=2)
    near = _near(facts.risk.name or "")
    if near is not None:
        page.put(f"Note: no risk named {named(facts.risk.name, '')} is known; is {near} meant?", indent=2)


def _put_rule(page: Page, rule: Rule) -> None:
    page.put(_called(rule), first="  ", indent=2)
    told = (
        ("reason", rule.reason),
        ("owner", rule.owner),
        ("ticket", rule.ticket),
        ("expires", "never" if rule.expires is None else f"after {rule.expires}"),
    )
    for label, text in told:
        if text is not None and not (label == "expires" and rule.effect.value == "deny"):
            page.put(text, first=f"    {label}", indent=_LABEL)


def _put_others(page: Page, others: Sequence[Rule]) -> None:
    if len(others) > _FEW:
        page.put(f"{len(others)} rules are for other risks", first=_ITEM, indent=4)
        return
    for rule in others:
        page.put(f"{_called(rule)}: is for another risk, {named(rule.risk, '')}", first=_ITEM, indent=4)


def _called(rule: Rule) -> str:
    return f"{place_of(rule)} ({rule.effect.value})"


def _words(each: Bystander, said: Explanation, facts: _Facts) -> list[str]:
    words = []
    for cause in each.causes:
        if cause is Cause.NARROWED:
            words += [
                _unknown(key, each.rule, facts) if fit is Fit.UNKNOWN else _misfit(key, each.rule, facts)
                for key, fit in each.misfits
            ]
        else:
            words.append(_CAUSES[cause](each.rule, said))
    return words


_CAUSES: Mapping[Cause, Callable[[Rule, Explanation], str]] = {
    Cause.EXPIRED: lambda rule, _: f"expired on {rule.expires}",
    Cause.LEVEL: lambda *_: "no rule decides on a Fatal risk",
    Cause.OVERRULED: lambda _, said: f"overruled by the denial at {place_of(_decider(said))}",
    Cause.LATER: lambda _, said: f"comes after the rule that decides, {place_of(_decider(said))}",
}


def _decider(said: Explanation) -> Rule:
    if said.decider is None:
        raise ValueError("a rule stands behind another one, but none decides")
    return said.decider


def _misfit(key: str, rule: Rule, facts: _Facts) -> str:
    if key == "message":
        return f"message {_written(key, rule)} is not found in {named(facts.risk.message, '')}"
    return f"{key} {_written(key, rule)} does not fit {_given(key, facts)}"


def _written(key: str, rule: Rule) -> str:
    if key == "cluster":
        return ", ".join(named(glob, "") for glob in rule.cluster)
    if key == "type":
        return "" if rule.type is None else rule.type.value
    if key == "message":
        return "" if rule.message is None else named(rule.message.text, "")
    return named(rule.addon if key == "addon" else rule.target_version, "")


def _given(key: str, facts: _Facts) -> str:
    task, target = facts.task, facts.target
    values: Mapping[str, tuple[str | None, ...]] = {
        "addon": (task.addon,),
        "target-version": (task.target_version,),
        "cluster": (target.cluster_id, target.cluster_name),
        "type": (task.type.value if isinstance(task.type, CheckType) else None,),
        "message": (facts.risk.message or None,),
    }
    return ", ".join(named(value, "") for value in values[key] if value is not None)


def _unknown(key: str, rule: Rule, facts: _Facts) -> str:
    """Why it can't be told whether the key fits, and what would tell."""
    given = _given(key, facts)
    if key == "target-version" and given:
        return f"target-version {_written(key, rule)} can't be compared with {given}"
    if key == "cluster" and given:
        lacking = "ID" if facts.target.cluster_id is None else "name"
        return (
            f"cluster {_written(key, rule)} does not fit {given}, and the cluster's {lacking} is not known "
            f"here; give --cluster-{lacking.lower()}"
        )
    option = "cluster-id or --cluster-name" if key == "cluster" else key
    return f"{key} is not known here; give --{option}"


def _near(name: str) -> str | None:
    """The known name that a name which is not known most resembles."""
    if known(name) is not None:
        return None
    from difflib import get_close_matches

    names = {each.name.lower(): each.name for each in all_known()}
    return next((names[near] for near in get_close_matches(name.strip().lower(), names, n=1)), None)
