"""The calls of CCE."""

from __future__ import annotations

import re

from gate.emulator import bodies
from gate.emulator.cloud import TaskFilter
from gate.emulator.create_request import read_create_request
from gate.emulator.exchange import Received, Response
from gate.emulator.request_body import InvalidRequest
from gate.emulator.route import Access, Handler, Manners, Parts, Route, Services, told
from gate.emulator.world import CceCall

_CLUSTERS = r"/api/v3/projects/(?P<project>[^/]+)/clusters"
_CLUSTER = _CLUSTERS + r"/(?P<cluster>[^/]+)"
_MANNERS = Manners(unproven="gateway", own="cce", invalid_code="CCE.01400001")


def _list_tasks(services: Services, request: Received, parts: Parts) -> Response:
    cloud = services.cloud
    cluster = cloud.cluster(parts["cluster"], parts["project"])
    wanted = TaskFilter(
        type=request.query.get("type") or None,
        task_id=request.query.get("task_id") or None,
        addon_instance_id=request.query.get("addon_instance_id") or None,
    )
    views = cloud.tasks(cluster, wanted)
    return told(200, bodies.task_list(views, cloud.scenario.shape, cloud.count(cluster)))


def _create_tasks(services: Services, request: Received, parts: Parts) -> Response:
    cluster = services.cloud.cluster(parts["cluster"], parts["project"])
    asked = read_create_request(request.body, cluster)
    return told(201, bodies.created(services.cloud.create(cluster, asked.wishes), asked.spec))


def _list_instances(services: Services, request: Received, _: Parts) -> Response:
    cluster_id = request.query.get("cluster_id")
    if not cluster_id:
        raise InvalidRequest("cluster_id is missing")
    return told(200, bodies.instances(services.cloud.cluster(cluster_id), services.cloud.started))


def _list_templates(services: Services, request: Received, _: Parts) -> Response:
    name = request.query.get("addon_template_name") or None
    return told(200, bodies.templates(services.cloud.templates(name), services.cloud.started))


def _list_clusters(services: Services, _: Received, parts: Parts) -> Response:
    return told(200, bodies.clusters(services.cloud.clusters(parts["project"]), services.cloud.started))


def _show_cluster(services: Services, _: Received, parts: Parts) -> Response:
    cluster = services.cloud.cluster(parts["cluster"], parts["project"])
    return told(200, bodies.cluster(cluster, services.cloud.started))


def _route(call: CceCall, method: str, path: str, answer: Handler) -> Route:
    return Route(call, method, re.compile(path), answer, _MANNERS, Access.PROJECT)


CCE = (
    _route("list", "GET", f"{_CLUSTER}/addons/precheck/tasks", _list_tasks),
    _route("create", "POST", f"{_CLUSTER}/addons/precheck", _create_tasks),
    _route("instances", "GET", "/api/v3/addons", _list_instances),
    _route("templates", "GET", "/api/v3/addontemplates", _list_templates),
    _route("clusters", "GET", _CLUSTERS, _list_clusters),
    _route("cluster", "GET", _CLUSTER, _show_cluster),
)
