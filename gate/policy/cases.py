"""Case files: what a policy is expected to make of an answer, kept beside the policy and read as strictly."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from gate.errors import UsageError
from gate.model import CheckType, Decision, Level, Target, Verdict
from gate.policy import fields
from gate.policy.faults import WHOLE_FILE, Fault, Faults, Position, Unreadable
from gate.policy.fields import Field, Place, Reader, Table
from gate.policy.nodes import Mapping as MappingNode
from gate.policy.nodes import Sequence as SequenceNode
from gate.policy.nodes import compose
from gate.policy.text import MAX_BYTES, decode

VERSION = 1

Word = TypeVar("Word", bound=Enum)


class CasesError(UsageError):
    """The cases cannot be run. `faults` holds all that is wrong with them, their policies and answers."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        lines = [str(fault) for fault in self.faults]
        if len(lines) != 1:
            lines.insert(0, f"{len(lines)} errors, so that no case was run")
        super().__init__("\n".join(lines), "correct them; the cases in policies/ show the form")


@dataclass(frozen=True, slots=True)
class ExpectedRisk:
    """One risk of a `WrittenCheck`, and what is to become of it."""

    risk: str
    expect: Decision
    level: Level = Level.WARNING
    message: str = ""


@dataclass(frozen=True, slots=True)
class WrittenCheck:
    """A finished check, written down in the case itself: exactly these risks were found."""

    addon: str
    target_version: str
    risks: tuple[ExpectedRisk, ...]
    type: CheckType = CheckType.UPGRADE


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is to become of a risk of a saved answer. It speaks of every such risk in a check that decides."""

    addon: str
    risk: str
    decision: Decision
    target_version: str | None = None
    """Tells the checks of one add-on apart; None: all of them."""


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer of the API in a file; `expect` names every risk in it that is not ok."""

    path: Path
    type: CheckType
    expect: tuple[Expectation, ...]
    file: str
    at: Position
    key: str

    def fault(self, message: str) -> Fault:
        """A fault that points at the place where the case names the file."""
        return Fault(self.file, self.at.line, self.at.column, self.key, message)


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `file` and `line` say where it stands; the paths are ready to be opened."""

    file: str
    line: int
    name: str
    evidence: SavedAnswer | WrittenCheck
    verdict: Verdict
    policy: tuple[Path, ...] = ()
    today: date | None = None
    """The day (UTC) that rules expire against; None: the day of the run."""
    target: Target | None = None
    """The cluster, for rules narrowed to it."""


def read(paths: Sequence[Path]) -> tuple[tuple[Case, ...], tuple[Fault, ...]]:
    """The cases of these files that are in order, and everything that is wrong with the others."""
    cases: list[Case] = []
    found: list[Fault] = []
    for path in paths:
        faults = Faults(str(path))
        with suppress(Unreadable):
            cases += _document(_bytes(path, faults), path, faults)
        found += faults.in_order()
    return tuple(cases), tuple(found)


def _bytes(path: Path, faults: Faults) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        faults.stop(WHOLE_FILE, "", f"cannot be read: {error.strerror or error}")


def _document(data: bytes, path: Path, faults: Faults) -> list[Case]:
    node = compose(decode(data, faults), faults)
    if node is None:
        faults.stop(WHOLE_FILE, "", "the file is empty; it holds version, policy and cases")
    table: Table = {
        "version": Field(fields.version(VERSION), required=True),
        "policy": Field(_one_or_more(_path_beside(path)), required=True),
        "today": Field(fields.day),
        "cluster": Field(_cluster),
        "cases": Field(_some(_case_beside(path), "there is nothing to test"), required=True),
    }
    values = fields.mapping(Place(node, "", faults), table)
    return [
        replace(
            case,
            policy=values["policy"],
            today=case.today or values.get("today"),
            target=case.target or values.get("cluster"),
        )
        for case in values["cases"]
    ]


def _case_beside(path: Path) -> Reader:
    """Reads a case of the file at `path`: of a saved answer, or with the check written out."""
    about_answer: Table = {
        **_ABOUT,
        "answer": Field(_path_beside(path), required=True),
        "type": _TYPE,
        "expect": Field(fields.listing(_expectation), required=True),
    }

    def read_case(place: Place) -> Case:
        given = _keys(place)
        if {"answer", "check"} <= given.keys():
            place.wrong("it has both an answer and a check; a case is about one of them")
        if given and not {"answer", "check"} & given.keys():
            place.wrong("it has neither an answer (a saved file) nor a check (written out, with its risks)")
        values = fields.mapping(place, about_answer if "answer" in given else _ABOUT_CHECK)
        evidence: SavedAnswer | WrittenCheck
        if "answer" in given:
            evidence = SavedAnswer(
                path=values["answer"],
                type=values.get("type", CheckType.UPGRADE),
                expect=values["expect"],
                file=place.faults.file,
                at=given["answer"],
                key=f"{place.path}.answer",
            )
        else:
            evidence = WrittenCheck(**values["check"], risks=values["risks"])
        return Case(
            file=place.faults.file,
            line=place.node.at.line,
            name=values["name"],
            evidence=evidence,
            verdict=values["verdict"],
            today=values.get("today"),
            target=values.get("cluster"),
        )

    return read_case


def _record(build: Callable[..., Any], table: Table) -> Reader:
    """Reads a mapping, and gives its values to `build` by name (`target-version` as `target_version`)."""

    def read_record(place: Place) -> Any:
        values = fields.mapping(place, table)
        return build(**{key.replace("-", "_"): value for key, value in values.items()})

    return read_record


def _path_beside(file: Path) -> Reader:
    """Reads a path that is relative to the folder of `file`."""
    return lambda place: Path(os.path.normpath(file.parent / fields.text(place)))


def _one_or_more(read_one: Reader) -> Reader:
    several = _some(read_one, "name at least one")
    return lambda place: several(place) if isinstance(place.node, SequenceNode) else (read_one(place),)


def _some(read_one: Reader, why: str) -> Reader:
    """Reads a list with at least one entry."""

    def read_some(place: Place) -> tuple[Any, ...]:
        if isinstance(place.node, SequenceNode) and not place.node.items:
            place.wrong(f"the list is empty: {why}")
        return tuple(fields.listing(read_one)(place))

    return read_some


def _keys(place: Place) -> dict[str, Position]:
    """The keys of a mapping, and where their values stand; of anything else, none."""
    node = place.node
    return {key.text: value.at for key, value in node.entries} if isinstance(node, MappingNode) else {}


def _words(words: Iterable[Word]) -> Reader:
    return fields.one_of({str(each.value): each for each in words})


_ADDON = Field(fields.exact_name("an add-on", wildcards="*?[]"), required=True)
_RISK = Field(fields.exact_name("a risk", wildcards="*?"), required=True)
_VERSION = fields.exact_name("a version", wildcards="*?<>=~!,")
_TYPE = Field(_words(CheckType))

_cluster = _record(
    lambda id=None, name=None: Target(cluster_id=id, cluster_name=name),  # noqa: A006 - the key's name
    {key: Field(fields.exact_name("a cluster", wildcards="*?")) for key in ("id", "name")},
)
_check = _record(dict, {"addon": _ADDON, "target-version": Field(_VERSION, required=True), "type": _TYPE})
_expected_risk = _record(
    ExpectedRisk,
    {
        "risk": _RISK,
        "level": Field(_words(Level)),
        "message": Field(fields.text),
        "expect": Field(_words((Decision.ALLOWED, Decision.BLOCKED)), required=True),
    },
)
_expectation = _record(
    Expectation,
    {
        "addon": _ADDON,
        "risk": _RISK,
        "decision": Field(_words(Decision), required=True),
        "target-version": Field(_VERSION),
    },
)
_ABOUT: Table = {
    "name": Field(fields.text, required=True),
    "today": Field(fields.day),
    "cluster": Field(_cluster),
    "verdict": Field(_words((Verdict.PASS, Verdict.BLOCKED, Verdict.UNDECIDED)), required=True),
}
_ABOUT_CHECK: Table = {
    **_ABOUT,
    "check": Field(_check, required=True),
    "risks": Field(_some(_expected_risk, "a check in which nothing was found tests nothing"), required=True),
}
