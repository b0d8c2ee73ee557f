"""The vendor's own SDK as a client: the emulator is held to the documented API, not to our idea of it."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from gate.emulator.scenario import Scenario, builtin
from gate.emulator.server import Emulator

from .ground import small

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    # The SDK warns where python-dateutil is not installed, and then leaves dates as text.
    pytest.mark.filterwarnings("ignore::ImportWarning"),
]


@pytest.fixture(scope="module")
def sdk() -> SimpleNamespace:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return SimpleNamespace(
            cce=importlib.import_module("huaweicloudsdkcce.v3"),
            credentials=importlib.import_module("huaweicloudsdkcore.auth.credentials"),
            exceptions=importlib.import_module("huaweicloudsdkcore.exceptions.exceptions"),
        )


@pytest.fixture
def scenario() -> Scenario:
    return builtin("pass")


@pytest.fixture
def emulator(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Emulator(scenario) as running:
        yield running


def client(
    sdk: SimpleNamespace,
    emulator: Emulator,
    scenario: Scenario,
    secret: str = "emulator-secret",
    security_token: str | None = None,
) -> Any:
    credentials = sdk.credentials.BasicCredentials("ANYACCESSKEY", secret, scenario.clusters[0].project_id)
    if security_token is not None:
        credentials = credentials.with_security_token(security_token)
    builder = sdk.cce.CceClient.new_builder().with_credentials(credentials)
    return builder.with_endpoint(emulator.url).build()


@pytest.fixture
def cce(sdk: SimpleNamespace, emulator: Emulator, scenario: Scenario) -> Any:
    return client(sdk, emulator, scenario)


def test_it_lists_check_tasks(sdk: SimpleNamespace, cce: Any, scenario: Scenario) -> None:
    cluster = scenario.clusters[0]
    asked = sdk.cce.ListAddonPrecheckTasksRequest(
        cluster_id=cluster.cluster_id,
        type="addonUpgrade",
        task_id=cluster.checks[0].task_id,
        addon_instance_id=cluster.addons[0].instance_id,
    )
    answer = cce.list_addon_precheck_tasks(asked)
    (task,) = answer.items
    assert (answer.kind, answer.api_version, answer.page_info.current_count) == ("AddonCheck", "v3", 3)
    assert task.metadata.task_id == cluster.checks[0].task_id
    assert task.metadata.addon_template_name == "coredns"
    assert task.metadata.addon_instance_name == "cceaddon-coredns"
    assert task.metadata.create_time_stamp.endswith("+08:00")
    assert task.spec.addon_target_version == "1.30.6"
    assert task.status.status == "Init"
    assert [risk.risk_name for risk in task.status.risk_list] == [
        "AddonStatus",
        "K8sResourceModified",
        "AddonValidate",
    ]


def test_it_lists_the_tasks_without_filters(sdk: SimpleNamespace, cce: Any, scenario: Scenario) -> None:
    asked = sdk.cce.ListAddonPrecheckTasksRequest(cluster_id=scenario.clusters[0].cluster_id)
    assert len(cce.list_addon_precheck_tasks(asked).items) == 3


def test_it_creates_check_tasks(
    sdk: SimpleNamespace, cce: Any, emulator: Emulator, scenario: Scenario
) -> None:
    cluster = scenario.clusters[0]
    info = sdk.cce.AddonInfo(
        addon_template_name="coredns",
        addon_instance_id=cluster.addons[0].instance_id,
        target_version="1.30.6",
        type="addonUpgrade",
        values={"basic": {"说明": "é"}},
    )
    spec = sdk.cce.AddonCheckSpec(cluster_id=cluster.cluster_id, addon_list=[info])
    body = sdk.cce.AddonCheckRequest(kind="AddonCheck", api_version="v3", spec=spec)
    asked = sdk.cce.BatchCreateAddonPrecheckRequest(cluster_id=cluster.cluster_id, body=body)
    answer = cce.batch_create_addon_precheck(asked)
    listing = sdk.cce.ListAddonPrecheckTasksRequest(cluster_id=cluster.cluster_id)
    # The SDK's model of the answer's status has no place for the tasks: their IDs are only in the list.
    assert answer.spec.addon_list[0].addon_instance_id == cluster.addons[0].instance_id
    assert len(cce.list_addon_precheck_tasks(listing).items) == 4
    assert emulator.requests[0].method == "POST"


def test_it_lists_add_on_instances(sdk: SimpleNamespace, cce: Any, scenario: Scenario) -> None:
    cluster = scenario.clusters[0]
    answer = cce.list_addon_instances(sdk.cce.ListAddonInstancesRequest(cluster_id=cluster.cluster_id))
    first = answer.items[0]
    assert first.metadata.uid == cluster.addons[0].instance_id
    assert (first.spec.addon_template_name, first.spec.version) == ("coredns", "1.29.5")
    assert (first.status.status, first.status.target_versions) == ("running", ["1.30.6"])
    assert first.status.current_version.version == "1.29.5"


def test_it_lists_add_on_templates(sdk: SimpleNamespace, cce: Any) -> None:
    answer = cce.list_addon_templates(sdk.cce.ListAddonTemplatesRequest(addon_template_name="everest"))
    (template,) = answer.items
    newest, older = template.spec.versions
    assert template.metadata.name == "everest"
    assert (newest.version, newest.stable) == ("2.4.72", True)
    assert newest.support_versions[0].cluster_type == "VirtualMachine"
    assert newest.support_versions[0].cluster_version
    assert older.support_versions is None


def test_it_lists_and_shows_clusters(sdk: SimpleNamespace, cce: Any, scenario: Scenario) -> None:
    cluster = scenario.clusters[0]
    (listed,) = cce.list_clusters(sdk.cce.ListClustersRequest()).items
    shown = cce.show_cluster(sdk.cce.ShowClusterRequest(cluster_id=cluster.cluster_id))
    for one in (listed, shown):
        assert (one.metadata.uid, one.metadata.name) == (cluster.cluster_id, "prod-web")
        assert (one.spec.version, one.spec.type, one.spec.category) == ("v1.29", "VirtualMachine", "Turbo")
    assert shown.status.phase == "Available"


def test_a_wrong_secret_is_its_401(sdk: SimpleNamespace, emulator: Emulator, scenario: Scenario) -> None:
    wrong = client(sdk, emulator, scenario, secret="another")
    with pytest.raises(sdk.exceptions.ClientRequestException) as caught:
        wrong.list_clusters(sdk.cce.ListClustersRequest())
    assert caught.value.status_code == 401
    assert caught.value.error_code == "APIGW.0301"
    assert "verify aksk signature fail" in caught.value.error_msg
    assert caught.value.request_id


def test_a_temporary_key_signs_its_security_token(
    sdk: SimpleNamespace, emulator: Emulator, scenario: Scenario
) -> None:
    temporary = client(sdk, emulator, scenario, security_token="a/b+c==")
    assert temporary.list_clusters(sdk.cce.ListClustersRequest()).items
    signed = emulator.requests[-1].headers["Authorization"]
    assert "x-security-token" in signed
    assert "x-project-id" in signed


def test_an_unknown_cluster_is_its_404(sdk: SimpleNamespace, cce: Any) -> None:
    with pytest.raises(sdk.exceptions.ClientRequestException) as caught:
        cce.show_cluster(sdk.cce.ShowClusterRequest(cluster_id="other"))
    assert (caught.value.status_code, caught.value.error_code) == (404, "CCE.01404001")
    assert caught.value.error_msg == "Resource not found"


def test_a_gateways_refusal_is_its_exception(sdk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    scenario = small("faults: [{on: clusters, kind: status, status: 503, dialect: gateway}]")
    with Emulator(scenario) as running, pytest.raises(sdk.exceptions.ServerResponseException) as caught:
        client(sdk, running, scenario).list_clusters(sdk.cce.ListClustersRequest())
    assert caught.value.status_code == 503
