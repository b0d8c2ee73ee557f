"""Nothing runs past the deadline, whatever the server does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gate.api import http
from gate.emulator.server import Emulator
from gate.errors import ApiError, DeadlineReached, ExitCode
from tests.api.ground import Listener, cce, cloud, reply, soon

SHORT = 0.3
DRIPS = [
    "kind: hang, times: forever",
    "kind: drip, part: headers, interval: 20ms",
    "kind: drip, part: body, interval: 20ms",
    "kind: drip, part: headers, interval: 10s",
    "kind: drip, part: body, interval: 10s",
]


@contextmanager
def taking_at_most(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@pytest.mark.parametrize("fault", DRIPS)
def test_a_slow_answer_is_cut_off_at_the_deadline(fault: str) -> None:
    with (
        Emulator(cloud(fault)) as emulator,
        taking_at_most(SHORT + 1),
        pytest.raises(DeadlineReached) as caught,
    ):
        cce(emulator.url).tasks(soon(SHORT))
    assert caught.value.exit_code is ExitCode.UNDECIDED


@pytest.mark.parametrize("fault", ["kind: hang", "kind: drip, part: body, interval: 1s"])
def test_the_next_call_works_after_one_that_was_cut_off(fault: str) -> None:
    with Emulator(cloud(fault)) as emulator:
        api = cce(emulator.url)
        with pytest.raises(DeadlineReached):
            api.tasks(soon(SHORT))
        for _ in range(3):
            assert len(api.tasks(soon()).tasks) == 1


def test_a_server_that_takes_no_connection_is_cut_off_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        filling = [socket.socket() for _ in range(4)]
        try:
            for each in filling:
                each.setblocking(False)
                each.connect_ex(("127.0.0.1", port))
            with taking_at_most(SHORT + 1), pytest.raises(DeadlineReached):
                cce(f"http://127.0.0.1:{port}").tasks(soon(SHORT))
        finally:
            for each in filling:
                each.close()


def test_a_server_that_never_says_hello_over_tls_is_cut_off_at_the_deadline() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        taking_at_most(SHORT + 1),
        pytest.raises(DeadlineReached),
    ):
        cce(f"https://127.0.0.1:{server.getsockname()[1]}").tasks(soon(SHORT))


def test_a_body_without_an_end_is_cut_off_at_the_deadline() -> None:
    stop = threading.Event()

    def flood(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while not stop.wait(0.01):
                connection.sendall(b"1\r\n \r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=flood, args=(server,), daemon=True)
        thread.start()
        with taking_at_most(SHORT + 1), pytest.raises(DeadlineReached):
            cce(f"http://127.0.0.1:{server.getsockname()[1]}").tasks(soon(SHORT))
        stop.set()
        thread.join(2)


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_a_deadline_that_is_over_asks_nothing(seconds: float) -> None:
    with Listener(reply()) as listener:
        with taking_at_most(0.5), pytest.raises(DeadlineReached):
            cce(listener.url).tasks(soon(seconds))
        for thread in threading.enumerate():
            if thread.name == "exchange":
                thread.join(2)
        assert listener.connections == 0


def test_a_call_that_takes_too_long_within_the_deadline_is_a_failure_of_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "LONGEST_CALL", SHORT)
    with Emulator(cloud("kind: hang")) as emulator, taking_at_most(SHORT + 1):
        api = cce(emulator.url)
        with pytest.raises(ApiError) as caught:
            api.tasks(soon(60))
        assert len(api.tasks(soon()).tasks) == 1
    assert caught.value.transient
    assert "no whole answer" in caught.value.message


def test_a_failure_before_the_deadline_is_not_called_the_deadline() -> None:
    with Emulator(cloud("kind: reset")) as emulator, pytest.raises(ApiError):
        cce(emulator.url).tasks(soon(SHORT + 1))
