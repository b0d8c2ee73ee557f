"""Tokens and signatures, checked as the gateway of the real cloud checks them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from gate.emulator.auth import Gatekeeper, Refused, canonical_request, signature
from gate.emulator.exchange import Headers, Received
from gate.emulator.server import Emulator

from .ground import NOON, Clock, ask, small, tasks_path

SECRET = "emulator-secret"


def stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y%m%dT%H%M%SZ")


def signed(
    target: str = "/api/v3/addons?cluster_id=a",
    method: str = "GET",
    body: bytes = b"",
    secret: str = SECRET,
    access: str = "AK",
    date: str = stamp(NOON),
    extra: dict[str, str] | None = None,
    unsigned: tuple[str, ...] = (),
) -> Received:
    headers = {"Host": "127.0.0.1", "X-Sdk-Date": date, **(extra or {})}
    names = sorted(name.lower() for name in headers if name not in unsigned)
    request = Received.of(method, target, Headers(headers.items()), body)
    made = signature(canonical_request(request, names), date, secret)
    headers["Authorization"] = (
        f"SDK-HMAC-SHA256 Access={access}, SignedHeaders={';'.join(names)}, Signature={made}"
    )
    return Received.of(method, target, Headers(headers.items()), body)


def changed(request: Received, **parts: object) -> Received:
    target = f"{request.path}?{request.raw_query}" if request.raw_query else request.path
    return Received.of(
        str(parts.get("method", request.method)),
        str(parts.get("target", target)),
        Headers({**request.headers, **parts.get("headers", {})}.items()),  # type: ignore[dict-item]
        parts.get("body", request.body),  # type: ignore[arg-type]
    )


def gatekeeper(clock: Clock | None = None, token_ends: float | None = None) -> Gatekeeper:
    return Gatekeeper("emulator-token", token_ends, clock or Clock())


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
