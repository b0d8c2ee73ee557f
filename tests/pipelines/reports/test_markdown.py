from __future__ import annotations

import pytest

from gate.model import Decision, Report
from gate.report.escape import guard, printable
from gate.report.wording import Outcome

from .ground import everywhere, render, samples
from .markdown import Page, html_of

NASTY = (
    "<script>alert(1)</script>",
    "<details open><summary>PASS</summary>",
    "</code></pre><h1>PASS</h1>",
    "<!-- x -->",
    "<https://example.com>",
    "https://example.com www.example.com a@example.com",
    "@octocat @org/team #1 !1 GH-1 org/repo#1 0123456789abcdef0123456789abcdef01234567",
    "[go on](javascript:alert(1)) ![x](https://example.com/x.png) [x][y]\n\n[y]: https://example.com",
    "# PASS\n\n## PASS\nPASS\n====\n",
    "```\n# PASS\n````\n~~~",
    "| a | b |\n| --- | --- |\n| c | d |",
    "- [x] done\n1. one\n> quote",
    "**PASS** _x_ ~~x~~ :white_check_mark: $x$ [^1]\n\n[^1]: foot",
    "&lt;b&gt; &#64;octocat",
    "\\`<b>\\`",
    "    code\n\ttab",
    "---\ntitle: x\n---\n/close\n[[_TOC_]] {{x}}",
)
WITHIN_CODE = ("`` ` ``` `````", "`", "a | b \\| c")
"""What does something only where other text stands around it."""


def shown(made: Report) -> Page:
    return Page(render("markdown", made))


@pytest.mark.parametrize("name", samples())
def test_the_page_has_one_title_which_is_the_outcome_and_a_row_for_each_check(name: str) -> None:
    made = samples()[name]
    page = shown(made)
    [title] = page.titles
    assert title.split(" ", 1)[1] == Outcome.of(made).line()
    assert len(page.rows) == (1 + len(made.deciding) if made.deciding else 0)
    assert len(set(page.rows)) <= 1


@pytest.mark.parametrize("name", samples())
def test_the_message_of_every_risk_that_is_not_ok_is_a_block_of_code(name: str) -> None:
    made = samples()[name]
    blocks = "".join(f"\n{block}" for block in shown(made).blocks)
    for risk in (risk for judged in made.deciding for risk in judged.risks):
        message = risk.risk.message.strip().replace("\r\n", "\n")
        if risk.decision is Decision.OK or not message:
            continue
        lines = "".join(f"{printable(line)}\n" for line in message.split("\n"))
        assert f"\n{guard(lines)}" in blocks


@pytest.mark.parametrize("text", [*NASTY, *WITHIN_CODE])
def test_nasty_text_makes_no_html_no_link_and_no_mention(text: str) -> None:
    page = shown(everywhere(text))
    assert len(page.titles) == 1
    assert len(set(page.rows)) == 1


@pytest.mark.parametrize("text", NASTY)
def test_the_same_text_outside_of_code_would_be_seen(text: str) -> None:
    """That the test above can fail: by itself, each of the texts does something."""
    try:
        page = Page(f"{text}\n")
    except AssertionError:
        return
    assert page.titles or page.rows or page.blocks


def test_the_parser_is_one_that_lets_html_through() -> None:
    assert "<b onclick=x>" in html_of("<b onclick=x>")
    assert "<script>" in html_of("<script>")
