"""What the pages of an assessment stand on: the figure of one process, what is said of it, if it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.forms import named
from footprint.analysis import queries
from footprint.analysis.models import Assessment
from footprint.analysis.pages.subject import frame, subject
from footprint.calculation.models import Footprint
from footprint.calculation.pages.product import figure_shown
from footprint.calculation.pages.showing import Asked

GWP = "AR6"
"""Assessments are made of figures by these values."""


@dataclass(frozen=True)
class Assessed:
    """An own product's figure with its assessment.

    ``state`` is "current", "pending" or "failed" as of the assessment; "" where nothing makes the product.
    """

    shown: Asked
    assessment: Assessment | None
    state: str

    @property
    def footprint(self) -> Footprint | None:
        """The figure that was assessed: of several processes that make the product, the largest one's."""
        return self.shown.main

    @property
    def is_pending(self) -> bool:
        """Whether something will change by itself."""
        return self.state == "pending"


def assessed(request: AskedRequest, product_uuid: UUID) -> Assessed:
    """The assessment of the figure asked for.

    Raises:
        Http404: unknown, or not one's own.
    """
    shown = subject(request, product_uuid)
    main = shown.main
    if main is None or main.state == Footprint.State.FAILED:
        return Assessed(shown, None, figure_shown(request, shown)["state"])
    state = queries.freshness(request.actor, [main])[main.pk].value
    return Assessed(shown, queries.assessment(request.actor, main), state)


def page(request: AskedRequest, found: Assessed, title: str) -> dict[str, Any]:
    """Context of a page around an assessment; what is asked again while it is pending is the page itself."""
    shown = found.shown
    return {
        **figure_shown(request, shown),
        **frame(shown, title),
        "state": found.state,
        "is_pending": found.is_pending,
        "assessment": found.assessment,
        "footprint": found.footprint,
        "here": f"{request.path}?{request.GET.urlencode()}",
        "one_of_several": _one_of_several(shown),
    }


def described(footprint: Footprint, unit: str) -> dict[str, Any]:
    """What every chart of an assessed figure says about itself."""
    origin = _("Run %(run)s · engine %(engine)s · %(gwp)s, 100 years") % {
        "run": str(footprint.run.uuid)[:8],
        "engine": footprint.run.engine_version,
        "gwp": GWP,
    }
    return {
        "unit": unit,
        "boundary": _("Cradle to gate"),
        "period": str(footprint.year),
        "origin": origin,
    }


def export_url(found: Assessed, name: str) -> str:
    """Where the page's table is as a file."""
    return f"{reverse(name, args=[found.shown.product.uuid])}?{found.shown.query}"


def _one_of_several(shown: Asked) -> str:
    """Which process is spoken of, where the product has several."""
    if shown.figure is None or shown.main is None or len(shown.figure.footprints) < 2:
        return ""
    words = _("Several processes make this product. This page is about %(process)s, which makes the most.")
    return words % {"process": named(shown.main.process)}
