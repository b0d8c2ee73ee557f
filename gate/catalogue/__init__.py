"""What is known of the risks that CCE's add-on checks report, and what to do about each.

The knowledge is data, in `risks.toml`, read when it is first asked for. The list is open: the API may
report names that are not in it. Nothing here takes part in a verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.catalogue.entries import KnownRisk, UnnamedCheck


def all_known() -> tuple[KnownRisk, ...]:
    """Every risk with a published name, in the file's order."""
    from gate.catalogue.reading import catalogue

    return catalogue()[0]


def unnamed(addon: str | None = None) -> tuple[UnnamedCheck, ...]:
    """The checks without a published risk name: of the add-on with this template name; None: of all."""
    from gate.catalogue.reading import catalogue

    return tuple(check for check in catalogue()[1] if addon in (None, check.addon))


def known(name: str) -> KnownRisk | None:
    """The risk of exactly this name, or None."""
    return next((risk for risk in all_known() if risk.name == name), None)


def remedy(name: str | None, addon: str | None = None) -> str | None:
    """What to do about the risk `name`, in one paragraph; None where nothing is known of it.

    `addon` is a template name; where that add-on needs more, it is said after the general remedy.
    """
    risk = known(name) if name is not None else None
    if risk is None:
        return None
    besides = risk.remedy_for(addon)
    return risk.remedy if besides is None else f"{risk.remedy} {besides}"
