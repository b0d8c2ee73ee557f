from __future__ import annotations

import subprocess
import sys

import pytest

from gate.report import FORMATS, Style, renderer

from .cases import CASES


@pytest.mark.parametrize("name", FORMATS)
def test_every_registered_format_renders_every_example(name: str) -> None:
    for case in CASES.values():
        assert renderer(name)(case(), Style()).endswith("\n")


def test_a_format_that_is_not_registered_is_refused() -> None:
    with pytest.raises(KeyError):
        renderer("nonsense")


def test_a_format_is_imported_only_when_asked_for() -> None:
    code = "import sys, gate.report; assert not [m for m in sys.modules if m.startswith('gate.report.')]"
    subprocess.run([sys.executable, "-c", code], check=True)
