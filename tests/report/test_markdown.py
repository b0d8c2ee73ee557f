from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given

from gate.errors import ExitCode
from gate.model import Report, Verdict
from gate.report import Style
from gate.report.escape import printable
from gate.report.markdown import LIMIT, render
from gate.report.markdown_text import LONGEST_NAME, cell, code, fenced, prose
from gate.report.text import render as render_text

from .cases import CASES, blocked, fatal, fleet, judged, of_target, ok, passes, report, task, undecided
from .strategies import hostile, reports, whole_reports
from .test_escape import has_command
from .test_text import EXAMPLES, WRITE

CODE = "\0"
WORDS = re.compile(r"[A-Za-z0-9 .,:;?()\"'\x00-]|[^\x00-\x7f]")
LINE = re.compile(
    r"#{2,4} [^#]*|(?: {2})?- [^|]*|[0-9]+\. [^|]*|\|(?: [^|]* \|)+|\|(?: --- \|)+|[0-9]+ risks?[^|]*\."
    r"|_cut here: [0-9]+ more [a-z]+; the whole is in the JSON report_|"
)
LINKED = re.compile(r"@|#|://|www\.|\bGH-\d|\b[0-9a-f]{7,40}\b|:(?:[a-z_+-]|[0-9]{3})[a-z0-9_+-]*:")


def without_fences(markdown: str) -> tuple[list[str], list[list[str]]]:
    """The lines outside fenced blocks, and the blocks, as CommonMark (4.5) reads them."""
    outside: list[str] = []
    blocks: list[list[str]] = []
    fence = ""
    for line in markdown.split("\n"):
        opened = re.fullmatch(r" {0,5}(`{3,})[^`]*", line)
        if fence:
            closed = re.fullmatch(r" {0,5}(`{3,}) *", line)
            if closed and len(closed[1]) >= len(fence):
                fence = ""
            else:
                blocks[-1].append(line)
        elif opened:
            fence = opened[1]
            blocks.append([])
        else:
            outside.append(line)
    assert not fence
    return outside, blocks


def without_spans(line: str) -> tuple[str, list[str]]:
    """A line with `CODE` for each code span, and what stands in these, as CommonMark (6.1) reads them."""
    spans: list[str] = []

    def found(match: re.Match[str]) -> str:
        content = match[2]
        if content[0] == content[-1] == " " and content.strip(" "):
            content = content[1:-1]
        spans.append(content)
        return CODE

    return re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", found, line), spans


def bare_lines(markdown: str) -> Iterator[str]:
    for line in without_fences(markdown)[0]:
        yield without_spans(line)[0]


@pytest.mark.parametrize("name", ["passes", "blocked", "fleet", "hostile", "undecided"])
def test_the_markdown_of_a_known_report_is_the_reviewed_one(name: str) -> None:
    file = EXAMPLES / f"{name}.md"
    text = render(CASES[name](), Style())
    if os.environ.get(WRITE) == "yes":
        file.write_bytes(text.encode())
        pytest.fail(f"wrote {file.name}: read it, then run again without {WRITE}")
    assert text == file.read_bytes().decode()


@whole_reports
@given(reports())
def test_hostile_text_makes_no_block_no_link_no_mention_and_no_html(made: Report) -> None:
    markdown = render(made, Style())
    markdown.encode()
    assert not has_command(markdown)
    for bare in bare_lines(markdown):
        assert LINE.fullmatch(bare), bare
        body = re.sub(r"^#{2,4} |^\|(?: --- \|)+$|\*\*[A-Za-z -]+:?\*\*|^_cut here: |_$", "", bare)
        assert WORDS.sub("", body).strip("|") == "" or set(WORDS.sub("", body)) == {"|"}, bare
        assert not LINKED.search(body), bare


@whole_reports
@given(reports())
def test_every_row_of_the_table_has_as_many_cells_as_its_head(made: Report) -> None:
    outside, _ = without_fences(render(made, Style()))
    rows = [line for line in outside if line.startswith("|")]
    assert len(rows) == 2 + len(made.deciding) or not made.deciding
    assert len({row.count("|") for row in rows}) <= 1


@whole_reports
@given(reports())
def test_only_the_first_line_says_the_verdict_and_as_the_text_report_does(made: Report) -> None:
    first = render(made, Style()).split("\n")[0]
    assert first.split(" ", 2)[2] == render_text(made, Style()).splitlines()[-1]
    assert ("go on" in first) is (made.exit_code == 0)


@given(hostile)
@example("`a` ``b``")
@example("`" * 90)
@example(" ` ")
@example("".join(f"a{'`' * n}" for n in range(1, 15)))
def test_a_code_span_reads_back_as_the_text(text: str) -> None:
    bare, spans = without_spans(code(text))
    if not printable(text).strip(" "):
        assert bare == "(blank)"
        return
    assert bare == CODE
    if len(text) <= LONGEST_NAME:
        assert spans == [printable(text)]


@given(hostile)
@example("1. x")
@example("see @team #12 GH-12 deadbeef https://a.b www.a.b :+1: ~~x~~ $x$ <b>")
def test_prose_keeps_its_words_and_nothing_in_it_acts(text: str) -> None:
    bare, spans = without_spans(prose(text))
    assert WORDS.sub("", bare) == ""
    assert not LINKED.search(bare)
    read = iter(spans)
    shown = re.sub(CODE, lambda _: next(read), bare)
    if len(text) < LONGEST_NAME and "`" not in text:
        assert shown.split() == printable(text).split() or shown == "(blank)"


def test_no_fence_of_a_code_span_is_longer_than_parsers_take() -> None:
    text = code("".join(f"a{'`' * length}" for length in range(1, 100)))
    assert max(map(len, re.findall("`+", text))) < 80


def test_plain_words_stay_plain() -> None:
    said = "its rule expired on 2025-07-31; the team's add-on doesn't run (5 min), 插件异常。"
    assert prose(said) == said


def test_words_beside_each_other_that_need_code_are_in_one() -> None:
    assert prose("the label release=<release name> finds") == "the label `release=<release name>` finds"
    assert prose("see (policies/prod.yml:20).") == "see (`policies/prod.yml:20`)."


def test_a_bar_in_a_name_makes_no_new_cell() -> None:
    found = judged(Verdict.BLOCKED, "x", fatal(), of=task(addon="a | b"))
    assert r'| `"a \x7c b" -> 1.30.6, instance' in render(
        report(of_target(Verdict.BLOCKED, "x", found)), Style()
    )


@pytest.mark.parametrize("text", ["a|b", "a\\|b", "|", "\\", "a\nb"])
def test_a_cell_is_one_cell(text: str) -> None:
    assert "|" not in cell(text)
    assert "\n" not in cell(text)


@given(hostile)
def test_nothing_gets_out_of_a_fence(text: str) -> None:
    lines = [printable(line) for line in text.split("\n")]
    outside, blocks = without_fences("\n".join(fenced(lines, "text", 2)))
    assert outside == []
    assert blocks == [["  " + line for line in lines]]


def test_a_message_cannot_close_its_fence() -> None:
    made = report(of_target(Verdict.BLOCKED, "x", judged(Verdict.BLOCKED, "x", fatal(message="a\n```\n# b"))))
    assert "  ````text\n  a\n  ```\n  # b\n  ````\n" in render(made, Style())


def test_an_allowed_risk_names_its_rule_reason_end_owner_and_ticket() -> None:
    text = render(passes(), Style())
    assert 'by `policies/prod.yml:12`, through 2025-12-31: "Corefile is managed by the network team' in text
    assert "rule: owner `team-network`, ticket `NET-123`" in text


def test_problems_come_before_checks_and_checks_before_steps() -> None:
    text = render(undecided(), Style())
    order = [
        text.index(f"### {title}\n") for title in ("Problems", "Checks", "What was found", "What to do next")
    ]
    assert order == sorted(order)


def test_the_drafted_rule_stands_in_a_block_to_copy() -> None:
    _, blocks = without_fences(render(blocked(), Style()))
    assert any("- risk: AddonStatus" in line for block in blocks for line in block)


def test_a_step_for_several_clusters_names_them() -> None:
    assert "`coredns, AddonStatus` (in `prod-1`, `prod-3`): follow" in render(fleet(), Style())


def test_a_pass_that_does_not_exit_0_is_not_called_one() -> None:
    assert "UNDECIDED" in render(replace(passes(), exit_code=ExitCode.UNDECIDED), Style()).split("\n")[0]


def test_a_huge_report_stays_under_the_limit_and_says_what_was_cut() -> None:
    many = [
        judged(Verdict.BLOCKED, "x", fatal(f"R{n}", "配`|#" * 700), ok("A" * 200), of=task(addon=f"a{n}"))
        for n in range(2_000)
    ]
    text = render(report(of_target(Verdict.BLOCKED, "x" * 5_000, *many)), Style())
    assert LIMIT // 2 < len(text.encode()) < LIMIT
    assert text.startswith("## ⛔ BLOCKED: ")
    assert re.search(r"cut here: \d+ more checks; the whole is in the JSON report", text)
    assert "### What to do next" in text
    outside, _ = without_fences(text)
    assert [line for line in outside if not LINE.fullmatch(without_spans(line)[0])] == []


def test_a_long_message_is_cut_and_says_so() -> None:
    made = report(of_target(Verdict.BLOCKED, "x", judged(Verdict.BLOCKED, "x", fatal(message="a" * 9_000))))
    assert "cut here: the JSON report has all 9000 characters of this message" in render(made, Style())
