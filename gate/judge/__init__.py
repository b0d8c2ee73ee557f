"""The judge. See `gate.judge.verdict`; which tasks decide is in `gate.judge.selection`."""

from gate.judge.usage import usage
from gate.judge.verdict import MAX_CLOCK_SKEW, explain, judge

__all__ = ["MAX_CLOCK_SKEW", "explain", "judge", "usage"]
