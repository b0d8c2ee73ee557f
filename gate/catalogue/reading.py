"""Reads `risks.toml`, once in a process."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from gate.catalogue.entries import KnownRisk, UnnamedCheck

FILE = Path(__file__).with_name("risks.toml")


@cache
def catalogue() -> tuple[tuple[KnownRisk, ...], tuple[UnnamedCheck, ...]]:
    """The known risks and the checks without a published name, in the file's order.

    The file ships with the package and is held to its form by the tests; one that was damaged since
    raises `OSError`, or what `parse` raises.
    """
    return parse(FILE.read_text(encoding="utf-8"))


def parse(text: str) -> tuple[tuple[KnownRisk, ...], tuple[UnnamedCheck, ...]]:
    """The same, of a text.

    Raises `KeyError` or `TypeError` for a missing or unknown field, `AttributeError` for what is no text
    where one belongs, and `ValueError` for what is not TOML.
    """
    document = tomllib.loads(text)
    risks = tuple(
        KnownRisk(**_common(entry), addons=tuple((name, _flow(said)) for name, said in extra.items()))
        for entry, extra in map(_without_addons, document["risk"])
    )
    return risks, tuple(UnnamedCheck(**_common(entry)) for entry in document["unnamed"])


def _without_addons(entry: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, str]]:
    rest = dict(entry)
    return rest, rest.pop("addons", {})


def _common(entry: Mapping[str, Any]) -> dict[str, Any]:
    texts = {field: _flow(text) for field, text in entry.items() if field != "links"}
    return {**texts, "links": tuple(entry["links"])}


def _flow(text: str) -> str:
    return " ".join(text.split())
