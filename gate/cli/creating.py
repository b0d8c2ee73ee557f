"""The options of `--create`, held against each other: from what was written to what is to be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gate.cli.options import Creating
from gate.errors import UsageError
from gate.model import LATEST, CheckType, Wanted

if TYPE_CHECKING:
    from gate.ordering import Purchase

_HOW = "--create --addon NAME@VERSION (or NAME@latest), or --create --all"


def purchased(creating: Creating, wanted: Wanted) -> Purchase | None:
    """What is to be asked for; None where nothing is. Reads the files of `--values`.

    Raises `UsageError` for options that do not go together.
    """
    complaints = _complaints if creating.create else _complaints_without
    wrong = next(complaints(creating, wanted), None)
    if wrong is not None:
        raise UsageError(*wrong)
    if not creating.create:
        return None
    from gate.cli.values import read_values
    from gate.ordering import Purchase
    from gate.plan import Wish

    wish = Wish(wanted.type, wanted.addons, creating.every)
    return Purchase(wish, {name: read_values(path) for name, path in creating.values})


Complaint = tuple[str, str]
"""What is wrong, and what to do."""


def _complaints(creating: Creating, wanted: Wanted) -> Iterator[Complaint]:
    if wanted.task_ids:
        yield "--task-id names a check that is there, and --create starts a new one", "leave one of them out"
    if creating.every and wanted.addons:
        yield "--all is every add-on, and --addon names some", "leave one of them out"
    if not creating.every and not wanted.addons:
        yield "--create does not know which add-ons to check", f"write {_HOW}"
    names = [name for name, _ in creating.values]
    asked = [ref.name for ref in wanted.addons]
    for name in names:
        if not creating.every and name not in asked:
            yield f"--values {name}: there is no --addon {name}", "name the add-on as in --addon"
    if len(set(names)) < len(names):
        yield "--values is given twice for an add-on", "put all parameters of an add-on into one file"
    yield from _of_versions(creating, wanted)


def _of_versions(creating: Creating, wanted: Wanted) -> Iterator[Complaint]:
    if wanted.type is CheckType.STATIC:
        if creating.every or any(ref.version for ref in wanted.addons):
            yield (
                "an addonStatic check looks at an add-on as it runs: it has no version",
                "write --addon NAME",
            )
        return
    for ref in wanted.addons:
        if ref.version is None:
            yield (
                f"--create --addon {ref.name}: to which version?",
                f"write --addon {ref.name}@VERSION, or {ref.name}@{LATEST} for the newest stable one",
            )


def _complaints_without(creating: Creating, wanted: Wanted) -> Iterator[Complaint]:
    if creating.every or creating.values:
        option = "--all" if creating.every else "--values"
        yield f"{option} is for new checks, and --create is not given", f"write {_HOW}"
    for ref in wanted.addons:
        if ref.version == LATEST:
            yield (
                f"--addon {ref} is chosen when a check is made, and --create is not given",
                "add --create, or name the version",
            )
