"""The options that several verbs share. Each can also come from the environment: `CCE_GATE_<OPTION>`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import click

from gate.cli.types import Addon, Duration, PolicyPath, Report, ReportSpec, TaskId
from gate.model import AddonRef, CheckType, Wanted
from gate.report import FORMATS

Command = TypeVar("Command", bound=Callable[..., object])
Decorator = Callable[[Command], Command]


def option(name: str, *others: str, **attributes: object) -> Callable[[Command], Command]:
    """A click option that also listens to its environment variable; an empty one counts as unset."""
    variable = "CCE_GATE_" + name.lstrip("-").replace("-", "_").upper()
    return click.option(name, *others, envvar=variable, **attributes)  # type: ignore[arg-type]


def _all(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def target(command: Command) -> Command:
    """What cluster, and who asks."""
    return _all(
        option("--region", help="Region of the cluster, such as cn-north-4 or eu-de."),
        option("--endpoint", metavar="URL", help="Endpoint of the CCE API; wins over --region."),
        option(
            "--allow-insecure-http", is_flag=True, help="Let an --endpoint be plain http to another host."
        ),
        option("--project-id", metavar="ID", help="Project of the cluster."),
        option("--cluster-id", metavar="ID", help="The cluster."),
        option(
            "--token-file",
            type=click.Path(path_type=Path),
            help="File that holds an IAM token; else HW_AUTH_TOKEN or OS_TOKEN.",
        ),
    )(command)


def selection(max_age: str | None) -> Callable[[Command], Command]:
    """Which tasks decide. `max_age` is the default of `--max-age`; None: ages are not limited."""
    ages = "0: of any age." if max_age else "Not limited unless given."
    return _all(
        option(
            "--task-id", metavar="ID", type=TaskId(), multiple=True, help="Exactly this task. Repeatable."
        ),
        option(
            "--addon",
            metavar="NAME[@VERSION]",
            type=Addon(),
            multiple=True,
            help="The newest check of this add-on: template name, instance name or instance ID. Repeatable.",
        ),
        option(
            "--type",
            type=click.Choice([each.value for each in CheckType]),
            default=CheckType.UPGRADE.value,
            show_default=True,
            help="Which checks decide.",
        ),
        option(
            "--max-age",
            metavar="DURATION",
            type=Duration(zero=True),
            default=max_age,
            show_default=True,
            help=f"How old a result may be. {ages}",
        ),
    )


def wanted(task_id: Sequence[str], addon: Sequence[AddonRef], type: str, max_age: float | None) -> Wanted:
    """The values of `selection` as the judge takes them; an age of 0 turns the limit off."""
    return Wanted(
        type=CheckType(type),
        task_ids=tuple(dict.fromkeys(task_id)),
        addons=tuple(dict.fromkeys(addon)),
        max_age=timedelta(seconds=max_age) if max_age else None,
    )


def policy(command: Command) -> Command:
    """What is allowed."""
    return option(
        "--policy",
        metavar="FILE",
        type=PolicyPath(),
        multiple=True,
        help="What the team allows. Repeatable. Without one, nothing is allowed.",
    )(command)


def output(command: Command) -> Command:
    """What is told, and where."""
    return _all(
        option(
            "--report",
            "reports",
            metavar="FORMAT[=PATH]",
            type=Report(),
            multiple=True,
            help=f"Report as {', '.join(FORMATS)}; without a path on standard output. Repeatable.",
        ),
        option("--verbose", "-v", count=True, help="Say more on standard error; -vv: tracebacks too."),
        option("--quiet", "-q", is_flag=True, help="Show no progress."),
    )(command)


__all__ = ["ReportSpec", "option", "output", "policy", "selection", "target", "wanted"]
