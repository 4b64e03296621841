"""How sure a figure is: its interval, what carries it, and whether it is truly below another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import figures
from accounts.asked import AskedRequest, gate
from accounts.errors import Refusal
from accounts.exports import number, table_answer
from accounts.policy import can
from accounts.roles import Permission
from accounts.shown_tables import rows_shown
from footprint.analysis import queries
from footprint.analysis.actions.sample import SAMPLES, start_run
from footprint.analysis.drivers import Drivers, Variable
from footprint.analysis.models import UncertaintyRun
from footprint.analysis.pages import comparing, naming
from footprint.analysis.pages.assessed import Assessed, assessed, export_url, page
from footprint.analysis.pages.quality import drivers_of
from footprint.analysis.pages.uncertainty_charts import intervals, swings

SHOWN = 20
EXPORTED = ("input", "kind", "gsd2", "share_of_variance", "low", "high", "link")


@dataclass(frozen=True)
class Row:
    """What varies, how much, and its part of the uncertainty."""

    name: str
    href: str
    is_factor: bool
    gsd2: float
    share: float


@login_required
def uncertainty(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The page."""
    found = assessed(request, product_uuid)
    context = page(request, found, _("Uncertainty"))
    if found.assessment is not None and found.footprint is not None:
        sampled = queries.uncertainty(request.actor, found.footprint)
        behind = drivers_of(request, found)
        context |= {
            "intervals": intervals(found, sampled),
            "sampled": sampled,
            "is_outdated": sampled is not None and queries.is_outdated(sampled),
            "export_url": export_url(found, "analysis:uncertainty_export") if behind else "",
            **_run(request, found),
            **(_carried(found, behind, rows_shown(request, SHOWN)) if behind else {}),
            **comparing.context(request, found, behind),
        }
    return render(request, "analysis/uncertainty/uncertainty.html", context)


@login_required
def export(request: AskedRequest, product_uuid: UUID) -> HttpResponseBase:
    """Every uncertain input as CSV."""
    found = assessed(request, product_uuid)
    behind = drivers_of(request, found)
    if behind is None:
        raise Http404
    return table_answer(request, "uncertainty", EXPORTED, _rows(behind))


@login_required
def progress(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """How far the study is; when it is done the page asks for itself again."""
    found = assessed(request, product_uuid)
    context = {"product": found.shown.product, "shown": found.shown, **_run(request, found)}
    response = render(request, "analysis/uncertainty/_run.html", context)
    if not context["is_running"]:
        response["HX-Trigger"] = "study-finished"
    return response


@login_required
@require_POST
def start(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """Ask for a study; one that is under way answers for this product too."""
    found = assessed(request, product_uuid)
    gate(request.actor, Permission.EDIT_PRODUCT, company_id=found.shown.product.company_id)
    try:
        start_run(by=request.actor)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The study was started. This page shows how far it is."))
    place = reverse("analysis:uncertainty", args=[found.shown.product.uuid])
    return redirect(f"{place}?{found.shown.query}#study")


def variable_name(behind: Drivers, each: Variable) -> str:
    """The factor, or the amount of what flows in a line."""
    if each.is_factor:
        return naming.process_label(behind.upstream, each.node)
    name = naming.row_label(behind.upstream, each.line, each.node, each.consumer)
    return _("Amount: %(what)s") % {"what": name}


def variable_link(behind: Drivers, each: Variable) -> str:
    """The factor, or the line."""
    if each.is_factor:
        return naming.link(behind.upstream, each.node)
    return naming.row_link(behind.upstream, each.line, each.consumer)


def _may_start(request: AskedRequest, found: Assessed) -> bool:
    company = found.shown.product.company_id
    return bool(can(request.actor, Permission.EDIT_PRODUCT, company_id=company))


def _run(request: AskedRequest, found: Assessed) -> dict[str, Any]:
    """The study that is under way or was the last, and how long one takes."""
    run = queries.latest_run(request.actor)
    is_running = run is not None and run.finished_at is None
    done = queries.runs(request.actor).filter(state=UncertaintyRun.State.DONE).first()
    return {
        "run": run,
        "is_running": is_running,
        "broke_off": run is not None and run.state == UncertaintyRun.State.FAILED,
        "takes": _takes(done),
        "samples": SAMPLES,
        "may_start": _may_start(request, found),
        "progress_url": f"{reverse('analysis:uncertainty_progress', args=[found.shown.product.uuid])}"
        f"?{found.shown.query}",
    }


def _takes(done: UncertaintyRun | None) -> str:
    """How long the last study took; before the first, what to expect."""
    if done is None or done.finished_at is None:
        return _("It covers all products of the network and takes from seconds to some minutes.")
    seconds = max((done.finished_at - done.created_at).total_seconds(), 1.0)
    if seconds < 90:
        return _("The last one took %(count)s seconds.") % {"count": figures.significant(round(seconds), 2)}
    return _("The last one took %(count)s minutes.") % {"count": figures.significant(seconds / 60, 2)}


def _carried(found: Assessed, behind: Drivers, most: int) -> dict[str, Any]:
    return {
        "swings": swings(found, behind, [(each, variable_name(behind, each), variable_link(behind, each))
                                         for each in behind.variables]),
        "rows": [_row(behind, each) for each in behind.variables[:most]],
        "more": max(len(behind.variables) - most, 0),
        "has_partners": behind.has_partners,
    }  # fmt: skip


def _row(behind: Drivers, each: Variable) -> Row:
    share = each.sd**2 / behind.variance
    return Row(variable_name(behind, each), variable_link(behind, each), each.is_factor, each.gsd2, share)


def _rows(behind: Drivers) -> Iterator[Sequence[str]]:
    for each in behind.variables:
        row, (low, high) = _row(behind, each), each.ends(behind.total)
        kind = "factor" if each.is_factor else "amount"
        spread = number(each.gsd2)
        yield [row.name, kind, spread, number(row.share), number(low), number(high), row.href]
