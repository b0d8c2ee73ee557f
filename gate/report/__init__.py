"""Reports: one pure function a format, `render(report, style) -> str`, and the one registry of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from gate.model import Report


@dataclass(frozen=True, slots=True)
class Style:
    """How a report for people is to look. Formats for machines ignore it."""

    width: int = 80
    """Cells a line may take; below 40 it counts as 40."""
    colour: bool = False
    """Whether ANSI colours may be used."""


Renderer = Callable[[Report, Style], str]

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "text": "gate.report.text",
        "json": "gate.report.json_report",
        "junit": "gate.report.junit",
        "sarif": "gate.report.sarif",
        "markdown": "gate.report.markdown",
        "html": "gate.report.html",
        "gitlab-codequality": "gate.report.gitlab_codequality",
        "dotenv": "gate.report.dotenv",
        "github": "gate.report.github",
    }
)
"""Name of a format (as `--report` takes it) to the module that holds its `render`."""


def renderer(name: str) -> Renderer:
    """The function that renders the format `name`; its module is imported only now.

    Raises `KeyError` where `FORMATS` has no such name.
    """
    render: Renderer = import_module(FORMATS[name]).render
    return render
