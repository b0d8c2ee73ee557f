"""How an answer leaves, or fails to: the part of a fault that happens on the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from gate.emulator.error_bodies import ErrorFacts
from gate.emulator.exchange import Response
from gate.emulator.route import error
from gate.emulator.world import (
    AnswerStatus,
    Close,
    Drip,
    Echo,
    FaultKind,
    Hang,
    LiteralBody,
    Redirect,
    Reset,
    Truncate,
)


class Wire(Protocol):
    """One exchange on an open connection. Sending raises `OSError` where the client is gone."""

    request_id: str

    def head(self, response: Response, length: int) -> bytes:
        """Status line and headers; `length` is the Content-Length."""

    def send(self, content: bytes) -> None: ...

    def pause(self, seconds: float | None) -> bool:
        """Waits, for ever where None. Whether the emulator is being stopped."""

    def close(self) -> None:
        """Closes in good order after what was sent."""

    def reset(self) -> None:
        """Closes with RST."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What could be sent; each is made only where some of it is."""

    true: Callable[[], Response]
    echo: Callable[[int], Response]
    """Of a status."""


def deliver(response: Response, wire: Wire) -> None:
    wire.send(wire.head(response, len(response.body)) + response.body)


def deliver_faulty(kind: FaultKind, answers: Answers, wire: Wire) -> None:
    """Does to the exchange what `kind` says."""
    match kind:
        case AnswerStatus():
            deliver(_refusal(kind, wire.request_id), wire)
        case Redirect(status, location):
            deliver(Response(status, "text/html", b"", (("Location", location),)), wire)
        case LiteralBody(status, content_type, body):
            deliver(Response(status, content_type, body.encode()), wire)
        case Reset():
            wire.reset()
        case Close():
            wire.close()
        case Hang():
            wire.pause(None)
            wire.close()
        case Drip():
            _drip(kind, answers.true(), wire)
        case Truncate():
            _truncate(answers.true(), wire)
        case Echo(status):
            deliver(answers.echo(status), wire)


def _refusal(kind: AnswerStatus, request_id: str) -> Response:
    told = error(kind.dialect, ErrorFacts(kind.status, kind.code, kind.message, request_id))
    headers = () if kind.retry_after is None else (("Retry-After", kind.retry_after),)
    return Response(told.status, told.content_type, told.body, headers)


def _drip(kind: Drip, response: Response, wire: Wire) -> None:
    head = wire.head(response, len(response.body))
    slow = response.body
    if kind.part == "headers":
        slow = head + slow
    else:
        wire.send(head)
    for byte in slow:
        if wire.pause(kind.interval):
            wire.close()
            return
        wire.send(bytes((byte,)))


def _truncate(response: Response, wire: Wire) -> None:
    half = response.body[: len(response.body) // 2]
    wire.send(wire.head(response, max(len(response.body), 1)) + half)
    wire.close()
