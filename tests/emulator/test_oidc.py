"""From GitHub's request token to an ID token, and with STS to temporary keys."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from gate.emulator.identity import (
    DEFAULT_AGENCY_URN,
    DEFAULT_ID_TOKEN,
    DEFAULT_IDP_ID,
    DEFAULT_PROVIDER_URN,
    DEFAULT_REQUEST_TOKEN,
)
from gate.emulator.server import Emulator

from .ground import Answer, Clock, ask, key_headers, small, tasks_path

ASSUME = "/v5/agencies/assume-with-oidc"
GITHUB = "/github/oidc"
BEARER = {"Authorization": f"bearer {DEFAULT_REQUEST_TOKEN}"}


def asked(**changes: object) -> dict[str, Any]:
    """A right request, changed (None takes a key out)."""
    body: dict[str, object] = {
        "provider_urn": DEFAULT_PROVIDER_URN,
        "agency_urn": DEFAULT_AGENCY_URN,
        "agency_session_name": "gate",
        "id_token": DEFAULT_ID_TOKEN,
        "duration_seconds": 3600,
        **changes,
    }
    return {key: value for key, value in body.items() if value is not None}


def assume(emulator: Emulator, **changes: object) -> Answer:
    return ask(emulator, ASSUME, "POST", asked(**changes), {})


def test_an_id_token_gives_keys_that_sign() -> None:
    scenario = small()
    path = tasks_path(scenario)
    with Emulator(scenario, clock=Clock()) as emulator:
        answer = assume(emulator)
        keys = answer.json["credentials"]
        headers = key_headers(path, keys["access_key_id"], keys["secret_access_key"], keys["security_token"])
        assert ask(emulator, path, headers=headers).status == 200
    assert answer.status == 200
    assert keys["expiration"] == "2025-08-12T13:00:00.000Z"
    assert set(keys) == {"access_key_id", "secret_access_key", "security_token", "expiration"}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"id_token": "other"}, 401, "STS5.0401"),
        ({"agency_urn": "other"}, 404, "STS5.1106"),
        ({"provider_urn": "other"}, 404, "STS5.0404"),
        ({"provider_urn": None}, 400, "STS5.0400"),
        ({"agency_urn": None}, 400, "STS5.0400"),
        ({"agency_session_name": None}, 400, "STS5.0400"),
        ({"id_token": None}, 400, "STS5.0400"),
        ({"duration_seconds": 899}, 400, "STS5.0400"),
        ({"duration_seconds": 43201}, 400, "STS5.0400"),
        ({"duration_seconds": "3600"}, 400, "STS5.0400"),
    ],
)
def test_sts_refuses_in_its_own_dialect(change: dict[str, object], status: int, code: str) -> None:
    with Emulator(small()) as emulator:
        answer = assume(emulator, **change)
    assert (answer.status, answer.json["error_code"]) == (status, code)
    assert answer.json["error_msg"]
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("duration", [900, 43200, None])
def test_keys_live_from_a_quarter_of_an_hour_to_half_a_day(duration: int | None) -> None:
    with Emulator(small()) as emulator:
        assert assume(emulator, duration_seconds=duration).status == 200


def test_keys_of_sts_live_as_the_scenario_says() -> None:
    scenario = small("lifetimes: {keys: 2s}")
    path = tasks_path(scenario)
    clock = Clock()
    with Emulator(scenario, clock=clock) as emulator:
        keys = assume(emulator).json["credentials"]
        headers = key_headers(path, keys["access_key_id"], keys["secret_access_key"], keys["security_token"])
        clock.now += 2
        late = ask(emulator, path, headers=headers)
    assert keys["expiration"] == "2025-08-12T12:00:02.000Z"
    assert (late.status, late.json["error_code"]) == (401, "APIGW.0307")


def test_provider_agency_and_id_token_can_be_said_in_the_scenario() -> None:
    scenario = small("oidc: {providerUrn: a, agencyUrn: b, idToken: c, requestToken: d}")
    with Emulator(scenario) as emulator:
        assert assume(emulator, provider_urn="a", agency_urn="b", id_token="c").status == 200
        assert assume(emulator, provider_urn="a", agency_urn="b").status == 401
        assert ask(emulator, GITHUB, headers={"Authorization": "Bearer d"}).status == 200


def claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return decoded


@pytest.mark.parametrize(
    ("query", "audience"),
    [("", "https://github.com/emulator"), ("?audience=https%3A%2F%2Facme%20x", "https://acme x")],
)
def test_github_gives_an_id_token_for_the_audience(query: str, audience: str) -> None:
    with Emulator(small(), clock=Clock()) as emulator:
        answer = ask(emulator, GITHUB + query, headers=BEARER)
    token = answer.json["value"]
    assert answer.json["count"] == len(token)
    assert token.count(".") == 2
    assert claims(token)["aud"] == audience


def test_githubs_id_token_is_taken_by_sts_and_by_iam_until_its_time_is_up() -> None:
    clock = Clock()
    with Emulator(small("lifetimes: {idToken: 1m}"), clock=clock) as emulator:
        token = ask(emulator, GITHUB, headers=BEARER).json["value"]
        body = {"auth": {"id_token": {"id": token}}}

        def statuses() -> list[int]:
            old = ask(emulator, "/v3.0/OS-AUTH/id-token/tokens", "POST", body, {"X-Idp-Id": DEFAULT_IDP_ID})
            return [assume(emulator, id_token=token).status, old.status]

        assert statuses() == [200, 201]
        clock.now += 60
        assert statuses() == [401, 401]
        assert assume(emulator).status == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "bearer other"}, {"Authorization": DEFAULT_REQUEST_TOKEN}]
)
def test_github_gives_nothing_without_the_request_token(headers: Mapping[str, str]) -> None:
    with Emulator(small()) as emulator:
        answer = ask(emulator, GITHUB, headers=headers)
    assert answer.status == 401
    assert "value" not in answer.json
