"""Temporary keys from the metadata service of the ECS on which the gate runs."""

from __future__ import annotations

from dataclasses import replace

from gate.api.caller import Caller
from gate.api.credentials import Grant
from gate.api.http import Request
from gate.api.iam import keys_of
from gate.errors import ApiError, DeadlineReached, UsageError
from gate.model import Deadline

ENDPOINT = "http://169.254.169.254"
HINT = "set HW_AUTH_TOKEN, HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or another source of the README"
PATIENCE = 2.0
"""Seconds for the whole of it: where there is no such service, a connection often just hangs."""

_TOKEN_SECONDS = "21600"  # noqa: S105 - a lifetime
_WITHOUT_TOKEN = frozenset({404, 405, 503})


def keys(caller: Caller, endpoint: str, deadline: Deadline) -> Grant:
    """The keys of the agency of this ECS. Raises `UsageError` where there are none to be had."""
    short = replace(deadline, at=min(deadline.at, deadline.clock.monotonic() + PATIENCE))
    try:
        token = caller.plain(
            Request(
                "PUT",
                f"{endpoint}/meta-data/latest/api/token",
                {"X-Metadata-Token-Ttl-Seconds": _TOKEN_SECONDS},
            ),
            _WITHOUT_TOKEN | {200},
            short,
        )
        headers = {}
        if token.status == 200:
            value = token.body.decode("ascii", "replace").strip()
            caller.vault.keep(value)
            headers["X-Metadata-Token"] = value
        response = caller.plain(
            Request("GET", f"{endpoint}/openstack/latest/securitykey", headers), frozenset({200}), short
        )
        return keys_of(caller.read_unscrubbed(response))
    except ApiError as error:
        raise _none(error.message) from None
    except DeadlineReached:
        raise _none(f"no answer within {PATIENCE:g} s") from None


def _none(why: str) -> UsageError:
    return UsageError(
        f"there are no credentials in the environment, and the ECS metadata has none ({why})",
        HINT,
    )
