"""Inventories: what a site's processes take in, make and emit, with the figures that follow."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import UUIDField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts import queries as people
from accounts.actor import Actor
from accounts.asked import AskedRequest, gate
from accounts.figures import year_range
from accounts.forms import languages, named, status_of, token_field
from accounts.models import Site
from accounts.policy import can
from accounts.roles import Permission
from accounts.row_frames import RowFrames
from accounts.trails import Trail, site_trail
from footprint.calculation import overview
from footprint.calculation import queries as results
from footprint.calculation.models import Footprint
from footprint.calculation.pages.asking import changed, gate_inventory, may_edit, or_404
from footprint.calculation.pages.forms import InventoryForm
from footprint.calculation.pages.line_rows import Wording, drawing, labels
from footprint.calculation.pages.prefill import lines_brought
from footprint.calculation.pages.product_rows import drawn
from footprint.inventory import actions, queries, submissions
from footprint.inventory.earlier import earlier_lines, period_before
from footprint.inventory.lines import GROUPS, group_of, line_name
from footprint.inventory.models import Exchange, Inventory, UnitProcess

PROCESSES_A_PAGE = 12
MOST_CUT_OFFS = 50


@dataclass(frozen=True)
class ColumnFigure:
    """A product of a process with its figure and whether that is current."""

    footprint: Footprint
    state: str
    reason: Any


@dataclass(frozen=True)
class Block:
    """A process with its lines by group, and its figures."""

    process: UnitProcess
    made: list[SafeString]
    taken: list[SafeString]
    emitted: list[SafeString]
    figures: list[ColumnFigure]

    @property
    def is_pending(self) -> bool:
        """Whether a figure waits, or has not been there yet."""
        return any(figure.state == "pending" for figure in self.figures)

    @property
    def groups(self) -> list[tuple[str, str, list[SafeString]]]:
        """The lines with the headings people read."""
        return [
            ("made", _("Products and waste out"), self.made),
            ("taken", _("Inputs"), self.taken),
            ("emitted", _("Direct emissions and other flows"), self.emitted),
        ]


@login_required
def site_contents(request: AskedRequest, site_uuid: UUID) -> HttpResponse:
    """What a site reports: a fragment of the site's page."""
    site = or_404(people.sites(request.actor).filter(uuid=site_uuid).first())
    inventories = list(queries.inventories(request.actor, site))
    processes: dict[int, list[UnitProcess]] = defaultdict(list)
    for process in queries.processes(request.actor, [each.pk for each in inventories]):
        processes[process.inventory_id].append(process)
    products = list(queries.made_in(request.actor, site).select_related("category")[:50])
    may_add = can(request.actor, Permission.EDIT_INVENTORY, company_id=site.company_id, site_id=site.pk)
    context = {
        "site": site,
        "inventories": [(each, processes[each.pk]) for each in inventories],
        "rows": drawn(overview.product_rows(request.actor, products)),
        "may_add": bool(may_add),
    }
    return render(request, "inventory/site/_contents.html", context)


@login_required
def inventory(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """The inventory, a few processes at a time."""
    found = or_404(queries.inventory(request.actor, inventory_uuid))
    search = request.GET.get("search", "").strip()
    rows = queries.named_processes(request.actor, found, search)
    page = Paginator(rows, PROCESSES_A_PAGE).get_page(_page_asked(request, rows))
    before = period_before(request.actor, found)
    is_editable = may_edit(request.actor, found)
    said = {**labels(), "token": token_field(request), "before": before, "may_edit": is_editable}
    context = {
        "trail": [*site_trail(found.site), (period_of(found), "")],
        "company": found.company,
        "inventory": found,
        "period": period_of(found),
        "page": page,
        "search": search,
        "export_url": _export_url(found, search),
        "blocks": blocks(request.actor, list(page.object_list), before, drawing(said)),
        "cut_offs": cut_offs(request.actor, found),
        "before": before,
        "period_before": period_of(before) if before else "",
        "undo": request.session.pop("undo", None),
        "removed": request.session.pop("removed", None),
        "prefilled": lines_brought(request, found).count() if is_editable else 0,
        "may_edit": is_editable,
        "submission": submissions.submission_of(request.actor, found),
        "may_submit": bool(can(request.actor, Permission.DRAFT_SUBMISSION, company_id=found.company_id)),
        "may_add": bool(
            can(request.actor, Permission.ADD_PROCESS, company_id=found.company_id, site_id=found.site_id)
        ),
    }
    return render(request, "inventory/inventory/inventory.html", context)


def _page_asked(request: AskedRequest, rows: QuerySet[UnitProcess]) -> Any:
    """The page of a number, or the one that has a certain process on it."""
    try:
        wanted = UUIDField(required=False).clean(request.GET.get("process", ""))
    except ValidationError:
        wanted = None
    found = rows.filter(uuid=wanted).first() if wanted else None
    if found is None:
        return request.GET.get("page")
    return rows.filter(code__lt=found.code).count() // PROCESSES_A_PAGE + 1


def _export_url(inventory: Inventory, search: str) -> str:
    """All lines of what was searched for, whatever page of it is shown."""
    url = reverse("inventory:lines_csv", args=[inventory.uuid])
    return f"{url}?{urlencode({'search': search})}" if search else url


@dataclass(frozen=True)
class CutOffs:
    """Inputs that count nothing: the first of them, and how many there are."""

    first: list[tuple[str, Exchange]]
    count: int


def cut_offs(actor: Actor, inventory: Inventory) -> CutOffs:
    """What an inventory leaves out."""
    found = list(queries.cut_offs(actor, inventory)[: MOST_CUT_OFFS + 1])
    whole = len(found) if len(found) <= MOST_CUT_OFFS else queries.cut_offs(actor, inventory).count()
    return CutOffs([(line_name(line), line) for line in found[:MOST_CUT_OFFS]], whole)


def blocks(
    actor: Actor, processes: list[UnitProcess], before: Inventory | None, frames: RowFrames
) -> list[Block]:
    """Processes with their lines and figures; a fixed number of queries."""
    ids = [process.pk for process in processes]
    grouped: dict[int, dict[str, list[SafeString]]] = {pk: {group: [] for group in GROUPS} for pk in ids}
    lines = queries.table_lines(actor, processes)
    earlier = earlier_lines(actor, before, lines) if before else {}
    words = Wording()
    for line in lines:
        row = frames.html(words.row(line, earlier.get(line.pk)))
        grouped[line.process_id][group_of(line)].append(row)
    figures = column_figures(actor, ids)
    return [Block(process, **grouped[process.pk], figures=figures[process.pk]) for process in processes]


def column_figures(actor: Actor, process_ids: list[int]) -> dict[int, list[ColumnFigure]]:
    """The figures of the products of these processes, by process."""
    rows = list(
        results.footprints(actor)
        .filter(process_id__in=process_ids)
        .select_related("product")
        .order_by("process_id", "product__code")
    )
    states = results.freshness(actor, rows)
    found: dict[int, list[ColumnFigure]] = defaultdict(list)
    for row in rows:
        failed = row.state == Footprint.State.FAILED
        reason = results.failure_text(row) if failed else ""
        found[row.process_id].append(ColumnFigure(row, states[row.pk].value, reason))
    return found


@login_required
def process_figures(request: AskedRequest, process_uuid: UUID) -> HttpResponse:
    """The figures of one process: a fragment that asks for itself until it is settled."""
    process = or_404(queries.process(request.actor, process_uuid))
    figures = column_figures(request.actor, [process.pk])[process.pk]
    block = Block(process, [], [], [], figures)
    return render(request, "inventory/process/_figures.html", {"block": block})


@login_required
def add_inventory(request: AskedRequest, site_uuid: UUID) -> HttpResponse:
    """The form for a further period of a site."""
    site = or_404(people.sites(request.actor).filter(uuid=site_uuid).first())
    gate(request.actor, Permission.EDIT_INVENTORY, company_id=site.company_id, site_id=site.pk)
    form = InventoryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        stated = _stated(form)
        made = changed(request, form, lambda: actions.add_inventory(site, by=request.actor, **stated))
        if made is not None:
            messages.success(request, _("The inventory was added."))
            return redirect("inventory:inventory", made.uuid)
    return _form(request, form, site, _("Add an inventory"), reverse("accounts:site", args=[site.uuid]))


@login_required
def change_inventory(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """The form for period and title."""
    found = or_404(queries.inventory(request.actor, inventory_uuid))
    gate_inventory(request.actor, found)
    known = {field: getattr(found, field) for field in InventoryForm.base_fields}
    form = InventoryForm(request.POST if request.method == "POST" else None, initial=known)
    title = period_of(found)
    if request.method == "POST" and form.is_valid():
        version, stated = form.cleaned_data["version"], _stated(form)
        made = changed(
            request,
            form,
            lambda: actions.change_inventory(found, by=request.actor, version=version, **stated),
        )
        if made is not None:
            messages.success(request, _("Saved."))
            return redirect("inventory:inventory", found.uuid)
    cancel_url = reverse("inventory:inventory", args=[found.uuid])
    return _form(request, form, found.site, title, cancel_url)


def period_of(inventory: Inventory) -> str:
    """The inventory's period as people say it."""
    return year_range(inventory.period_start, inventory.period_end, languages())


def inventory_trail(inventory: Inventory) -> Trail:
    """Company, site, inventory."""
    url = reverse("inventory:inventory", args=[inventory.uuid])
    return [*site_trail(inventory.site), (period_of(inventory), url)]


def _stated(form: InventoryForm) -> dict[str, Any]:
    return {key: value for key, value in form.cleaned_data.items() if key != "version"}


def _form(
    request: AskedRequest, form: InventoryForm, site: Site, title: str, cancel_url: str
) -> HttpResponse:
    context = {
        "trail": [*site_trail(site), (title, "")],
        "title": title,
        "kind": named(site),
        "form": form,
        "cancel_url": cancel_url,
    }
    return render(request, "inventory/form.html", context, status=status_of(form))
