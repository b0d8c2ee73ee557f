"""Why a pattern is not accepted."""

from __future__ import annotations


class PatternError(ValueError):
    """The pattern is not one that the gate can search for.

    `message` is one short line. `at` is the index into the pattern's text, from 0, of what it is about.
    """

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message, at)
        self.message = message
        self.at = at

    def __str__(self) -> str:
        return f"{self.message} (at index {self.at})"
