"""What the API says of a cluster and its add-ons, and how checks are asked for: JSON to the model and back.

What is not text is missing. A shape that may hide an instance or a version spoils the answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from gate.api.parse import read_answer
from gate.api.vault import Vault
from gate.errors import ApiError, NotAnAnswer
from gate.model import CheckType, OrderedCheck, Task
from gate.model.addon import ClusterFacts, Installed, Release, Support

Object = Mapping[str, object]

_HINT = "check --endpoint and what stands between it and this machine (proxy, gateway)"
_SECRET = re.compile(
    r"passw|passphrase|pwd|secret|token|credential|(?:private|access|api|auth)[_-]?key|^[as]k$",
    re.IGNORECASE | re.MULTILINE,
)
"""Names of parameters whose values are taken for secrets, wherever those turn up."""
_SHORTEST_SECRET = 6
"""Anything shorter would be found in times and IDs by chance."""
_SHORTEST_PART = 4


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


def read_instances(answer: Object, cluster_id: str) -> tuple[Installed, ...]:
    """ListAddonInstances. Raises `NotAnAnswer`, also where one of them is in another cluster."""
    found = tuple(dict.fromkeys(_instance(item, cluster_id) for item in _items(answer, "add-on instances")))
    if len({each.instance_id for each in found}) < len(found):
        raise NotAnAnswer("two add-on instances in the answer have the same ID", _HINT)
    return found


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


def read_created(answer: Object) -> tuple[Task, ...]:
    """The tasks that were created: `status.items[]`. Each has an ID.

    Raises `NotAnAnswer` where there is none, or one without an ID: then it is open what was created.
    """
    items = _part(answer, "status").get("items")
    tasks = read_answer({"kind": answer.get("kind"), "items": items}).tasks
    if not tasks or any(task.task_id is None for task in tasks):
        raise NotAnAnswer("the answer does not say which check tasks were created", _HINT)
    return tasks


def secrets_of(values: Mapping[str, Object]) -> set[str]:
    """What stands in parameters under a name like that of a secret, but for what is too short to be one."""
    found = (text for name, leaf in _leaves(values) if _SECRET.search(name) for text in _written(leaf))
    return {text for text in found if len(text) >= _SHORTEST_SECRET}


def refused(error: ApiError, values: Mapping[str, Object]) -> ApiError:
    """The error of a create call, with what to do then, and without any text of the parameters.

    An answer may say back what was sent.
    """
    if error.status == 400:
        error.hint = "check the version in --addon and the parameters in --values"
    elif error.status == 403:
        error.hint = f"{error.hint}; to start checks takes another permission than to read them"
    texts = {text for _, leaf in _leaves(values) if isinstance(leaf, str) for text in _written(leaf)}
    return _without(texts | secrets_of(values), error)


def _without(texts: set[str], error: ApiError) -> ApiError:
    vault = Vault()
    vault.keep(*texts)
    vault.clean_error(error)
    for text in texts:
        # The message may have been cut in the middle of one.
        for end in range(len(text), _SHORTEST_PART - 1, -1):
            error.message = error.message.removesuffix(text[:end])
    return error


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Each single value in parameters, with the names on the way to it, one a line."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _leaves(each, f"{path}\n{name}")
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, path)
    else:
        yield path, value


def _written(leaf: object) -> Iterator[str]:
    """A value as text, and as JSON writes it."""
    if isinstance(leaf, str):
        yield from (leaf, json.dumps(leaf)[1:-1], json.dumps(leaf, ensure_ascii=False)[1:-1])
    elif isinstance(leaf, int | float) and not isinstance(leaf, bool):
        yield str(leaf)


def _instance(item: Object, cluster_id: str) -> Installed:
    metadata, spec = _part(item, "metadata"), _part(item, "spec")
    instance_id, addon = _text(metadata.get("uid")), _text(spec.get("addonTemplateName"))
    if instance_id is None or addon is None:
        raise NotAnAnswer("an add-on instance in the answer has no ID or no template name", _HINT)
    if spec.get("clusterID") not in (None, cluster_id):
        raise NotAnAnswer("an add-on instance in the answer is in another cluster", _HINT)
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
