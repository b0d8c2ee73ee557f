"""What is installed in a cluster and what could be: the add-on instances and templates of the API."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """ShowCluster: `spec.version` is like `v1.29`, `spec.type` like `VirtualMachine`."""

    name: str
    version: str | None
    type: str | None


@dataclass(frozen=True, slots=True)
class Installed:
    """An add-on instance: `items[]` of ListAddonInstances."""

    addon: str
    """Template name."""
    instance_id: str
    instance_name: str | None
    version: str | None

    def is_called(self, name: str) -> bool:
        """Whether `name` is its template name, instance name or instance ID."""
        return name in (self.addon, self.instance_name, self.instance_id)


@dataclass(frozen=True, slots=True)
class Support:
    """One entry of `supportVersions`: for which clusters a version is made."""

    cluster_type: str | None
    cluster_versions: tuple[str, ...]
    """Regular expressions for the cluster's version."""


@dataclass(frozen=True, slots=True)
class Release:
    """One version of a template: `items[].spec.versions[]` of ListAddonTemplates."""

    version: str
    stable: bool
    supports: tuple[Support, ...] | None
    """None: for any cluster."""
