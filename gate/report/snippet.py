"""Policy rules, drafted to be pasted. They are refused until a person writes the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gate.model import CheckType, JudgedRisk, Target, Task
from gate.pattern import Pattern, PatternError
from gate.report.escape import break_commands, guard, printable, replace_commands, replace_unsafe, visible
from gate.report.layout import wrap
from gate.report.summary import named, remedy_for, word_of

LONGEST_MESSAGE = 200
"""Characters of a message that a rule is narrowed to as a whole."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_SHARP = r"\x23"
_NOT_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_SYNTAX = re.compile(r"[\\^$.|?*+()\[\]{}]")
_WIDTH = 80
_LONGEST_QUOTE = 300
_LONGEST_NAME = 100
_REASON = "    reason:   # required: who accepts this, and why"


def yaml_text(text: str) -> str:
    """`text` as a YAML scalar on one line that reads back as exactly this text, whatever it holds.

    Nothing in it is a command to a CI system, so that no later escaping has to change it.
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{replace_commands(replace_unsafe(quoted, visible), _SHARP)}"'


def exactly(message: str) -> Pattern | None:
    """The pattern for this message and no other; None where there is none that a person could review.

    It is one line of at most `LONGEST_MESSAGE` characters; what can't be seen is written as an escape.
    """
    if len(message) > LONGEST_MESSAGE or message.splitlines() != [message]:
        return None
    escaped = replace_unsafe(_SYNTAX.sub(r"\\\g<0>", message), visible)
    try:
        pattern = Pattern.parse(f"^{replace_commands(escaped, _SHARP)}$")
    except PatternError:
        return None
    return pattern if pattern.search(message) else None


def yaml_pattern(pattern: Pattern) -> str:
    """A pattern that `exactly` made as a YAML scalar, its backslashes as they are."""
    quoted = pattern.text.replace("'", "''")
    return f"'{quoted}'"


def comment(text: str, indent: int = 0) -> list[str]:
    """`text` as YAML comments of about 80 columns, with nothing in it that could end them."""
    start = " " * indent + "# "
    return [
        f"{start}{line}".rstrip(" ") for line in wrap(break_commands(printable(text)), _WIDTH - len(start))
    ]


@dataclass(frozen=True, slots=True)
class Draft:
    """An allow rule that would let one Warning of one add-on pass."""

    risk: str
    addon: str
    expires: date
    version: str | None = None
    """The version that it is for; None: any."""
    whole: bool = False
    """Whether it is a policy of its own, or an entry for one that there is."""

    def lines(self) -> tuple[str, ...]:
        """The rule as it stands under `allow:`; the reason is left blank, which the policy refuses."""
        rule = (
            f"  - risk: {yaml_text(self.risk)}",
            f"    addon: {yaml_text(self.addon)}",
            *([] if self.version is None else [f'    target-version: "=={self.version}"']),
            _REASON,
            f"    expires: {self.expires.isoformat()}",
        )
        return ("version: 1", "allow:", *rule) if self.whole else rule


@dataclass(frozen=True, slots=True)
class NarrowDraft:
    """An allow rule for one Warning as it was found, narrowed by all that is known of it."""

    risk: str
    addon: str
    expires: date
    keys: tuple[tuple[str, str], ...] = ()
    """What else narrows it: the key and its value, written as YAML."""
    left_out: tuple[tuple[str, str], ...] = ()
    """Keys that it could not be narrowed by, and why."""
    about: tuple[str, ...] = ()
    """What a reviewer should know; stands above the rule."""

    def lines(self, reason: str | None = None) -> tuple[str, ...]:
        """The rule as it stands under `allow:`, comments included."""
        return (
            *(line for text in self.about for line in comment(text, 2)),
            f"  - risk: {yaml_text(self.risk)}",
            f"    addon: {yaml_text(self.addon)}",
            *(f"    {key}: {value}" for key, value in self.keys),
            *(line for key, why in self.left_out for line in comment(f"{key}: left out, {why}", 4)),
            _REASON if reason is None else f"    reason: {yaml_text(reason)}",
            f"    expires: {self.expires.isoformat()}",
            "    # owner: who answers for it",
            "    # ticket: where it was agreed",
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """A risk that kept the gate closed, with its check and cluster."""

    judged: JudgedRisk
    task: Task
    target: Target

    @property
    def title(self) -> str:
        return f"{self._addon}, {_called(self.judged.risk.name, 'a risk without a name')}"

    def about(self) -> Iterator[str]:
        """What a reviewer of a rule for it should know."""
        risk, task = self.judged.risk, self.task
        to = f" to {_called(task.target_version)}" if task.target_version else ""
        check = f", check {_called(task.task_id)}" if task.task_id else ""
        yield f"{word_of(risk.level)} in {self._addon}{to}{check}"
        if risk.message:
            yield f"message: {_cut(risk.message, _LONGEST_QUOTE)}"
        yield f"why it blocked: {_cut(self.judged.reason, _LONGEST_QUOTE)}"
        advice = remedy_for(self.judged, task)
        if advice is not None:
            yield f"better than a rule: {advice}"

    @property
    def _addon(self) -> str:
        return _called(self.task.addon, "an add-on without a name")


def _called(name: str | None, nameless: str = "") -> str:
    return named(None if name is None else _cut(name, _LONGEST_NAME), nameless)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}..."


_Values = tuple[tuple[str, ...], str]
"""What a key may be, as YAML, the narrowest first, and why it is left out where none will do."""


def _version(finding: Finding) -> _Values:
    version = finding.task.target_version
    if version is None:
        return (), "the check names no target version"
    return (yaml_text(f"=={version}"),), f"{_called(version)} is not a version that a policy can compare"


def _cluster(finding: Finding) -> _Values:
    names = [each for each in (finding.target.cluster_id, finding.target.cluster_name) if each]
    if not names:
        return (), "it is not known here; give --cluster-id"
    exact = tuple(yaml_text(each) for each in names if not set(each) & set("*?[]"))
    return exact, f"a policy can't name {_called(names[0])} exactly"


def _type(finding: Finding) -> _Values:
    type_ = finding.task.type
    return ((type_.value,), "") if isinstance(type_, CheckType) else ((), "the check names no known type")


def _message(finding: Finding) -> _Values:
    message = finding.judged.risk.message
    pattern = exactly(message)
    if pattern is not None:
        return (yaml_pattern(pattern),), "no pattern fits it"
    if not message:
        return (), "the risk has none"
    if len(message) > LONGEST_MESSAGE:
        return (), f"it is longer than {LONGEST_MESSAGE} characters"
    one_line = message.splitlines() == [message]
    return (), "it has characters that no pattern can name" if one_line else "it is more than one line"


NARROWINGS: Mapping[str, Callable[[Finding], _Values]] = {
    "target-version": _version,
    "cluster": _cluster,
    "type": _type,
    "message": _message,
}
"""The keys that narrow a draft beside the add-on, in the order in which they are written."""


def policy_text(about: Sequence[str], rules: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """A whole policy file with these rules, each the lines of one. `about` and `notes` become comments."""
    lines = [line for text in about for line in comment(text)]
    lines += ["version: 1", "allow:" if rules else "allow: []"]
    for number, rule in enumerate(rules):
        lines += ([""] if number else []) + list(rule)
    if notes:
        lines += ["", *(line for text in notes for line in comment(text))]
    return guard("".join(f"{line}\n" for line in lines))
