from __future__ import annotations

import pytest

from gate.model import Instant, Unknown
from gate.report.moments import age, rfc3339, span, stamp

DAY = 86_400


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.9, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (12_000, "3 h 20 min"),
        (DAY, "1 d"),
        (DAY * 4 + 3_600 * 3, "4 d 3 h"),
    ],
)
def test_a_span_has_at_most_two_units(seconds: float, shown: str) -> None:
    assert span(seconds) == shown


def test_an_age_tells_past_future_and_unknown_apart() -> None:
    now = Instant.at(1_000_000)
    assert age(Instant.at(999_700), now) == "5 min old"
    assert age(Instant.at(1_000_600), now) == "10 min in the future"
    assert age(Unknown("gestern"), now) == "age not known"


def test_a_moment_beyond_the_calendar_is_shown_as_the_api_wrote_it() -> None:
    assert stamp(Instant(10**30, "far")) == "far"
    assert stamp(Instant(10**30)) == f"{10**30} ns after 1970"


def test_milliseconds_are_cut_not_rounded_up_into_the_future() -> None:
    assert rfc3339(Instant(1_999_999_999)) == "1970-01-01T00:00:01.999Z"
