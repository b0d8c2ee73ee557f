"""The results as text."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.comparison import Result

_HEADINGS = ("gate : other", "runs", "gate ms", "other ms", "min", "median", "max", "bound", "promise")


def table(results: Sequence[Result]) -> str:
    """A row for each pair, its meaning under it. Times are medians, ratios are taken pair by pair."""
    rows = [_HEADINGS, *(_row(result) for result in results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    shown = lines[:1]
    for line, result in zip(lines[1:], results, strict=True):
        shown += [line, f"    {result.comparison.meaning}"]
    return "\n".join(shown) + "\n"


def _row(result: Result) -> tuple[str, ...]:
    ratios = result.ratios
    return (
        result.comparison.name,
        str(len(result.pairs)),
        f"{result.gate_cpu * 1000:.0f}",
        f"{result.other_cpu * 1000:.0f}",
        *(f"{ratio:.2f}" for ratio in (min(ratios), result.ratio, max(ratios))),
        f"<= {result.comparison.bound:g}",
        "kept" if result.is_kept else "BROKEN",
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *numbers, last = (
        (f"{cell:<{width}}" if at in (0, len(row) - 1) else f"{cell:>{width}}")
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join((first, *numbers, last)).rstrip()
