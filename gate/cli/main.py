"""The command `cce-gate`: its verbs, and the one way from errors to exit codes."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Sequence

import click

from gate import __version__
from gate.cli import signals, streams
from gate.cli.verbs import Verbs
from gate.errors import ExitCode, GateError, Interrupted

VERBS = {
    "check": "Wait for the checks of a cluster's add-ons and judge them.",
    "run": "Run a command only if the checks say so.",
    "evaluate": "Judge saved answers of the API; no network.",
    "verify": "Prove that a report is the pass that an upgrade asks for.",
    "whoami": "Show which credentials and cluster would be used, and prove it.",
    "policy": "Check, explain, draft and test policy files.",
    "explain": "Say what a risk means and what to do about it.",
    "demo": "Show the gate at work on a built-in cloud; no account.",
    "emulator": "Serve the built-in cloud on 127.0.0.1.",
}
"""Name and short help of each verb; the verb's module is imported when it is called."""

_DEFECT_HINT = "this is a defect of cce-gate: please report it with the output of the same command and -vv"


_RARELY = 50_000
"""Objects between two collections of garbage; by default a short run collects many times, and finds none."""


@click.command(
    cls=Verbs,
    package="gate.cli",
    verbs=VERBS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 pass, 1 blocked, 2 wrong usage or policy, 3 undecided, "
    "4 no answer to judge, 70 defect, 130/143 interrupted.",
)
@click.version_option(__version__, prog_name="cce-gate", message="%(prog)s %(version)s")
def cli() -> None:
    """Let an upgrade of a CCE add-on go on only when its pre-checks say so.

    The checks are those of Huawei Cloud CCE and Open Telekom Cloud. Every risk is judged against a policy
    that your team reviewed: Fatal always blocks, a Warning passes only if it is listed.

    Try it without an account: cce-gate demo
    """


def main() -> None:
    """The process: runs the command line and exits with its code."""
    gc.set_threshold(_RARELY)
    streams.prepare()
    try:
        code = run(sys.argv[1:])
        signals.ignore()
    except Interrupted as stop:
        signals.ignore()
        code = _interrupted(stop)
    met = signals.arrived()
    streams.leave(met.exit_code if met is not None and code == ExitCode.PASS else code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; returns the exit code. Nothing that a user or a server causes is a traceback."""
    try:
        result = cli.main(args=list(arguments), prog_name="cce-gate", standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        return _usage(error)
    except GateError as error:
        streams.complain(error.message, error.hint)
        return error.exit_code
    except (Interrupted, click.Abort, KeyboardInterrupt) as stop:
        return _interrupted(stop)
    except Exception as error:  # noqa: BLE001 - the last line of defence
        return _unforeseen(error, arguments)
    return result if isinstance(result, int) else ExitCode.DEFECT


def _usage(error: click.ClickException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return ExitCode.USAGE
    context = getattr(error, "ctx", None)
    command = context.command_path if isinstance(context, click.Context) else "cce-gate"
    streams.complain(error.format_message(), f"see {command} --help")
    return ExitCode.USAGE


def _interrupted(stop: BaseException) -> int:
    name, code = ("SIGINT", ExitCode.SIGINT)
    if isinstance(stop, Interrupted):
        name, code = stop.signal_name, stop.exit_code
    streams.complain(f"interrupted by {name}: nothing was decided", "run it again and let it end")
    return code


def _unforeseen(error: Exception, arguments: Sequence[str]) -> int:
    """What the operating system refused is not our defect; whatever else comes here is."""
    if isinstance(error, OSError):
        what = "the reader of the output is gone" if isinstance(error, BrokenPipeError) else str(error)
        streams.complain(what, "what was to be written is not complete; make room, or write elsewhere")
        return ExitCode.UNDECIDED
    if any(argument.startswith("-vv") for argument in arguments) or os.environ.get("CCE_GATE_VERBOSE") == "2":
        streams.diagnose("".join(traceback.format_exception(error)))
    streams.complain(f"unexpected {type(error).__name__}: {error}", _DEFECT_HINT)
    return ExitCode.DEFECT
