"""What is measured: one entry a promise."""

from __future__ import annotations

from pathlib import Path

from tests.bench.cloud import TASKS, Cloud
from tests.bench.comparison import Comparison

_BARE_SCRIPT = str(Path(__file__).with_name("bare_script.py"))


def comparisons(cloud: Cloud) -> list[Comparison]:
    """All pairs, those that ask an API against `cloud`."""
    return [
        Comparison(
            name="--help : import of the SDK",
            meaning="Showing help costs far less than the official SDK costs before its first call.",
            gate=("-m", "gate", "--help"),
            other=("-c", "import huaweicloudsdkcce.v3"),
            bound=0.5,
            runs=11,
        ),
        Comparison(
            name=f"verdict on {TASKS} tasks : bare script",
            meaning="A judged and reported verdict costs little more than a script that only does the call.",
            gate=("-m", "gate", "check", *cloud.options),
            other=(_BARE_SCRIPT, *cloud.options),
            bound=1.3,
            runs=21,
        ),
        Comparison(
            name="100,000 risks, 10,000 rules : 1,000 rules",
            meaning="A policy may grow for years: judging costs as much as the risks, not as the rules.",
            gate=("-m", "tests.bench.judging", "10000"),
            other=("-m", "tests.bench.judging", "1000"),
            bound=1.5,
            runs=3,
        ),
    ]
