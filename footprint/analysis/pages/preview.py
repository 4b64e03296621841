"""While a line is being typed: what it would do to the figures and the balance of its process. A fragment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from accounts.errors import Refusal, Refusals
from factors import units
from footprint.analysis.levers import read
from footprint.analysis.pages.balance_rows import balance_row
from footprint.analysis.preview import preview
from footprint.calculation.pages import provider
from footprint.calculation.pages.asking import or_404
from footprint.inventory import measures, queries
from footprint.inventory.models import Exchange


@login_required
@require_GET
def line_preview(request: AskedRequest, exchange_uuid: UUID) -> HttpResponse:
    """The figures and the balance as they would be; or why there would be none."""
    line = or_404(queries.line(request.actor, exchange_uuid))
    context: dict[str, Any] = {"line": line}
    try:
        (lever,) = read([_typed(line, request.GET)])
        found = preview(request.actor, line, lever)
        context["figures"] = found.figures
        context["balance"] = balance_row(found.balance) if found.balance else None
    except Refusals as several:
        context["refusals"] = [str(each) for each in several.refusals]
    except Refusal as refusal:
        context["refusals"] = [str(refusal)]
    return render(request, "analysis/preview.html", context)


def _typed(line: Exchange, given: QueryDict) -> dict[str, Any]:
    """A lever out of the form of a line or its amount in the table."""
    amount, unit = measures.with_unit(given.get("amount", ""))
    chosen = unit or given.get("unit", "") or line.unit
    typed: dict[str, Any] = {"exchange": line.uuid}
    if amount:
        number = measures.amount(amount)
        typed["amount"] = number if chosen == line.unit else _converted(number, chosen, line.unit)
    picked = given.get("provider", "")
    if picked and picked != provider.value_of(line):
        typed |= {field: uuid for field, uuid in provider.changes(picked).items() if uuid}
    return typed


def _converted(number: Any, unit: str, target: str) -> Any:
    try:
        return units.convert(number, unit, target)
    except units.UnitError as error:
        message = _("What %(unit)s comes to is seen once the line is saved.")
        raise Refusal(message % {"unit": unit}, field="unit", code="unit_mismatch") from error
