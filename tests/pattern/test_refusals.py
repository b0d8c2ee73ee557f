"""What is refused, why, and where."""

from __future__ import annotations

import pytest

from gate.pattern import Pattern, PatternError


def refusal(pattern: str) -> PatternError:
    with pytest.raises(PatternError) as caught:
        Pattern.parse(pattern)
    return caught.value


@pytest.mark.parametrize(
    ("pattern", "message", "at"),
    [
        ("*a", "nothing to repeat", 0),
        ("a|+", "nothing to repeat", 2),
        ("(?:{2})", "nothing to repeat", 3),
        ("(?i)?", "nothing to repeat", 4),
        ("^*", "nothing to repeat", 1),
        (r"a\b+", "nothing to repeat", 3),
        ("a**", "repeated twice: put the first repetition in a group", 2),
        ("a{2}{3}", "repeated twice: put the first repetition in a group", 4),
        ("a*?*", "repeated twice: put the first repetition in a group", 3),
        ("a*+", "possessive repetition is not supported", 1),
        ("a{2}+", "possessive repetition is not supported", 1),
        ("ab{3,2}", "the repetition asks for at least more than at most", 2),
        ("a{", r"not {m}, {m,} or {m,n}: write \{ for the character", 1),
        ("a{x}", r"not {m}, {m,} or {m,n}: write \{ for the character", 1),
        ("a{,2}", r"not {m}, {m,} or {m,n}: write \{ for the character", 1),
        ("a{٣}", r"not {m}, {m,} or {m,n}: write \{ for the character", 1),
        ("a}", r"nothing is open here: write \} for the character", 1),
        ("a]", r"nothing is open here: write \] for the character", 1),
        ("a)", r"nothing is open here: write \) for the character", 1),
        ("a(b(c)", "the group is never closed", 1),
        ("x(?:", "the group is never closed", 1),
        ("a[b", "the bracket is never closed", 1),
        ("a[b-", "the bracket is never closed", 1),
        (r"a[b\]", "the bracket is never closed", 1),
        ("a[]b]", r"the bracket is empty: write \] for the character ]", 1),
        ("a[^]", r"the bracket is empty: write \] for the character ]", 1),
        ("[z-a]", "the range runs backwards", 1),
        (r"[a-\d]", "a range needs a character at both ends", 1),
        (r"[\w-z]", "a range needs a character at both ends", 1),
        ("[[a]", r"escape it inside a bracket: \[", 1),
        ("[a--b]", r"escape it inside a bracket: \-", 2),
        ("[a&&b]", r"escape it inside a bracket: \&", 2),
        ("[~~]", r"escape it inside a bracket: \~", 1),
        ("[a||b]", r"escape it inside a bracket: \|", 2),
        (r"[\b]", r"\b has no place inside a bracket", 1),
        ("(?=a)", "lookaround is not supported", 0),
        ("a(?!b)", "lookaround is not supported", 1),
        ("(?<=a)", "lookaround is not supported", 0),
        ("(?<!a)", "lookaround is not supported", 0),
        ("(?P<a>b)", "named groups are not supported", 0),
        ("(?P=a)", "named groups are not supported", 0),
        ("(?<a>b)", "named groups are not supported", 0),
        ("(?>a)", "atomic groups are not supported", 0),
        ("(a)?(?(1)b|c)", "conditionals are not supported", 4),
        ("(?#a)", "comments are not supported", 0),
        ("a(?i)", "the only flag is (?i), at the very start of the pattern", 1),
        ("(?i)(?i)", "the only flag is (?i), at the very start of the pattern", 4),
        ("(?s).", "the only flag is (?i), at the very start of the pattern", 0),
        ("(?i:a)", "the only flag is (?i), at the very start of the pattern", 0),
        (r"(a)\1", "backreferences are not supported", 3),
        (r"\0", r"octal escapes are not supported: write \x00", 0),
        (r"\Aa", r"\A is not supported: write ^", 0),
        (r"a\Z", r"\Z is not supported: write $", 1),
        (r"a\z", r"\z is not supported: write $", 1),
        (r"\B", r"\B is not supported", 0),
        (r"\p{L}", r"\p is not supported", 0),
        (r"a\q", "unknown escape: a backslash before 'q'", 1),
        ("\\\n", r"unknown escape: a backslash before '\n'", 0),
        (r"\U0001F600", "unknown escape: a backslash before 'U'", 0),
        ("ab\\", "nothing follows the backslash", 2),
        (r"\x4", r"\x needs 2 hexadecimal digits", 0),
        (r"\u12g4", r"\u needs 4 hexadecimal digits", 0),
        (r"[\x4]", r"\x needs 2 hexadecimal digits", 1),
        (r"\ud83d", "half of a surrogate pair is not a character: write the character itself", 0),
        ("a" * 1001, "too long: a pattern has at most 1000 characters", 1000),
        ("a{2001}", "too large: more than 2000 repetitions", 1),
        ("a{99999999999999999999,}", "too large: more than 2000 repetitions", 1),
        ("(?:ab){1001}", "too large: 2002 states when written out, more than 2000", 6),
        ("(?:(?:){1000}){1000}", "too large: 1000000 states when written out, more than 2000", 14),
        ("a{1500}b{1500}", "too large: 3000 states when written out, more than 2000", 0),
        ("(" * 51 + ")" * 51, "more than 50 groups inside each other", 50),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(pattern: str, message: str, at: int) -> None:
    refused = refusal(pattern)
    assert (refused.message, refused.at) == (message, at)
    assert message in str(refused)


@pytest.mark.parametrize(
    "pattern", ["a" * 1000, "a{2000}", "(?:ab){1000}", "(" * 50 + "a" + ")" * 50, "(?:a?){999}b"]
)
def test_a_pattern_at_a_bound_is_accepted_and_works(pattern: str) -> None:
    assert Pattern.parse(pattern).search("ab" * 1000 + "a" * 2000 + "b")


def test_a_refusal_is_a_value_error() -> None:
    assert isinstance(refusal("("), ValueError)
