"""Unit processes: their names, and how their products share the burden."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.forms import named, status_of
from accounts.policy import can
from accounts.roles import Permission
from footprint.calculation.pages import pricing
from footprint.calculation.pages.asking import changed, gate, gate_inventory, or_404
from footprint.calculation.pages.forms import BasisForm, PerProductForm, PricesForm, ProcessForm
from footprint.calculation.pages.inventory import inventory_trail
from footprint.inventory import actions, queries
from footprint.inventory.actions import Share
from footprint.inventory.actions.process import coproducts
from footprint.inventory.models import Exchange, Inventory, UnitProcess


@login_required
def add_process(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """The form for a further process."""
    inventory = or_404(queries.inventory(request.actor, inventory_uuid))
    gate(request.actor, Permission.ADD_PROCESS, company_id=inventory.company_id, site_id=inventory.site_id)
    form = ProcessForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        stated = _stated(form)
        made = changed(request, form, lambda: actions.add_process(inventory, by=request.actor, **stated))
        if made is not None:
            messages.success(request, _("%(process)s was added.") % {"process": named(made)})
            return redirect(_place(inventory, made))
    context = {
        "trail": [*inventory_trail(inventory), (_("Add a process"), "")],
        "title": _("Add a process"),
        "form": form,
        "cancel_url": reverse("inventory:inventory", args=[inventory.uuid]),
    }
    return render(request, "inventory/form.html", context, status=status_of(form))


@login_required
def process(request: AskedRequest, process_uuid: UUID) -> HttpResponse:
    """Names and method, shares, prices: three forms on one page."""
    found = or_404(queries.process(request.actor, process_uuid))
    gate_inventory(request.actor, found.inventory)
    lines = coproducts(found)
    what = request.POST.get("what", "")
    if what == "prices":
        gate(request.actor, Permission.EDIT_PRODUCT, company_id=found.company_id)
    forms = _forms(request, found, lines, what)
    title = named(found)
    asked = forms.get(what)
    if request.method == "POST" and asked is not None and asked.is_valid():
        saved = changed(request, asked, lambda: SAVE[what](request, found, asked), lambda _done: [found.pk])
        if saved is not None:
            messages.success(request, _("Saved."))
            return redirect("inventory:process", found.uuid)
    context = {
        "trail": [*inventory_trail(found.inventory), (title, "")],
        "title": title,
        "process": found,
        "coproducts": lines,
        "price_years": pricing.years(request.actor, found, lines) if "prices" in forms else [],
        "back_url": _place(found.inventory, found),
        **{f"{name}_form": form for name, form in forms.items()},
    }
    status = max(status_of(form) for form in forms.values())
    return render(request, "inventory/process/process.html", context, status=status)


def _forms(request: AskedRequest, found: UnitProcess, lines: list[Exchange], what: str) -> dict[str, Any]:
    def posted(name: str) -> Any:
        return request.POST if request.method == "POST" and what == name else None

    known = {field: getattr(found, field) for field in ProcessForm.base_fields}
    known |= {name: _digits(known[name]) for name in ("mass_loss_kg", "stock_change_kg", "energy_loss_mj")}
    forms: dict[str, Any] = {"details": ProcessForm(posted("details"), initial=known)}
    if len(lines) > 1:
        shares = queries.shares(request.actor, found)
        initial: dict[str, Any] = {"version": found.version}
        for number, line in enumerate(lines, start=1):
            row = shares.get(line.product_id or 0)
            initial[f"line_{number}"] = format(row.share, "f") if row else ""
        forms["shares"] = PerProductForm(posted("shares"), lines=lines, initial=initial)
        known_basis: dict[str, Any] = {
            f"line_{n}": _digits(line.allocation_basis) for n, line in enumerate(lines, start=1)
        }
        known_basis |= {"version": found.version, "unit": lines[0].allocation_basis_unit}
        forms["basis"] = BasisForm(posted("basis"), lines=lines, initial=known_basis)
    if len(lines) > 1 and _sees_prices(request, found):
        year = pricing.asked_year(request.GET, found)
        initial = pricing.known(request.actor, found, lines, year) | {"year": year}
        forms["prices"] = PricesForm(posted("prices"), lines=lines, suffix="CNY", initial=initial)
    return forms


def _sees_prices(request: AskedRequest, found: UnitProcess) -> bool:
    return bool(can(request.actor, Permission.READ_PRICES, company_id=found.company_id))


def _digits(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def _save_details(request: AskedRequest, found: UnitProcess, form: ProcessForm) -> UnitProcess:
    version = form.cleaned_data["version"]
    return actions.change_process(found, by=request.actor, version=version, **_stated(form))


def _save_shares(request: AskedRequest, found: UnitProcess, form: PerProductForm) -> UnitProcess:
    shares = [Share(line.product, share) for line, share in form.stated()]
    return actions.set_allocation_shares(
        found, by=request.actor, version=form.cleaned_data["version"], shares=shares
    )


def _save_basis(request: AskedRequest, found: UnitProcess, form: BasisForm) -> UnitProcess:
    return actions.set_allocation_basis(
        found,
        by=request.actor,
        version=form.cleaned_data["version"],
        unit=form.cleaned_data["unit"],
        amounts=form.stated(),
    )


def _save_prices(request: AskedRequest, found: UnitProcess, form: PricesForm) -> UnitProcess:
    year = form.cleaned_data["year"] or found.inventory.year
    for line, price in form.stated():
        if price:
            actions.set_price(line, by=request.actor, year=year, price=price)
    return found


SAVE: dict[str, Any] = {
    "details": _save_details,
    "shares": _save_shares,
    "basis": _save_basis,
    "prices": _save_prices,
}


def _stated(form: ProcessForm) -> dict[str, Any]:
    stated = {key: value for key, value in form.cleaned_data.items() if key != "version"}
    defaults = {"allocation_method": "none", "price_years": "reference"}
    return {**stated, **{name: stated[name] or default for name, default in defaults.items()}}


def _place(inventory: Inventory, process: UnitProcess) -> str:
    return f"{reverse('inventory:inventory', args=[inventory.uuid])}#process-{process.uuid}"
