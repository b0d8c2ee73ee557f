"""What GitLab makes of the files that a job hands over, by its documentation and its source."""

from __future__ import annotations

import json
import re
from typing import Any

from jsonschema import Draft202012Validator

SEVERITIES = ("info", "minor", "major", "critical", "blocker")
_FILLED = {"type": "string", "minLength": 1}
_ENTRY = {
    "type": "object",
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": _FILLED,
        "check_name": _FILLED,
        "fingerprint": _FILLED,
        "severity": {"enum": list(SEVERITIES)},
        "location": {
            "type": "object",
            "required": ["path", "lines"],
            "properties": {
                "path": {"type": "string", "pattern": r"^(?!\./)"},
                "lines": {
                    "type": "object",
                    "required": ["begin"],
                    "properties": {"begin": {"type": "integer", "minimum": 1}},
                },
            },
        },
    },
}
"""docs.gitlab.com, "Code Quality", "Code Quality report format"."""
_ENTRIES = Draft202012Validator({"type": "array", "items": _ENTRY})

_MOST_VARIABLES = 20
_LARGEST = 5 * 1024
"""The limits of an instance that nobody changed: docs.gitlab.com, "artifacts:reports:dotenv"."""
_LINE = re.compile(r"(?P<name>[A-Za-z0-9_]+)=(?P<value>.*)")


def read_codequality(text: str) -> list[dict[str, Any]]:
    """The entries by their fingerprints: the last of several with the same one would stay."""
    assert not text.startswith("\ufeff")
    entries = json.loads(text)
    assert [error.message for error in _ENTRIES.iter_errors(entries)] == []
    kept = {entry["fingerprint"]: entry for entry in entries}
    assert len(kept) == len(entries)
    return list(kept.values())


def read_dotenv(text: str) -> dict[str, str]:
    """The variables that later jobs see. One line of another form, and there are none."""
    assert len(text.encode()) < _LARGEST
    read = [_LINE.fullmatch(line) for line in text.splitlines()]
    variables = {line["name"].strip(): line["value"].strip() for line in read if line is not None}
    assert len(variables) == len(read) <= _MOST_VARIABLES
    assert not any("$" in value for value in variables.values())
    return variables
