"""A redirect is not followed, whatever it points to, and nothing breaks over it."""

from __future__ import annotations

import pytest

from gate.api import http
from tests.api.ground import Listener, failure_after, failure_at, reply


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_a_redirect_is_not_followed_and_the_token_stays_here(status: int) -> None:
    with Listener(reply()) as elsewhere:
        with Listener(reply(b"", f"{status} Moved", Location=f"{elsewhere.url}/x")) as endpoint:
            error = failure_at(endpoint.url)
        assert (elsewhere.connections, elsewhere.requests) == (0, [])
    assert len(endpoint.requests) == 1
    assert (error.status, error.transient) == (status, False)
    assert f"127.0.0.1:{elsewhere.port}" in error.message
    assert "--endpoint" in error.hint


def test_a_redirect_to_the_same_host_is_not_followed_either() -> None:
    with Listener(reply(b"", "302 Moved", Location="/login"), reply()) as endpoint:
        assert failure_at(endpoint.url).status == 302
        assert len(endpoint.requests) == 1


@pytest.mark.parametrize("location", ["", "/", "x", "//", "//other", "?", "#", "http:", "file:///etc/passwd", "ftp://x/",
                                      "http://", "javascript:x", "http://a:b@c:d/", "*", "%",
                                      "http://*", "http://.."])  # fmt: skip
def test_a_redirect_to_anywhere_is_an_error_for_good(location: str) -> None:
    error = failure_after(reply(b"", "302 Moved", Location=location))
    assert (error.status, error.transient) == (302, False)


@pytest.mark.parametrize(
    "location",
    ["http://[", "http://[::1", "http://[x]/", "//[", "http://[1.2.3.4]/", "http://[::1]x/", "http://ﬀ℀/"],
)
def test_a_redirect_to_what_is_no_url_is_an_error_for_good(location: str) -> None:
    error = failure_after(reply(b"", "302 Moved", Location=location.encode().decode("latin-1")))
    assert (error.status, error.transient) == (302, False)


@pytest.mark.parametrize("location", ["/\xff", "\xe9", "http://\xe9.com/", "http://h\xfc/"])
def test_a_redirect_in_bytes_that_are_not_utf_8_is_an_error_for_good(location: str) -> None:
    error = failure_after(reply(b"", "302 Moved", Location=location))
    assert (error.status, error.transient) == (302, False)


def test_a_redirect_without_a_location_is_an_error_for_good() -> None:
    error = failure_after(reply(b"", "302 Moved"))
    assert (error.status, error.transient) == (302, False)


def test_the_body_of_a_redirect_is_no_more_read_than_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LARGEST_BODY", 1000)
    assert failure_after(reply(b"x" * 2000, "302 Moved", Location="/x")).status in (None, 302)
    assert failure_after(reply(b"x" * 1000, "302 Moved", Location="/x")).status == 302
