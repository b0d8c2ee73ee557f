"""The `clusters` part of a scenario: YAML to `Cluster`, with its add-ons and checks."""

from __future__ import annotations

import math
from collections.abc import Callable

from gate.emulator import world
from gate.emulator.defaults import KEPT_FOR, PROJECT_ID, derived_id
from gate.emulator.reading import (
    Fields,
    Value,
    duration,
    flag,
    many,
    maybe,
    one_of,
    section,
    signed_duration,
    text,
)


def cluster(fields: Fields) -> world.Cluster:
    name = fields.get("clusterName", text, "cluster")
    cluster_id = fields.get("clusterId", text, derived_id(name))
    addons = fields.get("addons", many(section(_addon_of(cluster_id))), ())
    return world.Cluster(
        project_id=fields.get("projectId", text, PROJECT_ID),
        project_name=fields.get("projectName", text, None),
        cluster_id=cluster_id,
        cluster_name=name,
        version=fields.get("version", text, "v1.29"),
        type=fields.get("type", text, "VirtualMachine"),
        category=fields.get("category", text, "CCE"),
        addons=addons,
        checks=fields.get("checks", _checks_of(cluster_id, addons), ()),
        on_create=fields.get("onCreate", many(section(_on_create_of(addons))), ()),
    )


def _addon_of(cluster_id: str) -> Callable[[Fields], world.Addon]:
    def build(fields: Fields) -> world.Addon:
        name = fields.take("name", text)
        instance_name = fields.get("instanceName", text, f"cceaddon-{name}")
        return world.Addon(
            name=name,
            instance_name=instance_name,
            instance_id=fields.get("instanceId", text, derived_id(cluster_id, instance_name)),
            version=fields.get("version", text, "1.0.0"),
            target_versions=fields.get("targetVersions", many(text), ("1.1.0",)),
            status=fields.get("status", text, "running"),
        )

    return build


def _addon_in(addons: tuple[world.Addon, ...]) -> Callable[[Value], world.Addon]:
    """Reads a template name, instance name or instance ID that fits exactly one of `addons`."""

    def read(value: Value) -> world.Addon:
        wanted = text(value)
        found = [addon for addon in addons if addon.is_called(wanted)]
        if len(found) != 1:
            how_many = "no add-on" if not found else "more than one add-on"
            raise value.wrong(
                f'{how_many} of this cluster is called "{wanted}"',
                f"there are {', '.join(addon.instance_name for addon in addons) or 'none'}",
            )
        return found[0]

    return read


def _checks_of(
    cluster_id: str, addons: tuple[world.Addon, ...]
) -> Callable[[Value], tuple[world.StandingCheck, ...]]:
    def read(value: Value) -> tuple[world.StandingCheck, ...]:
        count = 0

        def build(fields: Fields) -> world.StandingCheck:
            nonlocal count
            count += 1
            return _check(fields, addons, derived_id(cluster_id, "check", str(count)))

        return many(section(build))(value)

    return read


def _check(fields: Fields, addons: tuple[world.Addon, ...], task_id: str) -> world.StandingCheck:
    addon = fields.take("addon", _addon_in(addons))
    target = fields.get("targetVersion", text, next(iter(addon.target_versions), None))
    if target is None:
        raise fields.value.wrong(f"{addon.name} has no target version", 'add "targetVersion"')
    age = fields.get("created", signed_duration, 0.0)
    return world.StandingCheck(
        addon=addon,
        type=fields.get("type", text, "addonUpgrade"),
        target_version=target,
        task_id=fields.get("taskId", text, task_id),
        age=age,
        expires=fields.get("expires", maybe(signed_duration), KEPT_FOR - age),
        unfolding=_unfolding(fields),
    )


def _on_create_of(addons: tuple[world.Addon, ...]) -> Callable[[Fields], tuple[str, world.OnCreate]]:
    def build(fields: Fields) -> tuple[str, world.OnCreate]:
        addon = fields.take("addon", _addon_in(addons))
        return addon.instance_id, world.OnCreate(
            type=fields.get("type", text, None),
            target_version=fields.get("targetVersion", text, None),
            unfolding=_unfolding(fields),
        )

    return build


def _unfolding(fields: Fields) -> world.Unfolding:
    init = fields.get("init", duration, 0.0)
    risks = fields.get("risks", many(section(_risk)), ())
    never = fields.get("never", flag, False)
    last = max((risk.final_at for risk in risks if risk.final_at is not None), default=init)
    running = fields.get("running", duration, max(last - init, 0.0))
    return world.Unfolding(
        init=init,
        final_at=math.inf if never else init + running,
        risks=risks,
        status=fields.get("status", text, None),
        message=fields.get("message", text, "Addon task check finish"),
        relapse=fields.get("relapse", section(_relapse), None),
    )


def _risk(fields: Fields) -> world.RiskPlan:
    return world.RiskPlan(
        name=fields.take("name", maybe(text)),
        level=fields.get("level", maybe(text), "Warning"),
        level_until_final=fields.get("levelUntilFinal", maybe(text), "Warning"),
        status=fields.get("status", maybe(text), "Success"),
        message=fields.get("message", text, ""),
        begins=fields.get("begins", duration, None),
        final_at=fields.get("final", duration, None),
    )


def _relapse(fields: Fields) -> world.Relapse:
    return world.Relapse(
        after=fields.get("after", duration, 0.0), lasts=fields.get("lasts", duration, math.inf)
    )


def template(fields: Fields) -> world.Template:
    return world.Template(
        name=fields.take("name", text),
        versions=fields.take("versions", many(section(_template_version))),
    )


def _template_version(fields: Fields) -> world.TemplateVersion:
    return world.TemplateVersion(
        version=fields.take("version", text),
        stable=fields.get("stable", flag, True),
        support=fields.get("supportVersions", maybe(many(section(_support))), None),
    )


def _support(fields: Fields) -> world.Support:
    return world.Support(
        cluster_type=fields.get(
            "clusterType", one_of("VirtualMachine", "BareMetal", "ARM64"), "VirtualMachine"
        ),
        cluster_versions=fields.take("clusterVersion", many(text)),
    )
