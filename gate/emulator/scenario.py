"""Scenarios: YAML files that say what the emulated cloud holds and how it misbehaves.

Durations are like `90s`, `1h30m`, `200ms`. Only `version`, `clusters`, an add-on's `name`, a check's
`addon` and a risk's `name` are required; `null` leaves a risk's word out of the answer.

    version: 1
    about, token, tokenLifetime, shape: table|example, currentCount
    iam:          {domain, user, password, idpId}
    oidc:         {providerUrn, agencyUrn, idToken, requestToken}
    metadata:     ok|noToken404|noToken405|noToken503|noAgency|off
    lifetimes:    {token: of IAM tokens, keys: of temporary keys at most, idToken: of GitHub's}
    clusters:
      - projectId, projectName, clusterId, clusterName, version, type, category
        addons:   [{name, instanceName, instanceId, version, targetVersions, status}]
        checks:   [{addon, type, targetVersion, taskId, created: age at the start, expires: from the start,
                    init, running, never, status, message, relapse: {after, lasts}, risks}]
        onCreate: [{addon, type, targetVersion, init, running, never, status, message, relapse, risks}]
        risks are [{name, level, levelUntilFinal, status, message, begins, final}]
    templates:    [{name, versions: [{version, stable, supportVersions: [{clusterType, clusterVersion}]}]}]
    faults:       [{on: CALL|any, nth, times: N|forever, worked, kind, and by kind:
                    status: {status, dialect, code, message, retryAfter}, drip: {part, interval},
                    redirect: {status, location}, body: {status, contentType, body},
                    echo: {status}, reset, close, hang, truncate, html: nothing more}]

`token` with `tokenLifetime` is there from the start; `lifetimes` are those of what is given out later.
A CALL is one of CCE's (list, create, instances, templates, clusters, cluster), of IAM's and STS's (token,
projects, idToken, securityTokens, assume) or of the machine's (metadataToken, securityKey, githubToken).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from importlib import resources
from pathlib import Path

from gate.emulator.cluster_reading import cluster, template
from gate.emulator.fault_reading import fault
from gate.emulator.identity import DEFAULT_PROJECT_NAME, Iam, Lifetimes, Oidc, Project
from gate.emulator.identity_reading import iam, lifetimes, metadata, oidc
from gate.emulator.reading import Fields, Value, document, duration, many, one_of, section, whole
from gate.emulator.reading import text as plain_text
from gate.emulator.world import Cluster, Scenario, Template, TemplateVersion
from gate.errors import UsageError

__all__ = ["DEFAULT_TOKEN", "Scenario", "builtin", "builtin_names", "load", "parse"]

DEFAULT_TOKEN = "emulator-token"  # noqa: S105 - opens nothing but this emulator
_SHIPPED = resources.files("gate.emulator") / "scenarios"


def load(path: Path) -> Scenario:
    """The scenario in the file. Raises `UsageError` where it cannot be read or is wrong."""
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise UsageError(f"{path}: {reason}", "name a scenario file that can be read") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8", "save the scenario as UTF-8") from error
    return parse(content, str(path))


def parse(text: str, name: str) -> Scenario:
    """The scenario in `text`; `name` stands for the file in messages. Raises `UsageError`."""
    return _scenario(document(text, name), name)


def builtin(name: str) -> Scenario:
    """A scenario that ships. Raises `UsageError` where there is none of this name."""
    if name not in builtin_names():
        raise UsageError(f'there is no scenario "{name}"', f"one of {', '.join(builtin_names())}")
    return parse((_SHIPPED / f"{name}.yml").read_text(encoding="utf-8"), f"{name}.yml")


def builtin_names() -> tuple[str, ...]:
    """The names of the scenarios that ship, in alphabetical order."""
    files = (entry.name for entry in _SHIPPED.iterdir())
    return tuple(sorted(name.removesuffix(".yml") for name in files if name.endswith(".yml")))


def _scenario(root: Value, name: str) -> Scenario:
    def build(fields: Fields) -> Scenario:
        fields.take("version", _version)
        clusters = fields.take("clusters", many(section(cluster)))
        _refuse_twins(fields.at("clusters"), clusters)
        return Scenario(
            name=name,
            about=fields.get("about", plain_text, ""),
            token=fields.get("token", plain_text, DEFAULT_TOKEN),
            token_lifetime=fields.get("tokenLifetime", duration, None),
            shape=fields.get("shape", one_of("table", "example"), "table"),
            current_count=fields.get("currentCount", whole, None),
            clusters=clusters,
            templates=fields.get("templates", many(section(template)), _templates_of(clusters)),
            faults=fields.get("faults", many(section(fault)), ()),
            projects=_projects_of(clusters, fields.at("clusters")),
            iam=fields.get("iam", section(iam), Iam()),
            oidc=fields.get("oidc", section(oidc), Oidc()),
            metadata=fields.get("metadata", metadata, "ok"),
            lifetimes=fields.get("lifetimes", section(lifetimes), Lifetimes()),
        )

    return section(build)(root)


def _version(value: Value) -> int:
    number = whole(value)
    if number != 1:
        raise value.wrong(f"version {number} is not known", 'write "version: 1"')
    return number


def _refuse_twins(place: Value, clusters: tuple[Cluster, ...]) -> None:
    if not clusters:
        raise place.wrong("there is no cluster", "describe at least one")
    for what, keys in (
        ("clusters have the same clusterId", [one.cluster_id for one in clusters]),
        ("add-ons have the same instanceId", [a.instance_id for one in clusters for a in one.addons]),
        ("checks have the same taskId", [check.task_id for one in clusters for check in one.checks]),
        ("onCreate entries are for the same add-on", [key for one in clusters for key, _ in one.on_create]),
    ):
        if _has_twins(keys):
            raise place.wrong(f"two {what}", "each must be there once")


def _has_twins(keys: Iterable[Hashable]) -> bool:
    listed = list(keys)
    return len(set(listed)) != len(listed)


def _projects_of(clusters: tuple[Cluster, ...], place: Value) -> tuple[Project, ...]:
    """The projects in which the clusters are; one that no cluster names has the default name."""
    names: dict[str, str | None] = {}
    for one in clusters:
        known = names.setdefault(one.project_id, one.project_name)
        if known is None:
            names[one.project_id] = one.project_name
        elif one.project_name not in (None, known):
            raise place.wrong(f"project {one.project_id} has two names", "give it one projectName")
    return tuple(Project(key, name or DEFAULT_PROJECT_NAME) for key, name in names.items())


def _templates_of(clusters: tuple[Cluster, ...]) -> tuple[Template, ...]:
    """What the installed add-ons let one expect, for a scenario that does not list templates."""
    versions: dict[str, dict[str, None]] = {}
    for addon in (addon for one in clusters for addon in one.addons):
        versions.setdefault(addon.name, {}).update(dict.fromkeys((*addon.target_versions, addon.version)))
    return tuple(
        Template(name, tuple(TemplateVersion(version, stable=True, support=None) for version in known))
        for name, known in versions.items()
    )
