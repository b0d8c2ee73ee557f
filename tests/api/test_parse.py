"""Both of each pair that is documented, words that are not, and parts that are missing."""

from __future__ import annotations

import json

import pytest

from gate.api.parse import parse_answer
from gate.errors import NotAnAnswer
from gate.model import CheckType, Instant, Level, Risk, Status, Task, Unknown
from tests.documents import EXAMPLES, a_list, a_task, documented

WARNING = {"riskName": "AddonStatus", "status": "Failed", "level": "Warning", "message": "not running"}
FATAL = {"riskName": "AddonValidate", "status": "Failed", "level": "Fatal", "message": "edited"}
MOMENT, OTHER = "2025-08-13T11:24:37.312017086+08:00", "2025-08-13T11:24:38.312017086+08:00"
NANOSECONDS = 1_755_055_477_312_017_086


def only_task(*items: object, **fields: object) -> Task:
    (task,) = parse_answer(a_list(*items, **fields)).tasks
    return task


def with_metadata(**metadata: object) -> Task:
    """The task whose metadata has only this beside its ID."""
    return only_task({**a_task(), "metadata": {"taskID": "task-1", **metadata}})


def test_the_documented_list_example_is_read_whole() -> None:
    answer = parse_answer(documented())
    (task,) = answer.tasks
    assert answer.count == 1
    assert (task.task_id, task.type) == ("8ca259cc-553b-11e9-926f-0255ac101a31", CheckType.UPGRADE)
    assert (task.addon, task.instance_name) == ("coredns", "cceaddon-coredns")
    assert (task.instance_id, task.target_version) == ("1d43577d-4b50-4723-b05b-2121f47cb219", "3.0.4")
    assert task.created == Instant(1_754_385_044_648_388_000)
    assert (task.expires, task.status, task.message) == (Unknown(), Status.FAILED, "Addon task check finish")
    assert [(risk.name, risk.status, risk.level) for risk in task.risks] == [
        ("AddonStatus", Status.FAILED, Level.WARNING),
        ("AddonValidate", Status.FAILED, Level.FATAL),
    ]
    assert task.risks[0].message == "addon status(abnormal) is not running"
    assert task.risks[1].message.startswith("configmap coredns had been modified")


def test_the_documented_answer_of_the_create_call_is_not_a_list_answer() -> None:
    with pytest.raises(NotAnAnswer, match="items"):
        parse_answer((EXAMPLES / "create-response.documented.json").read_bytes())


def test_items_may_be_an_array_or_one_object() -> None:
    as_array = parse_answer(a_list(a_task()))
    as_object = parse_answer(a_list(items=a_task()))
    assert as_array.tasks == as_object.tasks


def test_an_empty_list_is_an_answer_without_tasks() -> None:
    assert parse_answer(a_list()).tasks == ()


@pytest.mark.parametrize("place", ["inside status", "beside status"])
def test_risks_are_read_inside_status_and_beside_it(place: str) -> None:
    task = only_task(a_task("Failed", [FATAL], place))
    assert task.risks == (Risk("AddonValidate", Level.FATAL, Status.FAILED, "edited"),)


def test_risks_of_both_places_are_taken_together() -> None:
    item = a_task("Failed", [WARNING], "inside status")
    item["riskList"] = [FATAL]
    assert {risk.name for risk in only_task(item).risks} == {"AddonStatus", "AddonValidate"}


@pytest.mark.parametrize("place", ["inside status", "beside status"])
@pytest.mark.parametrize("empty", [None, []])
def test_an_empty_place_does_not_hide_the_risks_of_the_other(place: str, empty: object) -> None:
    item = a_task("Failed", [FATAL], place)
    if place == "inside status":
        item["riskList"] = empty
    else:
        item["status"]["riskList"] = empty  # type: ignore[index]
    assert [risk.level for risk in only_task(item).risks] == [Level.FATAL]


@pytest.mark.parametrize("place", ["none", "null", "empty"])
def test_a_task_without_risks_has_none(place: str) -> None:
    assert only_task(a_task("Success", place=place)).risks == ()


@pytest.mark.parametrize("name", ["createTimeStamp", "createTimestamp"])
def test_the_creation_time_is_read_under_either_spelling(name: str) -> None:
    created = with_metadata(**{name: MOMENT}).created
    assert created == Instant(NANOSECONDS)
    assert isinstance(created, Instant)
    assert created.text == MOMENT


@pytest.mark.parametrize("name", ["expireTimeStamp", "expireTimestamp"])
def test_the_expiry_is_read_under_either_spelling(name: str) -> None:
    assert with_metadata(**{name: MOMENT}).expires == Instant(NANOSECONDS)


def test_a_null_under_one_spelling_leaves_the_other_to_speak() -> None:
    assert with_metadata(createTimeStamp=None, createTimestamp=MOMENT).created == Instant(NANOSECONDS)
    assert with_metadata(createTimeStamp=MOMENT, createTimestamp=None).created == Instant(NANOSECONDS)


def test_both_spellings_with_the_same_moment_agree_whatever_their_offsets() -> None:
    same = "2025-08-13T03:24:37.312017086Z"
    assert with_metadata(createTimeStamp=MOMENT, createTimestamp=same).created == Instant(NANOSECONDS)


@pytest.mark.parametrize("other", [OTHER, "", "yesterday", 0, False, [], {}])
def test_spellings_that_contradict_each_other_are_no_time_and_both_are_told(other: object) -> None:
    for first, second in ((MOMENT, other), (other, MOMENT)):
        created = with_metadata(createTimeStamp=first, createTimestamp=second).created
        assert isinstance(created, Unknown)
        assert MOMENT in str(created)


@pytest.mark.parametrize("text", ["failed", "FAILED", "Failed ", "Done", "", "\u200bFailed", "Pass", "失败"])
def test_a_status_that_is_not_documented_to_the_letter_keeps_its_text(text: str) -> None:
    task = only_task(a_task(text, [{**FATAL, "status": text}]))
    assert (task.status, task.risks[0].status) == (Unknown(text), Unknown(text))


@pytest.mark.parametrize("text", ["warning", "Warn", "Info", "", "Warning\n", "警告"])
def test_a_level_that_is_not_documented_to_the_letter_keeps_its_text(text: str) -> None:
    assert only_task(a_task("Failed", [{**FATAL, "level": text}])).risks[0].level == Unknown(text)


@pytest.mark.parametrize("text", ["addonupgrade", "addonRollback", ""])
def test_a_type_that_is_not_documented_to_the_letter_keeps_its_text(text: str) -> None:
    assert only_task(a_task(type=text)).type == Unknown(text)


@pytest.mark.parametrize("value", [0, 1, True, False, 1.5, [], {}, ["Success"], {"status": "Success"}])
def test_a_word_that_is_not_text_is_kept_as_its_json(value: object) -> None:
    task = only_task(a_task(value, [{**WARNING, "status": value, "level": value}], type=value))
    said = Unknown(json.dumps(value))
    assert (task.status, task.type) == (said, said)
    assert (task.risks[0].status, task.risks[0].level) == (said, said)


@pytest.mark.parametrize("value", [0, 1, True, 1.5, [], {}, ["AddonStatus"], "", None])
def test_a_name_that_is_not_text_is_no_name(value: object) -> None:
    names = ("taskID", "addonTemplateName", "addonInstanceName", "addonInstanceID")
    item = a_task("Failed", [{**WARNING, "riskName": value}])
    spec = {"addonTargetVersion": value}
    task = only_task({**item, "metadata": dict.fromkeys(names, value), "spec": spec})
    assert (task.task_id, task.addon, task.instance_name, task.instance_id) == (None, None, None, None)
    assert (task.target_version, task.risks[0].name) == (None, None)


def test_a_task_and_a_risk_without_anything_are_there_and_know_nothing() -> None:
    task = only_task({"riskList": [{}]})
    assert task.risks == (Risk(None, Unknown(), Unknown(), ""),)
    assert (task.task_id, task.type, task.status) == (None, Unknown(), Unknown())
    assert (task.created, task.expires, task.message) == (Unknown(), Unknown(), "")


@pytest.mark.parametrize("part", ["metadata", "spec", "status"])
@pytest.mark.parametrize("value", [None, [], "x", 1, True, [{"status": "Success"}]])
def test_a_part_that_is_not_an_object_has_none_of_its_fields(part: str, value: object) -> None:
    task = only_task({**a_task("Success"), part: value})
    lost = {"metadata": task.task_id, "spec": task.target_version, "status": task.status}
    assert lost[part] in (None, Unknown())


@pytest.mark.parametrize("kind", [None, "addoncheck", "AddonCheck ", "Addon", "", 1, [], {}, ["AddonCheck"]])
def test_another_kind_is_not_an_answer(kind: object) -> None:
    with pytest.raises(NotAnAnswer, match="kind"):
        parse_answer(a_list(a_task(), kind=kind))


@pytest.mark.parametrize("items", [None, "x", "", 0, 1, True, 1.5])
def test_items_of_another_shape_are_not_an_answer(items: object) -> None:
    with pytest.raises(NotAnAnswer, match="items"):
        parse_answer(a_list(items=items))


@pytest.mark.parametrize("value", [None, "x", 0, True, [], [{}]])
def test_one_task_that_is_not_an_object_spoils_the_answer(value: object) -> None:
    with pytest.raises(NotAnAnswer, match="task"):
        parse_answer(a_list(a_task(), value))


@pytest.mark.parametrize("place", ["inside status", "beside status"])
@pytest.mark.parametrize("value", [None, "x", 0, True, [], [{}]])
def test_one_risk_that_is_not_an_object_spoils_the_answer(place: str, value: object) -> None:
    with pytest.raises(NotAnAnswer, match="risk"):
        parse_answer(a_list(a_task("Failed", [WARNING, value], place)))


@pytest.mark.parametrize("place", ["inside status", "beside status"])
@pytest.mark.parametrize("value", ["x", "", 0, 1, True, False, {}, FATAL])
def test_a_risk_list_that_is_not_a_list_spoils_the_answer(place: str, value: object) -> None:
    with pytest.raises(NotAnAnswer, match="riskList"):
        parse_answer(a_list(a_task("Success", value, place)))


@pytest.mark.parametrize("count", [0, 1, 2, 10**30])
def test_the_count_is_the_one_of_the_page_info(count: int) -> None:
    assert parse_answer(a_list(a_task(), pageInfo={"currentCount": count})).count == count


@pytest.mark.parametrize("info", [None, {}, {"currentCount": None}, {"total": 1}])
def test_a_missing_count_is_missing(info: object) -> None:
    assert parse_answer(a_list(a_task(), pageInfo=info)).count == Unknown()


@pytest.mark.parametrize("count", [-1, "1", "", 1.0, True, False, [], {}, [1]])
def test_a_count_that_is_not_a_whole_number_keeps_its_text(count: object) -> None:
    said = count if isinstance(count, str) else json.dumps(count)
    assert parse_answer(a_list(a_task(), pageInfo={"currentCount": count})).count == Unknown(said)


@pytest.mark.parametrize("info", ["x", "", 0, 1, 7, -1, 1.5, True, [], [1], [{"currentCount": 1}]])
def test_a_page_info_that_is_not_an_object_is_unknown_and_not_guessed(info: object) -> None:
    said = info if isinstance(info, str) else json.dumps(info)
    assert parse_answer(a_list(a_task(), pageInfo=info)).count == Unknown(said)


def test_messages_in_any_script_come_through_whole() -> None:
    text = "配置项 coredns 已被修改\x1b[2J\r\n::error::\u202e \U0001f600"
    item = a_task("Failed", [{**WARNING, "message": text}])
    item["status"]["message"] = text  # type: ignore[index]
    task = only_task(item)
    assert (task.message, task.risks[0].message) == (text, text)


def test_fields_that_are_not_documented_change_nothing() -> None:
    plain = a_task("Failed", [WARNING])
    more = {**a_task("Failed", [{**WARNING, "new": [1]}]), "new": {"riskList": [FATAL]}}
    assert parse_answer(a_list(plain)) == parse_answer(a_list(more, metadata={"x": 1}, new=None))
