"""The assessment in a few small figures, for the product page: it asks for them by address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import figures
from accounts.asked import AskedRequest
from footprint.analysis.models import Assessment
from footprint.analysis.pages.assessed import Assessed, assessed
from footprint.analysis.pages.uncertainty_charts import ends


@dataclass(frozen=True)
class Readout:
    """One of them, with the page that tells more."""

    label: str
    text: str
    note: str
    href: str


@login_required
def readouts(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The fragment; it asks for itself again until it is settled."""
    found = assessed(request, product_uuid)
    context = {
        "found": found,
        "is_pending": found.is_pending,
        "readouts": of(found, found.assessment) if found.assessment else [],
        "url": f"{request.path}?{found.shown.query}",
    }
    return render(request, "analysis/_readouts.html", context)


def of(found: Assessed, assessment: Assessment) -> list[Readout]:
    """Band, interval, primary data and rating."""
    now = [
        (_("Allocation band"), _band(assessment), _("this process by every method"), "allocation"),
        (_("95 % interval"), _range(ends(assessment)), _("to first order"), "uncertainty"),
        (_("Primary data share"), figures.percent(assessment.primary_data_share), "", "quality"),
        (_("Data quality rating"), _rating(assessment), _("technology, time, geography"), "quality"),
    ]
    product, query = found.shown.product.uuid, found.shown.query
    return [
        Readout(label, text, note, f"{reverse(f'analysis:{page}', args=[product])}?{query}")
        for label, text, note, page in now
    ]


def _band(assessment: Assessment) -> str:
    low, high = assessment.band_low, assessment.band_high
    return _range((low, high)) if low is not None and high is not None else figures.NOTHING


def _range(pair: tuple[float, float] | None) -> str:
    if pair is None:
        return figures.NOTHING
    low, high = (figures.significant(end, 3) for end in pair)
    return low if low == high else f"{low} – {high}"


def _rating(assessment: Assessment) -> str:
    scores = (assessment.dqr_technology, assessment.dqr_time, assessment.dqr_geography)
    return " · ".join(figures.significant(score, 2) for score in scores)
