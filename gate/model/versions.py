"""Versions of add-ons, compared as Python's packaging compares them (PEP 440)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.version import Version

_LONGEST = 100
"""Characters; a longer version is none that can be compared."""


def comparable(text: str | None) -> Version | None:
    """The version in a form that can be compared; None where it has none (`latest`, a missing one)."""
    if text is None or len(text) > _LONGEST or text != text.strip():
        return None
    from packaging.version import InvalidVersion, Version

    try:
        return Version(text)
    except InvalidVersion:
        return None
