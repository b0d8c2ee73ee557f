"""Output that can't be written is said, and never a traceback nor a 0."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUIET_VERBS = [
    ("policy", "check", "policies/strict.yml"),
    ("policy", "schema"),
    ("policy", "test", "policies"),
    ("policy", "explain", "policies/strict.yml", "--risk", "AddonStatus"),
    ("explain",),
    ("evaluate", "tests/examples/list-response.documented.json"),
]


def ended(arguments: tuple[str, ...], stdout: int) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "gate", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        check=False,
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("arguments", QUIET_VERBS, ids=" ".join)
def test_a_full_disk_is_no_success(arguments: tuple[str, ...]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        code, said = ended(arguments, full)
    finally:
        os.close(full)
    assert code not in (0, 70)
    assert "Traceback" not in said


@pytest.mark.parametrize("arguments", QUIET_VERBS[:2], ids=" ".join)
def test_a_reader_that_left_is_no_defect(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        code, said = ended(arguments, writing)
    finally:
        os.close(writing)
    assert code not in (0, 70)
    assert "Traceback" not in said
