"""Moments and spans of time in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gate.model import Instant, Unknown

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def _utc(instant: Instant) -> datetime:
    """Raises `OverflowError` outside the years 1 to 9999."""
    return _EPOCH + timedelta(milliseconds=instant.nanoseconds // 1_000_000)


def rfc3339(instant: Instant) -> str:
    """`2025-08-13T03:24:37.312Z`, rounded down. Raises `OverflowError` outside the years 1 to 9999."""
    return _utc(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def stamp(instant: Instant) -> str:
    """`2025-08-13 03:24:37 UTC`; where no calendar reaches, the text that the API wrote."""
    try:
        return f"{_utc(instant).replace(tzinfo=None).isoformat(' ', 'seconds')} UTC"
    except OverflowError:
        return instant.text or f"{instant.nanoseconds} ns after 1970"


def span(seconds: float) -> str:
    """A length of time in at most two units, rounded down: `45 s`, `5 min`, `3 h 20 min`, `4 d 3 h`."""
    whole = int(abs(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if whole < _DAY:
        return _two(whole // _HOUR, "h", whole % _HOUR // _MINUTE, "min")
    return _two(whole // _DAY, "d", whole % _DAY // _HOUR, "h")


def _two(big: int, big_unit: str, small: int, small_unit: str) -> str:
    return f"{big} {big_unit} {small} {small_unit}" if small else f"{big} {big_unit}"


def age(created: Instant | Unknown, now: Instant) -> str:
    """How old something made at `created` is: `5 min old`, or why that cannot be said."""
    if isinstance(created, Unknown):
        return "age not known"
    seconds = now.minus(created)
    return f"{span(seconds)} old" if seconds >= 0 else f"{span(seconds)} in the future"
