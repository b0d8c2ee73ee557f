"""The chain of credentials: the first source that is complete is used.

Names and order are those of the vendor's SDK, terraform provider and OpenStack's tools, so that trying the
gate needs no new secret. Secrets come from files and the environment, never from an option's value. What a
source needs is imported when its variables are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from gate.api.credentials import Credential
from gate.api.sources.around import Found, Incomplete, Surroundings, read_secret
from gate.errors import UsageError

_TOKENS = ("HW_AUTH_TOKEN", "OS_TOKEN")
_KEYS = (
    ("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    ("HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_SECURITY_TOKEN"),
    ("OS_ACCESS_KEY", "OS_SECRET_KEY", "OS_SECURITY_TOKEN"),
)
_JOB_BY_STS = ("HUAWEICLOUD_OIDC_PROVIDER_URN", "HUAWEICLOUD_OIDC_AGENCY_URN")
_JOB_BY_IAM = ("HUAWEICLOUD_SDK_IDP_ID", "HUAWEICLOUD_SDK_ID_TOKEN_FILE")
_PROFILE = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"
_PASSWORD = ("OS_USERNAME", "OS_PASSWORD")
_METADATA = "CCE_GATE_METADATA_ENDPOINT"


def find(around: Surroundings) -> Credential:
    """The first complete source. Raises `UsageError` where there is none, or one can't be read."""
    incomplete: list[str] = []
    for source in _SOURCES:
        for found in source(around):
            if isinstance(found, Credential):
                return found
            incomplete.append(found.what)
    if incomplete:
        raise UsageError(
            f"there are no complete credentials: {'; '.join(incomplete)}",
            "set what is missing, or unset the rest",
        )
    return _metadata(around)


def _tokens(around: Surroundings) -> Iterator[Found]:
    if around.token_file is not None:
        yield around.token(
            f"--token-file {around.token_file}", read_secret(around.token_file, "--token-file")
        )
    for name in _TOKENS:
        if around.environ.get(name):
            yield around.token(name, around.environ[name])


def _job_by_sts(around: Surroundings) -> Iterator[Found]:
    if _any(around, _JOB_BY_STS):
        from gate.api.sources import job

        yield from job.by_sts(around)


def _access_keys(around: Surroundings) -> Iterator[Found]:
    for ak, sk, security_token in _KEYS:
        access, secret = around.environ.get(ak), around.environ.get(sk)
        if access and secret:
            yield around.keys(f"{ak} and {sk}", access, secret, around.environ.get(security_token))
        elif access or secret:
            yield Incomplete.pair(*((ak, sk) if access else (sk, ak)))


def _job_by_iam(around: Surroundings) -> Iterator[Found]:
    if _any(around, _JOB_BY_IAM):
        from gate.api.sources import job

        yield from job.by_iam(around)


def _profile(around: Surroundings) -> Iterator[Found]:
    named = around.environ.get(_PROFILE)
    path = Path(named) if named else around.home / ".huaweicloud" / "credentials"
    if named or path.is_file():
        from gate.api.sources import profile

        yield from profile.find(around, path)


def _password(around: Surroundings) -> Iterator[Found]:
    if _any(around, _PASSWORD):
        from gate.api.sources import password

        yield from password.find(around)


def _metadata(around: Surroundings) -> Credential:
    from gate.api.sources import metadata

    endpoint = around.environ.get(_METADATA) or metadata.ENDPOINT
    if endpoint == "off":
        raise UsageError("there are no credentials", metadata.HINT)
    return around.obtained("ECS metadata", lambda deadline: metadata.keys(around.caller, endpoint, deadline))


def _any(around: Surroundings, names: tuple[str, ...]) -> bool:
    return any(around.environ.get(name) for name in names)


_SOURCES: tuple[Callable[[Surroundings], Iterator[Found]], ...] = (
    _tokens,
    _job_by_sts,
    _access_keys,
    _job_by_iam,
    _profile,
    _password,
)
