"""What holds for every document: an answer or a refusal, and no risk ever lost."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.api.parse import parse_answer
from gate.api.strict_json import load_object
from gate.errors import NotAnAnswer
from gate.model import Answer
from tests.api.ground import FEWER
from tests.documents import a_list, a_task, documented

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["Success", "Failed", "Warning", "Fatal", "AddonCheck", "2025-08-13T11:24:37Z"])
)
KEYS = st.text(max_size=4) | st.sampled_from(["riskList", "status", "items", "kind", "metadata", "level"])
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
RISKS = st.dictionaries(st.sampled_from(["riskName", "status", "level", "message"]) | KEYS, JSON, max_size=5)

SHAPES: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    "",
    "x",
    [],
    [None],
    [[]],
    [{}],
    {},
    {"x": {}},
    "AddonCheck",
)


def parsed(body: bytes) -> Answer | None:
    """The answer, or None where it is refused; any other exception is a defect."""
    try:
        return parse_answer(body)
    except NotAnAnswer:
        return None


def can_be_loaded(body: bytes) -> bool:
    try:
        load_object(body)
    except NotAnAnswer:
        return False
    return True


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths to everything in a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*path, key))


def changed(document: object, path: tuple[str | int, ...], value: object) -> object:
    """A copy of the document with `value` at the path."""
    if not path:
        return value
    result = copy.deepcopy(document)
    holder = result
    for key in path[:-1]:
        holder = holder[key]  # type: ignore[index]
    holder[path[-1]] = value  # type: ignore[index]
    return result


FULL = json.loads(
    a_list(a_task("Failed", [{"riskName": "A", "status": "Failed"}], "both", expireTimeStamp="x"))
)


@pytest.mark.parametrize("document", [FULL, json.loads(documented())], ids=["table", "example"])
def test_any_shape_at_any_place_is_an_answer_or_refused(document: object) -> None:
    for path in places(document):
        for shape in SHAPES:
            parsed(json.dumps(changed(document, path, shape)).encode())


@FEWER
@given(JSON)
def test_any_json_is_an_answer_or_refused(value: object) -> None:
    parsed(json.dumps(value).encode())


@FEWER
@given(st.sampled_from(list(places(FULL))), JSON)
def test_any_json_at_any_place_is_an_answer_or_refused(path: tuple[str | int, ...], value: object) -> None:
    parsed(json.dumps(changed(FULL, path, value)).encode())


@FEWER
@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_refused(body: bytes) -> None:
    parsed(body)


@FEWER
@given(st.integers(0, len(documented()) - 1), st.binary(max_size=4), st.integers(0, 4))
def test_any_damage_to_an_answer_is_an_answer_or_refused(at: int, put: bytes, removed: int) -> None:
    body = documented()
    parsed(body[:at] + put + body[at + removed :])


@FEWER
@given(st.integers(0, len(documented().rstrip()) - 1))
def test_an_answer_that_is_cut_off_is_refused(at: int) -> None:
    assert parsed(documented()[:at]) is None


@pytest.mark.parametrize(
    "template",
    [
        '{"kind":%s}',
        '{"kind":"AddonCheck","items":[%s]}',
        '{"kind":"AddonCheck","items":[],"pageInfo":%s}',
        '{"kind":"AddonCheck","items":[{"riskList":[%s]}]}',
        '{"kind":"AddonCheck","items":[{"status":{"message":%s}}]}',
        '{"kind":"AddonCheck","items":[{"status":{"status":%s}}]}',
        '{"kind":"AddonCheck","items":[{"metadata":{"createTimeStamp":%s,"createTimestamp":1}}]}',
    ],
)
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_a_value_nested_to_any_depth_is_an_answer_or_refused(
    template: str, opening: str, closing: str
) -> None:
    def nested(depth: int) -> bytes:
        return (template % (opening * depth + '""' + closing * depth)).encode()

    readable, too_deep = 1, 20_000
    while too_deep - readable > 1:
        middle = (readable + too_deep) // 2
        if can_be_loaded(nested(middle)):
            readable = middle
        else:
            too_deep = middle
    for depth in range(max(readable - 40, 1), too_deep + 5):
        parsed(nested(depth))


PLACES = st.none() | st.lists(RISKS, max_size=3)
Listed = list[dict[str, object]] | None


@FEWER
@given(st.lists(st.tuples(PLACES, PLACES), max_size=3))
def test_every_risk_of_either_place_is_in_the_answer(tasks: list[tuple[Listed, Listed]]) -> None:
    numbers = count()
    items = []
    expected: list[tuple[str, object]] = []
    for task, (inside, beside) in enumerate(tasks):
        item = a_task("Success", taskID=f"task-{task}")
        status: dict[str, object] = {"status": "Success"}
        item["status"] = status
        for holder, listed in ((status, inside), (item, beside)):
            if listed is None:
                continue
            named = [{**risk, "riskName": f"risk-{next(numbers)}"} for risk in listed]
            holder["riskList"] = named
            expected += [(f"task-{task}", risk["riskName"]) for risk in named]
        items.append(item)
    answer = parse_answer(a_list(*items))
    seen = Counter((task.task_id, risk.name) for task in answer.tasks for risk in task.risks)
    assert seen == Counter(expected)
    assert len(answer.tasks) == len(tasks)


@FEWER
@given(st.sampled_from(["inside", "beside"]), RISKS, JSON, JSON, JSON, JSON, st.booleans())
def test_whatever_stands_around_it_a_risk_is_seen_or_the_answer_is_refused(
    place: str,
    risk: dict[str, object],
    metadata: object,
    spec: object,
    page: object,
    other: object,
    single: bool,
) -> None:
    status: dict[str, object] = {"status": "Success"}
    item: dict[str, object] = {"metadata": metadata, "spec": spec, "status": status}
    here, there = (status, item) if place == "inside" else (item, status)
    here["riskList"], there["riskList"] = [{**risk, "riskName": "the one"}], other
    items: object = item if single else [a_task(), item]
    answer = parsed(json.dumps({"kind": "AddonCheck", "items": items, "pageInfo": page}).encode())
    if answer is not None:
        assert "the one" in {risk.name for risk in answer.tasks[-1].risks}
