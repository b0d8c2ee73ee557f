"""The scenarios that ship: each loads, is served, and shows what its `about` says."""

from __future__ import annotations

import json
import math
import uuid
from typing import Any

import pytest

from gate.emulator.scenario import builtin, builtin_names
from gate.emulator.server import Emulator

from .ground import Clock, ask, create_body, create_path, tasks_path

ALL = (
    "chinese",
    "denied",
    "documented",
    "fatal",
    "flaky",
    "pass",
    "stale",
    "stuck",
    "unlisted",
)
QUIET = tuple(name for name in ALL if name not in ("denied", "flaky"))


def tasks_after(name: str, seconds: float) -> list[dict[str, Any]]:
    scenario = builtin(name)
    clock = Clock()
    with Emulator(scenario, clock=clock) as emulator:
        clock.now += seconds
        items = ask(emulator, tasks_path(scenario)).json["items"]
    return items if isinstance(items, list) else [items]


def failed(tasks: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (task["metadata"]["addonTemplateName"], risk["riskName"], risk["level"])
        for task in tasks
        for risk in [*task["status"].get("riskList", ()), *task.get("riskList", ())]
        if risk["status"] == "Failed"
    ]


def test_these_and_no_others_ship() -> None:
    assert builtin_names() == ALL


@pytest.mark.parametrize("name", ALL)
def test_each_says_what_it_is_about_in_one_line_and_has_ids_like_real_ones(name: str) -> None:
    scenario = builtin(name)
    assert scenario.about
    assert "\n" not in scenario.about
    assert scenario.token == "emulator-token"
    for cluster in scenario.clusters:
        ids = [cluster.cluster_id, *(addon.instance_id for addon in cluster.addons)]
        assert all(str(uuid.UUID(one)) == one for one in [*ids, *(check.task_id for check in cluster.checks)])


@pytest.mark.parametrize("name", QUIET)
def test_each_is_served(name: str) -> None:
    assert tasks_after(name, 0)


@pytest.mark.parametrize("name", ALL)
def test_each_takes_five_to_nine_seconds_to_watch(name: str) -> None:
    ends = [check.unfolding.final_at for check in builtin(name).clusters[0].checks]
    last = max(end for end in ends if math.isfinite(end))
    assert 5 <= last <= 9 or name in ("denied", "stale")


@pytest.mark.parametrize(
    ("name", "risks"),
    [
        ("pass", [("coredns", "K8sResourceModified", "Warning")]),
        ("fatal", [("coredns", "AddonValidate", "Fatal")]),
        ("unlisted", [("coredns", "AddonStatus", "Warning")]),
        ("documented", [("coredns", "AddonStatus", "Warning"), ("coredns", "AddonValidate", "Fatal")]),
        (
            "chinese",
            [
                ("coredns", "K8sResourceModified", "Warning"),
                ("nginx-ingress", "K8sResourceModified", "Warning"),
            ],
        ),
        ("stale", []),
    ],
)
def test_each_ends_as_it_says(name: str, risks: list[tuple[str, str, str]]) -> None:
    tasks = tasks_after(name, 9)
    assert failed(tasks) == risks
    assert {task["status"]["status"] for task in tasks} <= {"Failed", "Success"}


def test_fatal_looks_like_a_warning_until_it_is_final() -> None:
    assert "Fatal" not in json.dumps(tasks_after("fatal", 5.4))


def test_stuck_never_ends() -> None:
    statuses = [task["status"]["status"] for task in tasks_after("stuck", 86400)]
    assert statuses == ["Success", "Running"]


def test_flaky_fails_three_times_and_then_answers() -> None:
    scenario = builtin("flaky")
    clock = Clock()
    with Emulator(scenario, clock=clock) as emulator:
        first, second = (ask(emulator, tasks_path(scenario)) for _ in range(2))
        with pytest.raises(ConnectionResetError):
            ask(emulator, tasks_path(scenario))
        clock.now += 5
        fourth = ask(emulator, tasks_path(scenario))
    assert (first.status, first.headers["Retry-After"]) == (429, "1")
    assert (second.status, second.headers["Content-Type"]) == (503, "text/html")
    assert failed(fourth.json["items"]) == [("coredns", "K8sResourceModified", "Warning")]


def test_denied_is_the_gateways_403_on_every_call() -> None:
    scenario = builtin("denied")
    with Emulator(scenario) as emulator:
        answers = [
            ask(emulator, tasks_path(scenario)),
            ask(emulator, "/api/v3/addontemplates"),
            ask(emulator, create_path(scenario), "POST", create_body(scenario)),
        ]
    assert {(answer.status, answer.json["error_code"]) for answer in answers} == {(403, "APIGW.0302")}


def test_documented_is_the_vendors_example_but_for_its_date() -> None:
    scenario = builtin("documented")
    clock = Clock()
    with Emulator(scenario, clock=clock) as emulator:
        clock.now += 60
        body = ask(emulator, tasks_path(scenario)).json
    assert body["items"]["metadata"].pop("createTimestamp") == "2025-08-12T20:00:00.000000+08:00"
    assert body == {
        "kind": "AddonCheck",
        "apiVersion": "v3",
        "pageInfo": {"currentCount": 1},
        "items": {
            "metadata": {
                "type": "addonUpgrade",
                "taskID": "8ca259cc-553b-11e9-926f-0255ac101a31",
                "addonTemplateName": "coredns",
                "addonInstanceName": "cceaddon-coredns",
                "addonInstanceID": "1d43577d-4b50-4723-b05b-2121f47cb219",
            },
            "spec": {"addonTargetVersion": "3.0.4"},
            "status": {"status": "Failed", "message": "Addon task check finish"},
            "riskList": [
                {
                    "riskName": "AddonStatus",
                    "status": "Failed",
                    "level": "Warning",
                    "message": "addon status(abnormal) is not running",
                },
                {
                    "riskName": "AddonValidate",
                    "status": "Failed",
                    "level": "Fatal",
                    "message": "configmap coredns had been modified, failed to ensure the consistency of "
                    "corefile between current and recorded, the manually modified configuration by user may "
                    "be lost if upgrade continue: 1. rollback current corefile; 2. set "
                    "parameterSyncStrategy to force to force take over; 3. set parameterSyncStrategy to "
                    "inherit to auto inherit your configuration; ",
                },
            ],
        },
    }


def test_chinese_has_messages_that_a_terminal_and_a_ci_would_misread() -> None:
    text = "".join(
        risk.get("message", "") for task in tasks_after("chinese", 9) for risk in task["status"]["riskList"]
    )
    assert "配置项" in text
    assert "\x1b[2J" in text
    assert "\n::error::" in text


def test_stale_is_a_success_of_days_ago_that_has_expired() -> None:
    (task,) = tasks_after("stale", 0)
    assert task["metadata"]["createTimeStamp"].startswith("2025-08-09T20:00:00")
    assert task["metadata"]["expireTimeStamp"].startswith("2025-08-10T20:00:00")


def test_a_check_created_in_pass_finds_the_same_warning() -> None:
    scenario = builtin("pass")
    clock = Clock()
    with Emulator(scenario, clock=clock) as emulator:
        created = ask(emulator, create_path(scenario), "POST", create_body(scenario)).json["status"]["items"]
        clock.now += 9
        task_id = created[0]["metadata"]["taskID"]
        listed = ask(emulator, f"{tasks_path(scenario)}?task_id={task_id}").json["items"]
    assert failed(listed) == [("coredns", "K8sResourceModified", "Warning")]
