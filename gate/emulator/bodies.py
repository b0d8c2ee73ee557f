"""The documented JSON shapes of answers and errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone

from gate.emulator.cloud import TaskView
from gate.emulator.unfold import RiskState
from gate.emulator.world import Addon, Cluster, Template, TemplateVersion

Json = dict[str, object]

_EIGHT_HOURS_EAST = timezone(timedelta(hours=8))
_INSTALLED = 90 * 86400.0
"""Seconds before the start at which clusters and add-ons were installed."""


def precise(moment: float) -> str:
    """Like `2025-08-13T11:24:37.312017086+08:00`, as in the table and in the create example."""
    seconds, nanoseconds = divmod(round(moment * 1_000_000_000), 1_000_000_000)
    return f"{_east(seconds)}.{nanoseconds:09d}+08:00"


def coarse(moment: float) -> str:
    """Like `2025-08-05T17:10:44.648388+08:00`, as in the list example."""
    seconds, microseconds = divmod(round(moment * 1_000_000), 1_000_000)
    return f"{_east(seconds)}.{microseconds:06d}+08:00"


def zulu(moment: float) -> str:
    """Like `2019-04-02T11:36:26Z`, as the other calls write it."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _east(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, _EIGHT_HOURS_EAST).strftime("%Y-%m-%dT%H:%M:%S")


def _with_text(**pairs: str | None) -> Json:
    return {key: value for key, value in pairs.items() if value}


def _risk(risk: RiskState) -> Json:
    return _with_text(riskName=risk.name, status=risk.status, level=risk.level, message=risk.message)


def _metadata(view: TaskView, created_key: str, stamp: Callable[[float], str]) -> Json:
    task = view.task
    metadata: Json = {
        "type": task.type,
        "taskID": task.task_id,
        "addonTemplateName": task.addon.name,
        "addonInstanceName": task.addon.instance_name,
        "addonInstanceID": task.addon.instance_id,
        created_key: stamp(task.created),
    }
    if view.state.is_final and task.expires is not None:
        metadata["expireTimeStamp"] = stamp(task.expires)
    return metadata


def _table_task(view: TaskView) -> Json:
    status = _with_text(status=view.state.status, message=view.state.message)
    status["riskList"] = [_risk(risk) for risk in view.state.risks]
    return {
        "metadata": _metadata(view, "createTimeStamp", precise),
        "spec": {"addonTargetVersion": view.task.target_version},
        "status": status,
    }


def _example_task(view: TaskView) -> Json:
    return {
        "metadata": _metadata(view, "createTimestamp", coarse),
        "spec": {"addonTargetVersion": view.task.target_version},
        "status": _with_text(status=view.state.status, message=view.state.message),
        "riskList": [_risk(risk) for risk in view.state.risks],
    }


def _table_items(views: Sequence[TaskView]) -> object:
    return [_table_task(view) for view in views]


def _example_items(views: Sequence[TaskView]) -> object:
    tasks = [_example_task(view) for view in views]
    return tasks[0] if len(tasks) == 1 else tasks


_ITEMS: dict[str, Callable[[Sequence[TaskView]], object]] = {"table": _table_items, "example": _example_items}


def task_list(views: Sequence[TaskView], shape: str, count: int) -> Json:
    """The list call's answer: `table` or `example`, after the part of the vendor's page that shows it."""
    return {
        "kind": "AddonCheck",
        "apiVersion": "v3",
        "pageInfo": {"currentCount": count},
        "items": _ITEMS[shape](views),
    }


def created(views: Sequence[TaskView], spec: object) -> Json:
    """The create call's answer; `spec` is the request's."""
    return {"kind": "AddonCheck", "apiVersion": "v3", "spec": spec, "status": {"items": _table_items(views)}}


def instances(cluster: Cluster, started: float) -> Json:
    return {
        "kind": "Addon",
        "apiVersion": "v3",
        "items": [_instance(addon, cluster, started) for addon in cluster.addons],
    }


def _instance(addon: Addon, cluster: Cluster, started: float) -> Json:
    installed = zulu(started - _INSTALLED)
    return {
        "kind": "Addon",
        "apiVersion": "v3",
        "metadata": {
            "uid": addon.instance_id,
            "name": addon.instance_name,
            "creationTimestamp": installed,
            "updateTimestamp": installed,
        },
        "spec": {
            "clusterID": cluster.cluster_id,
            "version": addon.version,
            "addonTemplateName": addon.name,
            "addonTemplateType": "helm",
            "addonTemplateLabels": [],
            "description": "",
            "values": {"basic": {}, "custom": {}},
        },
        "status": {
            "status": addon.status,
            "Reason": "Install complete",
            "message": "",
            "targetVersions": list(addon.target_versions),
            "currentVersion": {
                "version": addon.version,
                "input": {"basic": {}, "parameters": {}},
                "stable": True,
                "translate": {},
                "creationTimestamp": installed,
                "updateTimestamp": installed,
            },
            "isRollbackable": False,
        },
    }


def templates(found: Sequence[Template], started: float) -> Json:
    return {"kind": "Addon", "apiVersion": "v3", "items": [_template(one, started) for one in found]}


def _template(template: Template, started: float) -> Json:
    published = zulu(started - _INSTALLED)
    return {
        "kind": "AddonTemplate",
        "apiVersion": "v3",
        "metadata": {"uid": template.name, "name": template.name, "creationTimestamp": published},
        "spec": {
            "type": "helm",
            "require": False,
            "labels": [],
            "description": "",
            "versions": [_template_version(one, published) for one in template.versions],
        },
    }


def _template_version(version: TemplateVersion, published: str) -> Json:
    support = version.support
    return {
        "version": version.version,
        "input": {"basic": {}, "parameters": {}},
        "stable": version.stable,
        "translate": {},
        "supportVersions": None
        if support is None
        else [
            {"clusterType": one.cluster_type, "clusterVersion": list(one.cluster_versions)} for one in support
        ],
        "creationTimestamp": published,
        "updateTimestamp": published,
    }


def clusters(found: Sequence[Cluster], started: float) -> Json:
    return {"kind": "Cluster", "apiVersion": "v3", "items": [cluster(one, started) for one in found]}


def cluster(one: Cluster, started: float) -> Json:
    created_at = zulu(started - _INSTALLED)
    return {
        "kind": "Cluster",
        "apiVersion": "v3",
        "metadata": {
            "uid": one.cluster_id,
            "name": one.cluster_name,
            "creationTimestamp": created_at,
            "updateTimestamp": created_at,
        },
        "spec": {
            "type": one.type,
            "category": one.category,
            "flavor": "cce.s2.small",
            "version": one.version,
            "kubernetesSvcIpRange": "10.247.0.0/16",
        },
        "status": {"phase": "Available"},
    }
