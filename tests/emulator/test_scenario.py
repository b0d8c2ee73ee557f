"""Reading scenarios: what is right becomes a world, what is wrong is named with file and line."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.emulator.describe import describe
from gate.emulator.identity import METADATA_MODES, Iam, Lifetimes, Oidc, Project
from gate.emulator.scenario import builtin, builtin_names, load, parse
from gate.emulator.world import AnswerStatus, LiteralBody
from gate.errors import ExitCode, UsageError

from .ground import SMALL, small

CLUSTER = "version: 1\nclusters:\n  - addons: [{name: coredns}]\n"


def only_unfolding(check: str) -> tuple[float, float]:
    found = parse(f"{CLUSTER}    checks: [{{addon: coredns, {check}}}]\n", "x.yml").clusters[0].checks[0]
    return found.unfolding.init, found.unfolding.final_at


def test_a_scenario_of_a_few_lines_is_a_whole_cloud() -> None:
    scenario = small()
    cluster = scenario.clusters[0]
    assert scenario.token == "emulator-token"
    assert scenario.shape == "table"
    assert cluster.project_id
    assert cluster.cluster_id
    assert cluster.version == "v1.29"
    assert cluster.addons[0].instance_name == "cceaddon-coredns"
    assert cluster.checks[0].target_version == "1.30.6"
    assert cluster.checks[0].type == "addonUpgrade"
    assert [template.name for template in scenario.templates] == ["coredns", "everest"]


def test_the_same_text_gives_the_same_ids() -> None:
    assert small() == small()


@pytest.mark.parametrize(
    ("written", "seconds"), [("90", 90), ("200ms", 0.2), ("1h30m", 5400), ("2d", 172800), ("1.5s", 1.5)]
)
def test_durations_are_read_like_those_of_the_command_line(written: str, seconds: float) -> None:
    assert only_unfolding(f"running: {written}")[1] == pytest.approx(seconds)


def test_a_check_is_final_with_its_last_risk_unless_it_says_how_long_it_runs() -> None:
    assert only_unfolding("init: 1s, risks: [{name: A, final: 3s}, {name: B, final: 2s}]") == (1, 3)
    assert only_unfolding("init: 1s, running: 1s, risks: [{name: A, final: 3s}]") == (1, 2)
    assert only_unfolding("risks: [{name: A}]") == (0, 0)
    assert only_unfolding("never: true, risks: [{name: A}]") == (0, math.inf)


def test_expiry_is_a_day_after_creation_unless_the_scenario_says_otherwise() -> None:
    text = CLUSTER + "    checks:\n"
    text += "      - {addon: coredns, created: 1h}\n"
    text += "      - {addon: coredns, expires: -5m}\n"
    text += "      - {addon: coredns, expires: null}\n"
    checks = parse(text, "x.yml").clusters[0].checks
    assert [check.expires for check in checks] == [82800.0, -300.0, None]


WRONG = {
    "not a mapping": ("- 1", "x.yml:1: expected a mapping, found a list"),
    "empty": ("# nothing\n", "x.yml:1: the scenario is empty"),
    "not YAML": ("version: 1\nclusters: [", "x.yml:2: not YAML"),
    "two documents": ("version: 1\n---\nversion: 1\n", "not YAML"),
    "a control character": ("version: \x01", "not YAML"),
    "no version": ("clusters: []", 'x.yml:1: the key "version" is missing'),
    "another version": ("version: 2\nclusters: []", "x.yml:1: version 2 is not known"),
    "version as text": ("version: '1'\nclusters: []", "x.yml:1: expected a whole number"),
    "no clusters": ("version: 1", 'x.yml:1: the key "clusters" is missing'),
    "an empty list of clusters": ("version: 1\nclusters: []", "x.yml:2: there is no cluster"),
    "an unknown key": (f"{CLUSTER}abuot: x", 'x.yml:4: unknown key "abuot"'),
    "an unknown key deep inside": (
        f"{CLUSTER}    checks:\n      - addon: coredns\n        risks:\n          - {{name: A, levle: B}}",
        'x.yml:7: unknown key "levle"',
    ),
    "a key twice": (f"{CLUSTER}about: x\nabout: y", 'x.yml:5: the key "about" stands here twice'),
    "a key that is a list": (f"{CLUSTER}? [a]\n: 1", "x.yml:4: expected a key"),
    "a version that YAML takes for a number": (
        "version: 1\nclusters:\n  - addons:\n      - {name: coredns, version: 1.30}",
        "x.yml:4: expected text, found a number",
    ),
    "an unknown shape": (f"{CLUSTER}shape: round", 'x.yml:4: unknown word "round"'),
    "a flag that is text": (
        f"{CLUSTER}    checks: [{{addon: coredns, never: 'true'}}]",
        "x.yml:4: expected true or false, found text",
    ),
    "a bad duration": (f"{CLUSTER}    checks: [{{addon: coredns, init: soon}}]", 'x.yml:4: "soon" is not a'),
    "an endless duration": (f"{CLUSTER}    checks: [{{addon: coredns, init: .inf}}]", "expected a duration"),
    "a negative duration": (f"{CLUSTER}    checks: [{{addon: coredns, init: -1s}}]", "cannot be negative"),
    "an add-on that is not there": (
        f"{CLUSTER}    checks: [{{addon: everest}}]",
        'x.yml:4: no add-on of this cluster is called "everest"',
    ),
    "an add-on of which there are two": (
        "version: 1\nclusters: [{addons: [{name: a, instanceName: b}, {name: a}], checks: [{addon: a}]}]",
        "more than one add-on",
    ),
    "no target version": (
        "version: 1\nclusters:\n  - addons: [{name: a, targetVersions: []}]\n    checks: [{addon: a}]",
        "a has no target version",
    ),
    "two clusters with one ID": (
        "version: 1\nclusters: [{clusterId: a}, {clusterId: a}]",
        "two clusters have the same clusterId",
    ),
    "two add-ons with one ID": (
        "version: 1\nclusters:\n  - addons: [{name: a, instanceId: x}, {name: b, instanceId: x}]",
        "two add-ons have the same instanceId",
    ),
    "two tasks with one ID": (
        f"{CLUSTER}    checks: [{{addon: coredns, taskId: a}}, {{addon: coredns, taskId: a}}]",
        "two checks have the same taskId",
    ),
    "two plans for one add-on": (
        f"{CLUSTER}    onCreate: [{{addon: coredns}}, {{addon: coredns}}]",
        "two onCreate entries",
    ),
    "a project with two names": (
        "version: 1\nclusters:\n  - {clusterId: a, projectName: x}\n  - {clusterId: b, projectName: y}",
        "has two names",
    ),
    "a metadata service that is set up in no known way": (f"{CLUSTER}metadata: no", 'unknown word "no"'),
    "an unknown key of the account": (f"{CLUSTER}iam: {{pasword: x}}", 'unknown key "pasword"'),
    "an unknown key of the provider": (f"{CLUSTER}oidc: {{urn: x}}", 'unknown key "urn"'),
    "an unknown lifetime": (f"{CLUSTER}lifetimes: {{key: 1h}}", 'unknown key "key"'),
    "an echo with more": (
        f"{CLUSTER}faults: [{{on: list, kind: echo, message: x}}]",
        'unknown key "message"',
    ),
    "a fault without a kind": (f"{CLUSTER}faults: [{{on: list}}]", 'x.yml:4: the key "kind" is missing'),
    "an unknown fault": (f"{CLUSTER}faults: [{{on: list, kind: fire}}]", 'unknown word "fire"'),
    "a fault on an unknown call": (f"{CLUSTER}faults: [{{on: lists, kind: reset}}]", 'unknown word "lists"'),
    "a key of another fault": (f"{CLUSTER}faults: [{{on: list, kind: reset, status: 500}}]", "unknown key"),
    "an unknown dialect": (
        f"{CLUSTER}faults: [{{on: list, kind: status, status: 500, dialect: soap}}]",
        'unknown word "soap"',
    ),
    "a status that is none": (f"{CLUSTER}faults: [{{on: list, kind: status, status: 99}}]", "99 is not the"),
    "a count from zero": (f"{CLUSTER}faults: [{{on: list, kind: reset, nth: 0}}]", "counts from 1"),
    "a strange number of times": (
        f"{CLUSTER}faults: [{{on: list, kind: reset, times: twice}}]",
        "expected a",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_a_usage_error_that_names_the_place(case: str) -> None:
    text, message = WRONG[case]
    with pytest.raises(UsageError) as caught:
        parse(text, "x.yml")
    assert message in caught.value.message
    assert caught.value.message.startswith("x.yml:")
    assert caught.value.hint
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_mistyped_key_is_answered_with_the_nearest_known_one() -> None:
    with pytest.raises(UsageError) as caught:
        parse(f"{CLUSTER}shpae: table", "x.yml")
    assert caught.value.hint == 'did you mean "shape"?'


def test_an_alias_that_contains_itself_is_refused_and_does_not_hang() -> None:
    with pytest.raises(UsageError):
        parse("version: 1\nclusters: &c\n  - addons: *c", "x.yml")


def refused_with(text: str) -> str | None:
    """The message of the `UsageError`, None where the text is a scenario."""
    try:
        parse(text, "x.yml")
    except UsageError as error:
        return error.message
    return None


@given(st.text(max_size=60))
def test_any_text_is_a_scenario_or_a_usage_error(text: str) -> None:
    for content in (text, SMALL + text):
        assert (refused_with(content) or "x.yml:").startswith("x.yml:")


def test_who_may_ask_is_read_with_its_defaults() -> None:
    plain = small()
    told = small(
        "iam: {user: me}\noidc: {idToken: t}\nlifetimes: {token: 1m, keys: 2s, idToken: 3s}\nmetadata: off"
    )
    assert (plain.iam, plain.oidc, plain.metadata, plain.lifetimes) == (Iam(), Oidc(), "ok", Lifetimes())
    assert plain.lifetimes == Lifetimes(token=86400, keys=None, id_token=300)
    assert told.iam == Iam(user="me")
    assert told.oidc == Oidc(id_token="t")
    assert told.lifetimes == Lifetimes(60, 2, 3)
    assert told.metadata == "off"


@pytest.mark.parametrize("mode", METADATA_MODES)
def test_every_way_to_set_up_the_metadata_service_can_be_written(mode: str) -> None:
    assert small(f"metadata: {mode}").metadata == mode


def test_a_project_is_named_by_any_of_its_clusters() -> None:
    scenario = parse(
        "version: 1\nclusters:\n  - {projectId: p, clusterId: a}\n"
        "  - {projectId: p, projectName: x, clusterId: b}\n  - {projectId: q, clusterId: c}\n",
        "x.yml",
    )
    assert scenario.projects == (Project("p", "x"), Project("q", "eu-de"))


def test_faults_are_read_with_their_defaults() -> None:
    scenario = small(
        "faults:\n"
        "  - {on: any, kind: status, status: 429, retryAfter: 1, nth: 2, times: forever}\n"
        "  - {on: create, kind: html, worked: true}\n"
    )
    first, second = scenario.faults
    assert (first.on, first.nth, first.times, first.worked) == (None, 2, None, False)
    assert first.kind == AnswerStatus(429, "cce", None, None, "1")
    assert (second.on, second.nth, second.times, second.worked) == ("create", 1, 1, True)
    assert isinstance(second.kind, LiteralBody)


def test_a_file_is_loaded_and_named_in_errors(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(SMALL + "about: 我的\n", encoding="utf-8")
    assert load(path).about == "我的"
    path.write_text("version: 1\nfoo: 1\nclusters: []\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine\.yml:3: "):
        load(path)


def test_a_file_that_cannot_be_read_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        load(tmp_path / "none.yml")
    with pytest.raises(UsageError, match="directory"):
        load(tmp_path)
    (tmp_path / "latin.yml").write_bytes("version: 1 # \xe9".encode("latin-1"))
    with pytest.raises(UsageError, match="not UTF-8"):
        load(tmp_path / "latin.yml")


@pytest.mark.parametrize("name", ["nothing", "", "../scenario", "pass.yml"])
def test_a_scenario_that_does_not_ship_is_a_usage_error_that_lists_those_that_do(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        builtin(name)
    assert all(known in caught.value.hint for known in builtin_names())


def test_describe_says_what_the_cloud_holds() -> None:
    scenario = small()
    cluster = scenario.clusters[0]
    (described,) = describe(scenario)
    assert {key: described[key] for key in ("projectId", "projectName", "clusterId", "clusterName")} == {
        "projectId": cluster.project_id,
        "projectName": "eu-de",
        "clusterId": cluster.cluster_id,
        "clusterName": "test",
    }
    addons = described["addons"]
    assert isinstance(addons, list)
    assert addons[0] == {
        "name": "coredns",
        "instanceName": "cceaddon-coredns",
        "instanceId": cluster.addons[0].instance_id,
        "version": "1.29.5",
        "targetVersions": ["1.30.6"],
    }
