"""`python -m gate` is `cce-gate`."""

import sys

from gate.cli import signals
from gate.errors import Interrupted


def main() -> None:
    """The process. Signals are taken care of before anything large is even imported."""
    signals.install()
    try:
        from gate.cli.main import main as run
    except Interrupted as stop:
        signals.ignore()
        sys.stderr.write(f"error: interrupted by {stop.signal_name} at the start\nhint: run it again\n")
        sys.exit(stop.exit_code)
    run()


if __name__ == "__main__":
    main()
