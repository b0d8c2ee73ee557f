"""Where the reports go."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gate.cli import signals, streams
from gate.cli.signing_key import signing_key
from gate.cli.types import ReportSpec
from gate.errors import ExitCode, Interrupted, UsageError
from gate.model import Report, Verdict
from gate.report import Style, renderer

_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Outputs:
    """The reports of a run, planned before anything is asked, so that a bad path is found in time."""

    specs: tuple[ReportSpec, ...]
    key: bytes | None = field(default=None, repr=False)
    """What JSON reports are signed with; None: they are not."""

    def deliver(self, report: Report) -> int:
        """Write every report; returns the exit code.

        A signal in the middle has the last word: the reports are written again and say so. A pass whose
        reports can't all be written is no evidence: it ends as undecided, and so say those that can.
        """
        told: Report | None = None
        try:
            if signals.arrived() is None or report.exit_code != ExitCode.PASS:
                told = self._write(report)
            signals.ignore()
        except Interrupted:
            told = None
        stop = signals.arrived()
        if stop is None or (told is not None and report.exit_code != ExitCode.PASS):
            return ExitCode.DEFECT if told is None else told.exit_code
        signals.ignore()
        return self._write(replace(report, verdict=Verdict.UNDECIDED, exit_code=stop.exit_code)).exit_code

    def _write(self, report: Report) -> Report:
        """Write all; returns what was told in the end."""
        if self._write_all(report) or report.exit_code != ExitCode.PASS:
            return report
        closed = replace(report, verdict=Verdict.UNDECIDED, exit_code=ExitCode.UNDECIDED)
        self._write_all(closed)
        return closed

    def _write_all(self, report: Report) -> bool:
        """Files first: what stands on standard output can't be taken back."""
        files = [spec for spec in self.specs if spec.path is not None]
        written = [self._write_one(spec, report) for spec in files]
        if any(spec.format == "github" for spec in self.specs):
            written.append(self._tell_runner(report))
        if not all(written) and report.exit_code == ExitCode.PASS:
            return False
        shown = [self._write_one(spec, report) for spec in self.specs if spec.path is None]
        return all(written) and all(shown)

    def _tell_runner(self, report: Report) -> bool:
        """The summary and the outputs of a step on GitHub."""
        from gate.cli import github_files

        paths = {spec.format: str(spec.path) for spec in self.specs if spec.path is not None}
        try:
            github_files.write(report, paths, os.environ, os.urandom)
        except OSError as error:
            streams.complain(
                f"the summary or the outputs of the step could not be written: {error.strerror or error}",
                "see what GITHUB_STEP_SUMMARY and GITHUB_OUTPUT name; without them a run is no evidence",
            )
            return False
        return True

    def _write_one(self, spec: ReportSpec, report: Report) -> bool:
        style = _style() if spec.path is None else Style()
        text = renderer(spec.format)(report, style)
        if spec.format == "json" and self.key is not None:
            from gate.report.sealed import signed

            text = signed(text, self.key)
        try:
            if spec.path is not None:
                _replace(spec.path, text)
            elif spec.format == "text":
                streams.show(text)
            else:
                streams.show_utf8(text)
        except OSError as error:
            place = spec.path or "standard output"
            streams.complain(
                f"the {spec.format} report could not be written to {place}: {error.strerror or error}",
                "without its report a run is no evidence; make room, or write it elsewhere",
            )
            return False
        return True


def plan(specs: Sequence[ReportSpec], inputs: Sequence[Path]) -> Outputs:
    """Check where the reports go, and take away what an earlier run left there.

    A report of an earlier run must not pass for this one's, whatever becomes of this one.
    Raises `UsageError` for two reports in one place, one in the place of an input, no place to write, or a
    signing key that is empty.
    """
    key = signing_key(os.environ)
    to_stdout = [spec for spec in specs if spec.path is None]
    if len(to_stdout) > 1:
        names = ", ".join(spec.format for spec in to_stdout)
        raise UsageError(
            f"{names}: only one report fits on standard output", "give the others a path: FORMAT=PATH"
        )
    taken = {path.resolve(): "an input" for path in inputs}
    for spec in specs:
        if spec.path is not None:
            _check(spec.path, taken)
            taken[spec.path.resolve()] = "another report"
    for spec in specs:
        if spec.path is not None and spec.path.is_file():
            spec.path.resolve().unlink()
    if not to_stdout:
        return Outputs((ReportSpec("text", None), *specs), key)
    return Outputs(tuple(specs), key)


def _check(path: Path, taken: dict[Path, str]) -> None:
    place = path.resolve()
    if place in taken:
        raise UsageError(f"{path} is also {taken[place]}", "give every report a path of its own")
    if path.is_dir():
        raise UsageError(f"{path} is a folder", "name a file in it")
    folder = place.parent
    if not folder.is_dir():
        raise UsageError(f"the folder of {path} does not exist", f"make it first: mkdir -p {path.parent}")
    writable = place if place.exists() and not place.is_file() else folder
    if not os.access(writable, os.W_OK):
        raise UsageError(f"{path} can't be written", "check the permissions, or write elsewhere")


def _replace(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all; a device or a pipe is written as it is."""
    place = path.resolve()
    if place.exists() and not place.is_file():
        place.write_text(text, encoding="utf-8")
        return
    descriptor, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _style() -> Style:
    colour = streams.wants_colour(sys.stdout, os.environ)
    if not sys.stdout.isatty():
        return Style(colour=colour)
    return Style(width=min(shutil.get_terminal_size().columns, _WIDEST), colour=colour)
