"""From the platform's own figure to the one under a method profile, and from one version to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from accounts.charts import ChartChoice, Choice, Step, WaterfallChart
from accounts.forms import named
from footprint.analysis.changes import CAUSES
from footprint.analysis.models import ProfileFigure
from footprint.analysis.pages.assessed import Assessed, described
from footprint.engine.snapshot import Cause

CLOSE = 1e-12
"""Relative to the figures; below it a cause brings nothing."""


def bridges(found: Assessed, figures: Iterable[ProfileFigure], asked: str) -> ChartChoice | None:
    """A waterfall for each profile whose figure is another one; nothing where all agree."""
    every = list(figures)
    names = {each.profile_version.profile.code: named(each.profile_version.profile) for each in every}
    choices = [choice for figure in every for choice in _choices(found, figure, names)]
    return ChartChoice(_("Bridge to"), choices, asked) if choices else None


def causes(bridge: dict[str, Any]) -> dict[Cause, float]:
    """What each cause brings, in the order of causes; those that bring nothing are left out."""
    given = {Cause[name.upper()]: kg for name, kg in bridge["causes"].items()}
    size = abs(bridge["kg_co2e"]) + max(map(abs, given.values()), default=0.0)
    return {cause: given[cause] for cause in Cause if abs(given.get(cause, 0.0)) > CLOSE * size}


def _choices(found: Assessed, figure: ProfileFigure, names: dict[str, str]) -> Iterator[Choice]:
    version = figure.profile_version
    code = version.profile.code
    for bridge in figure.bridges:
        if figure.kg_co2e is None or not causes(bridge):
            continue
        key, ends = code, (names.get(bridge["profile"], bridge["profile"]), names[code])
        label = names[code]
        if bridge["profile"] == code:
            words = {"profile": names[code], "before": bridge["number"], "after": version.number}
            label = _("%(profile)s, version %(before)d to %(after)d") % words
            key = f"{code}-{bridge['number']}"
            ends = _version(bridge["number"]), _version(version.number)
        chart = _chart(found, figure, bridge, f"bridge-{key}", ends)
        yield Choice(key, label, f"?{found.shown.query}&bridge={key}#bridges", chart)


def _version(number: int) -> str:
    return _("Version %(number)s") % {"number": number}


def _chart(
    found: Assessed, figure: ProfileFigure, bridge: dict[str, Any], name: str, ends: tuple[str, str]
) -> WaterfallChart:
    assert found.footprint is not None
    assert figure.kg_co2e is not None
    words = {"product": named(found.shown.product), "before": ends[0], "after": ends[1]}
    return WaterfallChart(
        id=name,
        title=_("%(product)s: from %(before)s to %(after)s") % words,
        start=bridge["kg_co2e"],
        start_label=ends[0],
        end=figure.kg_co2e,
        end_label=ends[1],
        steps=[Step(str(CAUSES[cause]), kg, "#matrix") for cause, kg in causes(bridge).items()],
        **described(found.footprint, found.shown.unit),
    )
