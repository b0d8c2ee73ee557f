"""How long the server asks to wait."""

from __future__ import annotations

import pytest

from gate.emulator.server import Emulator
from tests.api.ground import cloud, failure_after, failure_at, reply

NOON = 1_755_000_000.0
"""Tue, 12 Aug 2025 12:00:00 GMT: the clock of the server, far from that of this machine."""


def wait_at_noon(written: str, status: int = 429) -> float | None:
    fault = f"kind: status, status: {status}, dialect: gateway, retryAfter: '{written}'"
    with Emulator(cloud(fault), clock=lambda: NOON) as emulator:
        return failure_at(emulator.url).retry_after


@pytest.mark.parametrize(
    ("written", "seconds"), [("0", 0), ("1", 1), ("120", 120), (" 7 ", 7), ("0000000000012", 12)]
)
def test_seconds_are_seconds(written: str, seconds: float) -> None:
    assert wait_at_noon(written) == seconds


@pytest.mark.parametrize("status", [429, 503, 500, 408])
def test_every_transient_status_may_ask_to_wait(status: int) -> None:
    assert wait_at_noon("3", status) == 3


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("Tue, 12 Aug 2025 12:00:30 GMT", 30),
        ("Tue, 12 Aug 2025 14:00:30 +0200", 30),
        ("Tue, 12 Aug 2025 12:00:00 GMT", 0),
        ("Tue, 12 Aug 2025 11:00:00 GMT", 0),
        ("Tuesday, 12-Aug-25 12:00:30 GMT", 30),
        ("Tue Aug 12 12:00:30 2025", 30),
    ],
)
def test_a_date_is_held_against_the_servers_own_clock(written: str, seconds: float) -> None:
    assert wait_at_noon(written) == seconds


@pytest.mark.parametrize(
    "written",
    [
        "soon", "-5", "+5", "1.5", "1e3", "5s", "5, 6", "0x10", "NaN", "inf", ";",
        "Tue, 32 Aug 2025 12:00:30 GMT",
        "Tue, 12 Aug 2025", "12:00:30", "Tue, 12 Aug 2025 25:00:00 GMT",
        "Tue, 12 Aug 99999999999 12:00:30 GMT", "Tue, 99999999999 Aug 2025 12:00:30 GMT",
        "Tue, 12 Aug 2025 12:00:99999999999 GMT", "2025-08-12T12:00:30Z",
    ],
)  # fmt: skip
def test_nonsense_is_no_wish_to_wait_and_never_breaks_the_error(written: str) -> None:
    assert wait_at_noon(written) is None


def test_an_empty_wish_and_a_missing_one_are_none() -> None:
    assert failure_after(reply(b"", "503 Busy", Retry_After=" ")).retry_after is None
    assert failure_after(reply(b"", "503 Busy")).retry_after is None


def test_an_enormous_wish_is_still_a_number_far_beyond_any_deadline() -> None:
    assert (wait_at_noon("9" * 400) or 0) > 10_000_000


@pytest.mark.parametrize("date", ["nonsense", "Tue, 12 Aug 99999999999 12:00:30 GMT", ""])
def test_without_a_readable_clock_of_the_server_ours_must_do(date: str) -> None:
    wish = failure_after(reply(b"", "503 Busy", Date=date, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"))
    assert (wish.retry_after or 0) > 1_000_000
    past = failure_after(reply(b"", "503 Busy", Date=date, Retry_After="Fri, 01 Jan 2010 00:00:00 GMT"))
    assert past.retry_after == 0
