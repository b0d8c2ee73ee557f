"""`check`, as a pipeline runs it: a process, real HTTP, an exit code."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.cli.ground import (
    CLEAR,
    CLUSTER,
    PROJECT,
    TOKEN,
    asking,
    cloud,
    run,
    run_process,
    start,
    until_asked,
)
from tests.documents import documented

LISTED = "version: 1\nallow:\n  - {risk: AddonStatus, reason: accepted by the team}\n"
WARNED = "{addon: coredns, init: 0s, running: 0s, risks: [{name: AddonStatus, status: Failed, final: 0s}]}"
NEVER = "{addon: coredns, never: true}"


def answering(body: str) -> str:
    """A fault: every list call is answered with this body."""
    kind = {"on": "list", "times": "forever", "kind": "body", "status": 200}
    return json.dumps({**kind, "contentType": "application/json", "body": body})


@pytest.fixture
def policy(tmp_path: Path) -> str:
    path = tmp_path / "policy.yml"
    path.write_text(LISTED)
    return str(path)


def test_a_clear_check_opens_the_gate() -> None:
    with cloud(CLEAR) as served:
        ended = run(*asking(served.url))
    assert ended.code == 0
    assert ended.out.splitlines()[-1].startswith("PASS")


def test_a_listed_warning_opens_the_gate_and_an_unlisted_one_does_not(policy: str) -> None:
    with cloud(WARNED) as served:
        assert run(*asking(served.url), "--policy", policy).code == 0
        assert run(*asking(served.url)).code == 1


def test_it_waits_until_the_check_is_final() -> None:
    with cloud("{addon: coredns, init: 1s, running: 3s}") as served:
        ended = run(*asking(served.url))
        asked = len(served.requests)
    assert ended.code == 0
    assert asked > 1


def test_one_call_is_made_for_any_number_of_tasks() -> None:
    with cloud(CLEAR, CLEAR.replace("coredns", "everest")) as served:
        assert run(*asking(served.url)).code == 0
        assert [(each.method, each.query) for each in served.requests] == [("GET", {})]


@pytest.mark.parametrize("listed", [[], ["AddonStatus", "AddonValidate"]])
def test_the_documented_example_as_printed_blocks_whatever_is_listed(
    tmp_path: Path, listed: list[str]
) -> None:
    path = tmp_path / "policy.yml"
    path.write_text(json.dumps({"version": 1, "allow": [{"risk": name, "reason": "ok"} for name in listed]}))
    fault = {
        "on": "list",
        "times": "forever",
        "kind": "body",
        "status": 200,
        "contentType": "application/json",
    }
    with cloud(faults=[json.dumps({**fault, "body": documented().decode()})]) as served:
        ended = run(*asking(served.url), "--policy", str(path), "--report", "json")
    assert ended.code == 1
    risks = {each["name"]: each for each in ended.report["targets"][0]["tasks"][0]["risks"]}
    assert risks["AddonValidate"]["decision"] == "blocked"
    assert "Fatal" in risks["AddonValidate"]["reason"]
    assert risks["AddonStatus"]["decision"] == ("allowed" if listed else "blocked")


def test_a_check_that_does_not_end_is_undecided_within_the_timeout() -> None:
    with cloud(NEVER) as served:
        ended = run(*asking(served.url), "--timeout", "1s")
    assert ended.code == 3
    assert "timeout" in ended.out


@pytest.mark.parametrize(
    "fault",
    [
        "{on: list, times: forever, kind: hang}",
        "{on: list, times: forever, kind: drip, part: headers, interval: 100ms}",
        "{on: list, times: forever, kind: drip, part: body, interval: 100ms}",
    ],
)
def test_no_server_holds_a_run_past_its_timeout(fault: str) -> None:
    with cloud(CLEAR, faults=[fault]) as served:
        process = start(*asking(served.url), "--timeout", "1s")
        until_asked(served)
        began = time.monotonic()
        process.communicate(timeout=10)
        took = time.monotonic() - began
    assert process.returncode == 3
    assert took < 2


@pytest.mark.parametrize(
    "fault",
    [
        "{on: list, kind: status, status: 429, retryAfter: 1}",
        "{on: list, kind: status, status: 503, dialect: html}",
        "{on: list, times: 2, kind: reset}",
        "{on: list, kind: close}",
        "{on: list, kind: truncate}",
        "{on: list, kind: html}",
        '{on: list, kind: body, status: 200, contentType: application/json, body: \'{"kind": "Other"}\'}',
    ],
)
def test_a_passing_fault_is_ridden_out(fault: str) -> None:
    with cloud(CLEAR, faults=[fault]) as served:
        assert run(*asking(served.url)).code == 0


def test_a_fault_that_stays_ends_as_an_error() -> None:
    with cloud(
        CLEAR, faults=["{on: list, times: forever, kind: status, status: 503, dialect: html}"]
    ) as served:
        ended = run(*asking(served.url), "--timeout", "1s", "--report", "json")
    assert (ended.code, ended.report["verdict"]) == (4, "error")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"kind": "AddonCheck"}',
        '{"kind": "AddonCheck", "items": [[]]}',
        '{"kind": "AddonCheck", "items": [], "items": []}',
        '{"kind": "AddonCheck", "items": NaN}',
        '{"errorCode": "CCE.01500001", "errorMessage": "broken"}',
        "[" * 100_000,
    ],
)
def test_a_body_that_is_not_an_answer_is_an_error(body: str) -> None:
    fault = {
        "on": "list",
        "times": "forever",
        "kind": "body",
        "status": 200,
        "contentType": "application/json",
    }
    with cloud(CLEAR, faults=[json.dumps({**fault, "body": body})]) as served:
        ended = run(*asking(served.url), "--timeout", "1s", "--report", "json")
    assert ended.code == 4
    assert ended.report["targets"][0]["problems"][0]["code"] == "not-an-answer"
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_permanent_refusal_is_asked_once_and_explained(status: int) -> None:
    fault = f"{{on: list, times: forever, kind: status, status: {status}, dialect: cce, code: CCE.01400001}}"
    with cloud(CLEAR, faults=[fault]) as served:
        ended = run(*asking(served.url), "--report", "json")
        assert len(served.requests) == 1
    problem = ended.report["targets"][0]["problems"][0]
    assert ended.code == 4
    assert problem["apiCode"] == "CCE.01400001"
    assert problem["requestId"]
    assert problem["hint"]


def test_a_wrong_token_is_refused_with_a_hint() -> None:
    with cloud(CLEAR) as served:
        ended = run(*asking(served.url), environ={"HW_AUTH_TOKEN": "wrong"})
    assert ended.code == 4
    assert "HW_AUTH_TOKEN" in ended.out
    assert "wrong" not in ended.out


def test_a_redirect_is_not_followed() -> None:
    with cloud(CLEAR) as elsewhere:
        fault = f"{{on: list, kind: redirect, status: 307, location: '{elsewhere.url}/x'}}"
        with cloud(CLEAR, faults=[fault]) as served:
            ended = run(*asking(served.url))
        assert (ended.code, elsewhere.requests) == (4, ())


def test_neither_netrc_nor_a_proxy_comes_between(tmp_path: Path) -> None:
    (tmp_path / "home" / ".netrc").write_text("machine 127.0.0.1 login someone password something\n")
    proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY"), "http://127.0.0.1:9")
    with cloud(CLEAR) as served:
        assert run(*asking(served.url), environ=proxies).code == 0
        assert "authorization" not in {name.lower() for name in served.requests[0].headers}


def test_no_tasks_end_undecided_after_the_discovery_time() -> None:
    with cloud() as served:
        ended = run(*asking(served.url), "--discovery-timeout", "500ms")
    assert ended.code == 3
    assert "nothing to judge" in ended.out


def test_with_fail_fast_it_does_not_wait_for_the_others() -> None:
    with cloud(WARNED, NEVER.replace("coredns", "everest")) as served:
        ended = run_process(*asking(served.url), "--fail-fast", timeout=10)
    assert ended.code == 1


def test_an_addon_with_a_version_must_be_checked_for_that_version() -> None:
    with cloud(CLEAR) as served:
        quick = ("--discovery-timeout", "0")
        assert run(*asking(served.url), "--addon", "coredns@1.30.6", *quick).code == 0
        assert run(*asking(served.url), "--addon", "coredns@1.31.0", *quick).code == 3
        assert run(*asking(served.url), "--addon", "everest", *quick).code == 3


def test_a_result_that_is_too_old_is_undecided() -> None:
    old = CLEAR.replace("init: 0s", "created: 2h, init: 0s")
    with cloud(old) as served:
        assert run(*asking(served.url), "--max-age", "1h").code == 3
        assert run(*asking(served.url), "--max-age", "3h").code == 0


def test_every_option_can_come_from_the_environment(policy: str) -> None:
    with cloud(WARNED) as served:
        environ = {
            "CCE_GATE_ENDPOINT": served.url,
            "CCE_GATE_PROJECT_ID": PROJECT,
            "CCE_GATE_CLUSTER_ID": CLUSTER,
            "CCE_GATE_POLICY": policy,
            "CCE_GATE_ADDON": "coredns@1.30.6 cceaddon-coredns",
            "CCE_GATE_TYPE": "addonUpgrade",
            "CCE_GATE_TIMEOUT": "20s",
            "CCE_GATE_POLL_INTERVAL": "200ms",
            "CCE_GATE_DISCOVERY_TIMEOUT": "1s",
            "CCE_GATE_MAX_AGE": "1h",
            "CCE_GATE_FAIL_FAST": "true",
            "CCE_GATE_REPORT": "json",
            "CCE_GATE_TASK_ID": "",
        }
        ended = run("check", environ=environ)
        assert (ended.code, ended.report["verdict"]) == (0, "pass")
        assert run("check", "--addon", "everest", environ=environ).code == 3


def test_a_token_can_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    with cloud(CLEAR) as served:
        ended = run(*asking(served.url), "--token-file", str(path), environ={"HW_AUTH_TOKEN": "wrong"})
    assert ended.code == 0


def test_verbose_names_the_credentials_and_the_exchanges_but_not_the_token() -> None:
    with cloud(CLEAR) as served:
        ended = run(*asking(served.url), "-v")
    assert "credentials: HW_AUTH_TOKEN" in ended.err
    assert "request ID" in ended.err
    assert TOKEN not in ended.err + ended.out
