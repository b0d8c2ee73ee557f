"""The files in which a step of a GitHub job tells the runner its summary and its outputs.

The runner names them by GITHUB_STEP_SUMMARY and GITHUB_OUTPUT ("Workflow commands for GitHub Actions",
docs.github.com). A summary of more than 1 MiB is refused as a whole, with what was in it before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from gate.model import Report
from gate.report import github

LARGEST_SUMMARY = 1024 * 1024
"""Bytes of all that the commands of one step add."""

_CUT = "\n_The rest did not fit into the summary of this step; the JSON report has it all._\n"


def write(
    report: Report,
    paths: Mapping[str, str],
    environ: Mapping[str, str],
    random_bytes: Callable[[int], bytes],
) -> None:
    """Add the summary and the outputs to the files that `environ` names; a variable that is missing or
    empty asks for nothing.

    `paths` maps the name of a format to the path of its report. The outputs come last, so that a pass is
    told only when the rest is written. Raises `OSError` where a file can't be written.
    """
    summary, outputs = environ.get("GITHUB_STEP_SUMMARY"), environ.get("GITHUB_OUTPUT")
    if summary:
        _add_summary(Path(summary), github.summary(report))
    if outputs:
        delimiter = f"cce-gate-{random_bytes(16).hex()}"
        _append(Path(outputs), github.outputs(report, paths, delimiter))


def _add_summary(path: Path, text: str) -> None:
    """As much as there is room for: all of it, its head, or nothing."""
    room = LARGEST_SUMMARY - _size(path) - len("\n")
    head, _, _ = text.partition("\n### ")
    for part in (text, head + _CUT):
        if len(_encoded(part)) <= room:
            _append(path, part)
            return


def _append(path: Path, text: str) -> None:
    """Begins on a line of its own, in one write."""
    begun = _size(path) > 0 and _last_byte(path) != b"\n"
    with path.open("ab") as file:
        file.write(_encoded(f"\n{text}" if begun else text))


def _encoded(text: str) -> bytes:
    """A path that is not UTF-8 is told as it is."""
    return text.encode("utf-8", "surrogateescape")


def _size(path: Path) -> int:
    """Of a pipe or a device: 0."""
    return path.stat().st_size if path.exists() else 0


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1)
