"""Why a figure moved: the bridge between runs, years or GWP sets, with the rows behind each cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.charts import Step, WaterfallChart
from accounts.errors import Refusal, Text
from accounts.figures import significant, unit_text
from accounts.forms import languages, named
from accounts.shown_tables import rows_shown
from accounts.templatetags.figures import local_time
from footprint.analysis.changes import CAUSES, Change, Moment, Reason, change, moment, moments
from footprint.analysis.pages.sheets import sheet
from footprint.analysis.pages.subject import frame, subject
from footprint.calculation.own_network import Node, NodeKind
from footprint.calculation.pages.showing import Asked, line_name
from footprint.engine.snapshot import Cause

OTHER_SET = {"AR6": "AR5", "AR5": "AR6"}
ROWS_SHOWN = 15
COMPARE_SETS = "gwp"
HEADS = ("product_code", "unit", "cause", "what", "where", "detail", "kg_co2e_per_unit")


@dataclass(frozen=True)
class Row:
    """A row behind a cause, worded."""

    label: str
    place: str
    href: str
    detail: str
    change: float
    share: float | None


@dataclass(frozen=True)
class Block:
    """A cause with its rows."""

    key: str
    label: Text
    change: float
    rows: list[Row]
    more: int


@dataclass(frozen=True)
class Compared:
    """What is compared, and what came out."""

    known: list[Moment]
    before: Moment | None
    after: Moment | None
    change: Change | None
    gwp_before: str
    problem: Text = ""


@login_required
def changes(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The page."""
    shown = subject(request, product_uuid)
    found = compared(request, shown)
    context = {
        **frame(shown, _("Why it moved")),
        "tabs": _tabs(request, shown),
        "view": "changes",
        "moments": [(each.value, _label(each)) for each in found.known],
        "found": found,
        "from_value": COMPARE_SETS if found.gwp_before != shown.gwp else found.before and found.before.value,
        "to_value": found.after and found.after.value,
        "other_set": OTHER_SET[shown.gwp],
        "chart": _chart(shown, found) if found.change and not found.change.is_none else None,
        "blocks": _blocks(found.change, rows_shown(request, ROWS_SHOWN)) if found.change else [],
        "unit": shown.unit,
        "export_url": f"{reverse('analysis:changes_export', args=[product_uuid])}?{request.GET.urlencode()}",
    }
    return render(request, "analysis/changes/changes.html", context)


@login_required
def export(request: AskedRequest, product_uuid: UUID) -> HttpResponseBase:
    """Every row of the bridge, as CSV."""
    shown = subject(request, product_uuid)
    found = compared(request, shown)
    return sheet(request, "changes", HEADS, _sheet_rows(shown, found.change) if found.change else [])


def _sheet_rows(shown: Asked, found: Change) -> list[list[Any]]:
    about = [shown.product.code, shown.product.unit]
    rows = [(reason.cause.name.lower(), _row(reason, found)) for reason in found.reasons]
    return [
        [*about, "before", "", "", "", found.before],
        *([*about, cause, row.label, row.place, row.detail, row.change] for cause, row in rows),
        [*about, "after", "", "", "", found.after],
    ]


def compared(request: AskedRequest, shown: Asked) -> Compared:
    """What the query string asks to compare; without it, the latest two states that differ."""
    actor, product = request.actor, shown.product
    known = moments(actor, product, [each.year for each in shown.figures])
    asked_from, asked_to = request.GET.get("from", ""), request.GET.get("to", "")
    year = shown.figure.year if shown.figure else None
    before = after = None
    try:
        after = moment(known, asked_to, year, field="to") if asked_to else _latest(known, year)
        is_sets = asked_from == COMPARE_SETS
        if asked_from and not is_sets:
            before = moment(known, asked_from, year, field="from")
        else:
            before = after if is_sets else _earlier(known, after)
    except Refusal as refused:
        return Compared(known, before, after, None, shown.gwp, refused.message)
    if before is None or after is None:
        return Compared(known, before, after, None, shown.gwp)
    gwp_before = OTHER_SET[shown.gwp] if is_sets else shown.gwp
    found = change(actor, product, before, after, gwp=shown.gwp, gwp_before=gwp_before)
    return Compared(known, before, after, found, gwp_before)


def _tabs(request: AskedRequest, shown: Asked) -> list[dict[str, Any]]:
    """The same states under the other set."""
    kept = {name: value for name, value in request.GET.items() if name != "gwp"}
    return [
        {"label": name, "url": f"?{urlencode({'gwp': name, **kept})}", "is_current": name == shown.gwp}
        for name in OTHER_SET
    ]


def _latest(known: list[Moment], year: int | None) -> Moment | None:
    return next((each for each in known if each.year == year and each.run is None), None)


def _earlier(known: list[Moment], after: Moment | None) -> Moment | None:
    """The year before; without one, the run before the last of the same year."""
    if after is None:
        return None
    years = [each for each in known if each.run is None and each.year < after.year]
    if years:
        return max(years, key=lambda each: each.year)
    runs = [each for each in known if each.run is not None and each.year == after.year]
    return runs[1] if len(runs) > 1 else None


def _label(at: Moment) -> str:
    if at.run is None:
        return _("%(year)d, as it is now") % {"year": at.year}
    words = {"year": at.year, "time": local_time(at.run.finished_at), "run": str(at.run.uuid)[:8]}
    return _("%(year)d, run %(run)s of %(time)s") % words


def _chart(shown: Asked, found: Compared) -> WaterfallChart:
    assert found.change and found.before and found.after
    ends = [_label(found.before), _label(found.after)]
    if found.gwp_before != shown.gwp:
        ends = [found.gwp_before, shown.gwp]
    return WaterfallChart(
        id="bridge",
        title=_("Why the footprint of %(product)s moved") % {"product": named(shown.product)},
        unit=shown.unit,
        boundary=_("Cradle to gate"),
        period="–".join(dict.fromkeys([str(found.before.year), str(found.after.year)])),
        origin=_("%(gwp)s, 100 years") % {"gwp": shown.gwp},
        start=found.change.before,
        start_label=ends[0],
        end=found.change.after,
        end_label=ends[1],
        steps=[
            Step(str(CAUSES[cause]), value, f"#cause-{cause.name.lower()}")
            for cause, value in found.change.causes.items()
        ],
    )


def _blocks(found: Change, most: int) -> list[Block]:
    blocks = []
    for cause, value in sorted(found.causes.items(), key=lambda item: -abs(item[1])):
        rows = [_row(reason, found) for reason in found.reasons if reason.cause == cause]
        blocks.append(Block(cause.name.lower(), CAUSES[cause], value, rows[:most], max(0, len(rows) - most)))
    return blocks


def _row(reason: Reason, found: Change) -> Row:
    moved = found.after - found.before
    label, href = _what(reason)
    place = reason.process.label(languages()) if reason.process else ""
    if reason.line is not None:
        place = named(reason.line.process)
    detail = _detail(reason)
    return Row(
        label,
        place,
        href,
        "" if detail == label else detail,
        reason.change,
        reason.change / moved if moved else None,
    )


def _what(reason: Reason) -> tuple[str, str]:
    """What a row is about, and where that is."""
    if reason.line is not None:
        return line_name(reason.line), reverse("inventory:exchange", args=[reason.line.uuid])
    if reason.gas is not None:
        return " · ".join(filter(None, reason.gas)), ""
    node = reason.supplier or reason.previous or reason.process
    if node is None:
        return _("Output of the processes that make it"), ""
    return node.label(languages()), _href(node)


def _amounts(reason: Reason, before: float, after: float) -> str:
    unit = "kg" if reason.gas else reason.supplier.unit if reason.supplier else ""
    words = {
        "before": significant(before),
        "after": significant(after),
        "unit": unit_text(unit),
        "made": unit_text(reason.process.unit) if reason.process else "",
    }
    return _("%(before)s → %(after)s %(unit)s per %(made)s made") % words


def _href(node: Node) -> str:
    if node.kind in (NodeKind.COLUMN, NodeKind.SUPPLIER) and node.uuid:
        return reverse("inventory:product", args=[node.uuid])
    return ""


def _detail(reason: Reason) -> str:
    """From what to what, where a provider was replaced, or which side the line is on."""
    new = reason.supplier.label(languages()) if reason.supplier else ""
    if reason.cause is Cause.STRUCTURE:
        if reason.previous is not None:
            return _("removed: %(name)s") % {"name": reason.previous.label(languages())}
        return _("added: %(name)s") % {"name": new} if new else _("added or removed")
    before, after = reason.amounts
    if (
        reason.cause is Cause.ACTIVITY
        and before is not None
        and after is not None
        and reason.line is not None
    ):
        return _amounts(reason, before, after)
    if reason.previous is not None and new:
        words = {"before": reason.previous.label(languages()), "after": new}
        return _("%(before)s → %(after)s") % words
    return new
