"""Lines: add, change, remove, and edit the amount in its place."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest
from accounts.forms import say_refused, status_of
from accounts.policy import can
from accounts.roles import Permission
from factors.units import Dimension
from footprint.calculation.pages import merging, provider, showing
from footprint.calculation.pages.amount import may_be_left_out, remember, values_of
from footprint.calculation.pages.asking import changed, gate_inventory, may_edit, or_404
from footprint.calculation.pages.forms import (
    EmissionChangeForm,
    EmissionForm,
    FlowForm,
    LineChangeForm,
    LineForm,
    OutputForm,
    RemoveForm,
)
from footprint.calculation.pages.inventory import inventory_trail
from footprint.inventory import actions, queries
from footprint.inventory.earlier import Earlier, earlier_lines, period_before
from footprint.inventory.evidence import evidence_of
from footprint.inventory.merging import Merged
from footprint.inventory.models import PEDIGREE, RATINGS, Exchange, Product, UnitProcess
from footprint.inventory.places import place_of
from footprint.inventory.providers import counted_in, nature, takes_a_provider
from footprint.inventory.stages import default_stage, stage_of

SUGGESTED = 200
NEW: dict[str, tuple[type[LineForm], dict[str, str]]] = {
    "input": (FlowForm, {"direction": "input"}),
    "output": (OutputForm, {"direction": "output"}),
    "emission": (EmissionForm, {"direction": "output", "kind": "elementary"}),
}


@login_required
def exchange(request: AskedRequest, exchange_uuid: UUID) -> HttpResponse:
    """One line: as a form for those who may change it, as facts for the others."""
    line = or_404(queries.line(request.actor, exchange_uuid))
    title = showing.line_name(line)
    if not may_edit(request.actor, line.process.inventory):
        if request.method == "POST":
            gate_inventory(request.actor, line.process.inventory)
        files = {"files": evidence_of(request.actor, line)}
        return render(
            request, "inventory/exchange/facts.html", {**_frame(line, title), **_facts(line), **files}
        )
    is_saving = request.method == "POST" and "search" not in request.POST
    merged = merging.merged(request, line) if is_saving else None
    form = _form(request, line, merged)
    chosen = form.data.get("provider", provider.value_of(line))
    present = provider.present(line)
    has_provider = _may_have_provider(line)
    before = values_of(line)
    if is_saving and not (merged and merged.clashes) and form.is_valid():
        saved = _save(request, line, form)
        if saved is not None:
            _tell(request, merged)
            remember(request, saved, before)
            return redirect(place_of(line.process))
    if not is_saving:
        form.errors.clear()
    context = {
        **_frame(line, title),
        "form": form,
        "has_provider": has_provider,
        "chosen": chosen,
        "present": present,
        "groups": provider.groups(request.actor, line, request.POST.get("q", "")) if has_provider else [],
        "q": request.POST.get("q", ""),
        # whoever only searched still sees the version that was opened
        "base": json.dumps(before) if is_saving else request.POST.get("base", json.dumps(before)),
        "clashes": merging.shown(merged, form, line, request.actor) if merged else [],
        "earlier": _earlier(request, line),
        "files": evidence_of(request.actor, line),
    }
    status = 409 if merged and merged.clashes else status_of(form)
    return render(request, "inventory/exchange/exchange.html", context, status=status)


@login_required
def providers(request: AskedRequest, exchange_uuid: UUID) -> HttpResponse:
    """The choices that match what was typed: a fragment."""
    line = or_404(queries.line(request.actor, exchange_uuid))
    gate_inventory(request.actor, line.process.inventory)
    context = {
        "exchange": line,
        "chosen": request.GET.get("provider", provider.value_of(line)),
        "present": provider.present(line),
        "groups": provider.groups(request.actor, line, request.GET.get("q", "")),
    }
    return render(request, "inventory/exchange/_providers.html", context)


@login_required
@require_POST
def remove(request: AskedRequest, exchange_uuid: UUID) -> HttpResponse:
    """Take the line away."""
    line = or_404(queries.line(request.actor, exchange_uuid))
    gate_inventory(request.actor, line.process.inventory)
    place, process = place_of(line.process), line.process_id
    form = RemoveForm(request.POST)
    form.is_valid()
    version = form.cleaned_data.get("version")

    removed = changed(
        request,
        form,
        lambda: actions.remove_exchange(line, by=request.actor, version=version),
        lambda _done: [process],
    )
    if removed is None:
        say_refused(request, form)
        return redirect("inventory:exchange", exchange_uuid)
    messages.success(request, _("The line was removed."))
    request.session["removed"] = {"uuid": str(removed.uuid), "name": removed.name}
    return redirect(place)


@login_required
@require_POST
def restore(request: AskedRequest, removed_uuid: UUID) -> HttpResponse:
    """Bring a line back that was taken away."""
    removed = or_404(queries.removed_lines(request.actor).filter(uuid=removed_uuid).first())
    gate_inventory(request.actor, removed.process.inventory)
    form = django_forms.Form(request.POST)
    form.is_valid()
    line = changed(
        request,
        form,
        lambda: actions.restore_line(removed, by=request.actor),
        lambda done: [done.process_id],
    )
    say_refused(request, form)
    if line is not None:
        messages.success(request, _("%(line)s is back as it was.") % {"line": removed.name})
    return redirect(place_of(removed.process))


@login_required
def add(request: AskedRequest, process_uuid: UUID) -> HttpResponse:
    """The form for a further line: an input, an output or an emission."""
    process = or_404(queries.process(request.actor, process_uuid))
    gate_inventory(request.actor, process.inventory)
    what = request.GET.get("what", "input")
    if what not in NEW:
        raise Http404
    form_class, fixed = NEW[what]
    asked = {key: request.GET.get(key, "") for key in ("product", "unit")}
    form = form_class(request.POST if request.method == "POST" else None, initial=asked)
    products = queries.own_products(request.actor).filter(company_id=process.company_id)
    product = None if what == "emission" else queries.named_product(products, _code(form))
    form.offer_units(_dimensions(product, what))
    if request.method == "POST" and form.is_valid() and _code(form) and product is None:
        form.add_error("product", _("No product of yours has this code, or this name alone."))
    if request.method == "POST" and form.is_valid():
        stated = {**fixed, **_new_line(form, what, product)}
        line = changed(
            request,
            form,
            lambda: actions.add_exchange(process, by=request.actor, **stated),
            lambda done: [done.process_id],
        )
        if line is not None:
            messages.success(request, _("The line was added."))
            wants_provider = takes_a_provider(line)
            return (
                redirect("inventory:exchange", line.uuid) if wants_provider else redirect(place_of(process))
            )
    titles = {"input": _("Add an input"), "output": _("Add a product"), "emission": _("Add an emission")}
    context = {
        "trail": [*inventory_trail(process.inventory), (titles[what], "")],
        "title": titles[what],
        "process": process,
        "form": form,
        "cancel_url": place_of(process),
        "products": products.order_by("code")[:SUGGESTED] if what != "emission" else [],
        "add_url": _add_product_url(request, process, what),
    }
    return render(request, "inventory/exchange/add.html", context, status=status_of(form))


def _add_product_url(request: AskedRequest, process: UnitProcess, what: str) -> str:
    """The form for a product that is not there yet, which leads back here; empty for who may not."""
    if what == "emission" or not can(request.actor, Permission.EDIT_PRODUCT, company_id=process.company_id):
        return ""
    back = {"company": process.company.code, "process": process.uuid, "what": what}
    return f"{reverse('inventory:add_product')}?{urlencode(back)}"


def _code(form: LineForm) -> str:
    return str(form["product"].value() or "").strip() if "product" in form.fields else ""


def _dimensions(product: Product | None, what: str) -> Collection[Dimension]:
    """What a new line can be counted in; while its product is not known, anything."""
    if what == "emission":
        return (Dimension.MASS,)
    return nature(product).dimensions if product else tuple(Dimension)


def _new_line(form: LineForm, what: str, product: Product | None) -> dict[str, Any]:
    stated = form.changes()
    if what == "emission":
        return stated
    # an unknown code goes to the action as it is, which refuses it in its own words
    return {**stated, "product": product or _code(form), "kind": product.kind if product else "product"}


def _form(request: AskedRequest, line: Exchange, merged: Merged | None) -> LineForm:
    form_class: type[LineChangeForm] = EmissionChangeForm if line.gas else LineChangeForm
    known = {field: getattr(line, field) for field in form_class.base_fields if hasattr(line, field)}
    digits = {name: format(value, "f") for name, value in known.items() if isinstance(value, Decimal)}
    typed: Any = request.POST if request.method == "POST" else None
    if merged is not None:
        typed = {**request.POST.dict(), **merged.values, "version": line.version}
    form = form_class(typed, initial=known | digits)
    form.offer_units(counted_in(line), line.unit)
    if not may_be_left_out(line):
        del form.fields["exempted_kg_co2e"]
    form.fields["stage"].help_text = _("Empty: %(stage)s.") % {"stage": default_stage(line).label}
    return form


def _save(request: AskedRequest, line: Exchange, form: LineForm) -> Exchange | None:
    stated = form.changes()
    if "provider" in form.data:
        stated |= provider.changes(form.data["provider"])
    version = form.cleaned_data["version"]
    return changed(
        request,
        form,
        lambda: actions.change_exchange(line, by=request.actor, version=version, **stated),
        lambda done: [done.process_id],
    )


def _may_have_provider(line: Exchange) -> bool:
    return takes_a_provider(line) or (line.kind == Exchange.Kind.ELEMENTARY and not line.gas)


def _tell(request: AskedRequest, merged: Merged | None) -> None:
    words = _("Saved. The figures that depend on it are being recomputed.")
    if merged and merged.is_joined:
        words = _("Saved, together with what somebody else changed in this line meanwhile.")
    messages.success(request, words)


def _earlier(request: AskedRequest, line: Exchange) -> Earlier | None:
    """The line in the period before."""
    before = period_before(request.actor, line.process.inventory)
    siblings = queries.lines(request.actor).filter(process=line.process)
    return earlier_lines(request.actor, before, siblings).get(line.pk) if before else None


def _frame(line: Exchange, title: str) -> dict[str, Any]:
    inventory = line.process.inventory
    return {
        "trail": [*inventory_trail(inventory), (title, "")],
        "company": inventory.site.company,
        "title": title,
        "exchange": line,
        "process": line.process,
        "back_url": place_of(line.process),
    }


def _facts(line: Exchange) -> dict[str, Any]:
    found = provider.present(line)
    return {
        "present": found,
        "facts": [
            (_("Direction"), line.get_direction_display()),
            (_("Kind"), line.get_kind_display()),
            (_("Data"), line.get_data_type_display()),
            (_("Life-cycle stage"), stage_of(line).label),
            (_("Uncertainty GSD²"), None if line.gsd2 is None else format(line.gsd2, "f")),
            (_("Estimate of what is left out"), _estimate(line)),
            (_("Pedigree scores"), _scores(line, PEDIGREE)),
            (_("Data quality ratings"), _scores(line, RATINGS)),
            (_("Comment"), line.comment or None),
        ],
    }


def _estimate(line: Exchange) -> str | None:
    return None if line.exempted_kg_co2e is None else f"{line.exempted_kg_co2e:f} kg CO2e"


def _scores(line: Exchange, names: Iterable[str]) -> str | None:
    """Like 1 · 2 · – · 1 · 3, in the order of the matrix; nothing when none is known."""
    scores = [getattr(line, name) for name in names]
    return None if scores.count(None) == len(scores) else " · ".join(str(score or "–") for score in scores)
