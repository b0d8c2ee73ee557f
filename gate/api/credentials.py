"""What proves to the API who asks: a token or access keys, renewed before they run out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import requests
from requests.auth import AuthBase

from gate.api.keys import AccessKeys
from gate.api.vault import Vault
from gate.errors import ApiError, UsageError
from gate.model import Clock, Deadline, Instant

LONGEST_MARGIN = 300.0
"""Seconds before the end at which a grant is renewed; a fifth of its lifetime where that is shorter."""


@dataclass(frozen=True, slots=True)
class Token:
    """An IAM token, sent as `X-Auth-Token`."""

    value: str = field(repr=False)


Proof = Token | AccessKeys


@dataclass(frozen=True, slots=True)
class Grant:
    """A proof and when it runs out; None: it does not say."""

    proof: Proof
    expires: Instant | None = None


Obtain = Callable[[Deadline], Grant]
"""Gets a grant. Raises `ApiError`, `DeadlineReached` or `UsageError`."""


class Credential:
    """Who asks. `source` names where it comes from and never shows its value."""

    def __init__(
        self, source: str, obtain: Obtain, clock: Clock, vault: Vault, *, renewable: bool = True
    ) -> None:
        self.source = source
        self._obtain = obtain
        self._clock = clock
        self._vault = vault
        self._renewable = renewable
        self._grant: Grant | None = None
        self._renew_at: Instant | None = None

    def auth(self, project_id: str | None, deadline: Deadline) -> AuthBase:
        """What proves a request; a grant that soon runs out is renewed before."""
        match self._current(deadline).proof:
            case Token(value):
                return _TokenAuth(value)
            case AccessKeys() as keys:
                from gate.api.signing import SignedBy

                return SignedBy(keys, project_id, self._clock.now)

    def renew(self, deadline: Deadline) -> bool:
        """Get a new token after the API said that this one has run out.

        False where there is no other, and for access keys: a signed call that was refused is never
        repeated, because a few failures lock the key.
        """
        if not self._renewable or self._grant is None or isinstance(self._grant.proof, AccessKeys):
            return False
        self._take(self._another(deadline))
        return True

    def _current(self, deadline: Deadline) -> Grant:
        """The grant in hand, or a new one. One that still holds outlives a failure to renew it."""
        if self._grant is None:
            return self._take(self._asked(deadline))
        now = self._clock.now()
        if self._renew_at is None or now < self._renew_at:
            return self._grant
        try:
            return self._take(self._another(deadline))
        except ApiError:
            if self._grant.expires is not None and now < self._grant.expires:
                return self._grant
            raise

    def _another(self, deadline: Deadline) -> Grant:
        """In the middle of a run, what is wrong here is a failure of that run and no longer of its start."""
        try:
            return self._asked(deadline)
        except UsageError as error:
            raise ApiError(f"the credentials can't be renewed: {error.message}", error.hint) from None

    def _asked(self, deadline: Deadline) -> Grant:
        try:
            return self._obtain(deadline)
        except ApiError as error:
            error.message = f"no credentials by {self.source}: {error.message}"
            raise

    def _take(self, grant: Grant) -> Grant:
        match grant.proof:
            case Token(value):
                self._vault.keep(value)
            case AccessKeys() as keys:
                self._vault.keep(keys.secret_key, keys.security_token)
        self._grant = grant
        self._renew_at = self._when_to_renew(grant)
        return grant

    def _when_to_renew(self, grant: Grant) -> Instant | None:
        if grant.expires is None or not self._renewable:
            return None
        margin = min(LONGEST_MARGIN, max(grant.expires.minus(self._clock.now()), 0.0) / 5)
        return Instant(grant.expires.nanoseconds - int(margin * 1_000_000_000))


def fixed(source: str, proof: Proof, clock: Clock, vault: Vault) -> Credential:
    """A credential that the user gave and only the user can renew."""
    grant = Grant(proof)
    return Credential(source, lambda _: grant, clock, vault, renewable=False)


class _TokenAuth(AuthBase):
    def __init__(self, value: str) -> None:
        self._value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["X-Auth-Token"] = self._value
        return request
