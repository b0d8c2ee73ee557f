"""What a scenario holds, for people and programs that want to ask the emulator about it."""

from __future__ import annotations

from gate.emulator.world import Addon, Scenario


def describe(scenario: Scenario) -> list[dict[str, object]]:
    """`[{projectId, projectName, clusterId, clusterName, addons}]`, ready for JSON."""
    names = {project.project_id: project.name for project in scenario.projects}
    return [
        {
            "projectId": cluster.project_id,
            "projectName": names[cluster.project_id],
            "clusterId": cluster.cluster_id,
            "clusterName": cluster.cluster_name,
            "addons": [_addon(addon) for addon in cluster.addons],
        }
        for cluster in scenario.clusters
    ]


def _addon(addon: Addon) -> dict[str, object]:
    return {
        "name": addon.name,
        "instanceName": addon.instance_name,
        "instanceId": addon.instance_id,
        "version": addon.version,
        "targetVersions": list(addon.target_versions),
    }
