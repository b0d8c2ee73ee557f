from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gate.report.escape import guard, printable

from .strategies import FRAGMENTS, hostile

BREAKS = re.compile("\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]")
BITS = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.characters(codec=None)), max_size=20).map("".join)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\x00\x7f\x85\x9b", r"\x00\x7f\x85\x9b"),
        ("\u202egnp.exe\u2069", r"\u202egnp.exe\u2069"),
        ("\u2028\u2029\u200b\ufeff\u00ad", r"\u2028\u2029\u200b\ufeff\xad"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("Addon\u200dStatus", r"Addon\u200dStatus"),
        ("Addon\ufe0fStatus", r"Addon\ufe0fStatus"),
        ("\u3164\u115f", r"\u3164\u115f"),
    ],
)
def test_what_acts_or_hides_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "插件状态（abnormal）异常，请先恢复。",
        "Grüße, déjà vu, e\u0301",
        "👩\u200d💻 👍🏽 ❤\ufe0f 🏳\ufe0f\u200d🌈 #\ufe0f\u20e3 🇨🇳",
        "葛\U000e0100",
        "\u3000全角\xa0",
        r"C:\temp\x1b",
        "a::b ##[x]",
    ],
)
def test_text_that_people_write_is_not_touched(text: str) -> None:
    assert printable(text) == text


@given(BITS)
def test_printable_text_is_one_line_of_visible_characters_in_utf8(text: str) -> None:
    shown = printable(text)
    shown.encode("utf-8")
    assert not BREAKS.search(shown)
    for character in shown:
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in (
            "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI",
        )  # fmt: skip
    assert printable(shown) == shown


def has_command(text: str) -> bool:
    return (
        any(line.lstrip().startswith("::") for line in BREAKS.split(text))
        or "##[" in text
        or "##vso[" in text.lower()
    )


@given(st.one_of(BITS, hostile))
@example("x\r::error::")
@example(" \u3000\x85\u2028 ::add-mask::a")
@example("::::")
@example("###[a]####vso[")
@example("ok\n\n\n::stop-commands::x")
def test_guarded_text_holds_no_command(text: str) -> None:
    assert not has_command(guard(text))


@given(BITS)
def test_guard_changes_nothing_but_commands_and_only_adds_spaces(text: str) -> None:
    guarded = guard(text)
    assert guarded.replace(" ", "") == text.replace(" ", "")
    assert guard(guarded) == guarded
    if not has_command(re.sub("[^ -~\\s]", "", text)):
        assert guarded == text


@pytest.mark.parametrize(
    "text",
    [
        "##\xad[group]",
        "#\u200d#vso[task]",
        "#\ufe0f\u20e3#[x]",
        "##VSO[task]",
        "\u200b::error::x",
        ":\xad:error::x",
    ],
)
def test_characters_that_a_runner_skips_do_not_hide_a_command(text: str) -> None:
    assert guard(text) != text


@pytest.mark.parametrize(
    "text", ["std::string", "a ::b", "| ::error::", "# [x]", "## title", "https://[::1]:8443"]
)
def test_what_no_runner_obeys_stays(text: str) -> None:
    assert guard(text) == text


def test_neutralising_is_visible_and_minimal() -> None:
    assert guard("  ::error::x\n##[group]y ##vso[z]") == "  : :error::x\n# #[group]y # #vso[z]"


def test_a_flood_of_line_breaks_is_guarded_in_no_time() -> None:
    flood = "\n" * 300_000
    assert guard(flood + "::x") == flood + ": :x"
