"""The secrets of a run, so that none of them is shown: not even when a server echoes it."""

from __future__ import annotations

from gate.errors import ApiError

_MASK = "***"
_SHORTEST = 4
"""Anything shorter would be found all over an answer by chance."""


_LONGEST = 600
_LONGEST_CODE = 100
"""Characters of an error's message, and of its code and request ID; a proxy may send pages."""


class Vault:
    """Knows every secret that the run has used or was given, and takes them out of what others say."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def keep(self, *secrets: str | None) -> None:
        """Remember secrets. A JWT, a token or a key may be echoed whole, and then is masked."""
        self._secrets.update(secret for secret in secrets if secret and len(secret) >= _SHORTEST)

    def clean(self, text: str) -> str:
        """`text` without any secret."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            if secret in text:
                text = text.replace(secret, _MASK)
        return text

    def scrub(self, value: object) -> object:
        """A JSON value without any secret in its texts.

        Names stay as they are: a field that lost its name would be a field that is missing.
        """
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, list):
            return [self.scrub(item) for item in value]
        if isinstance(value, dict):
            return {name: self.scrub(item) for name, item in value.items()}
        return value

    def clean_error(self, error: ApiError) -> ApiError:
        """The same error, without any secret in its words. Cut only then: half a secret is one too."""
        error.message, error.hint = self.clean(error.message)[:_LONGEST], self.clean(error.hint)
        error.args = (error.message, error.hint)
        error.code = self.clean(error.code)[:_LONGEST_CODE] if error.code else None
        error.request_id = self.clean(error.request_id)[:_LONGEST_CODE] if error.request_id else None
        return error
