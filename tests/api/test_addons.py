"""What the API says of a cluster's add-ons, and the call that asks for checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.api.addons import create_body, read_cluster, read_created, read_instances, read_releases, secrets_of
from gate.emulator.scenario import parse
from gate.emulator.server import Emulator
from gate.errors import ApiError, NotAnAnswer
from gate.model import CheckType, OrderedCheck, Task
from gate.model.addon import ClusterFacts, Installed, Release, Support
from tests.api.ground import CLUSTER, FEWER, PROJECT, Listener, cce, cloud, reply, soon
from tests.documents import EXAMPLES, a_task

COREDNS = OrderedCheck("coredns", "id-1", "1.30.6")
INSTANCE: Mapping[str, Any] = {
    "metadata": {"uid": "id-1", "name": "cceaddon-coredns"},
    "spec": {"clusterID": CLUSTER, "addonTemplateName": "coredns", "version": "1.29.5"},
}
TEMPLATE: Mapping[str, Any] = {
    "metadata": {"name": "coredns"},
    "spec": {"versions": [{"version": "1.30.6", "stable": True, "supportVersions": None}]},
}


def documented() -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((EXAMPLES / "create-response.documented.json").read_bytes())
    return answer


def test_the_documented_create_answer_says_what_was_created() -> None:
    (task,) = read_created(documented())
    assert (task.task_id, task.type) == ("22386048-d955-4409-bc71-20cc2b774245", CheckType.UPGRADE)
    assert (task.addon, task.target_version) == ("coredns", "1.27.1")
    assert task.instance_id == "8fcaa506-809d-4f33-91b3-b27efcbeb540"


@pytest.mark.parametrize(
    "status",
    [
        None,
        {},
        [],
        {"items": []},
        {"items": None},
        {"items": "none"},
        {"items": [None]},
        {"items": [{}]},
        {"items": [a_task(taskID=None)]},
        {"items": [a_task(taskID="")]},
        {"items": [a_task(taskID=7)]},
        {"items": [a_task(), a_task(taskID=None)]},
        {"items": {"metadata": {}}},
    ],
)
def test_an_answer_that_does_not_say_what_was_created_is_none(status: object) -> None:
    with pytest.raises(NotAnAnswer):
        read_created({"kind": "AddonCheck", "status": status})


@pytest.mark.parametrize("kind", [None, "", "Cluster", 1])
def test_an_answer_of_another_kind_is_none(kind: object) -> None:
    with pytest.raises(NotAnAnswer):
        read_created({**documented(), "kind": kind})


def test_one_task_may_come_without_a_list_as_in_the_list_call() -> None:
    assert len(read_created({"kind": "AddonCheck", "status": {"items": a_task()}})) == 1


def test_the_body_of_the_call_is_the_documented_one() -> None:
    checks = [COREDNS, OrderedCheck("everest", "id-2", "2.4.72")]
    body = json.loads(create_body(CLUSTER, checks, CheckType.UPGRADE, {"id-2": {"basic": {"a": 1.5}}}))
    entry = {"addonTemplateName": "coredns", "addonInstanceID": "id-1", "targetVersion": "1.30.6"}
    other = {"addonTemplateName": "everest", "addonInstanceID": "id-2", "targetVersion": "2.4.72"}
    assert body == {
        "kind": "AddonCheck",
        "apiVersion": "v3",
        "spec": {
            "clusterID": CLUSTER,
            "addonList": [
                {**entry, "type": "addonUpgrade"},
                {**other, "type": "addonUpgrade", "values": {"basic": {"a": 1.5}}},
            ],
        },
    }


def test_a_static_check_is_sent_without_a_version() -> None:
    body = json.loads(create_body(CLUSTER, [OrderedCheck("coredns", "id-1", None)], CheckType.STATIC, {}))
    assert body["spec"]["addonList"] == [
        {"addonTemplateName": "coredns", "addonInstanceID": "id-1", "type": "addonStatic"}
    ]


def test_an_instance_is_read_and_one_without_a_name_or_version_too() -> None:
    bare = {"metadata": {"uid": "id-2"}, "spec": {"addonTemplateName": "everest", "version": 5}}
    assert read_instances({"items": [INSTANCE, bare, bare]}, CLUSTER) == (
        Installed("coredns", "id-1", "cceaddon-coredns", "1.29.5"),
        Installed("everest", "id-2", None, None),
    )


@pytest.mark.parametrize(
    "items",
    [
        None,
        {},
        "none",
        [None],
        [[]],
        [{}],
        [{**INSTANCE, "metadata": None}],
        [{**INSTANCE, "metadata": {"uid": ""}}],
        [{**INSTANCE, "metadata": {"uid": 7}}],
        [{**INSTANCE, "spec": []}],
        [{**INSTANCE, "spec": {"addonTemplateName": None}}],
        [{**INSTANCE, "spec": {**INSTANCE["spec"], "clusterID": "another"}}],
        [INSTANCE, {**INSTANCE, "spec": {**INSTANCE["spec"], "addonTemplateName": "everest"}}],
    ],
)
def test_instances_that_cannot_be_told_apart_or_are_elsewhere_are_no_answer(items: object) -> None:
    with pytest.raises(NotAnAnswer):
        read_instances({"items": items}, CLUSTER)


def test_releases_are_those_of_the_template_that_was_asked_for() -> None:
    other = {"metadata": {"name": "everest"}, "spec": {"versions": [{"version": "2.4.72"}]}}
    assert read_releases({"items": [other, TEMPLATE]}, "coredns") == (Release("1.30.6", True, None),)
    assert read_releases({"items": [other]}, "coredns") == ()


@pytest.mark.parametrize("stable", [None, "true", 1, False])
def test_only_a_release_that_says_so_is_stable(stable: object) -> None:
    versions = [{"version": "1.30.6", "stable": stable}]
    answer = {"items": [{**TEMPLATE, "spec": {"versions": versions}}]}
    assert not read_releases(answer, "coredns")[0].stable


def test_what_a_release_supports_keeps_the_texts_only() -> None:
    supports = [{"clusterType": 1, "clusterVersion": ["v1.29", 7, None]}, {"clusterVersion": "v1.30"}, {}]
    versions = [{"version": "1.30.6", "supportVersions": supports}]
    (release,) = read_releases({"items": [{**TEMPLATE, "spec": {"versions": versions}}]}, "coredns")
    assert release.supports == (Support(None, ("v1.29",)), Support(None, ("v1.30",)), Support(None, ()))


@pytest.mark.parametrize(
    "spec",
    [
        None,
        {},
        {"versions": {}},
        {"versions": [None]},
        {"versions": [{}]},
        {"versions": [{"version": 1.3}]},
        {"versions": [{"version": "1.30.6", "supportVersions": "v1.29"}]},
        {"versions": [{"version": "1.30.6", "supportVersions": [None]}]},
    ],
)
def test_a_template_whose_versions_cannot_be_read_is_no_answer(spec: object) -> None:
    with pytest.raises(NotAnAnswer):
        read_releases({"items": [{**TEMPLATE, "spec": spec}]}, "coredns")


def test_a_cluster_is_read_and_must_be_the_one_that_was_asked_for() -> None:
    shown: dict[str, Any] = {"kind": "Cluster", "metadata": {"uid": CLUSTER, "name": "prod"}, "spec": {}}
    assert read_cluster(shown, CLUSTER) == ClusterFacts("prod", None, None)
    for wrong in (
        {**shown, "kind": "List"},
        {**shown, "metadata": None},
        {**shown, "metadata": {"uid": "another", "name": "prod"}},
        {**shown, "metadata": {"uid": CLUSTER}},
    ):
        with pytest.raises(NotAnAnswer):
            read_cluster(wrong, CLUSTER)


JUNK = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.sampled_from(["AddonCheck", "id-1"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "kind",
                    "items",
                    "metadata",
                    "spec",
                    "status",
                    "versions",
                    "uid",
                    "name",
                    "taskID",
                    "type",
                    "clusterID",
                    "addonTemplateName",
                    "addonInstanceID",
                    "supportVersions",
                    "clusterVersion",
                    "clusterType",
                    "version",
                    "riskList",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
READERS: list[Callable[[Mapping[str, object]], object]] = [
    lambda answer: read_cluster(answer, CLUSTER),
    lambda answer: read_instances(answer, CLUSTER),
    lambda answer: read_releases(answer, "coredns"),
    read_created,
]


@FEWER
@given(
    st.sampled_from(READERS), st.dictionaries(st.sampled_from(["kind", "items", "metadata", "status"]), JUNK)
)
def test_whatever_comes_is_read_or_is_no_answer(
    read: Callable[[Mapping[str, object]], object], answer: dict[str, object]
) -> None:
    try:
        read(answer)
    except NotAnAnswer as error:
        assert error.message  # noqa: PT017 - either end is fine


SECRET = 'hunter2"\\pä'
VALUES = {
    "id-1": {"custom": {"password": SECRET, "dsn": "postgres://user:joy@db", "replicas": 2500}, "basic": {}}
}


def created_by(url: str, values: Mapping[str, Mapping[str, object]] = VALUES) -> tuple[Task, ...]:
    return cce(url).create([COREDNS], CheckType.UPGRADE, values, soon())


@pytest.mark.parametrize("status", [400, 409, 429, 503])
def test_no_error_of_the_call_says_back_what_was_sent(status: int) -> None:
    with (
        Emulator(cloud(more=f"faults: [{{on: create, kind: echo, status: {status}}}]\n")) as served,
        pytest.raises(ApiError) as caught,
    ):
        created_by(served.url)
    told = json.dumps([caught.value.message, caught.value.hint, str(caught.value)], ensure_ascii=False)
    assert caught.value.status == status
    assert "***" in told
    assert "hunter2" not in told
    assert "postgres" not in told


@pytest.mark.parametrize("length", [590, 560, 550, 545])
def test_a_cut_message_ends_with_no_part_of_what_was_sent(length: int) -> None:
    body = json.dumps({"errorCode": "CCE.01400001", "errorMessage": "x" * length + "sesame-open-sesame-open"})
    with Listener(reply(body.encode(), "400 Bad Request")) as listener, pytest.raises(ApiError) as caught:
        created_by(listener.url, {"id-1": {"dsn": "sesame-open-sesame-open"}})
    assert "sesa" not in caught.value.message


def test_a_later_answer_is_free_of_the_secrets_that_were_sent() -> None:
    quoted = f"the password {SECRET} is too short, and 2500 replicas are many"
    risk = {"name": "AddonValidate", "status": "Failed", "message": quoted}
    more = f"    onCreate: [{{addon: coredns, risks: [{json.dumps(risk)}]}}]\n"
    with Emulator(parse(_with_id(more), "test.yml")) as served:
        cluster = cce(served.url)
        cluster.create([COREDNS], CheckType.UPGRADE, VALUES, soon())
        answer = cluster.tasks(soon())
    assert [each.message for task in answer.tasks for each in task.risks] == [
        "the password *** is too short, and 2500 replicas are many"
    ]
    assert "hunter2" not in answer.text


def _with_id(more: str) -> str:
    lines = [
        "version: 1",
        "clusters:",
        f"  - projectId: {PROJECT}",
        f"    clusterId: {CLUSTER}",
        "    addons: [{name: coredns, instanceId: id-1, targetVersions: [1.30.6]}]",
        more,
    ]
    return "\n".join(lines)


def test_a_secret_is_known_by_its_name_wherever_it_stands() -> None:
    values = {
        "id-1": {
            "custom": {
                "adminPassword": "opensesame",
                "tokens": ["first-one", {"x": "second-one"}],
                "ak": "AKIA99",
            },
            "secretKey": 12345678,
            "api_key": "short",
            "passthrough": "enabled",
            "monkey": "banana",
            "privateKey": True,
        }
    }
    assert secrets_of(values) == {"opensesame", "first-one", "second-one", "AKIA99", "12345678"}


@pytest.mark.parametrize(("status", "word"), [(400, "--values"), (403, "start checks"), (409, "under way")])
def test_a_refused_call_says_what_to_do(status: int, word: str) -> None:
    fault = f"faults: [{{on: create, kind: status, status: {status}}}]\n"
    with Emulator(cloud(more=fault)) as served, pytest.raises(ApiError) as caught:
        created_by(served.url, {})
    assert word in caught.value.hint
    assert not caught.value.transient
