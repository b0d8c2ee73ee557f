"""What every source draws on, and what it may find."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gate.api.caller import Caller
from gate.api.credentials import Credential, Obtain, Token, fixed
from gate.api.keys import AccessKeys
from gate.errors import UsageError

_SECRET = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The environment and the options. `iam` and `sts` give an endpoint, or raise `UsageError`."""

    environ: Mapping[str, str]
    home: Path
    token_file: Path | None
    iam: Callable[[], str]
    sts: Callable[[], str]
    project_name: str | None
    caller: Caller

    def token(self, source: str, value: str) -> Credential:
        """A token that the user gave."""
        return fixed(source, Token(_checked(source, value)), self.caller.clock, self.caller.vault)

    def keys(self, source: str, access: str, secret: str, security_token: str | None) -> Credential:
        """Access keys that the user gave."""
        checked = AccessKeys(
            _checked(source, access),
            _checked(source, secret),
            _checked(source, security_token) if security_token else None,
        )
        return fixed(source, checked, self.caller.clock, self.caller.vault)

    def obtained(self, source: str, obtain: Obtain) -> Credential:
        """What is asked for with the first call, and again before it runs out."""
        return Credential(source, obtain, self.caller.clock, self.caller.vault)


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A source of which a part is there and a part is not: named in the error, because it was meant."""

    what: str

    @classmethod
    def pair(cls, there: str, missing: str) -> Incomplete:
        return cls(f"{there} is set, {missing} is not")


Found = Credential | Incomplete


def read_secret(path: Path, what: str) -> str:
    """The token in a file. Raises `UsageError`."""
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UsageError(f"{what} {path} can't be read: {error.strerror}", "check the path") from None
    except UnicodeDecodeError:
        raise UsageError(f"{what} {path} is not text", "give a file that holds the token alone") from None
    if not secret:
        raise UsageError(f"{what} {path} is empty", "put the token there")
    return secret


def _checked(source: str, text: str) -> str:
    value = text.strip()
    if not value:
        raise UsageError(f"the value from {source} is empty", "put the token or the keys there")
    if not _SECRET.fullmatch(value):
        raise UsageError(
            f"the value from {source} has characters that no token or key has", "give it alone, on one line"
        )
    return value
