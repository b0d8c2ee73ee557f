"""Every format in the registry goes through a reader of its own, with text as bad as it can be."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from junitparser import JUnitXml

from gate.model import Decision, Report
from gate.report import FORMATS
from gate.report.escape import break_commands
from gate.report.findings import findings_of
from gate.report.github import LONGEST_MESSAGE
from gate.report.wording import Outcome, message_lines
from tests.report.strategies import reports

from .browser import Browser
from .github_log import MOST, read_log
from .gitlab import read_codequality, read_dotenv
from .ground import PHONE, render, samples
from .html import look_at
from .markdown import Page
from .test_sarif import schema

Reader = Callable[[str, Report], None]


def read_text(text: str, made: Report) -> None:
    """A terminal: lines of characters that are seen; the last line is the outcome."""
    assert {unicodedata.category(sign) for sign in text} & {"Cc", "Cs", "Zl", "Zp"} <= {"Cc"}
    assert not any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in text)
    assert text.splitlines()[-1] == Outcome.of(made).line()


def read_json(text: str, made: Report) -> None:
    written = json.loads(files("gate.report").joinpath("report-v1.schema.json").read_text("utf-8"))
    document = json.loads(text)
    Draft202012Validator(written).validate(document)
    assert document["exitCode"] == made.exit_code


def read_junit(text: str, made: Report) -> None:
    assert JUnitXml.fromstring(text.encode()).tests == len(findings_of(made))


def read_sarif(text: str, made: Report) -> None:
    log = json.loads(text)
    assert [error.message for error in schema().iter_errors(log)] == []
    errors = [result for result in log["runs"][0]["results"] if result["level"] == "error"]
    assert bool(errors) is (made.exit_code != 0)


def read_markdown(text: str, made: Report) -> None:
    [title] = Page(text).titles
    assert title.endswith(Outcome.of(made).line())


def read_entries(text: str, made: Report) -> None:
    closed = [entry for entry in read_codequality(text) if entry["severity"] != "info"]
    assert bool(closed) is (made.exit_code != 0)


def read_variables(text: str, made: Report) -> None:
    assert (read_dotenv(text)["CCE_GATE_VERDICT"] == "pass") is (made.exit_code == 0)


def quoted(made: Report) -> list[str]:
    """What an annotation quotes of the message of each risk that blocks."""
    risks = [risk for judged in made.deciding if judged.task.is_final for risk in judged.risks]
    messages = [risk.risk.message for risk in risks if risk.decision is Decision.BLOCKED]
    shown = [message_lines(message, LONGEST_MESSAGE)[0] for message in messages]
    return ["\n".join(f"| {break_commands(line)}" for line in lines) for lines in shown]


def read_github(text: str, made: Report) -> None:
    annotations, plain = read_log(text)
    errors = [each for each in annotations if each.kind == "error"]
    if len(errors) < MOST:
        assert all(any(lines in each.message for each in errors) for lines in quoted(made))
    assert bool(errors) is (made.exit_code != 0)
    read_text("\n".join(plain), made)


READERS: dict[str, Reader] = {
    "text": read_text,
    "json": read_json,
    "junit": read_junit,
    "sarif": read_sarif,
    "markdown": read_markdown,
    "gitlab-codequality": read_entries,
    "dotenv": read_variables,
    "github": read_github,
}
BROWSED = {"html"}
few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def test_every_format_has_a_reader_here() -> None:
    assert READERS.keys() | BROWSED == FORMATS.keys()


@few
@given(made=reports())
@pytest.mark.parametrize("name", READERS)
def test_whatever_the_text_the_reader_of_a_format_reads_it(name: str, made: Report) -> None:
    text = render(name, made)
    READERS[name](text.encode().decode(), made)


@few
@given(made=reports())
def test_whatever_the_text_a_browser_shows_the_page(browser: Browser, tmp_path: Path, made: Report) -> None:
    look = look_at(browser, render("html", made), tmp_path / "report.html", PHONE)
    assert look.text.startswith(Outcome.of(made).verdict.name)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("case", samples())
def test_every_known_report_is_read(name: str, case: str) -> None:
    READERS[name](render(name, samples()[case]), samples()[case])
