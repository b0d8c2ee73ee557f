"""What the command signs, the vendor's own signer signs in the same way."""

from __future__ import annotations

import base64
import os
import warnings
from pathlib import Path

import pytest

from gate.emulator.scenario import parse
from gate.emulator.server import Emulator, Received
from tests.cli.ground import CLEAR, asking, run, scenario
from tests.cli.test_credentials import EVERYTHING, NO_TOKEN, SECRET_KEY, SOURCES, everywhere

SIGNED = [
    "keys of the SDK",
    "keys of terraform",
    "keys of OpenStack",
    "profile file",
    "oidc variable",
    "oidc of GitHub",
    "oidc by IAM",
    "metadata",
]


def authorization_by_sdk(received: Received, access: str, secret: str) -> str:
    """The Authorization header that the SDK's signer gives a captured request."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from huaweicloudsdkcore.auth.credentials import BasicCredentials  # type: ignore[import-untyped]
        from huaweicloudsdkcore.sdk_request import SdkRequest  # type: ignore[import-untyped]
        from huaweicloudsdkcore.signer.signer import Signer  # type: ignore[import-untyped]

        signed = received.headers["Authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
        request = SdkRequest(
            method=received.method,
            schema="http",
            host=received.headers["Host"],
            resource_path=received.path,
            query_params=list(received.query.items()),
            header_params={name: received.headers[name] for name in signed},
            body=received.body.decode(),
        )
        Signer(BasicCredentials(access, secret)).sign(request)
    return str(request.header_params["Authorization"])


@pytest.mark.parametrize("name", SIGNED)
def test_the_sdk_reproduces_the_signature_of_what_was_captured(name: str, tmp_path: Path) -> None:
    issued: list[bytes] = []

    def random_bytes(size: int) -> bytes:
        issued.append(os.urandom(size))
        return issued[-1]

    with Emulator(
        parse(scenario(CLEAR, more=EVERYTHING), "test"), port=0, random_bytes=random_bytes
    ) as served:
        environ = {**NO_TOKEN, **SOURCES[name].environ(served, tmp_path)}
        assert run(*asking(served.url), *everywhere(served), environ=environ).code == 0
        received = next(each for each in served.requests if each.path.endswith("/precheck/tasks"))
    sent = received.headers["Authorization"]
    access = sent.partition("Access=")[2].partition(",")[0]
    secrets = [SECRET_KEY, *(base64.b64encode(each).decode() for each in issued)]
    assert sent in [authorization_by_sdk(received, access, secret) for secret in secrets]
    assert "x-project-id" in sent
    assert ("x-security-token" in sent) is name.startswith(("oidc", "metadata"))
