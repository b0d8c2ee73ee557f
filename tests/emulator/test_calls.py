"""The calls of the API table, over HTTP."""

from __future__ import annotations

import pytest

from gate.emulator.scenario import parse
from gate.emulator.server import Emulator

from .ground import SMALL, Clock, ask, cluster_path, create_body, create_path, small, tasks_path

TWO_TASKS = (
    SMALL.rstrip()
    + "\n      - {addon: everest, type: addonStatic, risks: [{name: AddonStatus, status: Failed}]}\n"
)


def test_the_table_shape_is_that_of_the_vendors_table() -> None:
    scenario = small()
    clock = Clock(1_755_055_477.312017)
    with Emulator(scenario, clock=clock) as emulator:
        answer = ask(emulator, tasks_path(scenario))
    addon = scenario.clusters[0].addons[0]
    assert answer.json == {
        "kind": "AddonCheck",
        "apiVersion": "v3",
        "pageInfo": {"currentCount": 1},
        "items": [
            {
                "metadata": {
                    "type": "addonUpgrade",
                    "taskID": scenario.clusters[0].checks[0].task_id,
                    "addonTemplateName": "coredns",
                    "addonInstanceName": "cceaddon-coredns",
                    "addonInstanceID": addon.instance_id,
                    "createTimeStamp": "2025-08-13T11:24:37.312016896+08:00",
                    "expireTimeStamp": "2025-08-14T11:24:37.312016896+08:00",
                },
                "spec": {"addonTargetVersion": "1.30.6"},
                "status": {
                    "status": "Success",
                    "message": "Addon task check finish",
                    "riskList": [{"riskName": "AddonStatus", "status": "Success", "level": "Warning"}],
                },
            }
        ],
    }


def test_the_example_shape_has_one_object_and_its_risks_beside_the_status() -> None:
    scenario = small("shape: example")
    with Emulator(scenario, clock=Clock()) as emulator:
        body = ask(emulator, tasks_path(scenario)).json
    task = body["items"]
    assert task["metadata"]["createTimestamp"] == "2025-08-12T20:00:00.000000+08:00"
    assert "createTimeStamp" not in task["metadata"]
    assert task["status"] == {"status": "Success", "message": "Addon task check finish"}
    assert task["riskList"] == [{"riskName": "AddonStatus", "status": "Success", "level": "Warning"}]


def test_the_example_shape_has_an_array_where_there_is_not_exactly_one_task() -> None:
    scenario = parse(TWO_TASKS + "shape: example", "x.yml")
    with Emulator(scenario) as emulator:
        assert len(ask(emulator, tasks_path(scenario)).json["items"]) == 2
        assert ask(emulator, f"{tasks_path(scenario)}?task_id=none").json["items"] == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["coredns", "everest"]),
        ("?type=addonUpgrade", ["coredns"]),
        ("?type=addonStatic", ["everest"]),
        ("?task_id={task}", ["coredns"]),
        ("?task_id=none", []),
        ("?addon_instance_id={everest}", ["everest"]),
        ("?type=addonUpgrade&addon_instance_id={everest}", []),
        ("?type=&task_id=&addon_instance_id=", ["coredns", "everest"]),
    ],
)
def test_the_list_is_filtered_as_documented_and_counts_all(query: str, names: list[str]) -> None:
    scenario = parse(TWO_TASKS, "x.yml")
    cluster = scenario.clusters[0]
    filled = query.format(task=cluster.checks[0].task_id, everest=cluster.addons[1].instance_id)
    with Emulator(scenario) as emulator:
        body = ask(emulator, tasks_path(scenario) + filled).json
    assert [item["metadata"]["addonTemplateName"] for item in body["items"]] == names
    assert body["pageInfo"] == {"currentCount": 2}


def test_the_count_may_contradict_the_list() -> None:
    scenario = small("currentCount: 7")
    with Emulator(scenario) as emulator:
        assert ask(emulator, tasks_path(scenario)).json["pageInfo"] == {"currentCount": 7}


def test_a_created_check_is_answered_with_its_task_and_listed_as_it_unfolds() -> None:
    scenario = small()
    clock = Clock()
    asked = create_body(scenario)
    with Emulator(scenario, clock=clock) as emulator:
        clock.now += 10
        answer = ask(emulator, create_path(scenario), "POST", asked)
        (created,) = answer.json["status"]["items"]
        path = f"{tasks_path(scenario)}?task_id={created['metadata']['taskID']}"
        clock.now += 3
        (listed,) = ask(emulator, path).json["items"]
    assert answer.status == 201
    assert answer.json["spec"] == asked["spec"]
    assert created["status"]["status"] == "Init"
    assert {risk["status"] for risk in created["status"]["riskList"]} == {"Init"}
    assert created["metadata"]["createTimeStamp"] == "2025-08-12T20:00:10.000000000+08:00"
    assert created["spec"] == {"addonTargetVersion": "1.30.6"}
    assert listed["status"]["status"] == "Success"
    assert {risk["status"] for risk in listed["status"]["riskList"]} == {"Success"}


def test_several_checks_are_created_at_once_each_with_an_id_of_its_own() -> None:
    scenario = small()
    asked = create_body(scenario)
    asked["spec"]["addonList"] *= 2
    with Emulator(scenario) as emulator:
        ids = {
            item["metadata"]["taskID"]
            for _ in range(2)
            for item in ask(emulator, create_path(scenario), "POST", asked).json["status"]["items"]
        }
        assert len(ask(emulator, tasks_path(scenario)).json["items"]) == 5
    assert len(ids) == 4


def test_how_a_created_check_unfolds_can_be_said_for_an_add_on() -> None:
    text = SMALL.rstrip() + (
        "\n    onCreate:\n      - addon: coredns\n        type: addonUpgrade\n        targetVersion: 1.27.1\n"
        "        risks: [{name: AddonValidate, level: Fatal, status: Failed}]\n"
    )
    scenario = parse(text, "x.yml")
    asked = create_body(scenario, type="addonStatic", targetVersion=None)
    with Emulator(scenario) as emulator:
        (task,) = ask(emulator, create_path(scenario), "POST", asked).json["status"]["items"]
    assert task["metadata"]["type"] == "addonUpgrade"
    assert task["spec"] == {"addonTargetVersion": "1.27.1"}
    assert task["status"]["status"] == "Failed"


@pytest.mark.parametrize(
    "change",
    [
        {"addonInstanceID": "unknown"},
        {"addonInstanceID": None},
        {"addonTemplateName": None},
        {"addonTemplateName": "everest"},
        {"type": None},
        {"type": "addonOther"},
        {"targetVersion": None},
        {"targetVersion": "9.9.9"},
        {"targetVersion": 1},
        {"values": []},
    ],
)
def test_a_create_request_with_a_wrong_entry_is_refused_and_creates_nothing(
    change: dict[str, object],
) -> None:
    scenario = small()
    with Emulator(scenario) as emulator:
        answer = ask(emulator, create_path(scenario), "POST", create_body(scenario, **change))
        assert len(ask(emulator, tasks_path(scenario)).json["items"]) == 1
    assert answer.status == 400
    assert answer.json["errorCode"] == "CCE.01400001"
    assert answer.json["errorMessage"].startswith("Invalid request: ")


@pytest.mark.parametrize("part", ["kind", "apiVersion", "spec"])
def test_a_create_request_without_a_part_is_refused(part: str) -> None:
    scenario = small()
    asked = create_body(scenario)
    del asked[part]
    with Emulator(scenario) as emulator:
        assert ask(emulator, create_path(scenario), "POST", asked).status == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"kind": "AddonCheck"}'])
def test_a_create_request_that_is_not_one_is_refused(body: bytes) -> None:
    scenario = small()
    with Emulator(scenario) as emulator:
        assert ask(emulator, create_path(scenario), "POST", body).status == 400


def test_a_create_request_for_another_cluster_or_for_nothing_is_refused() -> None:
    scenario = small()
    other, nothing = create_body(scenario), create_body(scenario)
    other["spec"]["clusterID"] = "other"
    nothing["spec"]["addonList"] = []
    with Emulator(scenario) as emulator:
        assert ask(emulator, create_path(scenario), "POST", other).status == 400
        assert ask(emulator, create_path(scenario), "POST", nothing).status == 400


def test_add_on_instances_say_their_template_version_and_targets() -> None:
    scenario = small()
    cluster = scenario.clusters[0]
    with Emulator(scenario) as emulator:
        body = ask(emulator, f"/api/v3/addons?cluster_id={cluster.cluster_id}").json
    first = body["items"][0]
    assert (body["kind"], body["apiVersion"], len(body["items"])) == ("Addon", "v3", 2)
    assert first["metadata"]["uid"] == cluster.addons[0].instance_id
    assert (first["spec"]["addonTemplateName"], first["spec"]["version"]) == ("coredns", "1.29.5")
    assert (first["status"]["status"], first["status"]["targetVersions"]) == ("running", ["1.30.6"])


def test_add_on_templates_say_their_versions_and_what_these_support() -> None:
    scenario = small(
        "templates:\n  - name: coredns\n    versions:\n"
        "      - {version: 1.30.6, stable: false, supportVersions: [{clusterVersion: ['v1\\.29.*']}]}\n"
        "      - {version: 1.29.5, supportVersions: null}\n"
        "  - {name: everest, versions: []}\n"
    )
    with Emulator(scenario) as emulator:
        every = ask(emulator, "/api/v3/addontemplates").json["items"]
        (coredns,) = ask(emulator, "/api/v3/addontemplates?addon_template_name=coredns").json["items"]
        none = ask(emulator, "/api/v3/addontemplates?addon_template_name=none").json["items"]
    newest, older = coredns["spec"]["versions"]
    assert [item["metadata"]["name"] for item in every] == ["coredns", "everest"]
    assert none == []
    assert (newest["version"], newest["stable"]) == ("1.30.6", False)
    assert newest["supportVersions"] == [
        {"clusterType": "VirtualMachine", "clusterVersion": [r"v1\.29.*"]},
    ]
    assert older["supportVersions"] is None


def test_clusters_are_listed_by_project_and_shown_by_id() -> None:
    scenario = parse(
        "version: 1\nclusters:\n"
        "  - {projectId: p, clusterId: a, clusterName: one, version: v1.29, type: ARM64, category: Turbo}\n"
        "  - {projectId: p, clusterId: b}\n  - {projectId: q, clusterId: c}\n",
        "x.yml",
    )
    with Emulator(scenario) as emulator:
        listed = ask(emulator, "/api/v3/projects/p/clusters").json["items"]
        shown = ask(emulator, "/api/v3/projects/p/clusters/a").json
    assert [item["metadata"]["uid"] for item in listed] == ["a", "b"]
    assert listed[0] == shown
    assert shown["metadata"]["name"] == "one"
    assert (shown["spec"]["version"], shown["spec"]["type"], shown["spec"]["category"]) == (
        "v1.29",
        "ARM64",
        "Turbo",
    )


@pytest.mark.parametrize(
    "path",
    [
        "/api/v3/projects/other/clusters",
        "/api/v3/projects/{project}/clusters/other",
        "/api/v3/projects/other/clusters/{cluster}",
        "/api/v3/projects/other/clusters/{cluster}/addons/precheck/tasks",
        "/api/v3/projects/{project}/clusters/other/addons/precheck/tasks",
        "/api/v3/addons?cluster_id=other",
    ],
)
def test_an_unknown_cluster_or_project_is_a_404_of_cce(path: str) -> None:
    scenario = small()
    cluster = scenario.clusters[0]
    with Emulator(scenario) as emulator:
        answer = ask(emulator, path.format(project=cluster.project_id, cluster=cluster.cluster_id))
    assert answer.status == 404
    assert answer.json == {"errorCode": "CCE.01404001", "errorMessage": "Resource not found"}


def test_add_on_instances_need_a_cluster() -> None:
    with Emulator(small()) as emulator:
        assert ask(emulator, "/api/v3/addons").status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/v3/nodes"),
        ("POST", "{tasks}"),
        ("DELETE", "{cluster}"),
        ("GET", "{create}"),
    ],
)
def test_a_call_that_does_not_exist_is_a_404_of_the_gateway(method: str, path: str) -> None:
    scenario = small()
    filled = path.format(
        tasks=tasks_path(scenario), cluster=cluster_path(scenario), create=create_path(scenario)
    )
    with Emulator(scenario) as emulator:
        answer = ask(emulator, filled, method)
    assert answer.status == 404
    assert answer.json["error_code"] == "APIGW.0101"
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]
