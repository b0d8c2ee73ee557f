"""Tokens and signatures, checked as the gateway of the real cloud checks them."""

from __future__ import annotations

import json
import os

import pytest

from gate.emulator.auth import Gatekeeper, Refused, canonical_request, signature
from gate.emulator.exchange import Headers, Received
from gate.emulator.issued import EVERYWHERE, NOWHERE, Issued, Key, Reach, Token
from gate.emulator.server import Emulator

from .ground import NOON, Clock, ask, signed, small, stamp, tasks_path


def changed(request: Received, **parts: object) -> Received:
    target = f"{request.path}?{request.raw_query}" if request.raw_query else request.path
    return Received.of(
        str(parts.get("method", request.method)),
        str(parts.get("target", target)),
        Headers({**request.headers, **parts.get("headers", {})}.items()),  # type: ignore[dict-item]
        parts.get("body", request.body),  # type: ignore[arg-type]
    )


def gatekeeper(clock: Clock | None = None, token_ends: float | None = None) -> Gatekeeper:
    turned = clock or Clock()
    issued = Issued(turned, os.urandom)
    issued.keep(Token("emulator-token", EVERYWHERE, token_ends))
    return Gatekeeper(issued, turned)


def refusal(keeper: Gatekeeper, request: Received) -> Refused:
    with pytest.raises(Refused) as caught:
        keeper.admit(request)
    return caught.value


def test_the_vendors_vector_gives_the_vendors_signature() -> None:
    request = Received.of(
        "GET",
        "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
        Headers(
            [
                ("Host", "service.region.example.com"),
                ("Content-Type", "application/json"),
                ("X-Sdk-Date", "20191115T033655Z"),
            ]
        ),
    )
    canonical = canonical_request(request, ["content-type", "host", "x-sdk-date"])
    made = signature(canonical, "20191115T033655Z", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc")
    assert made == "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"


def test_everything_but_unreserved_characters_is_encoded_and_the_query_is_sorted() -> None:
    request = Received.of("get", "/a%20b/~c?z=1&a=%2F%20x&a=%2B", Headers([("A", " ü ")]))
    assert canonical_request(request, ["a"]).splitlines()[:3] == [
        "GET",
        "/a%20b/~c/",
        "a=%2B&a=%2F%20x&z=1",
    ]


def test_a_right_signature_is_let_in() -> None:
    gatekeeper().admit(signed())
    gatekeeper().admit(signed(method="POST", body=b'{"a": 1}'))
    gatekeeper().admit(signed(extra={"X-Project-Id": "p", "X-Security-Token": "s"}))


@pytest.mark.parametrize(
    "change",
    [
        {"method": "POST"},
        {"target": "/api/v3/addons?cluster_id=b"},
        {"target": "/api/v3/addontemplates?cluster_id=a"},
        {"body": b"x"},
        {"headers": {"Host": "elsewhere"}},
    ],
)
def test_what_was_signed_cannot_be_changed(change: dict[str, object]) -> None:
    refused = refusal(gatekeeper(), changed(signed(), **change))
    assert refused.code == "APIGW.0301"
    assert "verify aksk signature fail" in refused.message


def test_a_wrong_secret_is_refused() -> None:
    assert "verify aksk signature fail" in refusal(gatekeeper(), signed(secret="other")).message


@pytest.mark.parametrize("name", ["X-Sdk-Date", "X-Project-Id", "X-Security-Token"])
def test_headers_that_say_who_and_when_must_be_signed(name: str) -> None:
    extra = {"X-Project-Id": "p", "X-Security-Token": "s"}
    refused = refusal(gatekeeper(), signed(extra=extra, unsigned=(name,)))
    assert f"{name.lower()} is not signed" in refused.message


def test_a_header_that_is_said_to_be_signed_must_be_there() -> None:
    request = signed(extra={"X-Project-Id": "p"})
    without = Headers((name, value) for name, value in request.headers.items() if name != "X-Project-Id")
    refused = refusal(gatekeeper(), Received.of("GET", "/api/v3/addons?cluster_id=a", without))
    assert "x-project-id is missing" in refused.message


@pytest.mark.parametrize("skew", [-900, 900])
def test_a_clock_that_is_fifteen_minutes_off_is_let_in(skew: int) -> None:
    gatekeeper().admit(signed(date=stamp(NOON + skew)))


@pytest.mark.parametrize("skew", [-901, 901])
def test_a_clock_that_is_further_off_is_not(skew: int) -> None:
    assert "signature expired" in refusal(gatekeeper(), signed(date=stamp(NOON + skew))).message


@pytest.mark.parametrize("date", ["", "yesterday", "2019-11-15T03:36:55Z"])
def test_a_date_that_is_none_is_refused(date: str) -> None:
    assert "x-sdk-date" in refusal(gatekeeper(), signed(date=date)).message


@pytest.mark.parametrize("written", ["", "Basic YTpi", "SDK-HMAC-SHA256 Access=a", "SDK-HMAC-SM3 Access=a"])
def test_another_authorization_is_refused(written: str) -> None:
    request = changed(signed(), headers={"Authorization": written})
    assert "Incorrect IAM authentication information" in refusal(gatekeeper(), request).message


def test_five_failures_in_a_row_lock_the_access_key_for_five_minutes() -> None:
    clock = Clock()
    keeper = gatekeeper(clock)
    for _ in range(5):
        assert "verify aksk" in refusal(keeper, signed(secret="other")).message
    assert "AK access failed to reach the limit" in refusal(keeper, signed()).message
    keeper.admit(signed(access="ANOTHER"))
    clock.now += 299
    assert "limit" in refusal(keeper, signed()).message
    clock.now += 1
    keeper.admit(signed())


def test_a_success_in_between_starts_the_count_anew() -> None:
    keeper = gatekeeper()
    for _ in range(3):
        for _ in range(4):
            refusal(keeper, signed(secret="other"))
        keeper.admit(signed())


def test_a_body_may_change_only_where_the_signature_leaves_it_out() -> None:
    unsigned = {"X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"}
    keeper = gatekeeper()
    request = signed(method="POST", body=b"a", extra=unsigned)
    keeper.admit(request)
    keeper.admit(changed(request, body=b"b"))
    plain = signed(method="POST", body=b"a")
    refusal(keeper, changed(plain, body=b"b", headers=unsigned))


def test_the_right_token_is_let_in_and_others_are_not() -> None:
    keeper = gatekeeper()
    keeper.admit(Received.of("GET", "/", Headers([("x-auth-token", "emulator-token")])))
    for wrong in ("", "emulator-tokem", "Emulator-token", "é"):
        refused = refusal(keeper, Received.of("GET", "/", Headers([("X-Auth-Token", wrong)])))
        assert "decrypt token fail" in refused.message


def test_a_token_whose_time_is_up_must_be_updated() -> None:
    clock = Clock()
    keeper = gatekeeper(clock, token_ends=NOON + 10)
    request = Received.of("GET", "/", Headers([("X-Auth-Token", "emulator-token")]))
    keeper.admit(request)
    clock.now += 10
    assert refusal(keeper, request).code == "APIGW.0307"


def with_key(lifetime: float = 10.0) -> tuple[Gatekeeper, Clock, Key]:
    clock = Clock()
    issued = Issued(clock, os.urandom)
    return Gatekeeper(issued, clock), clock, issued.new_key(lifetime)


def signed_with(key: Key, secret: str | None = None, security_token: str | None = None) -> Received:
    token = {"X-Security-Token": key.security_token if security_token is None else security_token}
    return signed(access=key.access, secret=secret or key.secret, extra=token)


def test_a_temporary_key_signs_with_its_own_secret_only() -> None:
    keeper, _, key = with_key()
    assert keeper.admit(signed_with(key)) == EVERYWHERE
    assert "verify aksk" in refusal(keeper, signed_with(key, secret="emulator-secret")).message


def test_a_temporary_key_is_nothing_without_its_security_token() -> None:
    keeper, _, key = with_key()
    without = signed(access=key.access, secret=key.secret)
    unsigned = signed(
        access=key.access,
        secret=key.secret,
        extra={"X-Security-Token": key.security_token},
        unsigned=("X-Security-Token",),
    )
    assert "security token" in refusal(keeper, without).message
    assert "security token" in refusal(keeper, signed_with(key, security_token="another")).message
    assert "x-security-token is not signed" in refusal(keeper, unsigned).message


def test_the_security_token_of_another_key_does_not_help() -> None:
    clock = Clock()
    issued = Issued(clock, os.urandom)
    one, other = issued.new_key(10), issued.new_key(10)
    keeper = Gatekeeper(issued, clock)
    refusal(keeper, signed_with(one, security_token=other.security_token))


def test_a_temporary_key_whose_time_is_up_must_be_updated() -> None:
    keeper, clock, key = with_key(lifetime=2)
    clock.now += 1.999
    keeper.admit(signed_with(key))
    clock.now += 0.001
    assert refusal(keeper, signed_with(key)).code == "APIGW.0307"


def test_temporary_keys_are_locked_like_others() -> None:
    keeper, _, key = with_key()
    for _ in range(5):
        refusal(keeper, signed_with(key, secret="other"))
    assert "limit" in refusal(keeper, signed_with(key)).message


@pytest.mark.parametrize("reach", [EVERYWHERE, NOWHERE, Reach(frozenset({"p"}))])
def test_a_token_opens_what_it_was_given_for(reach: Reach) -> None:
    clock = Clock()
    issued = Issued(clock, os.urandom)
    token = issued.new_token(10, reach)
    headers = Headers([("X-Auth-Token", token.value)])
    assert Gatekeeper(issued, clock).admit(Received.of("GET", "/", headers)) == reach


def test_a_reach_covers_its_projects() -> None:
    one = Reach(frozenset({"p"}))
    assert (one.covers("p"), one.covers("q"), one.covers(None)) == (True, False, True)
    assert (EVERYWHERE.covers("q"), EVERYWHERE.covers(None)) == (True, True)
    assert (NOWHERE.covers("q"), NOWHERE.covers(None)) == (False, False)


def test_without_credentials_the_answer_is_the_gateways_401() -> None:
    scenario = small("tokenLifetime: 1m")
    clock = Clock()
    with Emulator(scenario, clock=clock) as emulator:
        answer = ask(emulator, tasks_path(scenario), headers={})
        assert ask(emulator, tasks_path(scenario)).status == 200
        clock.now += 60
        late = ask(emulator, tasks_path(scenario))
    assert answer.status == 401
    assert answer.json == {
        "error_msg": "Incorrect IAM authentication information: x-auth-token not found",
        "error_code": "APIGW.0301",
        "request_id": answer.headers["X-Request-Id"],
    }
    assert (late.status, json.loads(late.body)["error_code"]) == (401, "APIGW.0307")
