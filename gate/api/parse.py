"""An answer of ListAddonPrecheckTasks, from JSON to the model.

Both of each pair that the vendor's pages document are read: `items` as an array or one object, `riskList`
inside `status` or beside it, `createTimeStamp` or `createTimestamp`. What is not documented keeps its text
and is called unknown; what is missing stays missing. A shape that may hide tasks or risks spoils the answer.

`values` are the parameters of an add-on and may hold secrets. They are taken out before anything is read, so
that `Answer.text`, which has none, says the same tasks when it is read again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from typing import TypeVar

from gate.api.strict_json import load_object
from gate.errors import NotAnAnswer
from gate.model import Answer, CheckType, Instant, Level, Risk, Status, Task, Unknown
from gate.seal import canonical

Object = Mapping[str, object]
Word = TypeVar("Word", bound=Enum)

_WORDS: Mapping[type[Enum], frozenset[str]] = {
    words: frozenset(word.value for word in words) for words in (CheckType, Level, Status)
}
_HINT = "check --endpoint, and that the answer is the one of the call that lists the check tasks"
_DEEPEST = 100
"""Levels of nesting; the answers that are documented have eight."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):([0-5]\d))", re.ASCII
)


def parse_answer(body: bytes) -> Answer:
    """Read the body of a list answer. Raises `NotAnAnswer` where it is not one."""
    return read_answer(load_object(body))


def read_answer(answer: Object) -> Answer:
    """Read a list answer. Raises `NotAnAnswer` where it is not one."""
    answer, text = _recorded(answer)
    kind = answer.get("kind")
    if kind != "AddonCheck":
        raise NotAnAnswer(f'the answer\'s kind is {_said(kind)}, not "AddonCheck"', _HINT)
    items = answer.get("items")
    if isinstance(items, dict):
        items = [items]
    if not isinstance(items, list):
        raise NotAnAnswer('the answer has no list of tasks in "items"', _HINT)
    tasks = tuple(_task(_object(item, "task")) for item in items)
    return Answer(tasks, _count(answer.get("pageInfo")), text)


def parse_timestamp(value: object) -> Instant | Unknown:
    """A time with an offset, to the nanosecond; one without an offset could be any hour and is unknown."""
    if value is None:
        return Unknown()
    match = _TIMESTAMP.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return Unknown(_text_of(value))
    *numbers, fraction, sign, hours, minutes = match.groups()
    try:
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        zone = timezone(-offset if sign == "-" else offset)
        year, month, day, hour, minute, second = map(int, numbers)
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        seconds = (moment - _EPOCH) // timedelta(seconds=1)
    except (ValueError, OverflowError):
        return Unknown(match[0])
    return Instant(seconds * 1_000_000_000 + int((fraction or "0")[:9].ljust(9, "0")), match[0])


def _recorded(answer: Object) -> tuple[Object, str]:
    """The answer without the parameters of add-ons, and the same as canonical JSON."""
    _check_depth(answer)
    text = canonical(answer)
    if '"values":' not in text:
        return answer, text
    stripped = {name: _stripped(value) for name, value in answer.items() if name != "values"}
    return stripped, canonical(stripped)


def _stripped(value: object) -> object:
    """A JSON value without the objects' own `values`; a list of risks is kept whole."""
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    if isinstance(value, dict):
        return {
            name: item if name == "riskList" else _stripped(item)
            for name, item in value.items()
            if name != "values"
        }
    return value


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            item
            for holder in level
            for item in (holder.values() if isinstance(holder, dict) else holder)  # type: ignore[attr-defined]
            if isinstance(item, dict | list)
        ]
        if not level:
            return
    raise NotAnAnswer("the answer is nested too deep", _HINT)


def _task(task: Object) -> Task:
    metadata, spec, status = (_part(task, name) for name in ("metadata", "spec", "status"))
    return Task(
        task_id=_name(metadata.get("taskID")),
        type=_word(CheckType, metadata.get("type")),
        addon=_name(metadata.get("addonTemplateName")),
        instance_name=_name(metadata.get("addonInstanceName")),
        instance_id=_name(metadata.get("addonInstanceID")),
        target_version=_name(spec.get("addonTargetVersion")),
        created=_time_under(metadata, "createTimeStamp", "createTimestamp"),
        expires=_time_under(metadata, "expireTimeStamp", "expireTimestamp"),
        status=_word(Status, status.get("status")),
        message=_text(status.get("message")),
        risks=(*_risks(status), *_risks(task)),
    )


def _risks(holder: Object) -> list[Risk]:
    listed = holder.get("riskList")
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise NotAnAnswer(f'"riskList" is {_said(listed)}, not a list', _HINT)
    return [_risk(_object(item, "risk")) for item in listed]


def _risk(risk: Object) -> Risk:
    return Risk(
        name=_name(risk.get("riskName")),
        level=_word(Level, risk.get("level")),
        status=_word(Status, risk.get("status")),
        message=_text(risk.get("message")),
    )


def _object(value: object, what: str) -> Object:
    if not isinstance(value, dict):
        raise NotAnAnswer(f"a {what} in the answer is {_said(value)}, not an object", _HINT)
    return value


def _part(task: Object, name: str) -> Object:
    """A part of a task; what is not an object has none of the fields, and each of them counts as missing."""
    part = task.get(name)
    return part if isinstance(part, dict) else {}


def _time_under(metadata: Object, documented: str, example: str) -> Instant | Unknown:
    """The time under either spelling; where both are there and differ, it can't be read."""
    first, second = parse_timestamp(metadata.get(documented)), parse_timestamp(metadata.get(example))
    if first == second or second == Unknown():
        return first
    return second if first == Unknown() else Unknown(f"{metadata[documented]} and {metadata[example]}")


def _count(page_info: object) -> int | Unknown:
    if page_info is None:
        return Unknown()
    if not isinstance(page_info, dict):
        return Unknown(_text_of(page_info))
    count = page_info.get("currentCount")
    if type(count) is int and count >= 0:
        return count
    return Unknown() if count is None else Unknown(_text_of(count))


def _word(words: type[Word], value: object) -> Word | Unknown:
    """The documented word that `value` is to the letter, or what it says instead."""
    if isinstance(value, str) and value in _WORDS[words]:
        return words(value)
    return Unknown() if value is None else Unknown(_text_of(value))


def _name(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _text(value: object) -> str:
    return "" if value is None else _text_of(value)


def _text_of(value: object) -> str:
    """A text as it is, and anything else as JSON: the same text whatever the order of its keys."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _said(value: object) -> str:
    return "missing" if value is None else json.dumps(_text_of(value), ensure_ascii=False)[:60]
