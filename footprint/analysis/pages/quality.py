"""How good the data behind a figure are, and which inputs hold the rating down most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.asked import AskedRequest
from accounts.charts import Bubble, BubbleChart, RadarChart, Rating
from accounts.exports import number, table_answer
from accounts.forms import named
from accounts.shown_tables import rows_shown
from footprint.analysis.drivers import Drivers, Input, drivers
from footprint.analysis.models import Assessment
from footprint.analysis.pages import naming
from footprint.analysis.pages.assessed import GWP, Assessed, assessed, described, export_url, page
from footprint.analysis.upstream import behind_column
from footprint.calculation.own_network import NodeKind
from footprint.engine.errors import EngineError

SHOWN = 20
"""Inputs in the table; the file has all of them."""
PAIRED = (gettext_lazy("Technology"), gettext_lazy("Time"), gettext_lazy("Geography"))
EXPORTED = (
    "input", "kg_co2e_per_unit", "share", "technology", "time", "geography", "primary", "held_down",
    "link",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """An input with its scores, what it costs the rating and what would mend it."""

    name: str
    href: str
    value: float
    share: float
    scores: list[str]
    held_down: float
    advice: str


@login_required
def quality(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The page."""
    found = assessed(request, product_uuid)
    context = page(request, found, _("Data quality"))
    if found.assessment is not None and found.footprint is not None:
        behind = drivers_of(request, found)
        context |= {
            "radar": _radar(found, found.assessment),
            "readouts": _readouts(found.assessment),
            "export_url": export_url(found, "analysis:quality_export") if behind else "",
            **(_inputs(found, behind, rows_shown(request, SHOWN)) if behind else {}),
        }
    return render(request, "analysis/quality/quality.html", context)


@login_required
def export(request: AskedRequest, product_uuid: UUID) -> HttpResponseBase:
    """Every input as CSV."""
    found = assessed(request, product_uuid)
    behind = drivers_of(request, found)
    if behind is None:
        raise Http404
    return table_answer(request, "quality", EXPORTED, _rows(behind))


def drivers_of(request: AskedRequest, found: Assessed) -> Drivers | None:
    """What the assessed figure hangs on; None where it has no value."""
    main = found.footprint
    if main is None or main.kg_co2e_ar6 is None:
        return None
    try:
        column = (main.process_id, main.product_id)
        upstream = behind_column(request.actor, found.shown.product, main.year, column, GWP)
        return drivers(upstream) if upstream else None
    except EngineError:
        return None


def input_name(behind: Drivers, each: Input) -> str:
    """What flows, and the process that takes or emits it."""
    return naming.row_label(behind.upstream, each.line, each.node, each.consumer)


def input_link(behind: Drivers, each: Input) -> str:
    """The line that can be improved; where several lines count together, their process."""
    return naming.row_link(behind.upstream, each.line, each.consumer)


def advice(behind: Drivers, each: Input) -> str:
    """What to enter so that the rating becomes better."""
    kind = behind.upstream.own.nodes[each.node].kind
    if each.scores is None or kind in (NodeKind.SUPPLIER, NodeKind.UNSEEN):
        return _("The rating is the partner's. Ask the partner for better data.")
    technology, time, _place = each.scores
    worst = max(each.scores)
    if worst <= 1:
        return ""
    if kind is NodeKind.COLUMN:
        return _("Measure the amount, or calculate it from what is measured, and say so in the line.")
    if technology == worst:
        return _("Choose a factor of the same technology, or rate the technology in the line.")
    if time == worst:
        return _("Choose a factor of a later year.")
    return _("Choose a factor for the site's province or country.")


def _inputs(found: Assessed, behind: Drivers, most: int) -> dict[str, Any]:
    rated = sorted(behind.bought, key=lambda each: -behind.held_down(each))
    return {
        "bubbles": _bubbles(found, behind),
        "rows": [_row(behind, each) for each in rated[:most]],
        "more": max(len(rated) - most, 0),
    }


def _row(behind: Drivers, each: Input) -> Row:
    scores = each.scores
    return Row(
        name=input_name(behind, each),
        href=input_link(behind, each),
        value=each.value,
        share=abs(each.value) / behind.weighed,
        scores=[figures.NOTHING] * 3
        if scores is None
        else [figures.significant(score, 2) for score in scores],
        held_down=behind.held_down(each),
        advice=advice(behind, each),
    )


def _bubbles(found: Assessed, behind: Drivers) -> BubbleChart:
    assert found.footprint is not None
    upstream = behind.upstream
    known = [(each, each.rating) for each in behind.bought]
    bubbles = [
        Bubble(
            input_name(behind, each), each.value, rating, upstream.own.nodes[each.node].stage.value,
            input_link(behind, each),
        )
        for each, rating in known
        if rating is not None
    ]  # fmt: skip
    unknown = sum(rating is None for _each, rating in known)
    notes = [_("Partners' totals are not drawn: their ratings stay with them.")] if unknown else []
    return BubbleChart(
        id="bubbles",
        title=_("Large contributions on poor data"),
        bubbles=bubbles,
        total=behind.total,
        notes=notes,
        **described(found.footprint, found.shown.unit),
    )


def _radar(found: Assessed, assessment: Assessment) -> RadarChart:
    assert found.footprint is not None
    scores = _scores(assessment)
    words = described(found.footprint, _("Data quality rating"))
    ratings = [Rating(named(found.shown.product), scores)] if scores else []
    return RadarChart(
        id="radar",
        title=_("Data quality by indicator"),
        axes=[str(axis) for axis in PAIRED],
        ratings=ratings,
        **words,
    )


def _scores(assessment: Assessment) -> list[float]:
    scores = (assessment.dqr_technology, assessment.dqr_time, assessment.dqr_geography)
    return [score for score in scores if score is not None] if None not in scores else []


def _readouts(assessment: Assessment) -> Sequence[tuple[str, str, str]]:
    """(label, value, note) of what the assessment says."""
    exempted = assessment.exempted_share
    unknown = _("Something in the chain has no provider; nobody knows how much it would add.")
    scores = _scores(assessment)
    labels = (_("Rating of technology"), _("Rating of time"), _("Rating of geography"))
    return [
        (_("Primary data share"), figures.percent(assessment.primary_data_share), ""),
        *((label, figures.significant(score, 3), "") for label, score in zip(labels, scores, strict=False)),
        (_("Exempted"), figures.percent(exempted), unknown if exempted is None else ""),
    ]


def _rows(behind: Drivers) -> Iterator[list[str]]:
    for each in sorted(behind.bought, key=lambda each: -behind.held_down(each)):
        scores = ["", "", ""] if each.scores is None else [number(score) for score in each.scores]
        share = number(abs(each.value) / behind.weighed)
        primary = "yes" if each.is_primary else "no"
        held, link = number(behind.held_down(each)), input_link(behind, each)
        yield [input_name(behind, each), number(each.value), share, *scores, primary, held, link]
