"""The action in a job: what its end means for the steps after it, and what it leaves to be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.emulator.identity import DEFAULT_AGENCY_URN, DEFAULT_PROVIDER_URN, DEFAULT_REQUEST_TOKEN
from tests.cli.ground import CLEAR, CLUSTER, PROJECT, TOKEN, cloud
from tests.pipelines.github.ground import ENDLESS, FATAL, WARNING, Job, filled, perform
from tests.pipelines.ground import documented

SIMPLE, OIDC, GOING_ON = documented("github.md")
SECRETS = {"HW_AUTH_TOKEN": TOKEN}


def perform_documented(place: Path, workflow: str, url: str, **more: dict[str, str]) -> Job:
    environ = {"CCE_GATE_ENDPOINT": url, **more.pop("environ", {})}
    return perform(place, filled(workflow), environ, **more)


def test_a_pass_lets_the_next_step_run(tmp_path: Path) -> None:
    with cloud(WARNING) as served:
        job = perform_documented(tmp_path, SIMPLE, served.url, secrets=SECRETS)
    assert job.code == 0, job.left
    assert job.result("upgrade") == "success"
    assert "upgraded to 1.30.6" in job.output
    assert job.summary.startswith("## ✅ PASS")
    (notice,) = job.annotations
    assert notice["command"] == "notice"
    assert notice["kvPairs"]["file"] == "policies/prod.yml"
    assert TOKEN not in job.left


def test_a_block_stops_the_job_and_says_why(tmp_path: Path) -> None:
    with cloud(FATAL) as served:
        job = perform_documented(tmp_path, SIMPLE, served.url, secrets=SECRETS)
    assert job.code != 0
    assert job.result("ask the gate") == "failure"
    assert job.result("upgrade") in (None, "skipped")
    assert "upgraded" not in job.output
    assert job.summary.startswith("## ⛔ BLOCKED")
    (error,) = (each for each in job.annotations if each["command"] == "error")
    assert "BLOCKED AddonValidate" in job.output
    assert "AddonValidate" in error["kvPairs"]["title"]
    assert "is broken" in error["arg"]


@pytest.mark.parametrize(
    ("check", "upgraded", "told"),
    [
        (FATAL, False, "verdict: blocked, exit code: 1, risks that block: 1"),
        (WARNING, True, None),
        (ENDLESS, False, "verdict: undecided, exit code: 3, risks that block: 0"),
    ],
)
def test_a_job_that_goes_on_reads_the_outputs(
    tmp_path: Path, check: str, upgraded: bool, told: str | None
) -> None:
    with cloud(check) as served:
        job = perform_documented(
            tmp_path, GOING_ON, served.url, secrets=SECRETS, environ={"CCE_GATE_TIMEOUT": "3s"}
        )
    assert job.code == 0, job.left
    assert ("upgraded to 1.30.6" in job.output) is upgraded
    if told is not None:
        assert told in job.output
        assert '"schemaVersion": 1' in job.output


def test_wrong_usage_has_an_exit_code_and_no_verdict(tmp_path: Path) -> None:
    job = perform(tmp_path, filled(GOING_ON), {}, variables={"CCE_PROJECT_ID": ""})
    assert "verdict: none, exit code: 2, risks that block: \n" in job.output
    assert "missing: --project-id" in job.output
    assert "upgraded" not in job.output
    assert "exit code 2" in job.annotations[0]["arg"]


def identity(url: str) -> dict[str, str]:
    """What GitHub gives a job that has the permission id-token: write, and where STS is."""
    return {
        "CCE_GATE_STS_ENDPOINT": url,
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{url}/github/oidc?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": DEFAULT_REQUEST_TOKEN,
    }


URNS = {"OIDC_PROVIDER_URN": DEFAULT_PROVIDER_URN, "OIDC_AGENCY_URN": DEFAULT_AGENCY_URN}


def test_github_s_identity_is_enough(tmp_path: Path) -> None:
    with cloud(CLEAR) as served:
        job = perform_documented(tmp_path, OIDC, served.url, environ=identity(served.url), variables=URNS)
        asked = [request.path for request in served.requests]
    assert job.code == 0, job.left
    assert "upgraded to 1.30.6" in job.output
    assert asked[:2] == ["/github/oidc", "/v5/agencies/assume-with-oidc"]


def test_what_opens_github_s_identity_is_not_told_though_a_server_quotes_it(tmp_path: Path) -> None:
    """No stored secret, and so nothing that the runner itself would hide."""
    secret = DEFAULT_REQUEST_TOKEN
    with cloud(FATAL.replace("the Corefile", f"the Corefile {secret}")) as served:
        job = perform_documented(tmp_path, OIDC, served.url, environ=identity(served.url), variables=URNS)
    assert job.result("ask the gate") == "failure"
    assert "the Corefile" in job.summary
    assert secret not in job.left


HOSTILE = {
    "quotes": """'"''""",
    "substitution": "$(touch pwned)",
    "backticks": "`touch pwned`",
    "an end of the command": '"; touch pwned; echo "',
    "lines": "a\n::error title=made up::by an input\ntouch pwned",
    "an expression": "${{ github.token }}",
}
ASKED = ("addon", "policy", "report", "cluster-id", "python")


def test_inputs_stay_text_whatever_is_in_them(tmp_path: Path) -> None:
    """All in one job, one step for each input and text; the values come as variables of the repository."""
    pairs = [(name, kind) for name in ASKED for kind in HOSTILE]
    steps = "\n".join(
        f"""      - name: {name} with {kind}
        continue-on-error: true
        uses: ./.cce-gate
        with:
          endpoint: http://127.0.0.1:9
          project-id: {PROJECT}
          timeout: 500ms
          {"" if name == "cluster-id" else f"cluster-id: {CLUSTER}"}
          {name}: ${{{{ vars.TEXT_{list(HOSTILE).index(kind)} }}}}"""
        for name, kind in pairs
    )
    workflow = f"""name: hostile
on: push
jobs:
  hostile:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
{steps}
      - name: look
        run: ls -a; find "$RUNNER_TEMP" .. -name 'pwned*'
"""
    texts = {f"TEXT_{number}": text for number, text in enumerate(HOSTILE.values())}
    job = perform(tmp_path, workflow, {"HW_AUTH_TOKEN": TOKEN}, variables=texts)
    assert job.result("look") == "success", job.left
    found = [each["msg"] for each in job.told if each.get("step") == "look" and each.get("raw_output")]
    assert found
    assert not any("pwned" in line for line in found)
    assert not any(each["kvPairs"].get("title") == "made up" for each in job.annotations)
    ends = {f"{name} with {kind}": job.result(f"{name} with {kind}") for name, kind in pairs}
    assert set(ends.values()) == {"failure"}, ends
    codes = {each["step"]: each["arg"] for each in job.told if each.get("name") == "exit-code"}
    assert set(codes) >= set(ends)
    assert set(codes.values()) <= {"2", "3", "4"}
