"""Which call a request is, and its answer. A further service gets routes of its own beside `CCE`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gate.emulator import bodies
from gate.emulator.auth import Gatekeeper, Refused
from gate.emulator.cloud import Cloud, NotFound, TaskFilter
from gate.emulator.create_request import InvalidRequest, read_create_request
from gate.emulator.error_bodies import DIALECTS, JSON, ErrorFacts
from gate.emulator.exchange import Received, Response
from gate.emulator.world import Call

Answer = tuple[int, bodies.Json]
Parts = Mapping[str, str]
"""The variable parts of a path, by name."""

_CLUSTERS = r"/api/v3/projects/(?P<project>[^/]+)/clusters"
_CLUSTER = _CLUSTERS + r"/(?P<cluster>[^/]+)"


@dataclass(frozen=True, slots=True)
class Route:
    call: Call
    method: str
    path: re.Pattern[str]
    answer: Callable[[Cloud, Received, Parts], Answer]


@dataclass(frozen=True, slots=True)
class Match:
    route: Route
    parts: Parts


def find(request: Received) -> Match | None:
    """The call that the request is, or None where there is no such call."""
    for route in ROUTES:
        found = route.path.fullmatch(request.path)
        if found is not None and route.method == request.method:
            return Match(route, found.groupdict())
    return None


def answer(
    match: Match, request: Received, cloud: Cloud, gatekeeper: Gatekeeper, request_id: str
) -> Response:
    """What the call says to this request; a refusal is an answer too."""
    try:
        gatekeeper.admit(request)
        status, content = match.route.answer(cloud, request, match.parts)
    except Refused as refused:
        return error("gateway", ErrorFacts(401, refused.code, refused.message, request_id))
    except NotFound:
        return error("cce", ErrorFacts(404, "CCE.01404001", "Resource not found", request_id))
    except InvalidRequest as invalid:
        return error("cce", ErrorFacts(400, "CCE.01400001", f"Invalid request: {invalid}.", request_id))
    return Response(status, JSON, json.dumps(content, ensure_ascii=False).encode())


def no_such_call(request_id: str) -> Response:
    message = "The API does not exist or has not been published in the environment."
    return error("gateway", ErrorFacts(404, "APIGW.0101", message, request_id))


def error(dialect: str, facts: ErrorFacts) -> Response:
    content_type, body = DIALECTS[dialect](facts)
    return Response(facts.status, content_type, body)


def _list_tasks(cloud: Cloud, request: Received, parts: Parts) -> Answer:
    cluster = cloud.cluster(parts["cluster"], parts["project"])
    wanted = TaskFilter(
        type=request.query.get("type") or None,
        task_id=request.query.get("task_id") or None,
        addon_instance_id=request.query.get("addon_instance_id") or None,
    )
    views = cloud.tasks(cluster, wanted)
    return 200, bodies.task_list(views, cloud.scenario.shape, cloud.count(cluster))


def _create_tasks(cloud: Cloud, request: Received, parts: Parts) -> Answer:
    cluster = cloud.cluster(parts["cluster"], parts["project"])
    asked = read_create_request(request.body, cluster)
    return 201, bodies.created(cloud.create(cluster, asked.wishes), asked.spec)


def _list_instances(cloud: Cloud, request: Received, _: Parts) -> Answer:
    cluster_id = request.query.get("cluster_id")
    if not cluster_id:
        raise InvalidRequest("cluster_id is missing")
    return 200, bodies.instances(cloud.cluster(cluster_id), cloud.started)


def _list_templates(cloud: Cloud, request: Received, _: Parts) -> Answer:
    name = request.query.get("addon_template_name") or None
    return 200, bodies.templates(cloud.templates(name), cloud.started)


def _list_clusters(cloud: Cloud, _: Received, parts: Parts) -> Answer:
    return 200, bodies.clusters(cloud.clusters(parts["project"]), cloud.started)


def _show_cluster(cloud: Cloud, _: Received, parts: Parts) -> Answer:
    return 200, bodies.cluster(cloud.cluster(parts["cluster"], parts["project"]), cloud.started)


CCE = (
    Route("list", "GET", re.compile(f"{_CLUSTER}/addons/precheck/tasks"), _list_tasks),
    Route("create", "POST", re.compile(f"{_CLUSTER}/addons/precheck"), _create_tasks),
    Route("instances", "GET", re.compile(r"/api/v3/addons"), _list_instances),
    Route("templates", "GET", re.compile(r"/api/v3/addontemplates"), _list_templates),
    Route("clusters", "GET", re.compile(_CLUSTERS), _list_clusters),
    Route("cluster", "GET", re.compile(_CLUSTER), _show_cluster),
)
ROUTES: tuple[Route, ...] = CCE
