"""What docs/ and the templates for GitLab say holds. That their examples run is shown in tests/pipelines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Command, Context, Group
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gate.cli.main import VERBS, cli
from gate.report import Style, dotenv
from tests.report.cases import CASES

ROOT = Path(__file__).parents[1]
DOCS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
COMPONENT = (ROOT / "templates/cce-gate.yml").read_text(encoding="utf-8")
HEADER, JOB = yaml.safe_load_all(COMPONENT)
BODY = COMPONENT.split("\n---\n")[1]
INPUTS: dict[str, dict[str, Any]] = HEADER["spec"]["inputs"]
PLAIN = (ROOT / "templates/plain/cce-gate.gitlab-ci.yml").read_text(encoding="utf-8")
OF_THE_JOB = {"package", "image", "stage", "job-name", "oidc-audience"}
"""The inputs that are no options of `check`."""
OF_THE_FORM = {"report", "quiet"}
"""The options of `check` that the job sets itself, or has no use for."""


def options_of(verb: str) -> dict[str, str]:
    """The long options, each with the variable that it listens to."""
    assert isinstance(cli, Group)
    command = cli.get_command(Context(cli), verb)
    assert isinstance(command, Command)
    return {
        name.removeprefix("--"): str(parameter.envvar)
        for parameter in command.params
        for name in parameter.opts
        if name.startswith("--")
    }


OPTIONS = options_of("check")


def pasted(**values: str) -> dict[str, Any]:
    """The job as GitLab makes it: inputs are pasted into the text, which then is read as YAML."""
    text = BODY
    for name, each in INPUTS.items():
        default = str(each.get("default", "")).lower() if each.get("type") else str(each.get("default", ""))
        text = text.replace(f"$[[ inputs.{name} ]]", values.get(name, default))
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def is_accepted(name: str, value: str) -> bool:
    """Whether GitLab takes the value; its patterns are RE2, where $ is the end and not a line's."""
    each = INPUTS[name]
    pattern = str(each["regex"]).removesuffix("$") + r"\Z"
    return re.search(pattern, value) is not None


@pytest.mark.parametrize("name", DOCS)
def test_every_link_leads_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", DOCS[name]):
        assert link.startswith("https://") or (ROOT / "docs" / link).resolve().exists(), link


@pytest.mark.parametrize("name", DOCS)
def test_every_yaml_that_is_shown_is_yaml(name: str) -> None:
    for body in re.findall(r"```yaml\n(.*?)```", DOCS[name], re.DOTALL):
        assert yaml.safe_load(body)


@pytest.mark.parametrize("name", ["gitlab.md", "other-ci.md"])
def test_every_variable_of_the_gate_is_one_that_it_reads_or_writes(name: str) -> None:
    written = dotenv.render(CASES["blocked"](), Style())
    known = set(OPTIONS.values()) | set(re.findall(r"^\w+", written, re.MULTILINE))
    assert set(re.findall(r"\bCCE_GATE_[A-Z_]+\b", DOCS[name])) <= known


@pytest.mark.parametrize("name", ["gitlab.md", "other-ci.md"])
def test_every_option_that_is_shown_is_there(name: str) -> None:
    for verb, arguments in re.findall(r"cce-gate (check|run)\b((?:[^\n`]|\\\n)*)", DOCS[name]):
        assert set(re.findall(r" --([a-z-]+)", arguments)) <= set(options_of(verb)), arguments


def test_every_option_of_check_is_an_input_and_reaches_the_gate_as_its_variable() -> None:
    assert set(INPUTS) == OF_THE_JOB | (set(OPTIONS) - OF_THE_FORM)
    (job,) = JOB.values()
    for name in set(OPTIONS) - OF_THE_FORM:
        assert job["variables"][OPTIONS[name]] == f"$[[ inputs.{name} ]]"


def test_the_table_tells_of_every_input() -> None:
    told = DOCS["gitlab.md"].partition("## Credentials")[0]
    assert set(re.findall(r"`([a-z-]+)`", told)) >= set(INPUTS)
    for name in OF_THE_JOB - {"package"}:
        assert f"| `{name}` | `{INPUTS[name]['default']}` |" in told


def test_what_the_gate_is_installed_from_is_not_guessed() -> None:
    assert "default" not in INPUTS["package"]


def test_no_input_is_pasted_into_a_line_of_the_script() -> None:
    (job,) = JOB.values()
    assert "$[[" not in "".join(job["before_script"] + job["script"])


def test_the_job_tries_again_for_the_runner_s_failures_only_and_hides_nothing() -> None:
    (job,) = JOB.values()
    assert job["retry"]["when"] == ["runner_system_failure", "scheduler_failure"]
    assert job["allow_failure"] is False
    assert job["artifacts"]["when"] == "always"


@pytest.mark.parametrize("name", sorted(name for name, each in INPUTS.items() if "regex" in each))
@settings(max_examples=15)
@given(value=st.text(alphabet=st.characters(codec="utf-8"), max_size=12))
@example(value='"\n  script: [true]')
@example(value='x", y: "z')
@example(value="\\")
@example(value="a\n")
@example(value="' #: *&!|>%@`{}[]")
def test_whatever_an_input_accepts_stays_one_value(name: str, value: str) -> None:
    """Pasted as GitLab does it, nothing that the pattern lets through adds or removes a part of the job."""
    if not is_accepted(name, value):
        return
    try:
        found = pasted(**{name: value})
    except yaml.reader.ReaderError:
        return
    (job,), (plain,) = found.values(), pasted(**{name: "plain"}).values()
    assert shape(job) == shape(plain)


def shape(node: Any) -> Any:
    """The keys, and the kinds of the values."""
    if isinstance(node, dict):
        return {key: shape(each) for key, each in node.items()}
    return [shape(each) for each in node] if isinstance(node, list) else type(node)


@pytest.mark.parametrize(
    "value", ["a b", "$CCE_CLUSTER", "policies/prod.yml:policies/base.yml", "'; #{}", "é的"]
)
def test_an_ordinary_value_arrives_as_it_was_given(value: str) -> None:
    (job,) = pasted(policy=value).values()
    assert is_accepted("policy", value)
    assert job["variables"]["CCE_GATE_POLICY"] == value


@pytest.mark.parametrize("value", ['a"b', "a\\b", "a\nb", "a\n", "a\tb"])
def test_a_value_that_could_end_its_quotes_is_refused(value: str) -> None:
    assert not is_accepted("policy", value)


def test_the_plain_form_does_what_the_component_does() -> None:
    (component,) = pasted().values()
    (plain,) = yaml.safe_load(PLAIN).values()
    assert set(component) - set(plain) == {"stage"}
    for key in set(plain) - {"variables"}:
        assert plain[key] == component[key], key
    assert plain["variables"] == {
        name: value for name, value in component["variables"].items() if name.startswith("CCE_ADDON_GATE_")
    }


def test_a_verb_that_is_spoken_of_is_there() -> None:
    for text in DOCS.values():
        for verb in re.findall(r"`cce-gate ([a-z]+)", text):
            assert verb in VERBS
