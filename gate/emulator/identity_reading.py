"""The parts of a scenario that say who may ask: YAML to `gate.emulator.identity`."""

from __future__ import annotations

from gate.emulator import identity
from gate.emulator.reading import Fields, Value, duration, text


def iam(fields: Fields) -> identity.Iam:
    return identity.Iam(
        domain=fields.get("domain", text, identity.DEFAULT_DOMAIN),
        user=fields.get("user", text, identity.DEFAULT_USER),
        password=fields.get("password", text, identity.DEFAULT_PASSWORD),
        idp_id=fields.get("idpId", text, identity.DEFAULT_IDP_ID),
    )


def oidc(fields: Fields) -> identity.Oidc:
    return identity.Oidc(
        provider_urn=fields.get("providerUrn", text, identity.DEFAULT_PROVIDER_URN),
        agency_urn=fields.get("agencyUrn", text, identity.DEFAULT_AGENCY_URN),
        id_token=fields.get("idToken", text, identity.DEFAULT_ID_TOKEN),
        request_token=fields.get("requestToken", text, identity.DEFAULT_REQUEST_TOKEN),
    )


def lifetimes(fields: Fields) -> identity.Lifetimes:
    usual = identity.Lifetimes()
    return identity.Lifetimes(
        token=fields.get("token", duration, usual.token),
        keys=fields.get("keys", duration, usual.keys),
        id_token=fields.get("idToken", duration, usual.id_token),
    )


def metadata(value: Value) -> identity.MetadataMode:
    # As written: YAML 1.1 takes the word `off` for false.
    word = value.scalar if value.kind == "bool" else text(value)
    for mode in identity.METADATA_MODES:
        if mode == word:
            return mode
    raise value.wrong(f'unknown word "{word}"', f"one of {', '.join(identity.METADATA_MODES)}")
