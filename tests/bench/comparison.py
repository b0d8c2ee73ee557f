"""Two processes side by side, and what the project promises of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.process import run


@dataclass(frozen=True, slots=True)
class Comparison:
    """A pair to measure. `gate` and `other` are arguments for Python."""

    name: str
    meaning: str
    """One line: what the ratio tells a user."""
    gate: Sequence[str]
    other: Sequence[str]
    bound: float
    """The promise: the median ratio of the gate's CPU time to the other's is at most this."""
    runs: int


@dataclass(frozen=True, slots=True)
class Result:
    """The CPU seconds of each pair of runs, the gate's first."""

    comparison: Comparison
    pairs: Sequence[tuple[float, float]]

    @property
    def ratios(self) -> list[float]:
        """Pair by pair: both runs of a pair met the same weather on the machine."""
        return [gate / other for gate, other in self.pairs]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def gate_cpu(self) -> float:
        return median(gate for gate, _ in self.pairs)

    @property
    def other_cpu(self) -> float:
        return median(other for _, other in self.pairs)

    @property
    def is_kept(self) -> bool:
        """Whether the promise holds."""
        return self.ratio <= self.comparison.bound


def measure(comparison: Comparison, environ: Mapping[str, str]) -> Result:
    """Run both in turn, after one run of each that does not count. Raises `NotMeasured`."""

    def pair() -> tuple[float, float]:
        return run(comparison.gate, environ).cpu, run(comparison.other, environ).cpu

    pair()
    return Result(comparison, [pair() for _ in range(comparison.runs)])
