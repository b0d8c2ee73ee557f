"""Answers that say back what they were sent: for tests that no secret comes through."""

from __future__ import annotations

from dataclasses import replace

from gate.emulator import bodies
from gate.emulator.cloud import Cloud, Task, TaskView
from gate.emulator.defaults import KEPT_FOR, derived_id
from gate.emulator.error_bodies import ErrorFacts
from gate.emulator.exchange import Received, Response
from gate.emulator.route import error, told
from gate.emulator.routes import Match
from gate.emulator.unfold import check_at
from gate.emulator.world import Addon, RiskPlan, Unfolding

_SECRET_HEADERS = ("Authorization", "X-Auth-Token", "X-Security-Token", "X-Metadata-Token")


def echo(status: int, match: Match, request: Received, cloud: Cloud, request_id: str) -> Response:
    """An error of CCE with what was sent; where `list` is to answer 200, the only task carries it."""
    sent = _sent(request)
    if match.route.call == "list" and status == 200:
        return told(200, bodies.task_list((_task(sent, match, request, cloud),), cloud.scenario.shape, 1))
    return error("cce", ErrorFacts(status, None, sent, request_id))


def _sent(request: Received) -> str:
    headers = [f"{name}: {request.headers[name]}" for name in _SECRET_HEADERS if name in request.headers]
    return "\n".join((*headers, request.body.decode("utf-8", "replace")))


def _task(sent: str, match: Match, request: Received, cloud: Cloud) -> TaskView:
    addon = replace(_addon(match, cloud), name=sent)
    now = cloud.now()
    plan = Unfolding(0.0, 0.0, (RiskPlan("AddonStatus", status="Failed", message=sent),))
    task = Task(
        task_id=request.query.get("task_id") or derived_id("echo"),
        type="addonUpgrade",
        addon=addon,
        target_version=next(iter(addon.target_versions), addon.version),
        created=now,
        expires=now + KEPT_FOR,
        unfolding=plan,
    )
    return TaskView(task, check_at(0.0, plan))


def _addon(match: Match, cloud: Cloud) -> Addon:
    """One that is there, so that the task is taken for an answer to what was asked."""
    for cluster in cloud.scenario.clusters:
        if cluster.cluster_id == match.parts["cluster"] and cluster.addons:
            return cluster.addons[0]
    return Addon("echo", "cceaddon-echo", derived_id("echo", "addon"), "1.0.0", ("1.1.0",))
