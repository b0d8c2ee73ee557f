"""`python -m tests.bench`: exit code 0 where every promise is kept, 1 where one is broken, 2 where a
process did not do what was to be measured.
"""

from __future__ import annotations

import platform
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.cloud import TOKEN, serving
from tests.bench.comparison import Result, measure
from tests.bench.pairs import comparisons
from tests.bench.process import NotMeasured, environment
from tests.bench.table import table


def main() -> int:
    started = time.monotonic()
    try:
        results = _results()
    except NotMeasured as failure:
        sys.stderr.write(f"{failure}\n")
        return 2
    python = f"{platform.python_implementation()} {platform.python_version()}"
    sys.stdout.write(
        f"{python}; CPU time (user and system) of whole processes, run in turn after a warm-up;\n"
        f"ratios pair by pair, the median decides\n\n{table(results)}\n"
        f"took {time.monotonic() - started:.0f} s\n"
    )
    return 0 if all(result.is_kept for result in results) else 1


def _results() -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = environment(folder, HW_AUTH_TOKEN=TOKEN)
        with serving(folder) as cloud:
            return [measure(comparison, environ) for comparison in comparisons(cloud)]


if __name__ == "__main__":
    sys.exit(main())
