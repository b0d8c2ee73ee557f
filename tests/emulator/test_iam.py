"""IAM: tokens for a password or an ID token, temporary keys for a token, projects by name."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from gate.emulator.identity import DEFAULT_DOMAIN, DEFAULT_ID_TOKEN, DEFAULT_IDP_ID, DEFAULT_PASSWORD
from gate.emulator.scenario import Scenario, parse
from gate.emulator.server import Emulator

from .ground import NOON, SMALL, TOKEN, Answer, Clock, ask, key_headers, small, tasks_path

TOKENS = "/v3/auth/tokens?nocatalog=true"
ID_TOKENS = "/v3.0/OS-AUTH/id-token/tokens"
KEYS = "/v3.0/OS-CREDENTIAL/securitytokens"
NOTHING: Mapping[str, str] = {}

TWO_PROJECTS = """
version: 1
clusters:
  - {projectId: p, projectName: eu-de, clusterId: a}
  - {projectId: p, clusterId: b}
  - {projectId: q, projectName: eu-de_team, clusterId: c}
"""


def password_body(**user: object) -> dict[str, Any]:
    about = {"domain": {"name": DEFAULT_DOMAIN}, "name": "emulator", "password": DEFAULT_PASSWORD, **user}
    return {
        "auth": {
            "identity": {"methods": ["password"], "password": {"user": about}},
            "scope": {"project": {"name": "eu-de"}},
        }
    }


def scoped(scope: object) -> dict[str, Any]:
    body = password_body()
    body["auth"]["scope"] = scope
    if scope is None:
        del body["auth"]["scope"]
    return body


def get_token(emulator: Emulator, body: object = None) -> Answer:
    return ask(emulator, TOKENS, "POST", password_body() if body is None else body, NOTHING)


def exchange(emulator: Emulator, body: object = None, idp_id: str = DEFAULT_IDP_ID) -> Answer:
    asked = {"auth": {"id_token": {"id": DEFAULT_ID_TOKEN}}} if body is None else body
    return ask(emulator, ID_TOKENS, "POST", asked, {"X-Idp-Id": idp_id})


def keys_body(token: str | None, duration: object = 900) -> dict[str, Any]:
    about = {"id": token, "duration_seconds": duration}
    held = {key: value for key, value in about.items() if value is not None}
    return {"auth": {"identity": {"methods": ["token"], "token": held}}}


def token_of(answer: Answer) -> dict[str, str]:
    return {"X-Auth-Token": answer.headers["X-Subject-Token"]}


def status_of_list(emulator: Emulator, scenario: Scenario, headers: Mapping[str, str]) -> int:
    return ask(emulator, tasks_path(scenario), headers=headers).status


def test_a_password_gives_a_token_that_opens_the_project() -> None:
    scenario = small()
    clock = Clock(NOON + 0.25)
    with Emulator(scenario, clock=clock) as emulator:
        answer = get_token(emulator)
        assert status_of_list(emulator, scenario, token_of(answer)) == 200
    token = answer.json["token"]
    assert answer.status == 201
    assert token["expires_at"] == "2025-08-13T12:00:00.250000Z"
    assert token["issued_at"] == "2025-08-12T12:00:00.250000Z"
    assert token["methods"] == ["password"]
    assert token["user"]["domain"]["name"] == "emulator"
    project = scenario.clusters[0].project_id
    assert {key: token["project"][key] for key in ("id", "name")} == {"id": project, "name": "eu-de"}


@pytest.mark.parametrize(
    "wrong",
    [{"name": "other"}, {"password": "other"}, {"domain": {"name": "other"}}],
    ids=["user", "password", "domain"],
)
def test_a_wrong_user_or_password_is_iams_401(wrong: dict[str, object]) -> None:
    with Emulator(small()) as emulator:
        answer = get_token(emulator, password_body(**wrong))
    assert answer.status == 401
    assert answer.json == {
        "error": {"code": 401, "message": "The username or password is wrong.", "title": "Unauthorized"}
    }
    assert "X-Subject-Token" not in answer.headers


def test_the_account_can_be_said_in_the_scenario() -> None:
    scenario = small("iam: {domain: acme, user: ci, password: 密码, idpId: idp}")
    right = password_body(domain={"name": "acme"}, name="ci", password="密码")
    with Emulator(scenario) as emulator:
        assert get_token(emulator, right).status == 201
        assert get_token(emulator).status == 401
        assert exchange(emulator, idp_id="idp").status == 201
        assert exchange(emulator).status == 404


@pytest.mark.parametrize("scope", [{"name": "eu-de"}, {"id": "p"}, {"id": "p", "name": "eu-de"}])
def test_a_token_is_for_its_project_only(scope: dict[str, str]) -> None:
    with Emulator(parse(TWO_PROJECTS, "x.yml")) as emulator:
        headers = token_of(get_token(emulator, scoped({"project": scope})))
        own = ask(emulator, "/api/v3/projects/p/clusters", headers=headers)
        other = ask(emulator, "/api/v3/projects/q/clusters", headers=headers)
    assert own.status == 200
    assert (other.status, other.json["error_code"]) == (401, "APIGW.0301")


@pytest.mark.parametrize("scope", [{"name": "none"}, {"id": "none"}, {"id": "p", "name": "eu-de_team"}])
def test_an_unknown_project_is_refused(scope: dict[str, str]) -> None:
    with Emulator(parse(TWO_PROJECTS, "x.yml")) as emulator:
        answer = get_token(emulator, scoped({"project": scope}))
    assert (answer.status, answer.json["error"]["title"]) == (401, "Unauthorized")


@pytest.mark.parametrize("scope", [None, {"domain": {"name": "emulator"}}, {}])
def test_a_token_without_a_project_does_not_open_cce(scope: object) -> None:
    scenario = small()
    with Emulator(scenario) as emulator:
        answer = get_token(emulator, scoped(scope))
        assert "project" not in answer.json["token"]
        assert status_of_list(emulator, scenario, token_of(answer)) == 401
        assert ask(emulator, "/api/v3/addontemplates", headers=token_of(answer)).status == 401
        assert ask(emulator, "/v3/projects", headers=token_of(answer)).status == 200


def without(body: dict[str, Any], *path: str) -> dict[str, Any]:
    copied = copy.deepcopy(body)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return copied


USER = ("auth", "identity", "password", "user")
INVALID: dict[str, object] = {
    "not JSON": b"{",
    "not an object": [],
    "no auth": {},
    "no identity": without(password_body(), "auth", "identity"),
    "no methods": without(password_body(), "auth", "identity", "methods"),
    "no user": without(password_body(), *USER),
    "no domain": without(password_body(), *USER, "domain"),
    "no name": without(password_body(), *USER, "name"),
    "no password": without(password_body(), *USER, "password"),
    "a password that is no text": password_body(password=1),
    "an empty project": scoped({"project": {}}),
    "a scope that is no object": scoped("eu-de"),
}


@pytest.mark.parametrize("case", INVALID)
def test_a_token_request_that_is_not_one_is_iams_400(case: str) -> None:
    with Emulator(small()) as emulator:
        answer = get_token(emulator, INVALID[case])
    assert (answer.status, answer.json["error"]["code"]) == (400, 400)
    assert answer.json["error"]["message"].startswith("Invalid request: ")


def test_issued_tokens_end_and_those_that_stand_do_not_with_them() -> None:
    scenario = small("lifetimes: {token: 2s}")
    clock = Clock()
    with Emulator(scenario, clock=clock) as emulator:
        headers = token_of(get_token(emulator))
        clock.now += 1.9
        assert status_of_list(emulator, scenario, headers) == 200
        clock.now += 0.1
        late = ask(emulator, tasks_path(scenario), headers=headers)
        assert status_of_list(emulator, scenario, TOKEN) == 200
        assert status_of_list(emulator, scenario, token_of(get_token(emulator))) == 200
        assert ask(emulator, "/v3/projects", headers=headers).status == 401
        assert ask(emulator, KEYS, "POST", keys_body(None, None), headers).status == 401
    assert (late.status, late.json["error_code"]) == (401, "APIGW.0307")


def test_projects_are_listed_by_name() -> None:
    with Emulator(parse(TWO_PROJECTS, "x.yml")) as emulator:
        every = ask(emulator, "/v3/projects").json["projects"]
        one = ask(emulator, "/v3/projects?name=eu-de").json
        none = ask(emulator, "/v3/projects?name=cn-north-4").json
    assert [(item["id"], item["name"]) for item in every] == [("p", "eu-de"), ("q", "eu-de_team")]
    assert [item["id"] for item in one["projects"]] == ["p"]
    assert one["projects"][0]["enabled"] is True
    assert one["projects"][0]["domain_id"]
    assert none == {"projects": [], "links": {}}


def test_projects_are_listed_for_a_signature_too_but_not_for_nobody() -> None:
    target = "/v3/projects?name=eu-de"
    right = key_headers(target, "AK", "emulator-secret", None)
    with Emulator(small(), clock=Clock()) as emulator:
        assert len(ask(emulator, target, headers=right).json["projects"]) == 1
        for headers in (NOTHING, {"X-Auth-Token": "none"}, {**right, "X-Sdk-Date": "20250812T120001Z"}):
            refused = ask(emulator, target, headers=headers)
            assert (refused.status, refused.json["error"]["title"]) == (401, "Unauthorized")


def test_an_id_token_gives_a_token_that_opens_nothing_but_the_keys() -> None:
    scenario = small()
    with Emulator(scenario) as emulator:
        answer = exchange(emulator)
        assert answer.status == 201
        assert answer.json["token"]["methods"] == ["mapped"]
        assert status_of_list(emulator, scenario, token_of(answer)) == 401
        keys = ask(emulator, KEYS, "POST", keys_body(token_of(answer)["X-Auth-Token"]), NOTHING)
    assert keys.status == 201
    assert set(keys.json["credential"]) == {"access", "secret", "securitytoken", "expires_at"}


def test_an_id_token_with_a_scope_gives_a_token_for_the_project() -> None:
    scenario = small()
    body = {"auth": {"id_token": {"id": DEFAULT_ID_TOKEN}, "scope": {"project": {"name": "eu-de"}}}}
    with Emulator(scenario) as emulator:
        answer = exchange(emulator, body)
        assert status_of_list(emulator, scenario, token_of(answer)) == 200


def test_a_wrong_id_token_or_provider_is_refused() -> None:
    with Emulator(small()) as emulator:
        wrong = exchange(emulator, {"auth": {"id_token": {"id": "other"}}})
        elsewhere = exchange(emulator, idp_id="other")
        unsaid = ask(emulator, ID_TOKENS, "POST", {"auth": {"id_token": {"id": DEFAULT_ID_TOKEN}}}, NOTHING)
        invalid = exchange(emulator, {"auth": {}})
    statuses = [answer.status for answer in (wrong, elsewhere, unsaid, invalid)]
    assert statuses == [401, 404, 404, 400]


def keys_for(emulator: Emulator, target: str, now: float, duration: int = 900) -> dict[str, str]:
    """The headers of a GET that is signed with keys which were just given out."""
    given = ask(emulator, KEYS, "POST", keys_body(None, duration), TOKEN).json["credential"]
    return key_headers(target, given["access"], given["secret"], given["securitytoken"], now)


def test_keys_for_a_token_sign_until_their_time_is_up() -> None:
    scenario = small()
    path = tasks_path(scenario)
    clock = Clock()
    with Emulator(scenario, clock=clock) as emulator:
        given = ask(emulator, KEYS, "POST", keys_body("emulator-token", 900), NOTHING).json["credential"]
        assert given["expires_at"] == "2025-08-12T12:15:00.000000Z"
        headers = key_headers(path, given["access"], given["secret"], given["securitytoken"])
        assert status_of_list(emulator, scenario, headers) == 200
        clock.now += 900
        late = key_headers(path, given["access"], given["secret"], given["securitytoken"], clock.now)
        refused = ask(emulator, path, headers=late)
    assert (refused.status, refused.json["error_code"]) == (401, "APIGW.0307")


def test_the_scenario_does_not_make_keys_live_longer_than_was_asked() -> None:
    with Emulator(small("lifetimes: {keys: 2h}"), clock=Clock()) as emulator:
        given = ask(emulator, KEYS, "POST", keys_body(None, 3600), TOKEN).json["credential"]
    assert given["expires_at"] == "2025-08-12T13:00:00.000000Z"


def test_the_scenario_can_make_keys_live_shorter_than_was_asked() -> None:
    scenario = small("lifetimes: {keys: 2s}")
    clock = Clock()
    with Emulator(scenario, clock=clock) as emulator:
        headers = keys_for(emulator, tasks_path(scenario), clock.now)
        assert status_of_list(emulator, scenario, headers) == 200
        clock.now += 2
        assert status_of_list(emulator, scenario, headers) == 401


@pytest.mark.parametrize("duration", [899, 86401, "900", 900.0, True])
def test_keys_live_from_a_quarter_of_an_hour_to_a_day(duration: object) -> None:
    with Emulator(small()) as emulator:
        assert ask(emulator, KEYS, "POST", keys_body(None, duration), TOKEN).status == 400
        assert ask(emulator, KEYS, "POST", keys_body(None, 86400), TOKEN).status == 201


def test_keys_need_a_token_that_was_given_out() -> None:
    with Emulator(small()) as emulator:
        answers = [
            ask(emulator, KEYS, "POST", keys_body("other"), NOTHING),
            ask(emulator, KEYS, "POST", keys_body(None), NOTHING),
            ask(emulator, KEYS, "POST", keys_body("other"), TOKEN),
        ]
    assert [answer.status for answer in answers] == [401, 401, 401]


def test_keys_are_given_by_the_method_token_only() -> None:
    body = keys_body("emulator-token")
    body["auth"]["identity"]["methods"] = ["assume_role"]
    with Emulator(small()) as emulator:
        assert ask(emulator, KEYS, "POST", body, NOTHING).status == 400


def test_the_body_of_a_key_request_may_leave_the_token_to_the_header() -> None:
    bare = {"auth": {"identity": {"methods": ["token"]}}}
    with Emulator(small()) as emulator:
        assert ask(emulator, KEYS, "POST", bare, TOKEN).status == 201


def test_what_is_given_out_differs_each_time_and_repeats_with_its_source() -> None:
    def given(emulator: Emulator) -> list[str]:
        values = []
        for _ in range(2):
            values.append(get_token(emulator).headers["X-Subject-Token"])
            values += ask(emulator, KEYS, "POST", keys_body(None), TOKEN).json["credential"].values()
        return values

    def counting() -> Any:
        count = iter(range(1000))
        return lambda size: next(count).to_bytes(size, "big")

    with (
        Emulator(small(), clock=Clock(), random_bytes=counting()) as one,
        Emulator(small(), clock=Clock(), random_bytes=counting()) as same,
        Emulator(small(), clock=Clock()) as other,
    ):
        first, again, different = given(one), given(same), given(other)
    assert first == again
    moments = {value for value in first if value.startswith("2025-")}
    assert len(set(first)) == len(first) - 1
    assert set(first) & set(different) == moments


def test_a_project_without_a_name_has_that_of_a_region() -> None:
    assert [project.name for project in parse(SMALL, "x.yml").projects] == ["eu-de"]
