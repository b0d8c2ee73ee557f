"""Every kind of fault, as it is seen on the socket."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time

import pytest

from gate.emulator.error_bodies import DIALECTS
from gate.emulator.faults import FaultPlan
from gate.emulator.scenario import Scenario
from gate.emulator.server import Emulator

from .ground import TOKEN, Answer, ask, connect, create_body, create_path, over, raw, small, tasks_path


def with_fault(fault: str) -> Scenario:
    return small(f"faults: [{{on: list, {fault}}}]\n")


def request_to(scenario: Scenario) -> bytes:
    head = (
        f"GET {tasks_path(scenario)} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Auth-Token: {TOKEN['X-Auth-Token']}\r\n"
    )
    return f"{head}\r\n".encode()


def first_answer(fault: str) -> Answer:
    scenario = with_fault(fault)
    with Emulator(scenario) as emulator:
        return ask(emulator, tasks_path(scenario))


BODIES = {
    "cce": {"errorCode": "X.1", "errorMessage": "no"},
    "cce-snake": {
        "code": 409,
        "error_code": "X.1",
        "error_msg": "no",
        "message": "no",
        "reason": "Conflict",
    },
    "gateway": {"error_code": "X.1", "error_msg": "no", "request_id": "ID"},
    "iam-numeric": {"error": {"code": 409, "message": "no", "title": "Conflict"}},
    "iam-text": {"error": {"code": "X.1", "message": "no", "title": "Conflict"}},
    "iam-code": {"error_code": "X.1", "error_msg": "no", "request_id": "ID"},
}


@pytest.mark.parametrize("dialect", BODIES)
def test_an_error_is_told_in_its_dialect(dialect: str) -> None:
    answer = first_answer(f"kind: status, status: 409, dialect: {dialect}, code: X.1, message: 'no'")
    told = json.loads(answer.body.replace(answer.headers["X-Request-Id"].encode(), b"ID"))
    assert answer.status == 409
    assert told == BODIES[dialect]


def test_every_dialect_is_covered_here() -> None:
    assert {*BODIES, "html", "empty"} == set(DIALECTS)


def test_an_error_may_be_a_page_or_nothing() -> None:
    page = first_answer("kind: status, status: 503, dialect: html")
    nothing = first_answer("kind: status, status: 502, dialect: empty")
    assert (page.status, page.headers["Content-Type"]) == (503, "text/html")
    assert b"<h1>503 Service Unavailable</h1>" in page.body
    assert (nothing.status, nothing.body) == (502, b"")


@pytest.mark.parametrize("written", ["1", "'Wed, 21 Oct 2026 07:28:00 GMT'"])
def test_an_error_may_say_when_to_come_back(written: str) -> None:
    answer = first_answer(f"kind: status, status: 429, dialect: gateway, retryAfter: {written}")
    assert answer.headers["Retry-After"] == written.strip("'")
    assert answer.json["error_code"] == "APIGW.0308"


def test_an_odd_status_is_answered_too() -> None:
    assert first_answer("kind: status, status: 494").status == 494


def test_html_is_a_200_that_is_not_the_apis() -> None:
    answer = first_answer("kind: html")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html")
    assert answer.body.startswith(b"<html>")


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_names_its_location(status: int) -> None:
    answer = first_answer(f"kind: redirect, status: {status}, location: 'http://127.0.0.1:9/'")
    assert (answer.status, answer.headers["Location"]) == (status, "http://127.0.0.1:9/")


def test_a_literal_body_is_sent_as_it_stands() -> None:
    answer = first_answer("kind: body, status: 206, contentType: text/plain, body: '{\"a\": NaN} 是'")
    assert (answer.status, answer.headers["Content-Type"]) == (206, "text/plain")
    assert answer.body.decode() == '{"a": NaN} 是'


def test_a_reset_comes_before_any_byte() -> None:
    scenario = with_fault("kind: reset")
    with Emulator(scenario) as emulator, raw(emulator, request_to(scenario)) as connection:
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
        assert ask(emulator, tasks_path(scenario)).status == 200


def test_a_close_is_an_orderly_end_without_an_answer() -> None:
    scenario = with_fault("kind: close")
    with Emulator(scenario) as emulator, raw(emulator, request_to(scenario)) as connection:
        assert connection.recv(1) == b""


def test_a_hang_takes_the_request_and_says_nothing_until_the_stop() -> None:
    scenario = with_fault("kind: hang")
    emulator = Emulator(scenario)
    with emulator, raw(emulator, request_to(scenario), timeout=0.2) as connection:
        with pytest.raises(TimeoutError):
            connection.recv(1)
        assert len(emulator.requests) == 1
        assert ask(emulator, tasks_path(scenario)).status == 200
        emulator.stop()
        assert connection.recv(1) == b""


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_drip_sends_the_true_answer_byte_by_byte(part: str) -> None:
    scenario = with_fault(f"kind: drip, part: {part}, interval: 0")
    with Emulator(scenario) as emulator:
        slow, quick = ask(emulator, tasks_path(scenario)), ask(emulator, tasks_path(scenario))
    assert slow.json == quick.json


@pytest.mark.parametrize(("part", "begins"), [("headers", b"H"), ("body", b"HTTP/1.1 200 OK\r\n")])
def test_a_drip_is_slow_from_where_it_says(part: str, begins: bytes) -> None:
    scenario = with_fault(f"kind: drip, part: {part}, interval: 50ms")
    with Emulator(scenario) as emulator, raw(emulator, request_to(scenario), timeout=2) as connection:
        got = connection.recv(4096)
        assert got.startswith(begins)
        assert b"AddonCheck" not in got
        assert len(got) <= 2 or part == "body"
        assert len(connection.recv(4096)) <= 2


def test_a_truncated_answer_promises_more_than_it_sends() -> None:
    scenario = with_fault("kind: truncate")
    with Emulator(scenario) as emulator:
        connection = connect(emulator)
        with pytest.raises(http.client.IncompleteRead) as caught:
            over(connection, tasks_path(scenario))
        connection.close()
    assert caught.value.partial.startswith(b'{"kind": "AddonCheck"')


def test_the_nth_request_of_the_call_goes_wrong_and_the_others_do_not() -> None:
    scenario = with_fault("kind: status, status: 500, nth: 2, times: 2")
    with Emulator(scenario) as emulator:
        ask(emulator, "/api/v3/addontemplates")
        seen = [ask(emulator, tasks_path(scenario)).status for _ in range(5)]
    assert seen == [200, 500, 500, 200, 200]


def test_a_fault_for_ever_does_not_end() -> None:
    plan = FaultPlan(with_fault("kind: reset, times: forever").faults)
    assert all(plan.next("list") is not None for _ in range(50))
    assert plan.next("create") is None


def test_a_fault_on_any_call_counts_every_request() -> None:
    plan = FaultPlan(small("faults: [{on: any, kind: reset, nth: 2}]").faults)
    assert [plan.next(call) is not None for call in ("list", "create", "list")] == [
        False,
        True,
        False,
    ]


def test_of_two_faults_for_one_request_the_first_happens() -> None:
    plan = FaultPlan(small("faults: [{on: list, kind: close}, {on: any, kind: reset, times: 2}]").faults)
    kinds = [type(fault.kind).__name__ for fault in (plan.next("list"), plan.next("list")) if fault]
    assert kinds == ["Close", "Reset"]


@pytest.mark.parametrize(("worked", "tasks"), [("true", 2), ("false", 1)])
@pytest.mark.parametrize("kind", ["close", "status, status: 504, dialect: html", "html"])
def test_a_creation_may_have_worked_although_its_answer_failed(worked: str, tasks: int, kind: str) -> None:
    scenario = small(f"faults: [{{on: create, worked: {worked}, kind: {kind}}}]")
    with Emulator(scenario) as emulator:
        try:
            assert ask(emulator, create_path(scenario), "POST", create_body(scenario)).status != 201
        except http.client.RemoteDisconnected:
            assert kind == "close"
        assert len(ask(emulator, tasks_path(scenario)).json["items"]) == tasks


@pytest.mark.parametrize("fault", ["kind: hang", "kind: drip, interval: 10s", "kind: drip, interval: 1ms"])
def test_a_stop_is_quick_while_an_exchange_is_under_way(fault: str) -> None:
    scenario = with_fault(fault)
    emulator = Emulator(scenario)
    emulator.start()
    with raw(emulator, request_to(scenario)) as connection:
        deadline = time.monotonic() + 2
        while not emulator.requests and time.monotonic() < deadline:
            time.sleep(0.005)
        before = time.monotonic()
        emulator.stop()
        emulator.stop()
        assert time.monotonic() - before < 0.5
        connection.settimeout(1)
        while connection.recv(65536):
            pass


def test_a_client_that_goes_away_does_not_disturb_the_others(capfd: pytest.CaptureFixture[str]) -> None:
    scenario = with_fault("kind: drip, interval: 1ms")
    with Emulator(scenario) as emulator:
        with raw(emulator, request_to(scenario)) as connection:
            connection.recv(1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        assert ask(emulator, tasks_path(scenario)).status == 200
    assert capfd.readouterr() == ("", "")
    assert not [thread for thread in threading.enumerate() if "process_request" in thread.name]
