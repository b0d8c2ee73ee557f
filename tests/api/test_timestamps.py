"""Times: exact to the nanosecond, and unknown where they could be any hour or are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.api.parse import parse_timestamp
from gate.model import Instant, Unknown
from tests.api.ground import FEWER

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(-2_208_988_800, 7_258_118_400).map(lambda seconds: EPOCH + timedelta(seconds=seconds))
"""Whole seconds from 1900 to 2200."""
OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59)
NANOS = st.integers(0, 999_999_999)


def written(moment: datetime, nanos: int, offset: int | None, digits: int = 9) -> str:
    """The moment as the API writes it, `offset` in minutes; None: as `Z`."""
    zone = UTC if offset is None else timezone(timedelta(minutes=offset))
    fraction = f"{nanos:09d}"[:digits]
    text = moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction}" if fraction else "")
    if offset is None:
        return f"{text}Z"
    hours, minutes = divmod(abs(offset), 60)
    return f"{text}{'-' if offset < 0 else '+'}{hours:02d}:{minutes:02d}"


def nanoseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(seconds=1) * 1_000_000_000


@FEWER
@given(MOMENTS, NANOS, st.none() | OFFSETS)
def test_a_time_is_read_to_the_nanosecond_in_any_offset(
    moment: datetime, nanos: int, offset: int | None
) -> None:
    text = written(moment, nanos, offset)
    read = parse_timestamp(text)
    assert read == Instant(nanoseconds(moment) + nanos)
    assert isinstance(read, Instant)
    assert read.text == text


@FEWER
@given(MOMENTS, NANOS, NANOS, OFFSETS, OFFSETS)
def test_times_of_one_second_are_in_order_to_the_nanosecond(
    moment: datetime, one: int, other: int, here: int, there: int
) -> None:
    first, second = (
        parse_timestamp(written(moment, one, here)),
        parse_timestamp(written(moment, other, there)),
    )
    assert isinstance(first, Instant)
    assert isinstance(second, Instant)
    assert (first < second, first == second) == (one < other, one == other)


@FEWER
@given(MOMENTS, NANOS, st.integers(0, 9))
def test_fewer_digits_are_tenths_hundredths_and_so_on(moment: datetime, nanos: int, digits: int) -> None:
    kept = nanos // 10 ** (9 - digits) * 10 ** (9 - digits)
    assert parse_timestamp(written(moment, nanos, None, digits)) == Instant(nanoseconds(moment) + kept)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("1970-01-01T08:00:00.000000001+08:00", 1),
        ("1969-12-31T16:30:00-07:30", 0),
        ("1970-01-01T00:00:00-00:00", 0),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000),
        ("2025-08-13T11:24:37.312017086+08:00", 1_755_055_477_312_017_086),
        ("2025-08-13T11:24:37.3120170869+08:00", 1_755_055_477_312_017_086),
        ("2025-08-13T11:24:37." + "9" * 5000 + "+08:00", 1_755_055_477_999_999_999),
    ],
)
def test_these_are_those_nanoseconds(text: str, expected: int) -> None:
    assert parse_timestamp(text) == Instant(expected)


def test_what_lies_beyond_the_nanosecond_makes_two_times_equal() -> None:
    one, other = (parse_timestamp(f"2025-08-13T11:24:37.312017086{digit}Z") for digit in "19")
    assert one == other


@pytest.mark.parametrize("text", ["2025-08-13T11:24:37", "2025-08-13T11:24:37.312017086", "2025-08-13"])
def test_a_time_without_an_offset_is_unknown(text: str) -> None:
    assert parse_timestamp(text) == Unknown(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z", "2025-01-00T00:00:00Z",
        "2025-04-31T00:00:00Z", "0000-01-01T00:00:00Z", "2025-01-01T24:00:00Z", "2025-01-01T00:60:00Z",
        "2016-12-31T23:59:60Z", "2025-01-01T00:00:61Z", "2025-01-01T00:00:00+24:00",
        "2025-01-01T00:00:00-99:00",
        "2025-01-01T00:00:00+08:60", "2025-01-01T00:00:00-08:99",
    ],
)  # fmt: skip
def test_a_time_that_no_calendar_and_no_clock_has_is_unknown(text: str) -> None:
    assert parse_timestamp(text) == Unknown(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "now", "0", "1755055477", "2025-08-13 11:24:37Z", "2025-08-13t11:24:37z",
        "2025-08-13T11:24:37 Z",
        " 2025-08-13T11:24:37Z", "2025-08-13T11:24:37Z\n", "2025-08-13T11:24:37+0800",
        "2025-08-13T11:24:37+08",
        "2025-08-13T11:24:37.+08:00", "2025-08-13T11:24:37,5Z", "2025-08-13T11:24Z", "20250813T112437Z",
        "+2025-08-13T11:24:37Z", "-2025-08-13T11:24:37Z", "12025-08-13T11:24:37Z", "2025-8-13T11:24:37Z",
        "２０２５-08-13T11:24:37Z", "2025-08-13T11:24:37Z+08:00", "2025-08-13T11:24:37−08:00",
        "2025-W33-3T00:00:00Z",
    ],
)  # fmt: skip
def test_another_form_is_unknown_and_keeps_its_text(text: str) -> None:
    assert parse_timestamp(text) == Unknown(text)


@pytest.mark.parametrize(
    "value", [0, 1755055477, 1755055477.5, True, False, [], {}, ["2025-08-13T11:24:37Z"]]
)
def test_what_is_not_text_is_unknown(value: object) -> None:
    read = parse_timestamp(value)
    assert isinstance(read, Unknown)
    assert read.text


def test_a_missing_time_is_missing() -> None:
    assert parse_timestamp(None) == Unknown()


@pytest.mark.parametrize("year", ["0001", "9999"])
@pytest.mark.parametrize("offset", ["+23:59", "-23:59", "+14:00", "-14:00", "+00:00"])
@pytest.mark.parametrize("day", ["-01-01T00:00:00", "-12-31T23:59:59.999999999"])
def test_the_ends_of_the_calendar_never_break_it_and_stay_in_order(year: str, offset: str, day: str) -> None:
    read = parse_timestamp(f"{year}{day}{offset}")
    assert isinstance(read, Instant | Unknown)
    if isinstance(read, Instant):
        assert (read < Instant(0)) == (year == "0001")


@FEWER
@given(
    st.text(max_size=40)
    | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,12})?(Z|[+-]\d\d:\d\d)", fullmatch=True)
)
def test_any_text_is_an_instant_or_unknown_with_its_text(text: str) -> None:
    read = parse_timestamp(text)
    assert read.text == text
