"""The chain of credentials: the first source that is complete is used.

Names and order are those of the vendor's SDK, terraform provider and OpenStack's tools, so that trying the
gate needs no new secret. Secrets come from files and the environment, never from an option's value.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gate.api import iam, metadata, oidc
from gate.api.caller import Caller
from gate.api.credentials import Credential, Obtain, Proof, Token, fixed
from gate.api.signing import AccessKeys
from gate.errors import UsageError
from gate.model import Deadline

_TOKEN = re.compile(r"[!-~]+")
_TOKENS = ("HW_AUTH_TOKEN", "OS_TOKEN")
_KEYS = (
    ("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    ("HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_SECURITY_TOKEN"),
    ("OS_ACCESS_KEY", "OS_SECRET_KEY", "OS_SECURITY_TOKEN"),
)
_OIDC = "HUAWEICLOUD_OIDC_"
_METADATA = "CCE_GATE_METADATA_ENDPOINT"
_FEDERATED_SECONDS = 3600
_ASSUMED_SECONDS = "3600"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the sources draw on. `iam` and `sts` give the endpoint, or raise `UsageError` without one."""

    environ: Mapping[str, str]
    home: Path
    token_file: Path | None
    iam: Callable[[], str]
    sts: Callable[[], str]
    project_name: str | None
    caller: Caller


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A source of which a part is there and a part is not: named in the error, because it was meant."""

    what: str


Found = Credential | Incomplete | None


def find(around: Surroundings) -> Credential:
    """The first complete source. Raises `UsageError` where there is none, or one can't be read."""
    incomplete: list[str] = []
    for source in _SOURCES:
        for found in source(around):
            if isinstance(found, Credential):
                return found
            if isinstance(found, Incomplete):
                incomplete.append(found.what)
    if incomplete:
        raise UsageError(
            f"there are no complete credentials: {'; '.join(incomplete)}",
            "set what is missing, or unset the rest",
        )
    endpoint = around.environ.get(_METADATA) or metadata.ENDPOINT
    if endpoint == "off":
        raise UsageError(
            "there are no credentials",
            "set HW_AUTH_TOKEN, HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or another source of the README",
        )
    return _obtained(
        around, "ECS metadata", lambda deadline: metadata.keys(around.caller, endpoint, deadline)
    )


def _tokens(around: Surroundings) -> Iterator[Found]:
    if around.token_file is not None:
        source = f"--token-file {around.token_file}"
        yield _fixed(around, source, _token(source, oidc.read_token(around.token_file, "--token-file")))
    for name in _TOKENS:
        if around.environ.get(name):
            yield _fixed(around, name, _token(name, around.environ[name]))


def _job_identity(around: Surroundings) -> Iterator[Found]:
    """The new way of OIDC: the CI's token for the keys of an agency, by STS."""
    environ = around.environ
    provider, agency = environ.get(f"{_OIDC}PROVIDER_URN"), environ.get(f"{_OIDC}AGENCY_URN")
    id_token = oidc.find(environ, around.caller)
    if not provider and not agency:
        return
    if not provider or not agency:
        there, missing = ("PROVIDER", "AGENCY") if provider else ("AGENCY", "PROVIDER")
        yield Incomplete(f"{_OIDC}{there}_URN is set, {_OIDC}{missing}_URN is not")
        return
    if id_token is None:
        yield Incomplete(
            f"{_OIDC}PROVIDER_URN and {_OIDC}AGENCY_URN are set, but the job has no OIDC token "
            f"(GitHub: permission id-token: write; GitLab: {_OIDC}ID_TOKEN under id_tokens)"
        )
        return
    policy_ids = [each.strip() for each in environ.get(f"{_OIDC}POLICY_IDS", "").split(",") if each.strip()]
    what = iam.Assumption(
        provider,
        agency,
        environ.get(f"{_OIDC}SESSION_NAME") or "cce-gate",
        _seconds(environ.get(f"{_OIDC}DURATION_SECONDS") or _ASSUMED_SECONDS),
        environ.get(f"{_OIDC}POLICY") or None,
        policy_ids,
    )
    place, token = id_token
    sts = around.sts()
    yield _obtained(
        around,
        f"OIDC by STS, with the token from {place}",
        lambda deadline: iam.assume(around.caller, sts, what, token(deadline), deadline),
    )


def _access_keys(around: Surroundings) -> Iterator[Found]:
    for ak, sk, security_token in _KEYS:
        access, secret = around.environ.get(ak), around.environ.get(sk)
        if access and secret:
            yield _keys(around, f"{ak} and {sk}", access, secret, around.environ.get(security_token))
        elif access or secret:
            there, missing = (ak, sk) if access else (sk, ak)
            yield Incomplete(f"{there} is set, {missing} is not")


def _federation(around: Surroundings) -> Iterator[Found]:
    """The older way of OIDC, by IAM."""
    names = ("HUAWEICLOUD_SDK_IDP_ID", "HUAWEICLOUD_SDK_ID_TOKEN_FILE")
    idp_id, file = (around.environ.get(name) for name in names)
    if idp_id and file:
        yield _federated(around, f"{names[0]} and {names[1]}", idp_id, Path(file), around.iam())
    elif idp_id or file:
        there, missing = names if idp_id else reversed(names)
        yield Incomplete(f"{there} is set, {missing} is not")


def _profile(around: Surroundings) -> Iterator[Found]:
    """The `[basic]` section of the SDK's credentials file."""
    named = around.environ.get("HUAWEICLOUD_SDK_CREDENTIALS_FILE")
    path = Path(named) if named else around.home / ".huaweicloud" / "credentials"
    if not named and not path.is_file():
        return
    profile = _read_profile(path)
    idp_id, file = profile.get("idp_id"), profile.get("id_token_file")
    access, secret = profile.get("ak"), profile.get("sk")
    source = f"{path} [basic]"
    if idp_id and file:
        yield _federated(around, source, idp_id, Path(file), profile.get("iam_endpoint") or around.iam())
    elif access and secret:
        yield _keys(around, source, access, secret, profile.get("security_token"))
    else:
        yield Incomplete(f"{source} has neither ak and sk nor idp_id and id_token_file")


def _password(around: Surroundings) -> Iterator[Found]:
    environ = around.environ
    values = {
        "OS_USERNAME": environ.get("OS_USERNAME"),
        "OS_PASSWORD": environ.get("OS_PASSWORD"),
        "OS_DOMAIN_NAME": environ.get("OS_DOMAIN_NAME") or environ.get("OS_USER_DOMAIN_NAME"),
        "OS_PROJECT_NAME": environ.get("OS_PROJECT_NAME") or around.project_name,
    }
    if not values["OS_USERNAME"] and not values["OS_PASSWORD"]:
        return
    missing = [name for name, value in values.items() if not value]
    if missing:
        there = [name for name, value in values.items() if value]
        yield Incomplete(f"set: {', '.join(there)}; not set: {', '.join(missing)}")
        return
    who = iam.Password(*(value or "" for value in values.values()))
    around.caller.vault.keep(who.password)
    endpoint = around.iam()
    yield _obtained(
        around,
        "OS_USERNAME and OS_PASSWORD",
        lambda deadline: iam.token_of(around.caller, endpoint, who, deadline),
    )


_SOURCES: tuple[Callable[[Surroundings], Iterator[Found]], ...] = (
    _tokens,
    _job_identity,
    _access_keys,
    _federation,
    _profile,
    _password,
)


def _fixed(around: Surroundings, source: str, proof: Proof) -> Credential:
    return fixed(source, proof, around.caller.clock, around.caller.vault)


def _obtained(around: Surroundings, source: str, obtain: Obtain) -> Credential:
    return Credential(source, obtain, around.caller.clock, around.caller.vault)


def _keys(around: Surroundings, source: str, access: str, secret: str, token: str | None) -> Credential:
    around.caller.vault.keep(secret, token)
    for value in (access, secret, token or "-"):
        _checked(source, value)
    return _fixed(
        around, source, AccessKeys(access.strip(), secret.strip(), token.strip() if token else None)
    )


def _federated(around: Surroundings, source: str, idp_id: str, file: Path, endpoint: str) -> Credential:
    def obtain(deadline: Deadline) -> object:
        id_token = oidc.read_token(file, source)
        around.caller.vault.keep(id_token)
        return iam.federated_keys(around.caller, endpoint, idp_id, id_token, _FEDERATED_SECONDS, deadline)

    return _obtained(around, f"OIDC by IAM, with {source}", obtain)  # type: ignore[arg-type]


def _token(source: str, text: str) -> Token:
    return Token(_checked(source, text))


def _checked(source: str, text: str) -> str:
    value = text.strip()
    if not value:
        raise UsageError(f"the value from {source} is empty", "put the token or the keys there")
    if not _TOKEN.fullmatch(value):
        raise UsageError(
            f"the value from {source} has characters that no token or key has", "give it alone, on one line"
        )
    return value


def _seconds(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0:
        return int(text)
    raise UsageError(f"{_OIDC}DURATION_SECONDS is {text!r}", "give a whole number of seconds, such as 3600")


def _read_profile(path: Path) -> Mapping[str, str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"the profile file {path} can't be read: {error.strerror}", "check the path"
        ) from None
    except (configparser.Error, UnicodeDecodeError):
        raise UsageError(
            f"the profile file {path} is not in the form of the SDK's",
            "it needs a section [basic] with ak and sk",
        ) from None
    return dict(parser["basic"]) if parser.has_section("basic") else {}
