"""Standard output and error: the only place that writes to them."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn, TextIO

from gate.errors import ExitCode
from gate.report.escape import guard, printable

_NARROWEST = 40


def prepare() -> None:
    """No character of an answer may break the output: what the encoding lacks is written as an escape."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def show(text: str) -> None:
    """Write a whole report to standard output. Raises `OSError` where it can't be written."""
    sys.stdout.write(text)
    sys.stdout.flush()


def show_utf8(text: str) -> None:
    """Write a document that is UTF-8 by its format. Raises `OSError` where it can't be written."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def complain(what: str, hint: str) -> None:
    """Say on standard error what happened and what to do."""
    lines = [*f"error: {_lines(what)}".split("\n"), *f"hint: {_lines(hint)}".split("\n")]
    diagnose("".join(f"{folded(line, sys.stderr)}\n" for line in lines))


def diagnose(text: str) -> None:
    """Write whole lines to standard error; one that is gone is no reason to fail."""
    try:
        sys.stderr.write(guard(text))
        sys.stderr.flush()
    except OSError:
        pass


def diagnose_line(text: str) -> None:
    """Write one line to standard error, whatever is in `text`."""
    diagnose(f"{folded(printable(text), sys.stderr)}\n")


def folded(line: str, stream: TextIO) -> str:
    """The line as a terminal shows it best: broken between words. As it is where nobody looks at it."""
    if not stream.isatty():
        return line
    from gate.report.layout import wrap

    width = max(shutil.get_terminal_size().columns, _NARROWEST)
    return "\n  ".join(wrap(line, width - 2))


def wants_colour(stream: TextIO, environ: dict[str, str] | os._Environ[str]) -> bool:
    """Colour is for terminals that did not refuse it (`NO_COLOR`, `TERM=dumb`)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def leave(code: int) -> NoReturn:
    """End the process. Output that can't be delivered turns a pass into no evidence.

    What lives is left to the operating system: to collect it first would only take time.
    """
    gc.freeze()
    gc.disable()
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = code or ExitCode.UNDECIDED
    sys.exit(code)


def _nowhere() -> TextIO:
    """In place of a stream that was closed before the process began."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))
