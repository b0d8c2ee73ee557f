"""What a call is, and how a service words its answers and refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from gate.emulator.cloud import Cloud
from gate.emulator.error_bodies import DIALECTS, JSON, ErrorFacts
from gate.emulator.exchange import Received, Response
from gate.emulator.issued import Issued
from gate.emulator.world import Call

Parts = Mapping[str, str]
"""The variable parts of a path, by name."""


class Refusal(Exception):
    """A service says no; in its own dialect."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


class NoSuchCall(Exception):
    """The call is not there in this scenario."""


class Access(Enum):
    """Who may ask: anyone, or who has a token or a key; for a project, one that reaches into it."""

    ANYONE = "anyone"
    ACCOUNT = "account"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Manners:
    """The dialects of `gate.emulator.error_bodies` in which a service refuses."""

    unproven: str
    """For credentials that are missing or wrong."""
    own: str
    """For all else."""
    invalid_code: str | None
    """Of a request that is not what its page asks for."""


@dataclass(frozen=True, slots=True)
class Services:
    """What answers are made from."""

    cloud: Cloud
    issued: Issued


Handler = Callable[[Services, Received, Parts], Response]
"""Makes the answer; may raise `Refusal`, `NoSuchCall`, `NotFound` and `InvalidRequest` instead."""


@dataclass(frozen=True, slots=True)
class Route:
    call: Call
    method: str
    path: re.Pattern[str]
    answer: Handler
    manners: Manners
    access: Access = Access.ANYONE


def told(status: int, content: object, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """An answer in JSON."""
    return Response(status, JSON, json.dumps(content, ensure_ascii=False).encode(), headers)


def error(dialect: str, facts: ErrorFacts) -> Response:
    content_type, body = DIALECTS[dialect](facts)
    return Response(facts.status, content_type, body)
