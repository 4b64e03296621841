"""Intervals and what carries them, as charts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from django.utils.translation import gettext as _

from accounts import figures
from accounts.charts import Density, Estimate, IntervalChart, Swing, TornadoChart
from accounts.forms import named
from footprint.analysis import queries
from footprint.analysis.drivers import Drivers, Variable
from footprint.analysis.models import Assessment, SampledFigure
from footprint.analysis.pages.assessed import Assessed, described
from footprint.engine.lognormal import interval

BINS = 36


def ends(assessment: Assessment) -> tuple[float, float] | None:
    """2.5 % and 97.5 % of the figure by its GSD², the wider one where it is only enclosed."""
    if assessment.gsd2_high is None:
        return None
    low, high = interval(assessment.kg_co2e, assessment.gsd2_high)[0].tolist()
    return (low, high) if np.isfinite([low, high]).all() else None


def intervals(found: Assessed, sampled: SampledFigure | None) -> IntervalChart:
    """The analytic interval and, where there is a study, the sampled one."""
    assert found.footprint is not None and found.assessment is not None
    estimates = []
    analytic = ends(found.assessment)
    if analytic is not None:
        estimates.append(Estimate(_("To first order"), analytic[0], found.assessment.kg_co2e, analytic[1]))
    if sampled is not None and None not in (sampled.low, sampled.median, sampled.high):
        estimates.append(_sampled(sampled))
    return IntervalChart(
        id="intervals",
        title=_("How sure %(product)s is") % {"product": named(found.shown.product)},
        estimates=estimates,
        notes=_notes(found.assessment),
        nothing=_("The figure is zero or negative, so that no interval can be given."),
        **described(found.footprint, found.shown.unit),
    )


def swings(found: Assessed, behind: Drivers, variables: Sequence[tuple[Variable, str, str]]) -> TornadoChart:
    """How far each uncertain input moves the figure between its 2.5 % and its 97.5 %."""
    assert found.footprint is not None
    return TornadoChart(
        id="swings",
        title=_("What carries the uncertainty"),
        base=behind.total,
        base_label=_("Figure"),
        swings=[
            Swing(name, *each.ends(behind.total), "2.5%", "97.5%", href) for each, name, href in variables
        ],
        nothing=_("No input has a spread: say in its line how sure an amount is."),
        **described(found.footprint, found.shown.unit),
    )


def _sampled(sampled: SampledFigure) -> Estimate:
    assert sampled.low is not None and sampled.median is not None and sampled.high is not None
    words = _("Monte Carlo, %(count)s samples") % {"count": figures.quantity(sampled.samples)}
    values = queries.samples(sampled)
    values = values[np.isfinite(values)]
    if len(values) < 2 or values.min() == values.max():
        return Estimate(words, sampled.low, sampled.median, sampled.high)
    # a few extreme draws would squeeze the shape of all others
    counts, edges = np.histogram(values, bins=BINS, range=tuple(np.quantile(values, (0.002, 0.998)).tolist()))
    density = Density(float(edges[0]), float(edges[-1]), [float(count) for count in counts])
    return Estimate(words, sampled.low, sampled.median, sampled.high, density)


def _notes(assessment: Assessment) -> list[str]:
    if assessment.gsd2_high is None:
        return []
    if assessment.gsd2_is_exact or assessment.gsd2_low is None:
        return [_("GSD² %(high)s.") % {"high": figures.significant(assessment.gsd2_high, 3)}]
    words = _("GSD² lies between %(low)s and %(high)s; the interval is that of the larger one.")
    low, high = (figures.significant(each, 3) for each in (assessment.gsd2_low, assessment.gsd2_high))
    return [words % {"low": low, "high": high}]
