"""The chain of credentials: the first source that is complete is used.

Secrets come from files and the environment, never from an option's value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from gate.api.http import Request
from gate.errors import UsageError

_TOKEN = re.compile(r"[!-~]+")
_TOKEN_VARIABLES = ("HW_AUTH_TOKEN", "OS_TOKEN")


class Credential(Protocol):
    """Proves to the API who is asking. `source` names where it comes from and never shows its value."""

    @property
    def source(self) -> str: ...

    def authorize(self, request: Request) -> Request:
        """The request with what proves who is asking."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """An IAM token, sent as `X-Auth-Token`."""

    source: str
    value: str = field(repr=False)

    def authorize(self, request: Request) -> Request:
        return replace(request, headers={**request.headers, "X-Auth-Token": self.value})


def find(environ: Mapping[str, str], token_file: Path | None) -> Credential:
    """The first complete source. Raises `UsageError` where there is none or one can't be read."""
    if token_file is not None:
        return _token(f"--token-file {token_file}", _read(token_file))
    for name in _TOKEN_VARIABLES:
        if environ.get(name):
            return _token(name, environ[name])
    raise UsageError(
        "there are no credentials",
        "set HW_AUTH_TOKEN to an IAM token, or give a file that holds one with --token-file",
    )


def _token(source: str, text: str) -> Token:
    value = text.strip()
    if not value:
        raise UsageError(f"the token from {source} is empty", "put an IAM token there")
    if not _TOKEN.fullmatch(value):
        raise UsageError(
            f"the token from {source} has characters that no token has", "give the token alone, on one line"
        )
    return Token(source, value)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--token-file {path} can't be read: {error.strerror}", "check the path") from None
    except UnicodeDecodeError:
        raise UsageError(
            f"--token-file {path} is not text", "give a file that holds the token alone"
        ) from None
