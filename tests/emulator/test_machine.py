"""The metadata service of an ECS, in each of the ways in which it may be set up."""

from __future__ import annotations

import pytest

from gate.emulator.server import Emulator

from .ground import Answer, Clock, ask, key_headers, small, tasks_path

TOKEN_PATH = "/meta-data/latest/api/token"
KEY_PATH = "/openstack/latest/securitykey"


def get_token(emulator: Emulator, ttl: str = "21600") -> Answer:
    return ask(emulator, TOKEN_PATH, "PUT", headers={"X-Metadata-Token-Ttl-Seconds": ttl})


def get_key(emulator: Emulator, token: str | None = None) -> Answer:
    return ask(emulator, KEY_PATH, headers={} if token is None else {"X-Metadata-Token": token})


def test_a_metadata_token_gives_keys_that_sign() -> None:
    scenario = small()
    path = tasks_path(scenario)
    with Emulator(scenario, clock=Clock()) as emulator:
        token = get_token(emulator)
        assert (token.status, token.headers["Content-Type"]) == (200, "text/plain")
        given = get_key(emulator, token.body.decode()).json["credential"]
        headers = key_headers(path, given["access"], given["secret"], given["securitytoken"])
        assert ask(emulator, path, headers=headers).status == 200
    assert given["expires_at"] == "2025-08-12T13:00:00.000000Z"


@pytest.mark.parametrize("token", [None, "", "other", "emulator-token", "emulator-id-token"])
def test_keys_need_a_metadata_token(token: str | None) -> None:
    with Emulator(small()) as emulator:
        assert get_key(emulator, token).status == 401


def test_a_metadata_token_lives_as_long_as_was_asked() -> None:
    clock = Clock()
    with Emulator(small(), clock=clock) as emulator:
        token = get_token(emulator, "60").body.decode()
        clock.now += 59
        assert get_key(emulator, token).status == 200
        clock.now += 1
        assert get_key(emulator, token).status == 401


def test_a_metadata_token_is_none_of_iam() -> None:
    scenario = small()
    with Emulator(scenario) as emulator:
        token = get_token(emulator).body.decode()
        assert ask(emulator, tasks_path(scenario), headers={"X-Auth-Token": token}).status == 401


@pytest.mark.parametrize("ttl", ["", "0", "21601", "-1", "soon", "¹", "9" * 5000])
def test_a_metadata_token_lives_six_hours_at_most(ttl: str) -> None:
    with Emulator(small()) as emulator:
        assert get_token(emulator, ttl).status == 400


@pytest.mark.parametrize("status", [404, 405, 503])
def test_where_there_are_no_metadata_tokens_keys_come_without_one(status: int) -> None:
    with Emulator(small(f"metadata: noToken{status}")) as emulator:
        assert get_token(emulator).status == status
        assert get_key(emulator).status == 200


def test_a_server_without_an_agency_has_no_keys_and_says_so() -> None:
    with Emulator(small("metadata: noAgency")) as emulator:
        refused = get_key(emulator, get_token(emulator).body.decode())
    assert refused.status == 401
    assert b"Please configure Cloud Service Agency first" in refused.body


def test_without_the_service_there_are_no_such_calls() -> None:
    with Emulator(small("metadata: off")) as emulator:
        answers = [get_token(emulator), get_key(emulator)]
    assert [(one.status, one.json["error_code"]) for one in answers] == [(404, "APIGW.0101")] * 2


def test_keys_of_the_metadata_service_live_as_the_scenario_says() -> None:
    scenario = small("metadata: noToken404\nlifetimes: {keys: 2s}")
    with Emulator(scenario, clock=Clock()) as emulator:
        assert get_key(emulator).json["credential"]["expires_at"] == "2025-08-12T12:00:02.000000Z"
