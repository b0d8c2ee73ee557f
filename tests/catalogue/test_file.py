"""`risks.toml` is made to be extended by anybody: these tests hold it to its form."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from gate.catalogue.reading import FILE, parse

TEXT = FILE.read_text(encoding="utf-8")
DOCUMENT = tomllib.loads(TEXT)
TEXTS = {"title", "looks_at", "if_ignored", "remedy"}

WHOLE = """
[[risk]]
name = "R"
title = "T"
looks_at = "L"
if_ignored = "I"
remedy = "M"
links = ["https://example.com/"]
[[unnamed]]
addon = "a"
title = "T"
looks_at = "L"
if_ignored = "I"
remedy = "M"
links = ["https://example.com/"]
"""


def entries() -> list[Any]:
    """Every entry of either kind, under a name to tell it by."""
    named = [pytest.param(entry, id=entry["name"]) for entry in DOCUMENT["risk"]]
    return named + [pytest.param(entry, id=entry["title"]) for entry in DOCUMENT["unnamed"]]


def said(entry: dict[str, Any]) -> Iterator[str]:
    """Every text of an entry."""
    yield from (text for field, text in entry.items() if field not in ("links", "addons"))
    yield from entry.get("addons", {})
    yield from entry.get("addons", {}).values()


def test_there_is_nothing_but_the_two_kinds_of_entries() -> None:
    assert set(DOCUMENT) == {"risk", "unnamed"}


@pytest.mark.parametrize("entry", DOCUMENT["risk"], ids=lambda entry: entry["name"])
def test_a_risk_has_all_its_fields_and_no_other(entry: dict[str, Any]) -> None:
    assert set(entry) - {"addons"} == TEXTS | {"name", "links"}


@pytest.mark.parametrize("entry", DOCUMENT["unnamed"], ids=lambda entry: entry["title"])
def test_an_unnamed_check_has_all_its_fields_and_no_other(entry: dict[str, Any]) -> None:
    assert set(entry) == TEXTS | {"addon", "links"}


@pytest.mark.parametrize("entry", entries())
def test_no_text_is_blank_or_holds_what_does_not_print(entry: dict[str, Any]) -> None:
    for text in said(entry):
        assert text.strip()
        assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize("entry", entries())
def test_a_title_is_one_short_line_and_every_other_text_ends_its_sentence(entry: dict[str, Any]) -> None:
    assert len(entry["title"]) <= 56
    assert "\n" not in entry["title"]
    assert not entry["title"].endswith(".")
    sentences = [entry["looks_at"], entry["if_ignored"], entry["remedy"], *entry.get("addons", {}).values()]
    assert all(text.endswith(".") for text in sentences)


@pytest.mark.parametrize("entry", entries())
def test_links_are_whole_https_addresses_and_there_is_at_least_one(entry: dict[str, Any]) -> None:
    assert entry["links"]
    assert len(set(entry["links"])) == len(entry["links"])
    for link in entry["links"]:
        parts = urlsplit(link)
        assert (parts.scheme, bool(parts.hostname), len(parts.path) > 1) == ("https", True, True)
        assert link.isascii()
        assert " " not in link


def test_no_risk_and_no_check_is_there_twice() -> None:
    names = [entry["name"] for entry in DOCUMENT["risk"]]
    checks = [(entry["addon"], entry["title"]) for entry in DOCUMENT["unnamed"]]
    assert len({name.casefold() for name in names}) == len(names)
    assert len(set(checks)) == len(checks)


def test_a_name_has_no_spaces_and_is_not_that_of_an_add_on() -> None:
    addons = {addon for entry in DOCUMENT["risk"] for addon in entry.get("addons", {})}
    addons |= {entry["addon"] for entry in DOCUMENT["unnamed"]}
    names = {entry["name"] for entry in DOCUMENT["risk"]}
    assert all("".join(name.split()) == name for name in names | addons)
    assert not {name.casefold() for name in names} & {addon.casefold() for addon in addons}


def test_lines_are_short_and_there_are_no_tabs() -> None:
    assert "\t" not in TEXT
    assert max(map(len, TEXT.splitlines())) <= 110


def test_the_file_tells_how_to_add_to_it() -> None:
    opening = TEXT.partition("[[risk]]\nname")[0]
    for field in (*TEXTS, "name", "links", "addon", "[[unnamed]]", "[risk.addons]"):
        assert field in opening


@pytest.mark.parametrize("line", WHOLE.split("\n")[2:8])
def test_a_missing_field_is_not_read_over(line: str) -> None:
    assert parse(WHOLE)
    with pytest.raises((KeyError, TypeError)):
        parse(WHOLE.replace(f"{line}\n", "", 1))


def test_an_unknown_field_is_not_read_over() -> None:
    with pytest.raises(TypeError):
        parse(f'{WHOLE}severity = "high"\n')
