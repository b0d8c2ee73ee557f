"""Who the emulated cloud knows, as a scenario says it. All of it opens nothing but the emulator.

Durations are in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DEFAULT_PROJECT_NAME = "eu-de"
DEFAULT_DOMAIN = "emulator"
DEFAULT_USER = "emulator"
DEFAULT_PASSWORD = "emulator-password"  # noqa: S105
DEFAULT_IDP_ID = "emulator-idp"
DEFAULT_PROVIDER_URN = "iam::emulator:identityProvider:emulator-provider"
DEFAULT_AGENCY_URN = "iam::emulator:agency:emulator-agency"
DEFAULT_ID_TOKEN = "emulator-id-token"  # noqa: S105
DEFAULT_REQUEST_TOKEN = "emulator-request-token"  # noqa: S105

MetadataMode = Literal["ok", "noToken404", "noToken405", "noToken503", "noAgency", "off"]
"""How the metadata service of the emulated server is set up.

`noToken…` answers this status where a token is asked for, and gives keys without one. `noAgency` has
no keys to give. `off`: there is no such service.
"""

METADATA_MODES: tuple[MetadataMode, ...] = ("ok", "noToken404", "noToken405", "noToken503", "noAgency", "off")


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the account; its name is the region's or starts with it."""

    project_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Iam:
    """The account's name, its only user, and its identity provider for ID tokens."""

    domain: str = DEFAULT_DOMAIN
    user: str = DEFAULT_USER
    password: str = DEFAULT_PASSWORD
    idp_id: str = DEFAULT_IDP_ID


@dataclass(frozen=True, slots=True)
class Oidc:
    """`id_token` does not end; `request_token` opens the call in which GitHub gives others."""

    provider_urn: str = DEFAULT_PROVIDER_URN
    agency_urn: str = DEFAULT_AGENCY_URN
    id_token: str = DEFAULT_ID_TOKEN
    request_token: str = DEFAULT_REQUEST_TOKEN


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Counted from the moment of issue."""

    token: float = 86400.0
    """Of IAM tokens; a day is what IAM documents."""
    keys: float | None = None
    """The longest that temporary keys live; None: as long as was asked for."""
    id_token: float = 300.0
    """Of the ID tokens that GitHub gives."""

    def of_keys(self, asked: float | None) -> float:
        """How long keys live for which `asked` seconds were asked; None: nothing was said, an hour."""
        if self.keys is None:
            return 3600.0 if asked is None else asked
        return self.keys if asked is None else min(self.keys, asked)
