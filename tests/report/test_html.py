from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given

from gate.errors import ExitCode
from gate.model import Decision, Report, Verdict
from gate.report import Style
from gate.report.escape import printable
from gate.report.html import render
from gate.report.html_parts import Markup, element, escaped
from gate.report.html_style import STYLE

from .cases import CASES, blocked, fatal, fleet, judged, of_target, ok, passes, report, undecided
from .strategies import hostile, reports, whole_reports
from .test_escape import has_command

VOID = {"meta"}
WITHOUT = (
    "head title style body main section footer h1 h2 h3 h4 strong pre "
    "dl dt dd details summary ul li table thead tbody tr td"
)
ALLOWED: dict[str, set[str]] = {
    "html": {"lang"},
    "meta": {"charset", "name", "content", "http-equiv"},
    "a": {"href"},
    "article": {"class", "id"},
    "th": {"scope"},
    **{tag: {"class"} for tag in ("div", "header", "span", "p", "ol")},
    **{tag: set() for tag in WITHOUT.split()},
}
CLASSES = re.compile(r"[a-z ]+")


class Reader(HTMLParser):
    """Reads a page and refuses what is not on the list."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            assert name in ALLOWED[tag], (tag, name)
            assert value is not None
            if name == "class":
                assert CLASSES.fullmatch(value)
            if name == "href":
                self.links.append(value)
            if name == "id":
                self.ids.append(value)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.texts.append("\n")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


@whole_reports
@given(reports())
def test_hostile_text_adds_no_tag_no_attribute_and_no_command(made: Report) -> None:
    page = render(made, Style())
    page.encode()
    assert not has_command(page)
    read = Reader(page)
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(read.headings, read.headings[1:], strict=False))
    assert len(set(read.ids)) == len(read.ids)
    assert all(link[0] == "#" and link[1:] in read.ids for link in read.links)


@whole_reports
@given(reports())
def test_what_the_report_tells_reads_back_as_it_was(made: Report) -> None:
    text = Reader(render(made, Style())).text
    for judged_task in made.deciding:
        if judged_task.verdict is not Verdict.PASS:
            assert printable(judged_task.reason) in text
        for risk in judged_task.risks:
            if risk.decision is not Decision.OK:
                for line in re.split(r"\r?\n", risk.risk.message.strip()):
                    assert printable(line) in text
    for target in made.targets:
        for problem in target.judgement.problems:
            assert printable(problem.message) in text
            assert printable(problem.hint) in text


@given(hostile)
def test_escaped_text_reads_back_and_holds_nothing_that_acts(text: str) -> None:
    page = element("p", text, class_="x")
    assert set(escaped(text)) & set("<>\"'#:") <= {"#"}
    assert not has_command(page)
    assert Reader(page).text == f"\n{printable(text)}\n"


def test_markup_is_not_escaped_again_and_text_is() -> None:
    assert element("b", element("i", "<"), Markup("&amp;"), "&") == "<b><i>&lt;</i>&amp;&amp;</b>"


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_run_and_nothing_is_fetched(name: str) -> None:
    page = render(CASES[name](), Style())
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<link|<img|<iframe|\son\w+=|javascript|@import|url\(|src=", page)
    assert not re.search(r'href="(?!&#35;check-)', page)


@whole_reports
@given(reports())
def test_go_on_is_said_exactly_where_the_exit_code_is_0(made: Report) -> None:
    banner = render(made, Style()).split("<main>")[0]
    assert ("go on with the upgrade" in banner) is (made.exit_code == 0)
    assert ('class="banner pass"' in banner) is (made.exit_code == 0)


def test_a_pass_that_does_not_exit_0_is_not_called_one() -> None:
    banner = render(replace(passes(), exit_code=ExitCode.UNDECIDED), Style()).split("<main>")[0]
    assert "UNDECIDED" in banner
    assert "PASS" not in banner


def test_a_meaning_is_never_told_by_a_colour_alone() -> None:
    for case in CASES.values():
        for way, word in re.findall(r'class="badge ([a-z]+)">([^<]+)<', render(case(), Style())):
            assert word.lower() == way


def test_an_allowed_risk_names_its_rule_reason_end_owner_and_ticket() -> None:
    text = Reader(render(passes(), Style())).text
    assert 'by policies/prod.yml:12, through 2025-12-31: "Corefile is managed by the network team' in text
    assert "team-network" in text
    assert "NET-123" in text


def test_problems_and_policy_files_are_told() -> None:
    text = Reader(render(undecided(), Style())).text
    assert "no addonUpgrade check of metrics-server@1.3.90 is listed" in text
    assert "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" in text


def test_a_drafted_rule_can_be_copied_as_it_is() -> None:
    text = Reader(render(blocked(), Style())).text
    assert "\n  - risk: AddonStatus\n    addon: coredns\n" in text


def test_several_clusters_get_an_overview_with_links_to_each_check() -> None:
    read = Reader(render(fleet(), Style()))
    assert read.links == ["#check-1-1", "#check-2-1", "#check-3-1"]
    assert "Overview" in read.text


def test_many_risks_that_are_ok_are_folded_away() -> None:
    found = judged(Verdict.BLOCKED, "x", fatal(), *(ok(f"Fine{n}") for n in range(9)))
    page = render(report(of_target(Verdict.BLOCKED, "x", found)), Style())
    assert "<details>" in page
    assert "9 risks without a finding" in page
    assert page.index("AddonValidate") < page.index("<details>")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TONES = ("pass", "blocked", "unsure", "allowed")
GROUNDS = [
    *((ink, ground) for ink in ("ink", "soft") for ground in ("page", "card", "quote")),
    *((tone, f"{tone}-soft") for tone in TONES),
    *(("ink", f"{tone}-soft") for tone in TONES),
]


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_every_text_can_be_told_from_its_ground(scheme: int) -> None:
    roots = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    assert len(roots) == 3
    colours = {
        name: value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:])
        for name, value in re.findall(r"--([a-z-]+): (#[0-9a-f]+);", roots[scheme])
    }
    for ink, ground in GROUNDS:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
