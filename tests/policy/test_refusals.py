"""What a policy must not say: each with its line, column and key path."""

from __future__ import annotations

import pytest

from gate.policy.load import Fault, PolicyError, parse
from tests.builders import TODAY

pytestmark = pytest.mark.usefixtures("loader")


def faults_of(text: str | bytes) -> tuple[Fault, ...]:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    with pytest.raises(PolicyError) as caught:
        parse(data, "p.yml", TODAY)
    return caught.value.faults


def only_fault(text: str | bytes) -> tuple[int, int, str, str]:
    (fault,) = faults_of(text)
    return fault.line, fault.column, fault.path, fault.message


def rule_fault(line: str) -> tuple[int, int, str, str]:
    """The one fault of a rule that would be in order without `line`, its fourth."""
    lines = ["version: 1", "allow:", "  - risk: A", "    " + line, "    reason: b"]
    if line.startswith(("risk:", "reason:")):
        lines = ["version: 1", "allow:", "  - owner: me", "    " + line]
        lines.append("    risk: A" if line.startswith("reason:") else "    reason: b")
    return only_fault("\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("text", "line", "column", "path", "message"),
    [
        ("version: 1\nalow: []\n", 2, 1, "alow", "did you mean allow?"),
        ("version: 1\nALLOW: []\n", 2, 1, "ALLOW", "did you mean allow?"),
        ("version: 1\nzzz: []\n", 2, 1, "zzz", "known here: version, require, deny, allow"),
        ("version: 1\nlevel: Fatal\n", 2, 1, "level", "no key names a level: Fatal always blocks"),
        ("version: 1\nrequire:\n", 2, 9, "require", "nothing stands here, a mapping is wanted"),
        ("version: 1\nrequire: [owner]\n", 2, 10, "require", "a list stands here, a mapping is wanted"),
        ("version: 1\nrequire: {owners: true}\n", 2, 11, "require.owners", "did you mean owner?"),
        ("version: 1\nrequire: {maxDays: 3}\n", 2, 11, "require.maxDays", "did you mean max-days?"),
        ("version: 1\ndeny:\n", 2, 6, "deny", "nothing stands here, a list is wanted"),
        ("version: 1\nallow: []\nversion: 1\n", 3, 1, "version", "key given twice, first on line 1"),
        ("version: 1\n1: 2\n", 2, 1, "1", "a key must be text, 1 is read as a whole number"),
        ("version: 1\nyes: 2\n", 2, 1, "yes", "a key must be text, yes is read as a boolean"),
        ("version: 1\n? \n: 2\n", 2, 2, "", "a key must be text, nothing is read as null"),
        ("version: 1\n? [a]\n: 2\n", 2, 3, "", "a key must be text, here it is a list"),
        ("version: 1\n? {a: b}\n: 2\n", 2, 3, "", "a key must be text, here it is a mapping"),
        ("version: 1\n<<: {allow: []}\n", 2, 1, "<<", "merge keys are not allowed"),
        ("allow: []\n", 1, 1, "version", "required, but missing"),
        ("version: 1\nallow: {risk: A}\n", 2, 8, "allow", "a mapping stands here, a list is wanted"),
        ("version: 1\nallow:\n", 2, 7, "allow", "nothing stands here, a list is wanted"),
        ("version: 1\nallow: none\n", 2, 8, "allow", '"none" is text, a list is wanted'),
        ("version: 1\nallow: [A]\n", 2, 9, "allow[0]", '"A" is text, a mapping is wanted'),
        ("version: 1\nallow: [[]]\n", 2, 9, "allow[0]", "a list stands here, a mapping is wanted"),
        ("- version: 1\n", 1, 1, "", "a list stands here, a mapping is wanted"),
        ("version 1\n", 1, 1, "", '"version 1" is text, a mapping is wanted'),
        ("---\n", 2, 1, "", "nothing stands here, a mapping is wanted"),
        ("", 1, 1, "", "the file is empty"),
        (" \n# nothing\n", 1, 1, "", "the file is empty"),
        ("version: 1\n---\nversion: 1\n", 2, 1, "", "a second document starts here"),
        ("version: 1\n...\n---\n", 3, 1, "", "a second document starts here"),
        ("version: 1\nallow: [\n", 3, 1, "", "not valid YAML"),
        ("version: 1\n\tallow: []\n", 2, 1, "", "not valid YAML"),
        ("version: 1\nallow: []]\n", 2, 10, "", "not valid YAML"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_place(
    text: str, line: int, column: int, path: str, message: str
) -> None:
    found = only_fault(text)

    assert found[:3] == (line, column, path)
    assert message in found[3]


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2",
            "0",
            "-1",
            "+1",
            "01",
            "0x1",
            "0b1",
            "1_0",
            "012",
            "1:30",
            "1.0",
            "1e0",
            '"1"',
            "'1'",
            "true",
            "on",
        ),
        *("~", "", "[1]", "{a: 1}", "one", "2026-12-31", "=", "1 2", "|\n  1"),
    ],
)
def test_only_the_plain_number_1_is_a_version(written: str) -> None:
    line, column, path, _message = only_fault(f"version: {written}\n")

    assert (line, path) == (1, "version")
    assert column in (9, 10)


def told_of(key: str, message: str) -> str:
    """A reason that is not there yet is asked for in other words."""
    missing = message.startswith(("blank", "nothing", "~"))
    return "reason is blank; write who accepts this risk, and why" if missing and key == "reason" else message


@pytest.mark.parametrize("key", ["risk", "reason", "addon", "owner", "ticket", "message", "target-version"])
@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("true", "true is read as a boolean, text is wanted; put it in quotes"),
        ("Yes", "Yes is read as a boolean, text is wanted; put it in quotes"),
        ("off", "off is read as a boolean, text is wanted; put it in quotes"),
        ("123", "123 is read as a whole number, text is wanted; put it in quotes"),
        ("12:30", "12:30 is read as a whole number, text is wanted; put it in quotes"),
        ("1.5", "1.5 is read as a number, text is wanted; put it in quotes"),
        (".nan", ".nan is read as a number, text is wanted; put it in quotes"),
        ("2026-12-31", "2026-12-31 is read as a date or time, text is wanted; put it in quotes"),
        ("~", "~ is read as null, text is wanted; put it in quotes"),
        ("=", "= is read as a special value, text is wanted; put it in quotes"),
        ("", "nothing stands here, text is wanted"),
        ("[a]", "a list stands here, text is wanted"),
        ("{a: b}", "a mapping stands here, text is wanted"),
        ('""', "blank, text is wanted"),
        ('" \\t\\n"', "blank, text is wanted"),
        ('"\\u3000\\u200b"', "blank, text is wanted"),
    ],
)
def test_where_text_is_wanted_nothing_else_will_do(key: str, written: str, message: str) -> None:
    line, _column, path, told = rule_fault(f"{key}: {written}")

    assert (line, path, told) == (4, f"allow[0].{key}", told_of(key, message))


@pytest.mark.parametrize("key", ["risk", "addon"])
@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('"*"', '"*": there are no wildcards'),
        ("K8s*", '"K8s*": there are no wildcards'),
        ("a?c", '"a?c": there are no wildcards'),
        ('" coredns"', "white space around it"),
        ('"coredns\\n"', "white space around it"),
        ('"core\\ndns"', "the character U+000A cannot be seen"),
        ('"core\\u200bdns"', "the character U+200B cannot be seen"),
    ],
)
def test_names_are_exact(key: str, written: str, message: str) -> None:
    line, column, path, told = rule_fault(f"{key}: {written}")

    assert (line, column, path) == (4, 5 + len(f"{key}: "), f"allow[0].{key}")
    assert message in told


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2026-02-30", "there is no day 2026-02-30"),
        ('"2026-13-01"', "there is no day 2026-13-01"),
        ("0000-01-01", "there is no day 0000-01-01"),
        ("2026-1-5", '"2026-1-5" is not a date'),
        ("2026-12-31T00:00:00Z", "without a time of day"),
        ("2026-12-31 10:00:00", "without a time of day"),
        ('" 2026-12-31"', "is not a date"),
        ('"２０２６-12-31"', "is not a date"),
        ("31.12.2026", "is not a date"),
        ("never", "is not a date"),
        ('""', "is not a date"),
        ("20261231", "20261231 is read as a whole number, a date (YYYY-MM-DD) is wanted"),
        ("true", "true is read as a boolean, a date (YYYY-MM-DD) is wanted"),
        ("", "nothing stands here, a date (YYYY-MM-DD) is wanted"),
        ("[2026-12-31]", "a list stands here, a date (YYYY-MM-DD) is wanted"),
    ],
)
def test_an_expiry_is_a_day_of_the_calendar(written: str, message: str) -> None:
    line, _column, path, told = rule_fault(f"expires: {written}")

    assert (line, path) == (4, "allow[0].expires")
    assert message in told


@pytest.mark.parametrize("key", ["version", "allow", "max-days", "levels", "resource", "x"])
def test_a_key_that_the_gate_does_not_understand_is_never_ignored(key: str) -> None:
    line, column, path, told = rule_fault(f"{key}: x")

    assert (line, column, path) == (4, 5, f"allow[0].{key}")
    assert told.startswith("unknown key")


@pytest.mark.parametrize("key", ["level", "severity", "Level", "Fatal", "warning"])
@pytest.mark.parametrize("effect", ["allow", "deny"])
def test_who_looks_for_a_level_is_told_that_there_is_none(key: str, effect: str) -> None:
    assert only_fault(f"version: 1\n{effect}:\n- {key}: Fatal\n  risk: A\n  reason: b\n") == (
        3,
        3,
        f"{effect}[0].{key}",
        "unknown key; no key names a level: Fatal always blocks",
    )


@pytest.mark.parametrize("key", ["target_version", "targetVersion", "targetversion", "addonTargetVersion"])
def test_the_target_version_is_found_however_it_is_spelled(key: str) -> None:
    assert rule_fault(f'{key}: ">=1.30"')[3] == "unknown key, did you mean target-version?"


def test_a_denial_has_no_expiry() -> None:
    assert only_fault("version: 1\ndeny:\n- risk: A\n  reason: b\n  expires: 2026-12-31\n") == (
        5,
        3,
        "deny[0].expires",
        "unknown key; a denial does not end by itself; remove it in a review",
    )


@pytest.mark.parametrize("written", ["", "~", '""', "' '", '"\\n"', '"\\u200b"', "|"])
def test_a_blank_reason_is_asked_for(written: str) -> None:
    assert rule_fault(f"reason: {written}")[2:] == (
        "allow[0].reason",
        "reason is blank; write who accepts this risk, and why",
    )
    assert only_fault(f"version: 1\ndeny:\n- risk: A\n  reason: {written}\n")[3] == (
        "reason is blank; write why this must block"
    )


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("version: 1\n\tallow: []\n", 2, 1),
        ("version: 1\nallow:\n\t- risk: A\n", 3, 1),
        ("version: 1\nallow:\n- risk: A\n\treason: b\n", 4, 1),
        ("version: 1\nallow:\n  - risk: A\n  \treason: b\n", 4, 3),
        ("version: 1\r\nallow:\r\n  -\trisk: A\r\n    reason: b\r\n", 3, 4),
    ],
)
def test_a_tab_for_indentation_is_called_a_tab(text: str, line: int, column: int) -> None:
    assert only_fault(text) == (line, column, "", "not valid YAML: a tab stands here; indent with spaces")


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("target-version: >=1.30,<1.31", "put text that starts with > or | in quotes"),
        ("owner: @network", "put text that starts with this character in quotes"),
        ("message: `x`", "put text that starts with this character in quotes"),
        ("owner: team: network", 'put text that holds ": " in quotes'),
        ('message: "\\d+"', "in single quotes a backslash is only a backslash"),
        ("cluster: *prod", "quote text with a * in front"),
    ],
)
def test_text_that_yaml_takes_for_something_else_is_to_be_quoted(line: str, remedy: str) -> None:
    found = rule_fault(line)

    assert found[0] == 4
    assert remedy in found[3]


def test_a_version_that_yaml_takes_for_a_tag_is_to_be_quoted() -> None:
    tag, _nothing = faults_of("version: 1\nallow:\n- risk: A\n  reason: b\n  target-version: !=1.30\n")

    assert str(tag).endswith("the tag !=1.30 is not allowed; remove it, or put the text in quotes")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("1.30", "1.30 is read as a number, text is wanted; put it in quotes"),
        ('"1.30"', '"1.30" is not a version specifier such as ">=1.30,<1.31"; write "==1.30" for exactly'),
        ('">=1.30 <1.31"', "is not a version specifier"),
        ('">=1.30,"', "is not a version specifier"),
        ('"=>1.30"', "is not a version specifier"),
        ('">=1.*"', "is not a version specifier"),
        ('"~=1"', "is not a version specifier"),
        ('"===1.30"', "is not a version specifier"),
        ('"==1.30\\n"', "is not a version specifier"),
        ("[ '>=1.30' ]", "a list stands here, text is wanted"),
    ],
)
def test_a_target_version_is_a_specifier(written: str, message: str) -> None:
    line, column, path, told = rule_fault(f"target-version: {written}")

    assert (line, column, path) == (4, 21, "allow[0].target-version")
    assert message in told


@pytest.mark.parametrize(
    ("written", "path", "message"),
    [
        ("[]", "cluster", "the list is empty"),
        ("prod-[12]", "cluster", "there are no wildcards, a cluster is named exactly"),
        ("[prod-*, '']", "cluster[1]", "blank"),
        ("[prod-*, 7]", "cluster[1]", "7 is read as a whole number, text is wanted"),
        ("[[prod-*]]", "cluster[0]", "a list stands here, text is wanted"),
        ("{name: prod}", "cluster", "a mapping stands here, text is wanted"),
        ("' prod'", "cluster", "white space around it"),
    ],
)
def test_a_cluster_is_a_glob_or_a_list_of_them(written: str, path: str, message: str) -> None:
    line, _column, found, told = rule_fault(f"cluster: {written}")

    assert (line, found) == (4, f"allow[0].{path}")
    assert message in told


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("upgrade", '"upgrade" is not one of addonStatic, addonUpgrade; did you mean addonUpgrade?'),
        ("AddonUpgrade", "did you mean addonUpgrade?"),
        ("zzz", '"zzz" is not one of addonStatic, addonUpgrade'),
        ("[addonUpgrade]", "a list stands here, text is wanted"),
    ],
)
def test_a_type_is_one_of_the_two(written: str, message: str) -> None:
    found = rule_fault(f"type: {written}")

    assert found[:3] == (4, 11, "allow[0].type")
    assert message in found[3]


@pytest.mark.parametrize("written", ["'('", "'(?=a)'", "'a**'", "'a{9999}'", "'x(a'", "'\\1'"])
def test_a_message_is_a_pattern(written: str) -> None:
    found = rule_fault(f"message: {written}")

    assert found[:3] == (4, 14, "allow[0].message")
    assert found[3].startswith("not a pattern, at its character ")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("expires: yes", "yes is read as a boolean, true or false is wanted"),
        ("owner: on", "on is read as a boolean, true or false is wanted"),
        ("owner: 'true'", '"true" is text, true or false is wanted'),
        ("owner: 1", "1 is read as a whole number, true or false is wanted"),
        ("max-days: 0", "0 is not a whole number from 1 to 36500"),
        ("max-days: -1", "-1 is not a whole number from 1 to 36500"),
        ("max-days: 36501", "36501 is not a whole number"),
        ("max-days: 0x10", "0x10 is not a whole number"),
        ("max-days: 1:30", "1:30 is not a whole number"),
        ("max-days: 9_0", "9_0 is not a whole number"),
        ("max-days: 90.0", "90.0 is read as a number, a whole number is wanted"),
        ("max-days: 90d", '"90d" is text, a whole number is wanted'),
        ("ticket: true", "true is read as a boolean, text is wanted"),
        ("ticket: '('", "not a pattern, at its character 1"),
    ],
)
def test_a_requirement_is_read_as_strictly(line: str, message: str) -> None:
    found = only_fault(f"version: 1\nrequire:\n  {line}\n")

    assert (found[0], found[2]) == (3, f"require.{line[: line.index(':')]}")
    assert message in found[3]


@pytest.mark.parametrize("key", ["risk", "reason"])
def test_a_required_key_is_missed_where_the_rule_starts(key: str) -> None:
    other = "reason: b" if key == "risk" else "risk: A"

    assert only_fault(f"version: 1\nallow:\n  - {other}\n") == (
        3,
        5,
        f"allow[0].{key}",
        "required, but missing",
    )


@pytest.mark.parametrize(
    "tag", ["!!str", "!foo", "!", "!!python/object:os.system", "!<tag:yaml.org,2002:str>"]
)
@pytest.mark.parametrize("place", ["reason: {tag} b", "owner: {tag} b"])
def test_a_tag_is_refused_wherever_it_stands(tag: str, place: str) -> None:
    line, _column, path, told = rule_fault(place.format(tag=tag))

    assert (line, path) == (4, f"allow[0].{place[: place.index(':')]}")
    assert "is not allowed; remove it, or put the text in quotes" in told


@pytest.mark.parametrize("text", ["!!map {version: 1}", "version: 1\nallow: !!seq []", "!!str version: 1"])
def test_a_tag_on_a_mapping_a_list_or_a_key_is_refused(text: str) -> None:
    assert "is not allowed; remove it" in only_fault(text)[3]


def test_what_stands_under_an_unknown_key_is_checked_for_tags_and_keys_given_twice() -> None:
    found = faults_of("version: 1\nnope:\n  a: !x 1\n  a: 2\n")

    assert [(fault.line, fault.path) for fault in found] == [(2, "nope"), (3, "nope.a"), (4, "nope.a")]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("version: 1\nallow: &a [*a]\n", 2, "stands inside what it names"),
        ("version: 1\nallow: &a [{risk: A, reason: *a}]\n", 2, "stands inside what it names"),
        ("version: 1\nallow: *nobody\n", 2, "names no anchor"),
        ("version: &a 1\nallow: &a []\n", 2, "given twice"),
    ],
)
def test_an_alias_must_name_one_thing_that_stands_before_it(text: str, line: int, message: str) -> None:
    found = only_fault(text)

    assert found[0] == line
    assert message in found[3]


def test_after_a_broken_alias_the_rest_is_still_checked() -> None:
    found = faults_of(
        "version: 1\nallow:\n- risk: *K8s\n  reason: b\n  owner: 7\n- *x\n- *y : 1\n  risk: A\n"
    )

    assert [(fault.line, fault.path) for fault in found] == [
        (3, "allow[0].risk"),
        (5, "allow[0].owner"),
        (6, "allow[1]"),
        (7, "allow[2]"),
        (7, "allow[2].reason"),
    ]


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"version: 1\n# caf\xe9\n", 2, 6, "not UTF-8: byte 0xe9"),
        (b"version: 1\nallow: \xed\xa0\x80\n", 2, 8, "not UTF-8: byte 0xed"),
        (b"version: 1\n# \xe4\xb8", 2, 3, "not UTF-8: byte 0xe4"),
        ("version: 1\n".encode("utf-16"), 1, 1, "UTF-16"),
        ("version: 1\n".encode("utf-16-le"), 1, 2, "is it UTF-16?"),
        ("version: 1\n".encode("utf-32"), 1, 1, "UTF-16 (or UTF-32)"),
        (b"version: 1\n# \0\n", 2, 3, "U+0000"),
        (b"version: 1\n# \x07\n", 2, 3, "U+0007"),
        ("version: 1\n# \x9b\n".encode(), 2, 3, "U+009B"),
        ("version: 1\n# \ufffe\n".encode(), 2, 3, "U+FFFE"),
        ("version: 1\r\n# é\ufeff\r\n".encode(), 2, 4, "U+FEFF"),
    ],
)
def test_bytes_that_are_not_readable_text_are_told_with_their_place(
    data: bytes, line: int, column: int, message: str
) -> None:
    found = only_fault(data)

    assert found[:3] == (line, column, "")
    assert message in found[3]


@pytest.mark.parametrize("hidden", ["\r", "\x85", "\u2028", "\u2029"])
def test_a_line_end_that_a_reviewer_does_not_see_cannot_start_a_rule(hidden: str) -> None:
    text = f"version: 1\nallow:\n# harmless{hidden}- {{risk: A, reason: b}}\n"

    assert only_fault(text)[:2] == (3, 11)


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u202a"])
def test_a_mark_that_reorders_what_is_shown_is_refused_as_it_is_and_as_an_escape(mark: str) -> None:
    assert only_fault(f"version: 1\n# a{mark}b\n")[:2] == (2, 4)
    for key in ("reason", "message"):
        assert "is not allowed" in rule_fault(f'{key}: "a\\u{ord(mark):04x}b"')[3]


def test_control_characters_in_escapes_are_refused() -> None:
    assert rule_fault('reason: "a\\e[31mb"')[3] == "the character U+001B is not allowed"


@pytest.mark.parametrize("escape", ["\\U00110000", "\\ud800", "\\q"])
def test_an_escape_for_no_character_is_refused(escape: str) -> None:
    assert 3 <= rule_fault(f'reason: "{escape}"')[0] <= 4


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_the_file() -> None:
    found = faults_of(
        "verison: 1\n"
        "allow:\n"
        "  - risk: '*'\n"
        "    reason:\n"
        "    expires: 2026-02-30\n"
        "  - addon: 7\n"
        "    addon: x\n"
        "    risk: !x A\n"
        "  - 3\n"
    )

    assert [(fault.line, fault.column, fault.path) for fault in found] == [
        (1, 1, "verison"),
        (3, 11, "allow[0].risk"),
        (4, 12, "allow[0].reason"),
        (5, 14, "allow[0].expires"),
        (6, 5, "allow[1].reason"),
        (6, 12, "allow[1].addon"),
        (7, 5, "allow[1].addon"),
        (8, 11, "allow[1].risk"),
        (9, 5, "allow[2]"),
    ]
