"""One exchange: it brings a whole answer or none."""

from __future__ import annotations

import gc
import gzip
import socket
import threading
import zlib

import pytest

from gate.api import http
from gate.errors import ApiError, NotAnAnswer
from tests.api.ground import ONE_TASK, Listener, cce, failure_after, failure_at, reply, soon


def tasks_in(answer: bytes) -> int:
    with Listener(answer) as listener:
        return len(cce(listener.url).tasks(soon()).tasks)


def head(*fields: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *fields]).encode("latin-1") + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(ONE_TASK, mtime=0)),
        ("x-gzip", gzip.compress(ONE_TASK, mtime=0)),
        ("deflate", zlib.compress(ONE_TASK)),
        ("identity", ONE_TASK),
    ],
)
def test_a_compressed_answer_is_read(encoding: str, body: bytes) -> None:
    assert tasks_in(reply(body, Content_Encoding=encoding)) == 1


@pytest.mark.parametrize(
    "body",
    [
        ONE_TASK,
        gzip.compress(ONE_TASK, mtime=0)[:-30],
        gzip.compress(ONE_TASK, mtime=0)[:20],
        b"\x1f\x8b\x08",
        b"x",
    ],
)
def test_what_is_not_whole_gzip_is_no_answer(body: bytes) -> None:
    assert failure_after(reply(body, Content_Encoding="gzip")).transient


def test_an_answer_in_chunks_and_one_that_ends_with_the_connection_are_read() -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, bytes((byte,))) for byte in ONE_TASK)
    assert tasks_in(head("Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n") == 1
    assert tasks_in(head() + ONE_TASK) == 1
    assert tasks_in(b"HTTP/1.0 200 OK\r\n\r\n" + ONE_TASK) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5",
        b"garbage\r\n\r\n", b"\x16\x03\x01", b"",
        b"HTTP/1.1 abc OK\r\n\r\n", b"HTTP/1.1 99 OK\r\n\r\n", b"HTTP/1.1 1000 OK\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/2 200\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 70_000 + b"\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n{}", b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_not_whole_http_is_no_answer(answer: bytes) -> None:
    error = failure_after(answer)
    assert error.transient
    assert error.message
    assert "Traceback" not in error.message


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_answer_with_two_lengths_is_a_failure_of_the_server_and_not_of_the_usage() -> None:
    error = failure_after(head("Content-Length: 5, 6") + b"{}")
    assert error.transient
    gc.collect()  # the HTTP library lets go of such a connection without closing it


@pytest.mark.parametrize(
    "answer",
    [
        head(f"Content-Length: {len(ONE_TASK) + 1}") + ONE_TASK,
        head("Transfer-Encoding: chunked") + b"%x\r\n%s\r\n" % (len(ONE_TASK), ONE_TASK),
        head("Transfer-Encoding: chunked") + b"%x\r\n%s" % (len(ONE_TASK) + 5, ONE_TASK),
        head("Transfer-Encoding: chunked") + b"zz\r\n" + ONE_TASK,
        head(f"Content-Length: {len(ONE_TASK) - 1}") + ONE_TASK,
    ],
)
def test_a_body_of_another_length_than_announced_is_no_answer(answer: bytes) -> None:
    assert failure_after(answer).transient


def test_an_interim_answer_comes_before_the_real_one() -> None:
    assert tasks_in(b"HTTP/1.1 100 Continue\r\n\r\n" + reply()) == 1


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_body_over_the_limit_is_no_answer_and_one_at_the_limit_is(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = gzip.compress(ONE_TASK, mtime=0) if encoding == "gzip" else ONE_TASK
    monkeypatch.setattr(http, "LARGEST_BODY", len(ONE_TASK))
    assert tasks_in(reply(body, Content_Encoding=encoding)) == 1
    monkeypatch.setattr(http, "LARGEST_BODY", len(ONE_TASK) - 1)
    error = failure_after(reply(body, Content_Encoding=encoding))
    assert error.transient
    assert f"more than {len(ONE_TASK) - 1} bytes" in error.message


def test_a_small_answer_that_unfolds_to_a_huge_one_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LARGEST_BODY", 100_000)
    bomb = gzip.compress(b" " * 5_000_000, mtime=0)
    assert "more than" in failure_after(reply(bomb, Content_Encoding="gzip")).message


def test_a_connection_that_is_refused_is_a_failure_worth_another_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    error = failure_at(f"http://127.0.0.1:{port}")
    assert error.transient
    assert (error.status, error.code, error.request_id) == (None, None, None)
    assert f"127.0.0.1:{port}" in error.message
    assert "refused" in error.message


def test_a_server_that_speaks_no_tls_is_a_failure() -> None:
    with Listener(reply()) as listener:
        error = failure_at(listener.url.replace("http:", "https:"))
    assert isinstance(error, ApiError)
    assert "127.0.0.1" in error.message


def test_a_connection_that_the_server_dropped_between_two_calls_is_made_anew() -> None:
    with Listener(reply(Connection="keep-alive")) as listener:
        api = cce(listener.url)
        for _ in range(4):
            assert len(api.tasks(soon()).tasks) == 1
            assert listener.closed.acquire(timeout=5)
        assert listener.connections == 4


def test_an_ipv6_loopback_is_called() -> None:
    try:
        listener = Listener(reply(), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listener:
        assert len(cce(listener.url).tasks(soon()).tasks) == 1


def test_header_names_are_known_in_any_case() -> None:
    error = failure_after(
        b"HTTP/1.1 503 Busy\r\nx-request-ID: r-1\r\nRETRY-after: 3\r\nContent-Length: 0\r\n\r\n"
    )
    assert (error.request_id, error.retry_after) == ("r-1", 3)


def test_an_answer_in_another_type_is_judged_by_its_body_alone() -> None:
    assert tasks_in(reply(Content_Type="text/html")) == 1
    assert isinstance(failure_after(reply(b"<html></html>")), NotAnAnswer)


def test_many_calls_leave_no_thread_behind() -> None:
    with Listener(reply()) as listener:
        api = cce(listener.url)
        for _ in range(20):
            api.tasks(soon())
        assert sum(thread.name == "exchange" for thread in threading.enumerate()) <= 1
