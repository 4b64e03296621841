"""Unit processes: their names, and how their products share the burden."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest, gate
from accounts.checks import Findings
from accounts.errors import Refusal, Refusals
from accounts.forms import attempt, named, say_refused, status_of
from accounts.policy import can
from accounts.roles import Permission
from footprint.calculation.actions import remove_process as removal
from footprint.calculation.pages import pricing
from footprint.calculation.pages.allocation_forms import AnswersForm, CogenerationForm, PricesForm, digits
from footprint.calculation.pages.asking import changed, gate_inventory, or_404
from footprint.calculation.pages.forms import BasisForm, PerProductForm, ProcessForm, RemoveForm
from footprint.calculation.pages.inventory import inventory_trail
from footprint.calculation.pages.line_shares import line_shares_form, save_line_shares
from footprint.engine.pact_allocation import ENOUGH_YEARS
from footprint.inventory import actions, queries
from footprint.inventory.actions import Share
from footprint.inventory.actions.process import coproducts
from footprint.inventory.models import AllocationAnswer, Exchange, OutputPrice, UnitProcess
from footprint.inventory.places import place_of


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
            return redirect(place_of(made))
    context = {
        "trail": [*inventory_trail(inventory), (_("Add a process"), "")],
        "title": _("Add a process"),
        "form": form,
        "cancel_url": reverse("inventory:inventory", args=[inventory.uuid]),
    }
    return render(request, "inventory/form.html", context, status=status_of(form))


@login_required
def process(request: AskedRequest, process_uuid: UUID) -> HttpResponse:
    """Names and method, and everything its products may share by: several forms on one page."""
    found = or_404(queries.process(request.actor, process_uuid))
    gate_inventory(request.actor, found.inventory)
    lines = coproducts(found)
    what = request.POST.get("what", "")
    if what == "prices":
        gate(request.actor, Permission.EDIT_PRODUCT, company_id=found.company_id)
    answers = queries.answers(request.actor, found).values()
    forms = _forms(request, found, lines, what, answers)
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
        "answers": answers,
        "unfolded": _unfolded(found, forms, answers),
        "removed": list(queries.removed_lines(request.actor, found)),
        "may_remove": _may_remove(request, found),
        **(
            _prices_shown(pricing.of_process(request.actor, found, lines), forms["prices"])
            if "prices" in forms
            else {}
        ),
        "back_url": place_of(found),
        **{f"{name}_form": form for name, form in forms.items()},
    }
    status = max(status_of(form) for form in forms.values())
    return render(request, "inventory/process/process.html", context, status=status)


@login_required
@require_POST
def remove_process(request: AskedRequest, process_uuid: UUID) -> HttpResponse:
    """Take a process away that has no lines."""
    found = or_404(queries.process(request.actor, process_uuid))
    inventory, title = found.inventory, named(found)
    gate(request.actor, Permission.ADD_PROCESS, company_id=found.company_id, site_id=inventory.site_id)
    form = RemoveForm(request.POST)
    form.is_valid()
    version = form.cleaned_data.get("version")
    attempt(form, lambda: removal.remove_process(found, by=request.actor, version=version))
    if form.errors:
        say_refused(request, form)
        return redirect("inventory:process", process_uuid)
    messages.success(request, _("%(process)s was removed.") % {"process": title})
    return redirect("inventory:inventory", inventory.uuid)


def _may_remove(request: AskedRequest, found: UnitProcess) -> bool:
    where = {"company_id": found.company_id, "site_id": found.inventory.site_id}
    return bool(can(request.actor, Permission.ADD_PROCESS, **where))


def _forms(
    request: AskedRequest,
    found: UnitProcess,
    lines: list[Exchange],
    what: str,
    answers: Collection[AllocationAnswer],
) -> dict[str, Any]:
    def posted(name: str) -> Any:
        return request.POST if request.method == "POST" and what == name else None

    known = {field: getattr(found, field) for field in ProcessForm.base_fields}
    known |= {name: digits(known[name]) for name in ("mass_loss_kg", "stock_change_kg", "energy_loss_mj")}
    forms: dict[str, Any] = {"details": ProcessForm(posted("details"), initial=known)}
    if len(lines) < 2:
        return forms
    forms["shares"] = PerProductForm(
        posted("shares"), lines=lines, initial=_known_shares(request, found, lines)
    )
    forms["line_shares"] = line_shares_form(request.actor, found, lines, posted("line_shares"))
    forms["basis"] = BasisForm(posted("basis"), lines=lines, initial=_known_basis(found, lines))
    forms["energy"] = CogenerationForm(
        posted("energy"), lines=lines, initial=CogenerationForm.known(found, lines)
    )
    forms["answers"] = AnswersForm(posted("answers"), initial=AnswersForm.known(answers))
    if _sees_prices(request, found):
        prices = queries.prices(request.actor, found)
        forms["prices"] = PricesForm(
            posted("prices"), lines=lines, years=_price_years(found, prices), suffix=_currency(prices),
            initial=PricesForm.known(prices, lines),
        )  # fmt: skip
    return forms


def _unfolded(
    found: UnitProcess, forms: Mapping[str, Any], answers: Collection[AllocationAnswer]
) -> set[str]:
    """What the method in force reads, what has been answered, and what was just sent."""
    sent = {name for name, form in forms.items() if form.is_bound}
    return sent | {FORMS.get(found.allocation_method, "")} | ({"answers"} if answers else set())


def _known_shares(request: AskedRequest, found: UnitProcess, lines: list[Exchange]) -> dict[str, Any]:
    shares = queries.shares(request.actor, found)
    initial: dict[str, Any] = {"version": found.version}
    for number, line in enumerate(lines, start=1):
        row = shares.get(line.product_id or 0)
        initial[f"line_{number}"] = format(row.share, "f") if row else ""
    return initial


def _known_basis(found: UnitProcess, lines: list[Exchange]) -> dict[str, Any]:
    amounts = {f"line_{n}": digits(line.allocation_basis) for n, line in enumerate(lines, start=1)}
    return {**amounts, "version": found.version, "unit": lines[0].allocation_basis_unit}


def _price_years(found: UnitProcess, recorded: Iterable[int]) -> list[int]:
    """The reference year, the two before it, and every year with a price; the latest first."""
    year = found.inventory.year
    return sorted({*recorded, *range(year, year - ENOUGH_YEARS, -1)}, reverse=True)


def _currency(prices: Mapping[int, Mapping[int, OutputPrice]]) -> str:
    """The one that all prices of a process are in."""
    return next((row.currency for by_line in prices.values() for row in by_line.values()), "CNY")


def _prices_shown(prices: pricing.Judged, form: PricesForm) -> dict[str, Any]:
    return {"prices": prices, "price_rows": [(year, form.row(year), prices.of(year)) for year in form.years]}


def _sees_prices(request: AskedRequest, found: UnitProcess) -> bool:
    return bool(can(request.actor, Permission.READ_PRICES, company_id=found.company_id))


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


def _save_energy(request: AskedRequest, found: UnitProcess, form: CogenerationForm) -> UnitProcess:
    return actions.set_cogeneration(
        found,
        by=request.actor,
        version=form.cleaned_data["version"],
        method=form.cleaned_data["method"],
        ambient_celsius=form.cleaned_data["ambient_celsius"],
        carriers=form.stated(),
    )


def _save_answers(request: AskedRequest, found: UnitProcess, form: AnswersForm) -> UnitProcess:
    actions.answer_questions(found, by=request.actor, at=timezone.now(), answers=form.stated())
    return found


def _save_prices(request: AskedRequest, found: UnitProcess, form: PricesForm) -> UnitProcess:
    """An emptied price is taken away; every cell that is wrong is told."""
    gate(request.actor, Permission.EDIT_PRODUCT, company_id=found.company_id)
    findings = Findings()
    for name, cell in form.stated():
        try:
            actions.put_price(cell.line, by=request.actor, year=cell.year, price=cell.price)
        except (Refusal, Refusals) as refused:
            for each in refused.refusals if isinstance(refused, Refusals) else [refused]:
                at = "year" if each.field == "year" else name
                findings.add(str(each.message), field=at, code=each.code)
    findings.settle()
    return found


FORMS = {
    "declared": "shares",
    "causal": "line_shares",
    "custom": "basis",
    "efficiency": "energy",
    "exergy": "energy",
    "economic": "prices",
}
"""By method, the form that says what it shares by."""

SAVE: dict[str, Any] = {
    "details": _save_details,
    "shares": _save_shares,
    "line_shares": save_line_shares,
    "basis": _save_basis,
    "energy": _save_energy,
    "answers": _save_answers,
    "prices": _save_prices,
}


def _stated(form: ProcessForm) -> dict[str, Any]:
    stated = {key: value for key, value in form.cleaned_data.items() if key != "version"}
    defaults = {"allocation_method": "none", "price_years": "reference"}
    return {**stated, **{name: stated[name] or default for name, default in defaults.items()}}
