"""Foreign text in GitHub-flavoured Markdown: everything that could mean something stands in code.

GitHub and GitLab look for mentions (`@name`), references (`#1`, `!1`, `GH-1`, a commit's hash), links and
emoji in the rendered text, where neither a backslash nor an entity hides them. In code they look for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.report.escape import printable
from gate.report.wording import shortened

LONGEST_NAME = 300
"""So short that the fence of a code span never comes near the 80 ticks at which parsers give up."""
LONGEST_PROSE = 2_000

_LETTER = r"(?:[A-Za-z]|[^\x00-\x7f])"
_PLAIN_WORD = re.compile(
    rf"(?![a-f]{{7,}}\Z)(?:{_LETTER}+(?:[-']{_LETTER}+)*"
    r"|[0-9]{1,6}|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}:[0-9]{2})"
)
_BEFORE, _AFTER = "(\"'", ".,:;?)\"'"


def code(text: str) -> str:
    """`text` as a code span on one line; a very long one is cut, an empty one says so."""
    content = printable(shortened(text, LONGEST_NAME))
    if not content.strip(" "):
        return "(blank)"
    runs = {len(run) for run in re.findall("`+", content)}
    ticks = next(length for length in range(1, len(runs) + 2) if length not in runs)
    pad = " " if "`" in (content[0], content[-1]) or content[0] == content[-1] == " " else ""
    fence = "`" * ticks
    return f"{fence}{pad}{content}{pad}{fence}"


def cell(text: str) -> str:
    """`code` for a cell of a table, in which a bar would end it even inside a code span."""
    return code(text.replace("|", r"\x7c"))


def prose(text: str) -> str:
    """A sentence on one line: plain words stay as they are, every other word becomes code.

    It must not stand at the start of a line: a number there would be that of a list.
    """
    words = [word for word in printable(shortened(text, LONGEST_PROSE)).split(" ") if word]
    return " ".join(_set(words)) or "(blank)"


def _set(words: list[str]) -> Iterator[str]:
    """The words, with neighbours that need a code span in one."""
    before, run = "", ""
    for word in words:
        start, core, end = _parts(word)
        plain = not core or _PLAIN_WORD.fullmatch(core)
        if run and (plain or start):
            yield before + code(run)
            run = ""
        if plain:
            yield word
            continue
        before, run = (before, f"{run} {core}") if run else (start, core)
        if end:
            yield before + code(run) + end
            run = ""
    if run:
        yield before + code(run)


def _parts(word: str) -> tuple[str, str, str]:
    """A word without the brackets, quotes and stops around it, and these."""
    rest = word.lstrip(_BEFORE)
    core = rest.rstrip(_AFTER)
    return word[: len(word) - len(rest)], core, rest[len(core) :]


def fenced(lines: list[str], language: str, indent: int) -> list[str]:
    """Lines, printable ones, as a block of code whose fence is longer than any run of ticks in them."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [" " * indent + line for line in (f"{fence}{language}", *lines, fence)]
