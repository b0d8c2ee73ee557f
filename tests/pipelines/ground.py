"""The project as a pipeline gets it, a repository that uses it, the tools."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(?P<kind>[a-z]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def tool(name: str) -> str:
    """A program that requirements/pipelines.txt installs beside this Python, or one in PATH."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    assert found, f"{name} is missing: run make pipelines"
    return found


def run(
    *arguments: str | Path, cwd: Path = ROOT, environ: Mapping[str, str] = {}, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """A program to its end, with this environment on top of the test's own."""
    return subprocess.run(
        list(map(str, arguments)),
        cwd=cwd,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def copy_project(place: Path) -> Path:
    """The project's own files, without what is made from them."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    assert listed.returncode == 0, listed.stderr
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    return place


def make_repository(place: Path, files: Mapping[str, str]) -> Path:
    """A repository with these files committed, and whatever is in `place` already."""
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)
    named = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], [*named, "commit", "-q", "-m", "all"]):
        done = run("git", *command, cwd=place)
        assert done.returncode == 0, done.stderr
    return place


def documented(name: str, kind: str = "yaml") -> Sequence[str]:
    """The code blocks of this kind in a file of docs/, as they stand."""
    return tuple(_blocks((ROOT / "docs" / name).read_text(encoding="utf-8"), kind))


def _blocks(text: str, kind: str) -> Iterator[str]:
    for block in _BLOCK.finditer(text):
        if block["kind"] == kind:
            yield block["text"]
