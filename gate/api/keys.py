"""An access key, as every source of credentials gives it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AccessKeys:
    """An access key. Only temporary ones have a security token, sent and signed as `X-Security-Token`."""

    access_key: str
    secret_key: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)
