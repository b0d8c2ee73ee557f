"""The credentials file of the vendor's SDK."""

from __future__ import annotations

import configparser
from collections.abc import Iterator, Mapping
from pathlib import Path

from gate.api.endpoint import parse_endpoint
from gate.api.sources.around import Found, Incomplete, Surroundings
from gate.api.sources.job import federated
from gate.errors import UsageError


def find(around: Surroundings, path: Path) -> Iterator[Found]:
    """The section `[basic]` of the file, read as the SDK reads it."""
    profile = _read(path)
    idp_id, file = profile.get("idp_id"), profile.get("id_token_file")
    access, secret = profile.get("ak"), profile.get("sk")
    source = f"{path} [basic]"
    if idp_id and file:
        given = profile.get("iam_endpoint")
        yield federated(around, source, idp_id, Path(file), parse_endpoint(given) if given else around.iam())
    elif access and secret:
        yield around.keys(source, access, secret, profile.get("security_token"))
    else:
        yield Incomplete(f"{source} has neither ak and sk nor idp_id and id_token_file")


def _read(path: Path) -> Mapping[str, str]:
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
