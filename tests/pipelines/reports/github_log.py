"""What GitHub's runner makes of a log: docs.github.com, "Workflow commands for GitHub Actions"."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 10
"""So many annotations of a kind are shown for one step."""
_BREAKS = re.compile("\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]")
_COMMAND = re.compile(r"\s*::(?P<name>[^ :]*)(?: (?P<properties>.*?))?::(?P<message>.*)")
_ANY_COMMAND = re.compile(r"^\s*::|##\[|##vso\[", re.IGNORECASE)
_CODES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark that GitHub shows beside the run, or in the file that it names."""

    kind: str
    properties: dict[str, str]
    message: str


def read_log(text: str) -> tuple[list[Annotation], list[str]]:
    """Annotations, and the lines that stay text. Raises `AssertionError` on every other command."""
    annotations, plain = [], []
    for line in _BREAKS.split(text):
        found = _COMMAND.fullmatch(line)
        if found is None:
            assert not _ANY_COMMAND.search(line), line
            plain.append(line)
            continue
        assert found["name"] in ("error", "warning", "notice"), line
        assert not re.search(r"##\[|##vso\[", line), line
        pairs = [pair.partition("=") for pair in (found["properties"] or "").split(",")]
        properties = {name: _decoded(value) for name, _, value in pairs}
        assert set(properties) <= {"title", "file", "line"}, line
        annotations.append(Annotation(found["name"], properties, _decoded(found["message"])))
    for kind in ("error", "warning", "notice"):
        assert [each.kind for each in annotations].count(kind) <= MOST
    return annotations, plain


def _decoded(text: str) -> str:
    return re.sub("|".join(_CODES), lambda code: _CODES[code[0]], text)
