"""Exit codes, and the errors that carry one.

A finding about a cluster is data (`gate.model`); what keeps the gate from doing its work is an
error. Every error says in one line what happened and in one line what to do.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process ends with. No option renumbers them."""

    PASS = 0
    BLOCKED = 1
    USAGE = 2
    UNDECIDED = 3
    ERROR = 4
    DEFECT = 70
    SIGINT = 130
    SIGTERM = 143


class GateError(Exception):
    """Something the user, the configuration or the server caused; never a defect of the gate."""

    exit_code = ExitCode.ERROR

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(GateError):
    """Wrong usage, configuration or policy. Nothing was asked of the API."""

    exit_code = ExitCode.USAGE


class ApiError(GateError):
    """An exchange with the API that gave no answer to judge.

    `code` and `request_id` are the API's own (support asks for them), `status` the HTTP status.
    `transient` tells whether asking again can help. `retry_after` is the wait that the server
    asked for, in seconds from the moment of the answer.
    """

    def __init__(
        self,
        message: str,
        hint: str,
        *,
        transient: bool = False,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.transient = transient
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after


class NotAnAnswer(ApiError):
    """The body is not an answer of this API (`message` says in what way). Asking again may help."""

    def __init__(self, message: str, hint: str, **facts: str | int | None) -> None:
        super().__init__(message, hint, transient=True, **facts)  # type: ignore[arg-type]


class DeadlineReached(GateError):
    """The run's deadline cut a call off: says nothing about the server."""

    exit_code = ExitCode.UNDECIDED

    def __init__(self) -> None:
        super().__init__("the deadline cut the call off", "raise --timeout")


class Interrupted(BaseException):
    """SIGINT or SIGTERM arrived. Not an `Exception`: nothing on the way may swallow it."""

    def __init__(self, signal_name: str, exit_code: ExitCode) -> None:
        super().__init__(signal_name)
        self.signal_name = signal_name
        self.exit_code = exit_code
