"""`cce-gate explain [RISK]`: what a risk means and what to do about it."""

from __future__ import annotations

from difflib import get_close_matches

import click

from gate.catalogue import all_known, known, unnamed
from gate.catalogue.entries import KnownRisk, UnnamedCheck
from gate.cli import streams
from gate.errors import ExitCode, UsageError
from gate.report import Style
from gate.report.layout import Hue, Page

_INDENT = 14
_POLICY = (
    "A policy can allow it where it is a Warning, never where it is Fatal. The level is the API's, and "
    "counts when the check is over: in the vendor's examples AddonValidate is a Warning at the start and "
    "Fatal at the end. cce-gate policy suggest drafts a rule from a report."
)
_OPEN = "The list is open: CCE may report other names, and a risk's own message says what was found."


@click.command("explain")
@click.argument("risk", required=False)
def command(*, risk: str | None) -> int:
    """Say what a risk means, what breaks if it is ignored, and what to do.

    RISK is the name as reports show it, or the template name of an add-on, such as nginx-ingress.
    Without it: list what is known.
    """
    page = Page(Style())
    _fill(page, risk)
    streams.show(page.text())
    return ExitCode.PASS


def _fill(page: Page, name: str | None) -> None:
    """Put on the page what is known by that name. Raises `UsageError` where that is nothing."""
    if name is None:
        return _list(page)
    risk = known(name)
    if risk is not None:
        return _risk(page, risk)
    if name in _addons():
        return _addon(page, name)
    raise UsageError(f"no risk named {name or '(blank)'} is known", _hint(name))


def _addons() -> tuple[str, ...]:
    """The template names of which the catalogue says anything, without repetition."""
    named = [addon for risk in all_known() for addon, _ in risk.addons]
    return tuple(dict.fromkeys([*named, *(check.addon for check in unnamed())]))


def _list(page: Page) -> None:
    page.put("Risks that the add-on checks of CCE report:")
    page.gap()
    width = max(len(risk.name) for risk in all_known()) + 4
    for risk in all_known():
        page.put(risk.title, first=f"  {risk.name}", indent=width)
    page.gap()
    page.put("Checks of one add-on whose risk name is not published:")
    page.gap()
    for check in unnamed():
        page.put(check.title, first=f"  {check.addon}", indent=width)
    page.gap()
    page.put(f"{_OPEN} More on one of them:")
    page.gap()
    for name in (all_known()[0].name, unnamed()[0].addon):
        page.put(f"  cce-gate explain {name}")


def _risk(page: Page, risk: KnownRisk) -> None:
    page.put(risk.title, first=f"{risk.name}: ", hue=Hue.TITLE)
    _body(page, risk)
    for addon, text in risk.addons:
        page.put(f"For {addon}: {text}", indent=_INDENT)
    page.put(_POLICY, first="  Policy", indent=_INDENT)
    _links(page, risk.links)


def _addon(page: Page, addon: str) -> None:
    for risk in all_known():
        text = risk.remedy_for(addon)
        if text is not None:
            page.gap()
            page.put(risk.title, first=f"{risk.name}: ", hue=Hue.TITLE)
            page.put(f"{risk.remedy} For {addon}: {text}", first="  What to do", indent=_INDENT)
            page.put(f"cce-gate explain {risk.name}", first="  For more", indent=_INDENT)
    for check in unnamed(addon):
        page.gap()
        page.put(check.title, first="(name not published): ", hue=Hue.TITLE)
        _body(page, check)
        _links(page, check.links)
    page.gap()
    page.put(f"The general checks hold for {addon} too: cce-gate explain. {_OPEN}")


def _body(page: Page, entry: KnownRisk | UnnamedCheck) -> None:
    page.put(entry.looks_at, first="  Looks at", indent=_INDENT)
    page.put(entry.if_ignored, first="  If ignored", indent=_INDENT)
    page.put(entry.remedy, first="  What to do", indent=_INDENT)


def _links(page: Page, links: tuple[str, ...]) -> None:
    page.put("  See")
    for link in links:
        page.put(f"    {link}")


def _hint(name: str) -> str:
    """The exact name, or the nearest ones and what else it may be."""
    names = {each.casefold(): each for each in _names()}
    exact = names.get(name.strip().casefold())
    if exact is not None:
        return f"the name is {exact}, in exactly these letters: cce-gate explain {exact}"
    near = get_close_matches(name.casefold(), list(names), n=2)
    nearest = [f"did you mean {' or '.join(names[each] for each in near)}?"] if near else []
    return " ".join([*nearest, _OPEN, _candidates(), "cce-gate explain lists all that is known."])


def _candidates() -> str:
    """The checks that an unknown name may stand for."""
    titles = {check.addon: [each.title for each in unnamed(check.addon)] for check in unnamed()}
    checks = "; ".join(f"{addon}: {', '.join(said)}" for addon, said in titles.items())
    return f"It may be a check whose name is not published ({checks})."


def _names() -> tuple[str, ...]:
    return (*(risk.name for risk in all_known()), *_addons())
