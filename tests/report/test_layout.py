from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gate.report import Style
from gate.report.escape import printable
from gate.report.layout import LONGEST_MESSAGE, LONGEST_WORD, Page, cells, wrap

from .strategies import FRAGMENTS, hostile

LINES = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.characters(codec=None)), max_size=20).map(
    lambda parts: printable("".join(parts))
)


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("插件", 4), ("e\u0301", 1), ("ｆｕｌｌ", 8), ("（）", 4), ("", 0), ("é", 1)],
)
def test_cells_are_what_a_terminal_shows(text: str, width: int) -> None:
    assert cells(text) == width


@given(LINES, st.integers(30, 100), st.integers(0, 30))
@example("，" * 500, 30, 0)
@example("（" * 500, 30, 0)
@example("👩\u200d💻" * 100, 30, 3)
def test_wrapping_loses_no_character_but_spaces(text: str, width: int, taken: int) -> None:
    lines = list(wrap(text, width, taken))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(LINES, st.integers(30, 100), st.integers(0, 30))
@example("x" * 1000, 30, 0)
@example(" " * 100 + "y", 30, 0)
@example("，" * 500, 30, 0)
@example("（" * 500, 30, 0)
def test_only_a_single_word_may_be_wider_than_the_line(text: str, width: int, taken: int) -> None:
    for number, line in enumerate(wrap(text, width, taken)):
        used = taken if number == 0 and line else 0
        assert cells(line) + used <= width or (" " not in line and not used)
        assert cells(line) <= max(LONGEST_WORD, width)


def test_a_short_text_stays_on_its_line_with_its_inner_spaces() -> None:
    assert list(wrap("a  b   c", 20)) == ["a  b   c"]


def test_chinese_breaks_between_characters_and_fills_the_line() -> None:
    assert list(wrap("插件状态异常请先恢复", 8)) == ["插件状态", "异常请先", "恢复"]


def test_chinese_punctuation_does_not_start_or_open_at_the_end_of_a_line() -> None:
    assert list(wrap("插件状态，异常", 8)) == ["插件状", "态，异常"]
    assert list(wrap("插件状（异常）", 8)) == ["插件状", "（异常）"]


@pytest.mark.parametrize("flood", ["，" * 90, "（" * 90, "态" + "，" * 90, "（" * 90 + "态", "（）" * 90])
def test_a_flood_of_chinese_punctuation_is_wrapped_all_the_same(flood: str) -> None:
    assert all(cells(line) <= 30 for line in wrap(flood, 30))


def test_a_path_or_an_id_stays_whole() -> None:
    path = "/very/long/" + "x" * 100
    assert list(wrap(f"see {path} there", 40)) == ["see", path, "there"]


def test_a_joined_emoji_and_an_accent_are_not_torn_apart() -> None:
    assert list(wrap("👩\u200d💻" * 3, 5)) == ["👩\u200d💻"] * 3
    assert list(wrap("👩\u200d💻" * 2, 3)) == ["👩\u200d💻"] * 2
    assert all(not line.startswith("\u0301") for line in wrap("配\u0301" * 50, 31))


def page(width: int = 80) -> Page:
    return Page(Style(width=width))


@given(hostile, st.sampled_from([40, 80]))
def test_a_quoted_message_never_leaves_its_gutter(message: str, width: int) -> None:
    made = page(width)
    made.quote(message, 4)
    lines = made.text().split("\n")[:-1]
    gutter = [line for line in lines if line.startswith("    |")]
    assert len(gutter) <= LONGEST_MESSAGE
    assert len(gutter) == len(lines) or lines[len(gutter)].startswith("    (cut here")


def test_a_long_message_is_cut_with_a_pointer_to_the_whole() -> None:
    made = page()
    made.quote("\n".join(f"line {number}" for number in range(100)), 4)
    lines = made.text().splitlines()
    assert lines[LONGEST_MESSAGE - 1] == f"    | line {LONGEST_MESSAGE - 1}"
    assert lines[LONGEST_MESSAGE:] == [
        "    (cut here: the JSON report has all 789 characters of this message)"
    ]


def test_a_message_that_just_fits_is_not_cut() -> None:
    made = page()
    made.quote("\n".join("x" * LONGEST_MESSAGE), 0)
    assert "cut here" not in made.text()


def test_a_huge_message_takes_no_time() -> None:
    made = page()
    made.quote("配置 " * 1_000_000, 4)
    assert made.text().count("\n") == LONGEST_MESSAGE + 1


def test_the_indentation_and_empty_lines_of_a_message_are_kept() -> None:
    made = page()
    made.quote("spec:\n  replicas: 2\n\nend\n", 2)
    assert made.text() == "  | spec:\n  |   replicas: 2\n  |\n  | end\n"


@given(
    st.lists(st.sampled_from(["::x", "aaaa", "##[g]", " ", "\u3000::", "\xa0"]), max_size=40).map(" ".join)
)
@example("  ::x ::x ::x ::x aaaa ##[g] ##[g]")
@example("\u3000::x ::x ::x ::x aaaa ##[g] ##[g]")
def test_neutralising_makes_no_line_too_wide(text: str) -> None:
    made = page(40)
    made.put(text, indent=4)
    assert all(cells(line) <= 40 for line in made.text().splitlines())
    assert not any(line.lstrip().startswith("::") for line in made.text().splitlines())


def test_lines_for_copying_are_left_out_together_where_one_is_too_wide() -> None:
    made = page(40)
    assert not made.literal(("short", "x" * 50), 2)
    assert made.text() == ""
    assert made.literal(("short", "y: z"), 2)
    assert made.text() == "  short\n  y: z\n"
