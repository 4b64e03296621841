"""Unit processes: their names, and how their products share the burden."""

from __future__ import annotations

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
from footprint.calculation.pages.asking import changed, gate, gate_inventory, or_404
from footprint.calculation.pages.forms import PerProductForm, ProcessForm
from footprint.calculation.pages.inventory import inventory_trail
from footprint.inventory import actions, queries
from footprint.inventory.actions import Share
from footprint.inventory.actions.process import coproducts
from footprint.inventory.models import Exchange, Inventory, UnitProcess


@login_required
def add_process(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """The form for a further process."""
    inventory = or_404(queries.inventory(request.actor, inventory_uuid))
    gate_inventory(request.actor, inventory)
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
        "back_url": _place(found.inventory, found),
        **{f"{name}_form": form for name, form in forms.items()},
    }
    status = max(status_of(form) for form in forms.values())
    return render(request, "inventory/process/process.html", context, status=status)


def _forms(request: AskedRequest, found: UnitProcess, lines: list[Exchange], what: str) -> dict[str, Any]:
    def posted(name: str) -> Any:
        return request.POST if request.method == "POST" and what == name else None

    known = {field: getattr(found, field) for field in ProcessForm.base_fields}
    forms: dict[str, Any] = {"details": ProcessForm(posted("details"), initial=known)}
    if len(lines) > 1:
        shares = queries.shares(request.actor, found)
        initial: dict[str, Any] = {"version": found.version}
        for number, line in enumerate(lines, start=1):
            row = shares.get(line.product_id or 0)
            initial[f"line_{number}"] = format(row.share, "f") if row else ""
        forms["shares"] = PerProductForm(posted("shares"), lines=lines, initial=initial)
    if len(lines) > 1 and can(request.actor, Permission.READ_PRICES, company_id=found.company_id):
        prices = queries.prices(request.actor, found)
        initial = {
            f"line_{number}": format(prices[line.pk].price, "f") if line.pk in prices else ""
            for number, line in enumerate(lines, start=1)
        }
        forms["prices"] = PerProductForm(posted("prices"), lines=lines, suffix="CNY", initial=initial)
    return forms


def _save_details(request: AskedRequest, found: UnitProcess, form: ProcessForm) -> UnitProcess:
    version = form.cleaned_data["version"]
    return actions.change_process(found, by=request.actor, version=version, **_stated(form))


def _save_shares(request: AskedRequest, found: UnitProcess, form: PerProductForm) -> UnitProcess:
    shares = [Share(line.product, share) for line, share in form.stated()]
    return actions.set_allocation_shares(
        found, by=request.actor, version=form.cleaned_data["version"], shares=shares
    )


def _save_prices(request: AskedRequest, found: UnitProcess, form: PerProductForm) -> UnitProcess:
    gate(request.actor, Permission.EDIT_PRODUCT, company_id=found.company_id)
    year = found.inventory.period_end.year
    for line, price in form.stated():
        if price:
            actions.set_price(line, by=request.actor, year=year, price=price)
    return found


SAVE: dict[str, Any] = {"details": _save_details, "shares": _save_shares, "prices": _save_prices}


def _stated(form: ProcessForm) -> dict[str, Any]:
    stated = {key: value for key, value in form.cleaned_data.items() if key != "version"}
    return {**stated, "allocation_method": stated["allocation_method"] or "none"}


def _place(inventory: Inventory, process: UnitProcess) -> str:
    return f"{reverse('inventory:inventory', args=[inventory.uuid])}#process-{process.uuid}"
