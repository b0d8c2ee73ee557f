"""The vendor's own SDK gets its credentials from the emulated cloud, finds its project, and lists tasks."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gate.emulator.identity import (
    DEFAULT_AGENCY_URN,
    DEFAULT_ID_TOKEN,
    DEFAULT_IDP_ID,
    DEFAULT_PROJECT_NAME,
    DEFAULT_PROVIDER_URN,
    DEFAULT_REQUEST_TOKEN,
)
from gate.emulator.scenario import Scenario
from gate.emulator.server import Emulator

from .ground import ask, small

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    # The SDK warns where python-dateutil is not installed, and then leaves dates as text.
    pytest.mark.filterwarnings("ignore::ImportWarning"),
]


@pytest.fixture(scope="module")
def modules() -> SimpleNamespace:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return SimpleNamespace(
            cce=importlib.import_module("huaweicloudsdkcce.v3"),
            credentials=importlib.import_module("huaweicloudsdkcore.auth.credentials"),
            provider=importlib.import_module("huaweicloudsdkcore.auth.provider"),
            internal=importlib.import_module("huaweicloudsdkcore.auth.internal"),
            exceptions=importlib.import_module("huaweicloudsdkcore.exceptions.exceptions"),
            region=importlib.import_module("huaweicloudsdkcore.region.region"),
        )


@pytest.fixture
def sdk(modules: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The SDK, without what it remembers of projects from one client to the next."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(modules.credentials.Credentials, "_CACHE", {})
    return modules


@pytest.fixture
def scenario() -> Scenario:
    return small()


@pytest.fixture
def emulator(scenario: Scenario) -> Iterator[Emulator]:
    with Emulator(scenario) as running:
        yield running


def listed(sdk: SimpleNamespace, credentials: Any, url: str, scenario: Scenario) -> list[Any]:
    """The tasks, in the project that IAM says is the region's."""
    region = sdk.region.Region(DEFAULT_PROJECT_NAME, url)
    builder = sdk.cce.CceClient.new_builder().with_credentials(credentials.with_iam_endpoint(url))
    asked = sdk.cce.ListAddonPrecheckTasksRequest(cluster_id=scenario.clusters[0].cluster_id)
    items: list[Any] = builder.with_region(region).build().list_addon_precheck_tasks(asked).items
    return items


def paths(emulator: Emulator) -> list[tuple[str, str]]:
    """What was asked before the list."""
    *before, last = [(request.method, request.path) for request in emulator.requests]
    assert last[1].endswith("/addons/precheck/tasks")
    return before


def sts_credentials(
    sdk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, emulator: Emulator, id_token: str
) -> Any:
    monkeypatch.setenv("HUAWEICLOUD_OIDC_PROVIDER_URN", DEFAULT_PROVIDER_URN)
    monkeypatch.setenv("HUAWEICLOUD_OIDC_AGENCY_URN", DEFAULT_AGENCY_URN)
    monkeypatch.setenv("HUAWEICLOUD_OIDC_ID_TOKEN", id_token)
    provider = sdk.provider.OidcStsCredentialProvider.get_basic()
    return provider.get_credentials().with_sts_endpoint(emulator.url)


def test_permanent_keys_find_their_project(
    sdk: SimpleNamespace, emulator: Emulator, scenario: Scenario
) -> None:
    credentials = sdk.credentials.BasicCredentials("ANYACCESSKEY", "emulator-secret")
    assert len(listed(sdk, credentials, emulator.url, scenario)) == 1
    assert paths(emulator) == [("GET", "/v3/projects")]
    assert emulator.requests[0].query == {"name": "eu-de"}


def test_sts_gives_it_keys_for_an_id_token(
    sdk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, emulator: Emulator, scenario: Scenario
) -> None:
    credentials = sts_credentials(sdk, monkeypatch, emulator, DEFAULT_ID_TOKEN)
    assert len(listed(sdk, credentials, emulator.url, scenario)) == 1
    assert paths(emulator) == [("POST", "/v5/agencies/assume-with-oidc"), ("GET", "/v3/projects")]
    assert credentials.security_token == emulator.requests[-1].headers["X-Security-Token"]


def test_sts_gives_it_keys_for_githubs_id_token(
    sdk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, emulator: Emulator, scenario: Scenario
) -> None:
    bearer = {"Authorization": f"bearer {DEFAULT_REQUEST_TOKEN}"}
    token = ask(emulator, "/github/oidc?audience=sts", headers=bearer).json["value"]
    credentials = sts_credentials(sdk, monkeypatch, emulator, token)
    assert len(listed(sdk, credentials, emulator.url, scenario)) == 1


def test_sts_tells_it_that_the_id_token_is_wrong(
    sdk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, emulator: Emulator, scenario: Scenario
) -> None:
    credentials = sts_credentials(sdk, monkeypatch, emulator, "other")
    with pytest.raises(sdk.exceptions.SdkException) as caught:
        listed(sdk, credentials, emulator.url, scenario)
    assert "STS5.0401" in str(caught.value)


def federal(sdk: SimpleNamespace, tmp_path: Path, id_token: str) -> Any:
    file = tmp_path / "id-token"
    file.write_text(f"{id_token}\n", encoding="utf-8")
    credentials = sdk.credentials.BasicCredentials()
    return credentials.with_idp_id(DEFAULT_IDP_ID).with_id_token_file(str(file))


def test_iam_gives_it_keys_for_an_id_token(
    sdk: SimpleNamespace, tmp_path: Path, emulator: Emulator, scenario: Scenario
) -> None:
    credentials = federal(sdk, tmp_path, DEFAULT_ID_TOKEN)
    assert len(listed(sdk, credentials, emulator.url, scenario)) == 1
    assert paths(emulator) == [
        ("POST", "/v3.0/OS-AUTH/id-token/tokens"),
        ("POST", "/v3.0/OS-CREDENTIAL/securitytokens"),
        ("GET", "/v3/projects"),
    ]


def test_iam_tells_it_that_the_id_token_is_wrong(
    sdk: SimpleNamespace, tmp_path: Path, emulator: Emulator, scenario: Scenario
) -> None:
    credentials = federal(sdk, tmp_path, "other").with_project_id(scenario.clusters[0].project_id)
    with pytest.raises(sdk.exceptions.ClientRequestException) as caught:
        listed(sdk, credentials, emulator.url, scenario)
    assert caught.value.status_code == 401
    assert [request.path for request in emulator.requests] == ["/v3.0/OS-AUTH/id-token/tokens"]


def metadata_of(sdk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> None:
    monkeypatch.setattr(sdk.internal.MetadataAccessor, "_METADATA_ENDPOINT", emulator.url)


@pytest.mark.parametrize("mode", ["ok", "noToken404", "noToken405", "noToken503"])
def test_the_metadata_service_gives_it_keys(
    sdk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    scenario = small(f"metadata: {mode}")
    with Emulator(scenario) as emulator:
        metadata_of(sdk, monkeypatch, emulator)
        assert len(listed(sdk, sdk.credentials.BasicCredentials(), emulator.url, scenario)) == 1
        # East of Greenwich the SDK takes keys of an hour for ended, and asks for them again.
        asked = list(dict.fromkeys(paths(emulator)))
    assert asked == [
        ("PUT", "/meta-data/latest/api/token"),
        ("GET", "/openstack/latest/securitykey"),
        ("GET", "/v3/projects"),
    ]


def test_without_an_agency_it_gets_no_keys_and_does_not_ask_again(
    sdk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = small("metadata: noAgency")
    with Emulator(scenario) as emulator:
        metadata_of(sdk, monkeypatch, emulator)
        with pytest.raises(sdk.exceptions.SdkException) as caught:
            listed(sdk, sdk.credentials.BasicCredentials(), emulator.url, scenario)
        assert [request.method for request in emulator.requests] == ["PUT", "GET"]
    assert "Please configure Cloud Service Agency first" in str(caught.value)


def test_a_region_without_a_project_is_told_apart_from_a_failure(
    sdk: SimpleNamespace, emulator: Emulator
) -> None:
    credentials = sdk.credentials.BasicCredentials("ANYACCESSKEY", "emulator-secret")
    region = sdk.region.Region("cn-north-4", emulator.url)
    builder = sdk.cce.CceClient.new_builder().with_credentials(credentials.with_iam_endpoint(emulator.url))
    with pytest.raises(sdk.exceptions.SdkException, match="Confirm that the project exists"):
        builder.with_region(region).build()


def test_keys_whose_time_is_up_are_its_401(sdk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = small("lifetimes: {keys: 0s}")
    with Emulator(scenario) as emulator:
        credentials = sts_credentials(sdk, monkeypatch, emulator, DEFAULT_ID_TOKEN)
        credentials.with_project_id(scenario.clusters[0].project_id)
        with pytest.raises(sdk.exceptions.ClientRequestException) as caught:
            listed(sdk, credentials, emulator.url, scenario)
    assert (caught.value.status_code, caught.value.error_code) == (401, "APIGW.0307")
