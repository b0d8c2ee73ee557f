"""What a step of a GitHub job leaves for the runner."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from gate.cli.github_files import LARGEST_SUMMARY, write
from gate.report import github
from tests.report.cases import blocked, passes

DELIMITER = f"cce-gate-{bytes(range(16)).hex()}"


def counting(size: int) -> bytes:
    return bytes(range(size))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """The two variables; the runner has made their files."""
    places = {name: tmp_path / name.lower() for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    for place in places.values():
        place.touch()
    return {name: str(place) for name, place in places.items()}


def content(environ: Mapping[str, str], name: str) -> str:
    return Path(environ[name]).read_text(encoding="utf-8")


def as_runner_reads(text: str) -> dict[str, str]:
    """Outputs written as NAME<<DELIMITER, value, DELIMITER; anything else fails the step."""
    read: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, mark, delimiter = line.partition("<<")
        assert mark, line
        value = []
        for following in lines:
            if following == delimiter:
                break
            value.append(following)
        read[name] = "\n".join(value)
    return read


def test_the_outputs_name_verdict_exit_code_counts_and_reports(files: dict[str, str]) -> None:
    write(blocked(), {"json": "/tmp/gate.json", "junit": "a b.xml"}, files, counting)
    outputs = as_runner_reads(content(files, "GITHUB_OUTPUT"))
    assert outputs["verdict"] == "blocked"
    assert outputs["exit-code"] == "1"
    assert int(outputs["blocked"]) > 0
    assert "allowed" in outputs
    assert (outputs["report-json"], outputs["report-junit"]) == ("/tmp/gate.json", "a b.xml")


def test_each_value_ends_at_a_delimiter_that_is_made_anew(files: dict[str, str]) -> None:
    write(passes(), {}, files, counting)
    assert f"verdict<<{DELIMITER}\npass\n{DELIMITER}\n" in content(files, "GITHUB_OUTPUT")


def test_the_summary_is_the_markdown_report(files: dict[str, str]) -> None:
    write(passes(), {}, files, counting)
    assert content(files, "GITHUB_STEP_SUMMARY") == github.summary(passes())


@pytest.mark.parametrize("kept", [{}, {"GITHUB_STEP_SUMMARY": "", "GITHUB_OUTPUT": ""}])
def test_outside_of_github_nothing_is_written(
    kept: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    write(passes(), {}, kept, counting)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("end", ["", "\n"])
def test_what_is_there_is_kept_and_not_continued_in_its_line(files: dict[str, str], end: str) -> None:
    Path(files["GITHUB_OUTPUT"]).write_text(f"mine=1{end}")
    Path(files["GITHUB_STEP_SUMMARY"]).write_text(f"mine{end}")
    write(passes(), {}, files, counting)
    assert content(files, "GITHUB_OUTPUT").splitlines()[:2] == ["mine=1", f"verdict<<{DELIMITER}"]
    assert content(files, "GITHUB_STEP_SUMMARY") == "mine\n" + github.summary(passes())


@pytest.mark.parametrize("room", [0, 1, 60, 200, 500, 1000, 3000])
def test_a_summary_never_grows_past_what_the_runner_takes(files: dict[str, str], room: int) -> None:
    path = Path(files["GITHUB_STEP_SUMMARY"])
    path.write_bytes(b"x" * (LARGEST_SUMMARY - room))
    write(blocked(), {}, files, counting)
    assert path.stat().st_size <= LARGEST_SUMMARY
    assert as_runner_reads(content(files, "GITHUB_OUTPUT"))["verdict"] == "blocked"


def test_a_summary_without_room_for_all_still_says_the_verdict(files: dict[str, str]) -> None:
    path = Path(files["GITHUB_STEP_SUMMARY"])
    whole = len(github.summary(blocked()).encode())
    path.write_bytes(b"x" * (LARGEST_SUMMARY - whole))
    write(blocked(), {}, files, counting)
    added = path.read_text().lstrip("x")
    assert added.startswith(f"\n{github.summary(blocked()).splitlines()[0]}\n")
    assert added.endswith("the JSON report has it all._\n")
    assert "###" not in added


@pytest.mark.parametrize("name", ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"])
def test_a_file_that_cannot_be_written_is_the_callers_error_and_no_pass_is_told(
    files: dict[str, str], tmp_path: Path, name: str
) -> None:
    told = Path(files["GITHUB_OUTPUT"])
    with pytest.raises(OSError, match="No such file"):
        write(passes(), {}, {**files, name: str(tmp_path / "gone" / "file")}, counting)
    assert told.read_text() == ""


def test_a_path_that_is_not_utf_8_is_told_as_it_is(files: dict[str, str]) -> None:
    write(passes(), {"json": os.fsdecode(b"r\xff.json")}, files, counting)
    assert b"\nr\xff.json\n" in Path(files["GITHUB_OUTPUT"]).read_bytes()


def test_a_device_takes_what_is_written(files: dict[str, str]) -> None:
    write(passes(), {}, dict.fromkeys(files, os.devnull), counting)
