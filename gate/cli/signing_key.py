"""The key that reports are signed with, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping

from gate.errors import UsageError

VARIABLE = "CCE_GATE_SIGNING_KEY"


def signing_key(environ: Mapping[str, str]) -> bytes | None:
    """The key; None where the variable is not set.

    Raises `UsageError` where it is set and blank: a pipeline that lost its secret must not go on unsigned.
    """
    key = environ.get(VARIABLE)
    if key is None:
        return None
    if not key.strip():
        raise UsageError(
            f"{VARIABLE} is set, but it is empty",
            "give this job the secret; where reports are not to be signed, unset the variable",
        )
    return os.fsencode(key)
