"""`check --create` over real HTTP: what is asked for, how often, and what comes of it."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gate.api import http
from gate.cli.main import run as run_here
from gate.emulator.scenario import parse
from gate.emulator.server import Emulator
from tests.cli.ground import CLUSTER, PROJECT, TOKEN, asking, run, start, until_asked
from tests.documents import EXAMPLES

SOON = "init: 0s, running: 0s"
PASSES = f"{{addon: coredns, {SOON}, risks: [{{name: AddonStatus}}]}}"
BLOCKS = f"{{addon: coredns, {SOON}, risks: [{{name: AddonStatus, status: Failed, level: Fatal}}]}}"
OTHER_PASSES = f"{{addon: everest, {SOON}}}"
OLD_SUCCESS = f"{{addon: coredns, taskId: old-1, created: 1m, {SOON}}}"
COREDNS = ("--addon", "coredns@1.30.6")
BOTH = (*COREDNS, "--addon", "everest@2.4.72")


def cloud(
    *on_create: str,
    checks: Sequence[str] = (),
    faults: Sequence[str] = (),
    templates: Sequence[str] = (),
    more: str = "",
) -> AbstractContextManager[Emulator]:
    """coredns and everest in one cluster of version v1.29, and how a check of each unfolds once made."""
    lines = [
        "version: 1",
        "clusters:",
        f"  - projectId: {PROJECT}",
        f"    clusterId: {CLUSTER}",
        "    addons:",
        "      - {name: coredns, instanceId: id-1, version: 1.29.5, targetVersions: [1.30.6]}",
        "      - {name: everest, instanceId: id-2, version: 2.4.70, targetVersions: [2.4.72]}",
        "    onCreate:",
        *(f"      - {each}" for each in on_create or (PASSES, OTHER_PASSES)),
    ]
    for name, entries in (("    checks", checks), ("templates", templates), ("faults", faults)):
        indent = " " * (6 if name.startswith(" ") else 2)
        lines += [f"{name}:", *(f"{indent}- {each}" for each in entries)] if entries else []
    return Emulator(parse("\n".join([*lines, more]), "test.yml"), port=0)


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what it asked."""

    code: int
    report: dict[str, Any]
    said: str
    """All that was printed and reported."""
    posted: list[dict[str, Any]]
    """The bodies of the create calls."""
    paths: list[str]

    @property
    def reason(self) -> str:
        return str(self.report["targets"][0]["reason"])

    @property
    def problems(self) -> list[str]:
        return [each["code"] for each in self.report["targets"][0]["problems"]]

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What the only create call asked for."""
        (body,) = self.posted
        return list(body["spec"]["addonList"])


Asked = Callable[..., Ended]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asked:
    """Runs `check --create` against a cloud, in this process."""
    monkeypatch.setenv("HW_AUTH_TOKEN", TOKEN)

    def asked(served: Emulator, *arguments: str) -> Ended:
        path = tmp_path / "report.json"
        code = run_here([*asking(served.url), "--create", *arguments, "--report", f"json={path}"])
        said = "\n".join(capsys.readouterr())
        written = path.read_text() if path.exists() else "{}"
        bodies = [json.loads(each.body) for each in served.requests if each.method == "POST"]
        return Ended(
            code, json.loads(written), said + written, bodies, [each.path for each in served.requests]
        )

    return asked


def test_a_new_check_is_asked_for_and_waited_for() -> None:
    with cloud(PASSES.replace("running: 0s", "running: 300ms")) as served:
        ended = run(*asking(served.url), "--create", *COREDNS)
        posts = [each for each in served.requests if each.method == "POST"]
    assert (ended.code, len(posts)) == (0, 1)
    assert "asking for the check of coredns to 1.30.6" in ended.err


def test_two_add_ons_are_one_call(asked: Asked) -> None:
    with cloud() as served:
        ended = asked(served, *BOTH)
    assert ended.code == 0
    first = {"addonTemplateName": "coredns", "addonInstanceID": "id-1", "targetVersion": "1.30.6"}
    second = {"addonTemplateName": "everest", "addonInstanceID": "id-2", "targetVersion": "2.4.72"}
    assert ended.entries == [{**first, "type": "addonUpgrade"}, {**second, "type": "addonUpgrade"}]


@pytest.mark.parametrize("name", ["coredns", "cceaddon-coredns", "id-1"])
def test_an_add_on_goes_by_each_of_its_names(asked: Asked, name: str) -> None:
    with cloud() as served:
        ended = asked(served, "--addon", f"{name}@1.30.6")
    assert ended.code == 0
    assert ended.entries[0]["addonInstanceID"] == "id-1"


def test_a_blocked_check_blocks_and_the_one_beside_it_does_not_help(asked: Asked) -> None:
    with cloud(BLOCKS, OTHER_PASSES) as served:
        assert asked(served, *BOTH).code == 1


@pytest.mark.parametrize(("outcome", "code"), [(BLOCKS, 1), (PASSES.replace(SOON, "never: true"), 3)])
def test_an_old_success_does_not_stand_in_for_the_new_check(asked: Asked, outcome: str, code: int) -> None:
    with cloud(outcome, checks=[OLD_SUCCESS]) as served:
        ended = asked(served, *COREDNS, "--timeout", "1s")
    assert (ended.code, len(ended.posted)) == (code, 1)
    assert "old-1" not in [each["taskId"] for each in ended.report["targets"][0]["tasks"]]


@pytest.mark.parametrize(
    "fault",
    [
        "kind: status, status: 500",
        "kind: status, status: 502, dialect: html",
        "kind: status, status: 503",
        "kind: status, status: 504",
        "kind: status, status: 408",
        "kind: reset",
        "kind: close",
        "kind: html",
        "kind: truncate",
        "kind: body, status: 201, contentType: text/html, body: <html></html>",
        "kind: body, status: 201, body: '{}'",
        'kind: body, status: 201, body: \'{"kind": "AddonCheck", "status": {"items": []}}\'',
        "kind: body, status: 202, body: ''",
    ],
)
@pytest.mark.parametrize("outcome", [PASSES, BLOCKS])
def test_a_call_that_failed_after_it_worked_is_sent_once_and_judged(
    asked: Asked, fault: str, outcome: str
) -> None:
    with cloud(outcome, checks=[OLD_SUCCESS], faults=[f"{{on: create, worked: true, {fault}}}"]) as served:
        ended = asked(served, *COREDNS)
    assert (ended.code, len(ended.posted)) == (1 if outcome == BLOCKS else 0, 1)
    assert "looking whether the checks were created" in ended.said


@pytest.mark.parametrize(
    "fault", ["kind: status, status: 500", "kind: status, status: 408", "kind: reset", "kind: html"]
)
def test_a_call_that_did_not_work_is_sent_once_and_undecided(asked: Asked, fault: str) -> None:
    with cloud(checks=[OLD_SUCCESS], faults=[f"{{on: create, {fault}}}"]) as served:
        ended = asked(served, *COREDNS, "--discovery-timeout", "0")
    assert (ended.code, len(ended.posted)) == (3, 1)
    assert ended.problems == ["not-created"]
    assert "the call was not repeated" in ended.reason


def test_the_discovery_timeout_is_how_long_the_checks_are_looked_for(asked: Asked) -> None:
    with cloud(faults=["{on: create, kind: status, status: 503}"]) as served:
        began = time.monotonic()
        ended = asked(served, *COREDNS, "--discovery-timeout", "600ms")
        took = time.monotonic() - began
    assert ended.code == 3
    assert 0.6 <= took < 2


@pytest.mark.parametrize("worked", ["true", "false"])
def test_a_call_that_hangs_is_looked_up_after_its_time(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, worked: str
) -> None:
    monkeypatch.setattr(http, "LONGEST_CALL", 0.3)
    with cloud(faults=[f"{{on: create, kind: hang, worked: {worked}}}"]) as served:
        ended = asked(served, *COREDNS, "--discovery-timeout", "0")
    assert (ended.code, len(ended.posted)) == (0 if worked == "true" else 3, 1)


@pytest.mark.parametrize("fault", ["kind: hang, worked: true", "kind: drip, interval: 100ms"])
def test_a_call_that_the_deadline_cuts_off_is_undecided(asked: Asked, fault: str) -> None:
    with cloud(faults=[f"{{on: create, {fault}}}"]) as served:
        began = time.monotonic()
        ended = asked(served, *COREDNS, "--timeout", "500ms")
        took = time.monotonic() - began
    assert (ended.code, len(ended.posted)) == (3, 1)
    assert "whether they were created is open" in ended.reason
    assert took < 2


@pytest.mark.parametrize("pause", ["", ", retryAfter: 0"])
def test_what_holds_the_cluster_is_waited_for_and_the_second_call_counts(asked: Asked, pause: str) -> None:
    locked = f"{{on: create, kind: status, status: 429, code: CCE.01429002{pause}}}"
    with cloud(checks=[OLD_SUCCESS], faults=[locked]) as served:
        ended = asked(served, *COREDNS)
    assert (ended.code, len(ended.posted)) == (0, 2)
    (task,) = ended.report["targets"][0]["tasks"]
    assert task["taskId"] != "old-1"


@pytest.mark.parametrize("pause", ["", ", retryAfter: 900"])
def test_what_holds_the_cluster_for_ever_is_explained(asked: Asked, pause: str) -> None:
    locked = f"{{on: create, times: forever, kind: status, status: 429, code: CCE.01429002{pause}}}"
    with cloud(faults=[locked]) as served:
        ended = asked(served, *COREDNS, "--timeout", "1s")
    assert ended.code == 4
    assert "the checks were not created" in ended.reason
    hints = [each["hint"] for each in ended.report["targets"][0]["problems"]]
    assert hints[0] == "another operation holds the cluster: run this again when it has ended"
    assert ("timed-out" in ended.problems) is bool(pause)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_refusal_is_an_error_after_one_call(asked: Asked, status: int) -> None:
    with cloud(faults=[f"{{on: create, kind: status, status: {status}}}"]) as served:
        ended = asked(served, *COREDNS)
    assert (ended.code, len(ended.posted)) == (4, 1)
    assert "the checks were not created" in ended.reason


def test_a_token_that_can_not_be_renewed_is_an_error_after_one_call(asked: Asked) -> None:
    with cloud(
        faults=["{on: create, kind: status, status: 401, dialect: gateway, code: APIGW.0307}"]
    ) as served:
        ended = asked(served, *COREDNS)
    assert (ended.code, len(ended.posted)) == (4, 1)


def test_a_token_that_ran_out_is_renewed_and_the_call_is_made(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HW_AUTH_TOKEN")
    user = {
        "USERNAME": "ops",
        "PASSWORD": "emulator-password",
        "DOMAIN_NAME": "acme",
        "PROJECT_NAME": "eu-de",
    }
    for name, value in user.items():
        monkeypatch.setenv(f"OS_{name}", value)
    fault = "{on: create, kind: status, status: 401, dialect: gateway, code: APIGW.0307}"
    with cloud(faults=[fault], more="iam: {user: ops, password: emulator-password, domain: acme}") as served:
        ended = asked(served, *COREDNS, "--iam-endpoint", served.url)
    assert ended.code == 0
    assert ended.paths.count(f"/api/v3/projects/{PROJECT}/clusters/{CLUSTER}/addons/precheck") == 2


def item(
    task_id: str = "new-1",
    addon: str = "coredns",
    instance: str = "id-1",
    version: str = "1.30.6",
    kind: str = "addonUpgrade",
) -> dict[str, Any]:
    metadata = {"taskID": task_id, "addonTemplateName": addon, "addonInstanceID": instance, "type": kind}
    return {"metadata": metadata, "spec": {"addonTargetVersion": version}, "status": {"status": "Init"}}


def creating(*items: dict[str, Any], worked: bool = True) -> str:
    """A fault: the create call is answered with these tasks, while it makes the true ones."""
    body = json.dumps({"kind": "AddonCheck", "apiVersion": "v3", "status": {"items": items}})
    return json.dumps({"on": "create", "worked": worked, "kind": "body", "status": 201, "body": body})


@pytest.mark.parametrize(
    "items",
    [
        [item()],
        [item(), item("new-2", "everest", "id-3", "2.4.72")],
        [item(), item("new-2", "everest", "id-2", "2.4.71")],
        [item(), item("new-2", "everest", "id-2", "2.4.72", "addonStatic")],
        [item(), item("new-2", "coredns", "id-2", "2.4.72")],
        [item(), item("old-1", "everest", "id-2", "2.4.72")],
        [item(), item("new-1", "everest", "id-2", "2.4.72")],
        [item(), item("new-2", "everest", "id-2", "2.4.72"), item("new-3", "everest", "id-2", "2.4.72")],
        [item(), item("new-2", "everest", "id-2", "2.4.72"), item("new-3", "nginx-ingress", "id-3", "3")],
    ],
)
def test_what_came_back_otherwise_is_undecided_with_what_was_asked_and_what_came(
    asked: Asked, items: list[dict[str, Any]]
) -> None:
    with cloud(checks=[OLD_SUCCESS], faults=[creating(*items)]) as served:
        ended = asked(served, *BOTH)
    assert (ended.code, len(ended.posted)) == (3, 1)
    assert ended.problems == ["not-as-ordered"]
    assert "asked for: coredns to 1.30.6" in ended.reason
    assert "came: coredns to 1.30.6" in ended.reason
    assert all(each["metadata"]["taskID"] in ended.reason for each in items)


def test_the_documented_answer_is_not_what_was_asked_for(asked: Asked) -> None:
    body = (EXAMPLES / "create-response.documented.json").read_text()
    fault = {"on": "create", "worked": True, "kind": "body", "status": 201, "body": body}
    with cloud(faults=[json.dumps(fault)]) as served:
        ended = asked(served, *COREDNS)
    assert (ended.code, ended.problems) == (3, ["not-as-ordered"])
    assert "came: coredns to 1.27.1 (addonUpgrade, instance 8fcaa506" in ended.reason


@pytest.mark.parametrize("other", ["type: addonStatic", "targetVersion: 1.27.1"])
def test_a_check_of_another_type_or_version_is_undecided(asked: Asked, other: str) -> None:
    with cloud(PASSES.replace("addon: coredns", f"addon: coredns, {other}")) as served:
        assert asked(served, *COREDNS).code == 3


def test_a_task_that_never_comes_back_is_undecided(asked: Asked) -> None:
    items = [item(), item("new-2", "everest", "id-2", "2.4.72")]
    with cloud(faults=[creating(*items)]) as served:
        ended = asked(served, *BOTH, "--discovery-timeout", "0")
    assert ended.code == 3
    assert "check task new-1 is not listed" in ended.reason


def test_an_add_on_that_is_not_installed_and_a_version_that_does_not_exist_are_closed(asked: Asked) -> None:
    for name in ("nginx-ingress@3.0.7", "coredns@1.30.7", "coredns@1.29"):
        with cloud() as served:
            ended = asked(served, *COREDNS, "--addon", name)
        assert (ended.code, ended.posted) == (3, [])
        assert ended.problems == ["addon-missing"]


FITTING = "supportVersions: [{clusterVersion: ['v1.2[89].*']}]"
LATEST = (
    f"{{version: 1.30.6, {FITTING}}}",
    f"{{version: 1.30.10, stable: false, {FITTING}}}",
    f"{{version: 1.30.11rc1, {FITTING}}}",
    "{version: 1.30.12, supportVersions: [{clusterVersion: [v1.30]}]}",
    "{version: 1.30.13, supportVersions: [{clusterType: ARM64, clusterVersion: ['v1.29']}]}",
    "{version: 1.30.14, supportVersions: [{clusterVersion: ['v1.(29']}]}",
    "{version: newest}",
)


def test_the_latest_is_the_newest_stable_one_that_fits_and_is_named(asked: Asked) -> None:
    with cloud(templates=[f"{{name: coredns, versions: [{', '.join(LATEST)}]}}"]) as served:
        ended = asked(served, "--addon", "coredns@latest")
    assert ended.code == 0
    assert ended.entries[0]["targetVersion"] == "1.30.6"
    assert "coredns: 1.30.6 is the newest stable version for this cluster (now 1.29.5)" in ended.said


@pytest.mark.parametrize("versions", [*LATEST[1:], "{version: 1.29.5}", "{version: 1.29.4}"])
def test_without_a_newer_version_that_fits_latest_and_all_are_closed(asked: Asked, versions: str) -> None:
    templates = [f"{{name: coredns, versions: [{versions}]}}", "{name: everest, versions: []}"]
    with cloud(templates=templates) as served:
        for arguments in (["--addon", "coredns@latest"], ["--all"]):
            ended = asked(served, *arguments)
            assert (ended.code, ended.problems, ended.posted) == (3, ["no-tasks"], [])


def test_all_asks_for_what_has_a_newer_version(asked: Asked) -> None:
    templates = [
        "{name: coredns, versions: [{version: 1.30.6}]}",
        "{name: everest, versions: [{version: 2.4.70}]}",
    ]
    with cloud(templates=templates) as served:
        ended = asked(served, "--all")
    assert ended.code == 0
    assert [each["addonTemplateName"] for each in ended.entries] == ["coredns"]
    assert "everest: nothing newer than 2.4.70, not checked" in ended.said


def test_a_static_check_is_asked_for_without_a_version(asked: Asked) -> None:
    with cloud() as served:
        ended = asked(served, "--addon", "coredns", "--type", "addonStatic")
    assert ended.code == 0
    assert "targetVersion" not in ended.entries[0]


SECRET = "hunter2-hunter2"


@pytest.fixture
def values(tmp_path: Path) -> str:
    path = tmp_path / "values.yml"
    path.write_text(f"basic: {{cluster_ip: 10.247.3.10}}\ncustom: {{password: {SECRET}, replicas: 2}}\n")
    return str(path)


@pytest.mark.parametrize("selected", [BOTH, ("--all",)])
def test_values_are_sent_as_in_the_file_for_their_add_on_only(
    asked: Asked, values: str, selected: Sequence[str]
) -> None:
    with cloud() as served:
        ended = asked(served, *selected, "--values", f"everest={values}")
    assert ended.code == 0
    assert "values" not in ended.entries[0]
    assert ended.entries[1]["values"] == {
        "basic": {"cluster_ip": "10.247.3.10"},
        "custom": {"password": SECRET, "replicas": 2},
    }


def test_values_for_what_is_not_installed_are_closed(asked: Asked, values: str) -> None:
    with cloud() as served:
        ended = asked(served, "--all", "--values", f"cordns={values}")
    assert (ended.code, ended.posted) == (3, [])


RISK = f"{{name: AddonValidate, status: Failed, message: 'password {SECRET} is too short'}}"


@pytest.mark.parametrize(
    "fault",
    [
        "{on: create, kind: echo, status: 400}",
        "{on: create, kind: echo, status: 503, worked: true}",
        "{on: create, times: forever, kind: echo, status: 429}",
        "{on: create, kind: echo, status: 201, worked: true}",
        "{on: list, nth: 2, times: forever, kind: echo, status: 403}",
    ],
)
def test_no_secret_of_the_values_is_told_at_any_verbosity(asked: Asked, values: str, fault: str) -> None:
    quoting = f"{{addon: coredns, {SOON}, risks: [{RISK}]}}"
    with cloud(quoting, faults=[fault]) as served:
        ended = asked(served, *COREDNS, "-vv", "--values", f"coredns={values}", "--timeout", "1s")
    assert ended.code != 0
    assert ended.posted
    assert SECRET not in ended.said
    assert "hunter" not in ended.said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--create"], "which add-ons"),
        (["--create", "--addon", "coredns"], "to which version"),
        (["--create", "--all", *COREDNS], "--all is every add-on"),
        (["--create", *COREDNS, "--task-id", "task-1"], "--task-id"),
        (["--create", *COREDNS, "--values", "everest={file}"], "no --addon everest"),
        (["--create", *COREDNS, "--values", "coredns={file}", "--values", "coredns={file}"], "twice"),
        (["--create", *COREDNS, "--values", "coredns=nowhere.yml"], "nowhere.yml can't be read"),
        (["--create", "--all", "--type", "addonStatic"], "has no version"),
        (["--create", *COREDNS, "--type", "addonStatic"], "has no version"),
        (["--all"], "--create is not given"),
        (["--addon", "coredns@latest"], "--create is not given"),
        ([*COREDNS, "--values", "coredns={file}"], "--create is not given"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage_and_nothing_is_asked(
    arguments: list[str], said: str, values: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with cloud() as served:
        code = run_here([*asking(served.url), *(each.replace("{file}", values) for each in arguments)])
        assert (code, served.requests) == (2, ())
    assert said in capsys.readouterr().err


def test_a_signal_while_the_checks_are_asked_for_ends_at_once_with_a_report(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    with cloud(faults=["{on: create, kind: hang}"]) as served:
        process = start(*asking(served.url), "--create", *COREDNS, "--report", f"json={path}")
        until_asked(served, 5)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert json.loads(path.read_text())["targets"][0]["problems"][-1]["code"] == "interrupted"
    assert b"Traceback" not in err


@pytest.mark.parametrize("call", ["instances", "cluster", "templates", "list"])
@pytest.mark.parametrize(
    "fault", ["kind: status, status: 503", "kind: html", "kind: body, status: 200, body: '{\"items\": [7]}'"]
)
def test_what_goes_wrong_before_the_call_is_ridden_out(asked: Asked, call: str, fault: str) -> None:
    with cloud(faults=[f"{{on: {call}, {fault}}}"]) as served:
        ended = asked(served, *COREDNS)
    assert (ended.code, len(ended.posted)) == (0, 1)


@pytest.mark.parametrize("call", ["instances", "cluster", "templates", "list"])
def test_what_stays_wrong_before_the_call_is_an_error_and_nothing_is_asked_for(
    asked: Asked, call: str
) -> None:
    fault = f"{{on: {call}, times: forever, kind: body, status: 200, body: '{{\"items\": 7}}'}}"
    with cloud(faults=[fault]) as served:
        ended = asked(served, *COREDNS, "--timeout", "2s")
    assert (ended.code, ended.posted) == (4, [])


def test_where_the_list_is_incomplete_nothing_is_asked_for(asked: Asked) -> None:
    with cloud(more="currentCount: 3") as served:
        ended = asked(served, *COREDNS)
    assert (ended.code, ended.problems, ended.posted) == (3, ["list-incomplete"], [])
