"""From options and environment to the cluster that is asked: where it is and who asks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from gate.api import chain
from gate.api.caller import Caller
from gate.api.cce import Cluster, Place, check_id
from gate.api.credentials import Credential
from gate.api.endpoint import parse_endpoint
from gate.api.http import Http, Request, Response
from gate.api.regions import endpoint_of
from gate.api.sources.around import Surroundings
from gate.api.vault import Vault
from gate.cli import streams
from gate.cli.options import Where
from gate.errors import UsageError
from gate.model import Clock

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX = re.compile(r"[0-9a-f]{32}")
"""The forms of the IDs in the vendor's examples: of a cluster, of a project."""


def connect(
    where: Where, clock: Clock, *, verbose: bool, identify: bool = False
) -> tuple[Cluster, Credential]:
    """The cluster that the options name, and the credential that is used. Asks nothing of anybody yet.

    With `identify` the cluster's name is asked for, too, before anything is judged; so it is where both ID
    and name are given, since one of them could be wrong.

    Raises `UsageError`, with all that is missing at once.
    """
    place = _place(where)
    vault = Vault()
    caller = Caller(Http(), clock, vault, _trace(vault) if verbose else _silent)
    credential = chain.find(
        Surroundings(
            environ=os.environ,
            home=Path(os.environ.get("HOME") or os.environ.get("USERPROFILE") or "."),
            token_file=where.token_file,
            iam=lambda: _iam(where),
            sts=lambda: _endpoint(where, "sts", where.sts_endpoint),
            project_name=where.project_name,
            caller=caller,
        )
    )
    if verbose:
        streams.diagnose_line(f"credentials: {credential.source}")
    claimed = bool(where.cluster_id and where.cluster_name)
    return Cluster(caller, credential, place, identify=identify or claimed), credential


def _place(where: Where) -> Place:
    missing = [
        names
        for names, value in (
            ("--region or --endpoint", where.endpoint or where.region),
            ("--project-id or --project-name", where.project_id or where.project_name),
            ("--cluster-id or --cluster-name", where.cluster_id or where.cluster_name),
        )
        if not value
    ]
    if missing:
        raise UsageError(
            f"missing: {', '.join(missing)}",
            "give the options, or their variables CCE_GATE_...; to try it without an account: cce-gate demo",
        )
    if _UUID.fullmatch(where.project_id or "") and _HEX.fullmatch(where.cluster_id or ""):
        raise UsageError(
            "--project-id has the form of a cluster's ID, and --cluster-id that of a project's",
            "exchange them: a cluster's ID has dashes, a project's has none",
        )
    return Place(
        endpoint=_endpoint(where, "cce", where.endpoint),
        project_id=check_id("--project-id", where.project_id) if where.project_id else None,
        project_name=where.project_name,
        cluster_id=check_id("--cluster-id", where.cluster_id) if where.cluster_id else None,
        cluster_name=where.cluster_name,
        iam=None if where.project_id else _iam(where),
    )


def _endpoint(where: Where, service: str, given: str | None) -> str:
    if given:
        return parse_endpoint(given, allow_insecure_http=where.allow_insecure_http)
    if where.region:
        return endpoint_of(service, where.region)
    raise UsageError(
        f"the address of {service.upper()} is not known, and these credentials or names need it",
        f"give --region, or --{service}-endpoint",
    )


def _iam(where: Where) -> str:
    """IAM's endpoint; OpenStack's tools have it in OS_AUTH_URL, with the version as its path."""
    url = os.environ.get("OS_AUTH_URL")
    if where.iam_endpoint or where.region or not url:
        return _endpoint(where, "iam", where.iam_endpoint)
    parts = urlsplit(url)
    return parse_endpoint(f"{parts.scheme}://{parts.netloc}", allow_insecure_http=where.allow_insecure_http)


def _silent(request: Request, response: Response) -> None:
    """Without -v an exchange is not told."""


def _trace(vault: Vault) -> Callable[[Request, Response], None]:
    def told(request: Request, response: Response) -> None:
        request_id = response.headers.get("X-Request-Id", "-")
        line = f"{request.method} {request.url}: {response.status}, request ID {request_id}"
        streams.diagnose_line(vault.clean(line))

    return told
