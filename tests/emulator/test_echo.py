"""The fault that says back what it was sent, for tests that no secret comes through."""

from __future__ import annotations

import pytest

from gate.emulator.scenario import Scenario
from gate.emulator.server import Emulator

from .ground import TOKEN, ask, create_path, small, tasks_path

SECRETS = {
    "Authorization": "Secret-A",
    "X-Auth-Token": "Secret-B",
    "X-Security-Token": "Secret-C",
    "X-Metadata-Token": "Secret-D",
}


def echoing(fault: str, more: str = "") -> Scenario:
    return small(f"faults: [{{{fault}, kind: echo}}]\n{more}")


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_an_error_carries_the_secrets_and_the_body_as_they_came(status: int) -> None:
    scenario = echoing(f"on: create, status: {status}")
    with Emulator(scenario) as emulator:
        answer = ask(emulator, create_path(scenario), "POST", '{"密": "é\n"}'.encode(), SECRETS)
    assert answer.status == status
    assert answer.json["errorCode"] == f"CCE.01{status}001"
    assert answer.json["errorMessage"] == (
        "Authorization: Secret-A\nX-Auth-Token: Secret-B\nX-Security-Token: Secret-C\n"
        'X-Metadata-Token: Secret-D\n{"密": "é\n"}'
    )


@pytest.mark.parametrize(
    ("call", "method", "path"),
    [
        ("token", "POST", "/v3/auth/tokens"),
        ("assume", "POST", "/v5/agencies/assume-with-oidc"),
        ("idToken", "POST", "/v3.0/OS-AUTH/id-token/tokens"),
        ("securityTokens", "POST", "/v3.0/OS-CREDENTIAL/securitytokens"),
        ("projects", "GET", "/v3/projects"),
        ("metadataToken", "PUT", "/meta-data/latest/api/token"),
        ("securityKey", "GET", "/openstack/latest/securitykey"),
        ("githubToken", "GET", "/github/oidc"),
    ],
)
def test_every_call_may_echo_and_has_its_own_name_for_faults(call: str, method: str, path: str) -> None:
    with Emulator(echoing(f"on: {call}, status: 418")) as emulator:
        first = ask(emulator, path, method, b"the body", SECRETS)
        second = ask(emulator, path, method, b"the body", SECRETS)
    assert (first.status, "the body" in first.json["errorMessage"]) == (418, True)
    assert second.status != 418


def test_an_error_with_status_200_is_one_too() -> None:
    scenario = echoing("on: clusters, status: 200")
    with Emulator(scenario) as emulator:
        answer = ask(emulator, "/api/v3/projects/p/clusters", headers=TOKEN)
    assert answer.status == 200
    assert "emulator-token" in answer.json["errorMessage"]


@pytest.mark.parametrize("shape", ["table", "example"])
def test_a_list_with_status_200_has_one_task_that_carries_it_all(shape: str) -> None:
    scenario = echoing("on: list, status: 200", f"shape: {shape}")
    with Emulator(scenario) as emulator:
        answer = ask(emulator, f"{tasks_path(scenario)}?task_id=mine", body=b"body", headers=SECRETS)
    items = answer.json["items"]
    (task,) = [items] if shape == "example" else items
    (risk,) = task["riskList"] if shape == "example" else task["status"]["riskList"]
    assert answer.json["pageInfo"] == {"currentCount": 1}
    assert task["metadata"]["taskID"] == "mine"
    assert task["metadata"]["addonInstanceID"] == scenario.clusters[0].addons[0].instance_id
    assert task["status"]["status"] == risk["status"] == "Failed"
    for text in (task["metadata"]["addonTemplateName"], risk["message"]):
        assert all(secret in text for secret in (*SECRETS.values(), "body"))


def test_a_list_of_an_unknown_cluster_echoes_too() -> None:
    scenario = echoing("on: list, status: 200")
    with Emulator(scenario) as emulator:
        path = "/api/v3/projects/p/clusters/none/addons/precheck/tasks"
        assert "emulator-token" in ask(emulator, path).json["items"][0]["metadata"]["addonTemplateName"]


def test_a_status_is_400_where_none_is_said() -> None:
    scenario = echoing("on: list")
    with Emulator(scenario) as emulator:
        assert ask(emulator, tasks_path(scenario)).status == 400
