"""What the emulated cloud gave out to prove who asks, and until when each is good. Knows no HTTP."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Slip = Literal["metadata", "id"]
"""Texts that are good for one purpose only: metadata tokens and ID tokens."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The projects in which one may ask; None: all of the account's."""

    projects: frozenset[str] | None

    def covers(self, project_id: str | None) -> bool:
        """Whether it reaches into this project; None: into any."""
        if self.projects is None:
            return True
        return bool(self.projects) if project_id is None else project_id in self.projects


EVERYWHERE = Reach(None)
NOWHERE = Reach(frozenset())
"""Of an unscoped token: good for getting something better, not for asking a service."""


@dataclass(frozen=True, slots=True)
class Token:
    """An IAM token. `ends`: seconds since the epoch, None for never."""

    value: str
    reach: Reach
    ends: float | None


@dataclass(frozen=True, slots=True)
class Key:
    """A temporary access key, good together with its security token only."""

    access: str
    secret: str
    security_token: str
    ends: float


class Issued:
    """Gives out tokens and keys and knows them again. May be used by several threads."""

    def __init__(self, clock: Callable[[], float], random_bytes: Callable[[int], bytes]) -> None:
        """`clock`: seconds since the epoch. `random_bytes` makes as many as it is asked for."""
        self._clock = clock
        self._random_bytes = random_bytes
        self._lock = threading.Lock()
        self._tokens: dict[str, Token] = {}
        self._keys: dict[str, Key] = {}
        self._slips: dict[tuple[Slip, str], float | None] = {}

    def keep(self, token: Token) -> None:
        """Makes `token` one that was given out."""
        with self._lock:
            self._tokens[token.value] = token

    def keep_slip(self, purpose: Slip, value: str, ends: float | None) -> None:
        with self._lock:
            self._slips[purpose, value] = ends

    def new_token(self, lifetime: float, reach: Reach) -> Token:
        token = Token(f"MII{self.new_text(189)}", reach, self._clock() + lifetime)
        self.keep(token)
        return token

    def new_key(self, lifetime: float) -> Key:
        with self._lock:
            access = base64.b32encode(self._random_bytes(10)).decode()
        key = Key(f"HSTE{access}", self.new_text(30), self.new_text(190), self._clock() + lifetime)
        with self._lock:
            self._keys[key.access] = key
        return key

    def new_text(self, size: int) -> str:
        """Base64 of `size` random bytes, with the characters of it that need care in URLs and headers."""
        with self._lock:
            return base64.b64encode(self._random_bytes(size)).decode()

    def token(self, value: str) -> Token | None:
        """The token of this value, whether or not its time is up."""
        with self._lock:
            return self._tokens.get(value)

    def key(self, access: str) -> Key | None:
        """The temporary key of this access key ID, whether or not its time is up."""
        with self._lock:
            return self._keys.get(access)

    def takes_slip(self, purpose: Slip, value: str) -> bool:
        """Whether it was given out for this purpose and its time is not up."""
        with self._lock:
            if (purpose, value) not in self._slips:
                return False
            return not self.is_over(self._slips[purpose, value])

    def is_over(self, ends: float | None) -> bool:
        return ends is not None and self._clock() >= ends
