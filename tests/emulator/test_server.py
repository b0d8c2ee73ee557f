"""The socket side: loopback only, keep-alive, requests on record, a quick end."""

from __future__ import annotations

import socket
import time

import pytest

from gate.emulator.server import Emulator
from gate.errors import UsageError

from .ground import TOKEN, Clock, ask, connect, over, port_of, raw, small, tasks_path


def test_it_answers_on_a_free_port_of_the_loopback_address() -> None:
    scenario = small()
    with Emulator(scenario) as emulator:
        assert emulator.url == f"http://127.0.0.1:{port_of(emulator)}"
        assert ask(emulator, tasks_path(scenario)).status == 200


def test_one_connection_serves_many_requests_without_delay() -> None:
    scenario = small()
    with Emulator(scenario) as emulator:
        connection = connect(emulator)
        before = time.monotonic()
        ids = {over(connection, tasks_path(scenario)).headers["X-Request-Id"] for _ in range(50)}
        assert time.monotonic() - before < 1
        connection.close()
    assert len(ids) == 50


def test_what_was_asked_is_on_record_in_order() -> None:
    scenario = small()
    with Emulator(scenario) as emulator:
        ask(emulator, f"{tasks_path(scenario)}?type=addonUpgrade&task_id=a%20b")
        ask(emulator, "/nowhere", "POST", b"\xff")
        first, second = emulator.requests
    assert (first.method, first.path) == ("GET", tasks_path(scenario))
    assert first.query == {"type": "addonUpgrade", "task_id": "a b"}
    assert first.headers["x-auth-token"] == first.headers["X-Auth-Token"] == TOKEN["X-Auth-Token"]
    assert (second.method, second.path, second.body) == ("POST", "/nowhere", b"\xff")
    assert emulator.requests == (first, second)


def test_the_date_header_follows_the_clock() -> None:
    with Emulator(small(), clock=Clock()) as emulator:
        assert ask(emulator, "/").headers["Date"] == "Tue, 12 Aug 2025 12:00:00 GMT"


def test_a_port_that_is_taken_is_a_usage_error() -> None:
    with Emulator(small()) as emulator, pytest.raises(UsageError, match="cannot listen on 127"):
        Emulator(small(), port=port_of(emulator)).start()


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_is_a_usage_error(port: int) -> None:
    with pytest.raises(UsageError, match="cannot listen"):
        Emulator(small(), port=port).start()


def test_a_stop_is_quick_frees_the_port_and_may_come_twice_or_before_the_start() -> None:
    emulator = Emulator(small())
    emulator.stop()
    with emulator:
        port = port_of(emulator)
        idle = raw(emulator, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert idle.recv(4096).startswith(b"HTTP/1.1 404")
        before = time.monotonic()
        emulator.stop()
        assert time.monotonic() - before < 0.5
        assert idle.recv(1) == b""
        idle.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)
    with Emulator(small(), port=port) as again:
        assert port_of(again) == port


def test_two_emulators_are_two_clouds() -> None:
    scenario = small("faults: [{on: list, kind: status, status: 500}]")
    with Emulator(scenario) as one, Emulator(scenario) as other:
        assert [ask(emulator, tasks_path(scenario)).status for emulator in (one, other, one)] == [
            500,
            500,
            200,
        ]


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", b"501"),
    ],
)
def test_what_is_not_a_request_is_refused_in_the_gateways_words(request_text: bytes, status: bytes) -> None:
    with Emulator(small()) as emulator:
        with raw(emulator, request_text) as connection:
            got = b""
            while chunk := connection.recv(65536):
                got += chunk
        assert emulator.requests == ()
    assert got.startswith(b"HTTP/1.1 " + status)
    assert b"X-Request-Id: " in got
    assert b'"error_code": "APIGW.' in got


def test_a_head_request_is_answered_without_a_body() -> None:
    request = b"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with Emulator(small()) as emulator, raw(emulator, request) as connection:
        got = b""
        while chunk := connection.recv(65536):
            got += chunk
    assert got.startswith(b"HTTP/1.1 404")
    assert got.endswith(b"\r\n\r\n")
    assert got.count(b"\r\n\r\n") == 1
