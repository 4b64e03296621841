"""Why one's own figure is not the released median, and how both moved over the years."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.charts import Line, SlopeChart, Step, WaterfallChart
from accounts.errors import Text
from accounts.figures import co2e_unit
from accounts.forms import named
from footprint.analysis.pages.practices import effect_words, lever_words
from footprint.benchmark import queries, words
from footprint.benchmark.queries import Standing, TrendYear
from footprint.benchmark.remedies import ACTS_ON, Remedy, remedies
from footprint.engine.disclosure.gap import Cause, Gap

DIGITS = 2
"""As many as are released."""


@dataclass(frozen=True)
class ShownRemedy:
    """A practice in words."""

    name: str
    url: str
    lever: str
    effect: str
    lines: int


@dataclass(frozen=True)
class Shown:
    """The bridge, what costs most, and where to try something against it."""

    chart: WaterfallChart
    largest: Text
    lever: Text
    trials: list[tuple[str, str]]
    """Own products and the pages where scenarios of them are tried."""
    remedies: list[ShownRemedy]
    """Practices of the library that act on what costs most."""
    has_remedies: bool
    """Whether practices can act on it at all."""


def shown_gap(actor: Actor, of: Standing) -> Shown | None:
    """Drawn where the median's parts were told."""
    found = of.gap
    if found is None:
        return None
    largest = found.largest
    page = "analysis:allocation" if largest is Cause.ALLOCATION else "analysis:scenario"
    own = queries.own_products(actor, of.definition.category) if largest else ()
    return Shown(
        _bridge(of, found),
        words.CAUSES[largest] if largest else "",
        words.LEVERS[largest] if largest else "",
        [(named(product), reverse(page, args=[product.uuid])) for product in own],
        [_remedy(each) for each in remedies(actor, of)],
        largest in ACTS_ON,
    )


def _remedy(found: Remedy) -> ShownRemedy:
    practice = found.practice
    return ShownRemedy(
        named(practice),
        reverse("analysis:practice", args=[practice.uuid]),
        lever_words(practice),
        effect_words(practice),
        found.lines,
    )


def _bridge(of: Standing, found: Gap) -> WaterfallChart:
    """The median is where the others are, so the bridge leads from it to oneself."""
    definition = of.definition
    steps = [
        Step(str(words.CAUSES[cause]), kg)
        for cause, kg in found.causes.items()
        if kg or cause is not Cause.REMAINDER
    ]
    return WaterfallChart(
        id="gap-bridge",
        title=_("From the released median to the own figure"),
        unit=co2e_unit(definition.category.unit),
        boundary=definition.get_boundary_display(),
        period=str(definition.year),
        start=found.median,
        start_label=_("Median"),
        start_digits=DIGITS,
        end=found.own,
        end_label=_("Own figure"),
        steps=steps,
        notes=[
            _("Feed, energy and process chemistry as if burdens were shared by mass."),
            _("The median was released with two significant digits."),
        ],
    )


def shown_trend(years: list[TrendYear]) -> SlopeChart | None:
    """Drawn from two years on."""
    if len(years) < 2:
        return None
    definition = years[-1].standing.definition
    return SlopeChart(
        id="trend-lines",
        title=_("Own figure and released median over the years"),
        unit=co2e_unit(definition.category.unit),
        boundary=definition.get_boundary_display(),
        period=f"{years[0].year}–{years[-1].year}",
        heading=_("Year"),
        profiles=[str(each.year) for each in years],
        lines=[
            Line(_("Own figure"), [each.standing.own for each in years]),
            Line(_("Median"), [each.standing.median for each in years], digits=DIGITS),
        ],
    )
