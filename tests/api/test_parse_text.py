"""The text of an answer: enough to judge it again, and nothing secret."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.api.parse import parse_answer, read_answer
from gate.errors import NotAnAnswer
from gate.seal import canonical
from tests.api.ground import FEWER
from tests.api.test_parse_laws import FULL, JSON, changed, parsed, places
from tests.documents import a_list, a_task, documented

VALUED = JSON | st.dictionaries(st.sampled_from(["values", "riskList", "b", "a"]), JSON, max_size=4)


def holds_values(value: object) -> bool:
    """Whether an object outside the lists of risks has a key `values`."""
    if isinstance(value, list):
        return any(map(holds_values, value))
    if not isinstance(value, dict):
        return False
    return "values" in value or any(holds_values(item) for key, item in value.items() if key != "riskList")


@FEWER
@given(st.sampled_from([path for path in places(FULL) if path]), VALUED)
def test_the_text_reads_back_as_the_same_answer_and_as_the_same_text(
    path: tuple[str | int, ...], value: object
) -> None:
    answer = parsed(json.dumps(changed(FULL, path, value)).encode())
    if answer is not None:
        again = parse_answer(answer.text.encode())
        assert again == answer
        assert again.text == answer.text
        assert not holds_values(json.loads(answer.text))


def test_the_documented_answer_is_kept_whole() -> None:
    assert parse_answer(documented()).text == canonical(json.loads(documented()))


def test_parameters_of_add_ons_are_left_out_wherever_they_stand_and_the_risks_stay() -> None:
    secret = {"password": "hunter2"}
    risk = {"riskName": "A", "status": "Failed", "level": "Warning", "values": "shown"}
    item = {**a_task("Failed", [risk]), "spec": {"addonTargetVersion": "1.30.6", "values": secret}}
    for body in (
        a_list(item),
        a_list(item, values=secret),
        a_list(items={**item, "more": [{"values": secret}]}),
    ):
        answer = parse_answer(body)
        assert "hunter2" not in answer.text
        assert '"values":"shown"' in answer.text
        assert answer.tasks == parse_answer(a_list(a_task("Failed", [risk]))).tasks


def test_a_text_that_only_looks_like_parameters_stays() -> None:
    risk = {"riskName": "A", "status": "Failed", "level": "Warning", "message": 'set "values": {"a": 1}'}
    answer = parse_answer(a_list(a_task("Failed", [risk])))
    assert answer.tasks[0].risks[0].message == 'set "values": {"a": 1}'
    assert parse_answer(answer.text.encode()) == answer


@pytest.mark.parametrize("template", ['{"x":%s}', "[%s]"])
def test_an_answer_is_nested_only_so_deep_that_any_report_can_hold_it(template: str) -> None:
    def nested(levels: int) -> dict[str, object]:
        text = '""'
        for _ in range(levels):
            text = template % text
        return {"kind": "AddonCheck", "items": [], "more": json.loads(text)}

    assert read_answer(nested(99)).tasks == ()
    with pytest.raises(NotAnAnswer, match="too deep"):
        read_answer(nested(100))
