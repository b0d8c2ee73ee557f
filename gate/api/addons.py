"""What the API says of a cluster and its add-ons, and how checks are asked for: JSON to the model and back.

What is not text is missing. A shape that may hide an instance or a version spoils the answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from gate.errors import NotAnAnswer
from gate.model import CheckType, OrderedCheck
from gate.model.addon import ClusterFacts, Installed, Release, Support

Object = Mapping[str, object]

_HINT = "check --endpoint and what stands between it and this machine (proxy, gateway)"


def read_cluster(answer: Object, cluster_id: str) -> ClusterFacts:
    """ShowCluster. Raises `NotAnAnswer` where it is not that of this cluster, or has no name."""
    metadata = answer.get("metadata")
    if answer.get("kind") not in ("Cluster", "cluster") or not isinstance(metadata, dict):
        raise NotAnAnswer("the answer is not that of a cluster", _HINT)
    name = _text(metadata.get("name"))
    if metadata.get("uid") != cluster_id or name is None:
        raise NotAnAnswer("the answer is that of another cluster, or of one without a name", _HINT)
    spec = _part(answer, "spec")
    return ClusterFacts(name, _text(spec.get("version")), _text(spec.get("type")))


def read_instances(answer: Object) -> tuple[Installed, ...]:
    """ListAddonInstances. Raises `NotAnAnswer`."""
    return tuple(_instance(item) for item in _items(answer, "add-on instances"))


def read_releases(answer: Object, template: str) -> tuple[Release, ...]:
    """The versions of `template` in ListAddonTemplates; none where it is not there. Raises `NotAnAnswer`."""
    return tuple(
        _release(version)
        for item in _items(answer, "add-on templates")
        if _part(item, "metadata").get("name") == template
        for version in _list(_part(item, "spec").get("versions"), "versions")
    )


def create_body(
    cluster_id: str, checks: Sequence[OrderedCheck], kind: CheckType, values: Mapping[str, Object]
) -> bytes:
    """The body of BatchCreateAddonPrecheck. Without values of its own, a check is sent none."""
    entries = [
        {
            "addonTemplateName": check.addon,
            "addonInstanceID": check.instance_id,
            **({} if check.target_version is None else {"targetVersion": check.target_version}),
            "type": kind.value,
            **({"values": values[check.instance_id]} if check.instance_id in values else {}),
        }
        for check in checks
    ]
    spec = {"clusterID": cluster_id, "addonList": entries}
    return json.dumps({"kind": "AddonCheck", "apiVersion": "v3", "spec": spec}).encode()


def read_created(answer: Object) -> tuple[str, ...]:
    """The IDs of the tasks that were created: `status.items[].metadata.taskID`.

    Raises `NotAnAnswer` where there is none, or one without an ID: then it is open what was created.
    """
    items = _part(answer, "status").get("items")
    tasks = [items] if isinstance(items, dict) else _list(items, "tasks in status.items")
    ids = [_text(_part(task, "metadata").get("taskID")) for task in tasks]
    known = tuple(task_id for task_id in ids if task_id is not None)
    if answer.get("kind") != "AddonCheck" or not known or len(known) < len(ids):
        raise NotAnAnswer("the answer does not say which check tasks were created", _HINT)
    return known


def _instance(item: Object) -> Installed:
    metadata, spec = _part(item, "metadata"), _part(item, "spec")
    instance_id, addon = _text(metadata.get("uid")), _text(spec.get("addonTemplateName"))
    if instance_id is None or addon is None:
        raise NotAnAnswer("an add-on instance in the answer has no ID or no template name", _HINT)
    return Installed(addon, instance_id, _text(metadata.get("name")), _text(spec.get("version")))


def _release(version: Object) -> Release:
    name = _text(version.get("version"))
    if name is None:
        raise NotAnAnswer("a version of an add-on template has no name", _HINT)
    supports = version.get("supportVersions")
    return Release(
        name,
        stable=version.get("stable") is True,
        supports=None if supports is None else tuple(map(_support, _list(supports, "supportVersions"))),
    )


def _support(entry: Object) -> Support:
    patterns = entry.get("clusterVersion")
    texts = patterns if isinstance(patterns, list) else [patterns]
    return Support(_text(entry.get("clusterType")), tuple(text for text in texts if isinstance(text, str)))


def _items(answer: Object, what: str) -> list[Object]:
    return _list(answer.get("items"), what)


def _list(value: object, what: str) -> list[Object]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise NotAnAnswer(f"the answer has no list of {what}", _HINT)
    return value


def _part(holder: Object, name: str) -> Object:
    part = holder.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
