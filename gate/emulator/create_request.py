"""The body of the create call, read as strictly as its page documents it."""

from __future__ import annotations

from dataclasses import dataclass

from gate.emulator.cloud import Wish
from gate.emulator.defaults import CHECK_TYPES
from gate.emulator.request_body import InvalidRequest, json_object, mapping
from gate.emulator.world import Addon, Cluster

UPGRADE = "addonUpgrade"


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """`spec` is as it was sent, to be sent back."""

    spec: dict[str, object]
    wishes: tuple[Wish, ...]


def read_create_request(body: bytes, cluster: Cluster) -> CreateRequest:
    """Raises `InvalidRequest`."""
    request = json_object(body)
    for key, only in (("kind", "AddonCheck"), ("apiVersion", "v3")):
        if request.get(key) != only:
            raise InvalidRequest(f"{key} must be {only}")
    spec = mapping(request.get("spec"), "spec")
    if spec.get("clusterID") != cluster.cluster_id:
        raise InvalidRequest("spec.clusterID is not the cluster in the path")
    entries = spec.get("addonList")
    if not isinstance(entries, list) or not entries:
        raise InvalidRequest("spec.addonList must be a list that is not empty")
    return CreateRequest(spec, tuple(_wish(entry, cluster) for entry in entries))


def _text(entry: dict[str, object], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise InvalidRequest(f"spec.addonList[].{key} is missing or not text")
    return value


def _wish(value: object, cluster: Cluster) -> Wish:
    entry = mapping(value, "spec.addonList[]")
    addon = _addon(_text(entry, "addonInstanceID"), cluster)
    if _text(entry, "addonTemplateName") != addon.name:
        raise InvalidRequest(f"add-on instance {addon.instance_id} is not of this addonTemplateName")
    check_type = _text(entry, "type")
    if check_type not in CHECK_TYPES:
        raise InvalidRequest(f"type must be one of {', '.join(CHECK_TYPES)}")
    if not isinstance(entry.get("values", {}), dict):
        raise InvalidRequest("spec.addonList[].values must be an object")
    if check_type != UPGRADE:
        return Wish(addon, check_type, addon.version)
    target = _text(entry, "targetVersion")
    if addon.target_versions and target not in addon.target_versions:
        raise InvalidRequest(f"{addon.name} {addon.version} cannot be upgraded to {target}")
    return Wish(addon, check_type, target)


def _addon(instance_id: str, cluster: Cluster) -> Addon:
    for addon in cluster.addons:
        if addon.instance_id == instance_id:
            return addon
    raise InvalidRequest(f"add-on instance {instance_id} is not in this cluster")
