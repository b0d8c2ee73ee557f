"""The component in a pipeline: what it lets go on, what it stops, and what it hands over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.pipelines.gitlab.ground import CLUSTER, Project, Ran, cloud

# gitlab-ci-local starts what needs a job that has any allow_failure, however that job ended; GitLab does not.
FORGIVEN = {"allow_failure": {"exit_codes": [3, 4]}}
TOKEN = "emulator-token"
GUARDED: Mapping[str, object] = {
    "stage": "deploy",
    "script": ['test "$CCE_GATE_VERDICT" = pass', "./upgrade-coredns.sh 1.30.6"],
}


def gated(project: Project, scenario: str, job: Mapping[str, object] | None = None, /, **inputs: Any) -> Ran:
    """A pipeline with the component, an upgrade behind it and, if given, more about the job of the gate."""
    name = str(inputs.get("job-name", "cce-gate"))
    with cloud(scenario) as served:
        given: dict[str, object] = {
            "package": "",
            "endpoint": served.url,
            "project-id": "$CCE_PROJECT",
            "cluster-id": CLUSTER.cluster_id,
            "addon": "coredns@1.30.6",
            "policy": "policies/prod.yml",
            **inputs,
        }
        pipeline: dict[str, object] = {
            "include": [{"local": "templates/cce-gate.yml", "inputs": given}],
            **({name: job} if job else {}),
            "upgrade": {**GUARDED, "needs": [name]},
        }
        return project.run(pipeline, HW_AUTH_TOKEN=TOKEN, CCE_PROJECT=CLUSTER.project_id)


def test_a_pass_lets_the_upgrade_run_and_tells_it(project: Project) -> None:
    ran = gated(project, "pass")

    assert ran.outcomes == {"cce-gate": "PASS", "upgrade": "PASS"}
    assert "upgraded to 1.30.6" in ran.output
    assert ran.reported("cce-gate")["CCE_GATE_VERDICT"] == "pass"
    assert json.loads(ran.artifact("cce-gate", "cce-gate.json").read_text())["exitCode"] == 0


def test_a_block_stops_the_pipeline_and_still_hands_over_the_reports(project: Project) -> None:
    ran = gated(project, "fatal")

    assert ran.outcomes == {"cce-gate": "FAIL"}
    assert "upgraded" not in ran.output
    assert ran.reported("cce-gate")["CCE_GATE_EXIT_CODE"] == "1"
    assert json.loads(ran.artifact("cce-gate", "cce-gate.json").read_text())["verdict"] == "blocked"


def test_every_report_that_the_job_names_was_written(project: Project) -> None:
    ran = gated(project, "fatal", {"artifacts": {"paths": ["gate-1.*"]}}, **{"job-name": "gate-1"})

    template = yaml.safe_load((project.folder / "templates/plain/cce-gate.gitlab-ci.yml").read_text())
    named = template[".cce-gate"]["artifacts"]["reports"].values()
    assert len(named) == 3
    for name in [*named, "cce-gate.json"]:
        assert ran.artifact("gate-1", name.replace("cce-gate", "gate-1")).stat().st_size > 0


@pytest.mark.parametrize("scenario", ["fatal", "unlisted"])
def test_what_is_forgiven_for_3_and_4_never_hides_a_block(project: Project, scenario: str) -> None:
    ran = gated(project, scenario, FORGIVEN)

    assert ran.outcomes["cce-gate"] == "FAIL"
    assert "upgraded" not in ran.output


@pytest.mark.parametrize(
    ("scenario", "inputs", "verdict"),
    [
        ("pass", {"addon": "coredns@9.9.9", "discovery-timeout": "0"}, "undecided"),
        ("denied", {}, "error"),
    ],
)
def test_what_is_forgiven_still_does_not_upgrade(
    project: Project, scenario: str, inputs: dict[str, object], verdict: str
) -> None:
    ran = gated(project, scenario, FORGIVEN, **inputs)

    assert ran.outcomes == {"cce-gate": "WARN", "upgrade": "FAIL"}
    assert "upgraded" not in ran.output
    assert ran.reported("cce-gate")["CCE_GATE_VERDICT"] == verdict


@pytest.mark.parametrize("scenario", ["pass", "denied"])
def test_without_being_forgiven_only_a_pass_goes_on(project: Project, scenario: str) -> None:
    ran = gated(project, scenario, addon="coredns@9.9.9", **{"discovery-timeout": "0"})

    assert ran.outcomes == {"cce-gate": "FAIL"}


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"addon": ""}, "nothing says which checks decide"),
        ({"addon": "$NOT_SET $NOT_SET_EITHER"}, "nothing says which checks decide"),
        ({"package": "./not-there"}, "Invalid requirement"),
        ({"policy": "policies/not-there.yml"}, "not-there.yml"),
        ({"addon": "coredns@$NOT_SET"}, "is not NAME"),
    ],
)
def test_what_can_not_be_asked_fails_even_where_3_and_4_are_forgiven(
    project: Project, inputs: dict[str, object], said: str
) -> None:
    ran = gated(project, "pass", FORGIVEN, **inputs)

    assert ran.outcomes["cce-gate"] == "FAIL"
    assert "upgraded" not in ran.output
    assert said in ran.output
    assert "FAIL 2" in ran.output


def test_an_image_without_the_gate_is_told_of(project: Project) -> None:
    ran = gated(project, "pass", {"variables": {"PATH": "/usr/bin:/bin"}})

    assert ran.outcomes == {"cce-gate": "FAIL"}
    assert "hint: set package" in ran.output


def test_a_pass_that_lay_there_before_is_not_handed_over(project: Project) -> None:
    for name in ("cce-gate.env", "cce-gate.json"):
        project.keep(name, "CCE_GATE_VERDICT=pass\n")

    ran = gated(project, "pass", FORGIVEN, package="./not-there")

    assert ran.outcomes["cce-gate"] == "FAIL"
    assert not ran.artifact("cce-gate", "cce-gate.json").exists()
    assert not ran.artifact("cce-gate", ".gitlab-ci-reports/dotenv/cce-gate.env").exists()


def test_inputs_are_text_and_never_commands(project: Project) -> None:
    mark = project.folder.parent / "mark"
    wicked = f"$(touch {mark}) `touch {mark}`; touch {mark} ' && touch {mark} #"

    ran = gated(project, "pass", policy=wicked, addon=f"coredns@1;touch${{IFS}}{mark}")

    assert ran.outcomes == {"cce-gate": "FAIL"}
    assert not mark.exists()
    again = gated(project, "pass", package=wicked)
    assert again.outcomes == {"cce-gate": "FAIL"}
    assert not mark.exists()


def test_a_new_check_is_started_with_the_parameters_that_are_given(project: Project) -> None:
    project.keep("coredns.json", '{"flavor": {}, "custom": {}}')

    ran = gated(project, "pass", create=True, values="coredns=coredns.json", **{"fail-fast": True})

    assert ran.outcomes == {"cce-gate": "PASS", "upgrade": "PASS"}


def test_two_gates_are_two_jobs_and_each_upgrade_hears_its_own(project: Project) -> None:
    with cloud("pass") as clear, cloud("fatal") as wrong:
        common = {"package": "", "project-id": CLUSTER.project_id, "cluster-id": CLUSTER.cluster_id}
        common |= {"addon": "coredns@1.30.6", "policy": "policies/prod.yml"}
        gates = [("web", clear.url), ("shop", wrong.url)]
        pipeline: dict[str, object] = {
            "include": [
                {
                    "local": "templates/cce-gate.yml",
                    "inputs": {**common, "job-name": f"gate-{name}", "endpoint": url},
                }
                for name, url in gates
            ],
            **{f"upgrade-{name}": {**GUARDED, "needs": [f"gate-{name}"]} for name, _ in gates},
        }
        ran = project.run(pipeline, HW_AUTH_TOKEN=TOKEN)

    assert ran.outcomes == {"gate-web": "PASS", "gate-shop": "FAIL", "upgrade-web": "PASS"}
