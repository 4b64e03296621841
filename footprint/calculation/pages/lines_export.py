"""The lines of an inventory as a table to take home, with what they were in the period before."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from accounts.exports import Figure, table_answer
from accounts.forms import named
from footprint.calculation.pages import provider
from footprint.calculation.pages.amount import text_of
from footprint.calculation.pages.asking import or_404
from footprint.inventory import queries
from footprint.inventory.earlier import Earlier, earlier_lines, period_before
from footprint.inventory.lines import line_name
from footprint.inventory.models import Exchange

HEADS = (
    "process", "process_name", "direction", "kind", "line", "amount", "unit", "amount_before", "unit_before",
    "data_type", "provider", "exempted_kg_co2e", "comment", "uuid",
)  # fmt: skip


@login_required
@require_GET
def lines_csv(request: AskedRequest, inventory_uuid: UUID) -> HttpResponseBase:
    """Every line of the processes that were searched for, in the order of the pages; also as a workbook."""
    inventory = or_404(queries.inventory(request.actor, inventory_uuid))
    processes = queries.named_processes(request.actor, inventory, request.GET.get("search", ""))
    found = queries.lines(request.actor).filter(process__in=processes.order_by())
    lines = list(found.order_by("process__code", "process_id", "position", "pk"))
    before = period_before(request.actor, inventory)
    earlier = earlier_lines(request.actor, before, lines) if before else {}
    rows = [_row(line, earlier.get(line.pk)) for line in lines]
    return table_answer(request, f"{inventory.site.code}-{inventory.year}-lines", HEADS, rows)


def _row(line: Exchange, earlier: Earlier | None) -> list[str]:
    provided = provider.present(line)
    return [
        line.process.code,
        named(line.process),
        line.direction,
        line.kind,
        line_name(line),
        Figure(text_of(line.amount)),
        line.unit,
        Figure(text_of(earlier.amount)) if earlier else "",
        earlier.unit if earlier else "",
        line.data_type,
        provided.title if provided else "",
        "" if line.exempted_kg_co2e is None else Figure(text_of(line.exempted_kg_co2e)),
        line.comment,
        str(line.uuid),
    ]
