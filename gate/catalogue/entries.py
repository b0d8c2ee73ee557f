"""The types of the catalogue of known risks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownRisk:
    """A risk whose name the vendor publishes. Texts are one paragraph each, without line breaks."""

    name: str
    """`riskName`, to the letter."""
    title: str
    looks_at: str
    """What CCE looks at."""
    if_ignored: str
    """What breaks if the upgrade goes on all the same."""
    remedy: str
    links: tuple[str, ...]
    addons: tuple[tuple[str, str], ...] = ()
    """Template name of an add-on, and what is to be done there besides the remedy."""

    def remedy_for(self, addon: str | None) -> str | None:
        """What is to be done besides the remedy for the add-on with this template name."""
        return next((text for name, text in self.addons if name == addon), None)


@dataclass(frozen=True, slots=True)
class UnnamedCheck:
    """A check of one add-on whose risk name the vendor does not publish."""

    addon: str
    """Template name."""
    title: str
    looks_at: str
    if_ignored: str
    remedy: str
    links: tuple[str, ...]
