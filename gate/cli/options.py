"""The options that several verbs share; each group reaches its verb as one value.

Each option can also come from the environment: `CCE_GATE_<OPTION>`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import click

from gate.cli.types import Addon, AddonValues, Duration, PolicyPath, Report, ReportSpec, TaskId
from gate.model import AddonRef, CheckType, Schedule, Wanted
from gate.report import FORMATS

Command = TypeVar("Command", bound=Callable[..., object])


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where the cluster is and who asks, as the options say it."""

    region: str | None
    endpoint: str | None
    iam_endpoint: str | None
    sts_endpoint: str | None
    allow_insecure_http: bool
    project_id: str | None
    project_name: str | None
    cluster_id: str | None
    cluster_name: str | None
    token_file: Path | None


def option(name: str, *others: str, **attributes: object) -> Callable[[Command], Command]:
    """A click option that also listens to its environment variable; an empty one counts as unset."""
    variable = "CCE_GATE_" + name.lstrip("-").replace("-", "_").upper()
    if not {"type", "is_flag", "count", "default"} & set(attributes):
        attributes["callback"] = _unset_if_empty
    return click.option(name, *others, envvar=variable, **attributes)  # type: ignore[arg-type]


def _unset_if_empty(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """What a variable that is not set leaves of an option is no name of anything."""
    return value or None


_WHERE = (
    option("--region", help="Region of the cluster, such as cn-north-4 or eu-de."),
    option("--endpoint", metavar="URL", help="Endpoint of the CCE API; wins over --region."),
    option("--iam-endpoint", metavar="URL", help="Endpoint of IAM; wins over --region."),
    option("--sts-endpoint", metavar="URL", help="Endpoint of STS; wins over --region."),
    option("--allow-insecure-http", is_flag=True, help="Let an endpoint be plain http to another host."),
    option("--project-id", metavar="ID", help="Project of the cluster."),
    option("--project-name", metavar="NAME", help="The same by its name, looked up in IAM."),
    option("--cluster-id", metavar="ID", help="The cluster."),
    option("--cluster-name", metavar="NAME", help="The same by its name, looked up in the project."),
    option(
        "--token-file",
        type=click.Path(path_type=Path),
        help="File that holds an IAM token. Other credentials come from the environment.",
    ),
)

_WAITING = (
    option(
        "--timeout",
        metavar="DURATION",
        type=Duration(),
        default="15m",
        show_default=True,
        help="End after this long.",
    ),
    option(
        "--poll-interval",
        metavar="DURATION",
        type=Duration(),
        help="How often to ask; by default it adapts.",
    ),
    option(
        "--discovery-timeout",
        metavar="DURATION",
        type=Duration(zero=True),
        default="60s",
        show_default=True,
        help="How long to wait for checks that are not there yet.",
    ),
    option("--fail-fast", is_flag=True, help="End as soon as one final check is blocked."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Creating:
    """Whether new checks are asked for, and with what."""

    create: bool
    every: bool
    values: tuple[tuple[str, Path], ...]


_CREATING = (
    option(
        "--create",
        is_flag=True,
        help="Start a new check of each --addon NAME@VERSION (or @latest) first, and wait for it.",
    ),
    option("--all", "every", is_flag=True, help="With --create: of every add-on that has a newer version."),
    option(
        "--values",
        metavar="ADDON=FILE",
        type=AddonValues(),
        multiple=True,
        help="With --create: the parameters that the upgrade will use, as JSON or YAML. Repeatable.",
    ),
)


def creating(command: Command) -> Command:
    """Whether to ask for new checks: the verb gets `creating`."""
    return gathered(command, "creating", tuple(Creating.__dataclass_fields__), Creating, _CREATING)


def target(command: Command) -> Command:
    """What cluster, and who asks: the verb gets `where`."""
    return gathered(command, "where", tuple(Where.__dataclass_fields__), Where, _WHERE)


def waiting(command: Command) -> Command:
    """How long to wait: the verb gets `schedule`."""
    names = ("timeout", "discovery_timeout", "poll_interval", "fail_fast")
    return gathered(command, "schedule", names, Schedule, _WAITING)


def selection(max_age: str | None) -> Callable[[Command], Command]:
    """Which tasks decide: the verb gets `wanted`. `max_age` is the default of `--max-age`; None: any age."""
    ages = "0: of any age." if max_age else "Not limited unless given."
    choices = (
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
    names = ("task_id", "addon", "type", "max_age")
    return lambda command: gathered(command, "wanted", names, _wanted, choices)


def policy(command: Command) -> Command:
    """What is allowed: the verb gets `policy`, the paths of the files."""
    return option(
        "--policy",
        metavar="FILE",
        type=PolicyPath(),
        multiple=True,
        help="What the team allows. Repeatable. Without one, nothing is allowed.",
    )(command)


def reports(command: Command) -> Command:
    """What is told, and where: the verb gets `reports`."""
    return option(
        "--report",
        "reports",
        metavar="FORMAT[=PATH]",
        type=Report(),
        multiple=True,
        help=f"Report as {', '.join(FORMATS)}; without a path on standard output. Repeatable.",
    )(command)


verbose = option("--verbose", "-v", count=True, help="Say more on standard error; -vv: tracebacks too.")
quiet = option("--quiet", "-q", is_flag=True, help="Show no progress.")


def gathered(
    command: Command,
    name: str,
    fields: Sequence[str],
    build: Callable[..., object],
    decorators: Sequence[Callable[[Command], Command]],
) -> Command:
    """The command with these options, which it gets as one argument `name`, built from their values."""

    @functools.wraps(command)
    def gathering(**values: object) -> object:
        return command(**{name: build(**{field: values.pop(field) for field in fields})}, **values)

    for decorate in reversed(decorators):
        gathering = decorate(gathering)
    return gathering  # type: ignore[return-value]


def _wanted(task_id: Sequence[str], addon: Sequence[AddonRef], type: str, max_age: float | None) -> Wanted:
    """An age of 0 turns the limit off."""
    return Wanted(
        type=CheckType(type),
        task_ids=tuple(dict.fromkeys(task_id)),
        addons=tuple(dict.fromkeys(addon)),
        max_age=timedelta(seconds=max_age) if max_age else None,
    )


__all__ = [
    "Creating",
    "ReportSpec",
    "Where",
    "option",
    "policy",
    "quiet",
    "reports",
    "selection",
    "target",
    "verbose",
    "waiting",
]
