"""The identity of the CI's job, exchanged for temporary keys: no secret is stored anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gate.api import iam
from gate.api.credentials import Credential, Grant
from gate.api.sources import oidc
from gate.api.sources.around import Found, Incomplete, Surroundings, read_secret
from gate.errors import UsageError
from gate.model import Deadline

_OIDC = "HUAWEICLOUD_OIDC_"
_SECONDS = "3600"
_FEDERATED_SECONDS = 3600


def by_sts(around: Surroundings) -> Iterator[Found]:
    """The new way: the job's token for the keys of an agency (AssumeAgencyWithOIDC)."""
    environ = around.environ
    provider, agency = environ.get(f"{_OIDC}PROVIDER_URN"), environ.get(f"{_OIDC}AGENCY_URN")
    if not provider and not agency:
        return
    if not provider or not agency:
        there, missing = ("PROVIDER", "AGENCY") if provider else ("AGENCY", "PROVIDER")
        yield Incomplete.pair(f"{_OIDC}{there}_URN", f"{_OIDC}{missing}_URN")
        return
    id_token = oidc.find(environ, around.caller)
    if id_token is None:
        yield Incomplete(
            f"{_OIDC}PROVIDER_URN and {_OIDC}AGENCY_URN are set, but the job has no OIDC token "
            f"(GitHub: permission id-token: write; GitLab: {_OIDC}ID_TOKEN under id_tokens)"
        )
        return
    what = iam.Assumption(
        provider,
        agency,
        environ.get(f"{_OIDC}SESSION_NAME") or "cce-gate",
        _seconds(environ.get(f"{_OIDC}DURATION_SECONDS") or _SECONDS),
        environ.get(f"{_OIDC}POLICY") or None,
        [each.strip() for each in environ.get(f"{_OIDC}POLICY_IDS", "").split(",") if each.strip()],
    )
    place, token = id_token
    endpoint = around.sts()
    yield around.obtained(
        f"OIDC by STS, with the token from {place}",
        lambda deadline: iam.assume(around.caller, endpoint, what, token(deadline), deadline),
    )


def by_iam(around: Surroundings) -> Iterator[Found]:
    """The older way: the job's token for a token of IAM, and that for keys."""
    names = ("HUAWEICLOUD_SDK_IDP_ID", "HUAWEICLOUD_SDK_ID_TOKEN_FILE")
    idp_id, file = (around.environ.get(name) for name in names)
    if idp_id and file:
        yield federated(around, f"{names[0]} and {names[1]}", idp_id, Path(file), around.iam())
    elif idp_id or file:
        there, missing = names if idp_id else reversed(names)
        yield Incomplete.pair(there, missing)


def federated(around: Surroundings, source: str, idp_id: str, file: Path, endpoint: str) -> Credential:
    """Keys for the token in a file, which is read anew each time: CIs renew it."""

    def obtain(deadline: Deadline) -> Grant:
        id_token = read_secret(file, "the file of the OIDC token,")
        around.caller.vault.keep(id_token)
        return iam.federated_keys(around.caller, endpoint, idp_id, id_token, _FEDERATED_SECONDS, deadline)

    return around.obtained(f"OIDC by IAM, with {source}", obtain)


def _seconds(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0:
        return int(text)
    raise UsageError(f"{_OIDC}DURATION_SECONDS is {text!r}", "give a whole number of seconds, such as 3600")
