"""How the values of options are written."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import click

from gate.model import AddonRef
from gate.report import FORMATS

_DURATION = re.compile(r"(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?", re.ASCII)
_UNITS = (3600.0, 60.0, 1.0, 0.001)
LONGEST = 30 * 24 * 3600.0


class Duration(click.ParamType):
    """`90`, `90s`, `15m`, `1h30m`, `200ms`: seconds. At most 30 days."""

    name = "duration"

    def __init__(self, *, zero: bool = False) -> None:
        self._zero = zero

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        seconds = _seconds(str(value).strip())
        if seconds is None:
            self.fail(f"{value!r} is not a duration such as 90, 90s, 15m, 1h30m or 200ms", param, ctx)
        if seconds > LONGEST:
            self.fail(f"{value!r} is longer than 30 days", param, ctx)
        if seconds == 0 and not self._zero:
            self.fail("it must be longer than 0", param, ctx)
        return seconds


class Addon(click.ParamType):
    """`NAME[@VERSION]`."""

    name = "name[@version]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> AddonRef:
        if isinstance(value, AddonRef):
            return value
        name, at, version = str(value).partition("@")
        if any(sign in str(value) for sign in ",:;= \t") or str(value).count("@") > 1:
            self.fail(f"{value!r} is not NAME@VERSION; repeat the option for more add-ons", param, ctx)
        if not name or (at and not version) or name != name.strip() or version != version.strip():
            self.fail(f"{value!r} is not NAME or NAME@VERSION", param, ctx)
        return AddonRef(name, version or None)


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """One `--report`: a format, and the file it goes to; None: standard output."""

    format: str
    path: Path | None


class Report(click.ParamType):
    """`FORMAT[=PATH]`."""

    name = "format[=path]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> ReportSpec:
        if isinstance(value, ReportSpec):
            return value
        name, equals, path = str(value).partition("=")
        if name not in FORMATS:
            meant = f"; did you mean {_meant(str(value), name)}?" if _meant(str(value), name) else ""
            self.fail(f"{name!r} is not a report format; there are {', '.join(FORMATS)}{meant}", param, ctx)
        if equals and not path:
            self.fail(f"{value!r} has no path after the =", param, ctx)
        return ReportSpec(name, Path(path) if path else None)

    def split_envvar_value(self, rv: str) -> list[str]:
        """One a line, so that a path may have spaces; on a single line, separated by white space."""
        return _lines(rv) if "\n" in rv else rv.split()


class TaskId(click.ParamType):
    """The ID of a check task."""

    name = "id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if not text or text != text.strip():
            self.fail(f"{value!r} is not the ID of a task", param, ctx)
        return text


class AddonValues(click.ParamType):
    """`ADDON=FILE`. In the environment: one a line, or separated by white space."""

    name = "addon=file"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Path]:
        if isinstance(value, tuple):
            return value
        name, equals, path = str(value).partition("=")
        if not name or not equals or not path:
            self.fail(f"{value!r} is not ADDON=FILE", param, ctx)
        return name, Path(path)

    def split_envvar_value(self, rv: str) -> list[str]:
        return _lines(rv) if "\n" in rv else rv.split()


class PolicyPath(click.ParamType):
    """A policy file. In the environment: one a line, or separated as in PATH."""

    name = "file"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value):
            self.fail("it is empty; leave the option out, or name a file", param, ctx)
        return Path(str(value))

    def split_envvar_value(self, rv: str) -> list[str]:
        return _lines(rv) if "\n" in rv else [part for part in rv.split(os.pathsep) if part]


def _meant(value: str, name: str) -> str | None:
    """The report that a misspelt `FORMAT[=PATH]` most likely is."""
    from difflib import get_close_matches

    near = get_close_matches(name, FORMATS, n=1)
    if near:
        return value.replace(name, near[0], 1)
    return f"json={value}" if "." in value and "=" not in value else None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _seconds(text: str) -> float | None:
    if text.isascii() and text.isdigit():
        return float(text)
    match = _DURATION.fullmatch(text)
    if match is None or not text:
        return None
    return sum(int(number) * unit for number, unit in zip(match.groups(), _UNITS, strict=True) if number)
