"""The `faults` part of a scenario: YAML to `Fault`."""

from __future__ import annotations

from collections.abc import Callable

from gate.emulator import world
from gate.emulator.error_bodies import DIALECTS
from gate.emulator.reading import Fields, Value, duration, flag, one_of, text, whole

HTML = (
    "<html>\r\n<head><title>Sign in</title></head>\r\n"
    "<body>Please sign in to the network.</body>\r\n</html>\r\n"
)
"""What a sign-in page of a network answers instead of the API."""


def fault(fields: Fields) -> world.Fault:
    """One entry of `faults`. A `kind` has its own keys; those of another kind are unknown here."""
    on = fields.take("on", one_of(*world.CALLS, "any"))
    kind = fields.take("kind", one_of(*_KINDS))
    return world.Fault(
        on=next((call for call in world.CALLS if call == on), None),
        kind=_KINDS[kind](fields),
        nth=fields.get("nth", _positive, 1),
        times=fields.get("times", _times, 1),
        worked=fields.get("worked", flag, False),
    )


def _positive(value: Value) -> int:
    number = whole(value)
    if number < 1:
        raise value.wrong("counts from 1")
    return number


def _times(value: Value) -> int | None:
    return None if value.kind == "str" and value.scalar == "forever" else _positive(value)


def _status_number(value: Value) -> int:
    number = whole(value)
    if not 200 <= number <= 599:
        raise value.wrong(f"{number} is not the status of a final answer", "200 to 599")
    return number


def _retry_after(value: Value) -> str:
    return str(whole(value)) if value.kind == "int" else text(value)


def _status(fields: Fields) -> world.FaultKind:
    return world.AnswerStatus(
        status=fields.take("status", _status_number),
        dialect=fields.get("dialect", one_of(*DIALECTS), "cce"),
        code=fields.get("code", text, None),
        message=fields.get("message", text, None),
        retry_after=fields.get("retryAfter", _retry_after, None),
    )


def _drip(fields: Fields) -> world.FaultKind:
    return world.Drip(
        part=fields.get("part", one_of("headers", "body"), "body"),
        interval=fields.get("interval", duration, 0.1),
    )


def _redirect(fields: Fields) -> world.FaultKind:
    return world.Redirect(
        status=fields.get("status", _status_number, 302), location=fields.take("location", text)
    )


def _html(_: Fields) -> world.FaultKind:
    return world.LiteralBody(200, "text/html", HTML)


def _body(fields: Fields) -> world.FaultKind:
    return world.LiteralBody(
        status=fields.get("status", _status_number, 200),
        content_type=fields.get("contentType", text, "application/json"),
        body=fields.take("body", text),
    )


def _echo(fields: Fields) -> world.FaultKind:
    return world.Echo(status=fields.get("status", _status_number, 400))


_KINDS: dict[str, Callable[[Fields], world.FaultKind]] = {
    "status": _status,
    "reset": lambda _: world.Reset(),
    "close": lambda _: world.Close(),
    "hang": lambda _: world.Hang(),
    "drip": _drip,
    "truncate": lambda _: world.Truncate(),
    "html": _html,
    "redirect": _redirect,
    "body": _body,
    "echo": _echo,
}
