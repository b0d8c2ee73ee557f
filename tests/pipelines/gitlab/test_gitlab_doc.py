"""The examples of docs/gitlab.md, run as they stand, the installation from git included."""

from __future__ import annotations

import pytest
import yaml

from tests.pipelines.gitlab.ground import CLUSTER, Project, Ran, cloud
from tests.pipelines.ground import documented

COMPONENT, FORGIVEN, PLAIN = documented("gitlab.md")


def merged() -> str:
    """The second example beside the include of the first."""
    include = yaml.safe_load(COMPONENT)["include"]
    return yaml.safe_dump({"include": include, **yaml.safe_load(FORGIVEN)}, sort_keys=False)


def run(project: Project, pipeline: str, scenario: str) -> Ran:
    """What a project sets: where its cluster is, and the token. The emulator stands in for the region."""
    with cloud(scenario) as served:
        return project.run(
            pipeline,
            CCE_GATE_ENDPOINT=served.url,
            CCE_PROJECT=CLUSTER.project_id,
            CCE_CLUSTER=CLUSTER.cluster_id,
            HW_AUTH_TOKEN="emulator-token",
        )


@pytest.mark.parametrize("pipeline", [COMPONENT, PLAIN], ids=["component", "plain"])
def test_a_pass_goes_on(project: Project, pipeline: str) -> None:
    ran = run(project, pipeline, "pass")

    assert ran.outcomes == {"cce-gate": "PASS", "upgrade": "PASS"}, ran.output
    assert "upgraded to 1.30.6" in ran.output
    assert ran.reported("cce-gate")["CCE_GATE_VERDICT"] == "pass"


def test_a_block_stops_the_plain_form_too(project: Project) -> None:
    ran = run(project, PLAIN, "fatal")

    assert ran.outcomes == {"cce-gate": "FAIL"}, ran.output
    assert "BLOCKED: a risk stands in the way" in ran.output


def test_what_is_forgiven_as_shown_does_not_upgrade(project: Project) -> None:
    ran = run(project, merged(), "denied")

    assert ran.outcomes == {"cce-gate": "WARN", "upgrade": "FAIL"}, ran.output
