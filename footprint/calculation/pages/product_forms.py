"""Add and change products, and open them to partners."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import queries as people
from accounts.asked import AskedRequest, gate
from accounts.forms import company_choices, named, status_of
from accounts.policy import can
from accounts.roles import Permission
from footprint.calculation.pages.asking import changed, or_404
from footprint.calculation.pages.forms import GrantForm, ProductForm
from footprint.inventory import actions, queries
from footprint.inventory.models import Product


@login_required
def add_product(request: AskedRequest) -> HttpResponse:
    """The form for a new product of one's own company."""
    companies = [
        company
        for company in people.own_companies(request.actor)
        if can(request.actor, Permission.EDIT_PRODUCT, company_id=company.pk)
    ]
    asked = request.GET.get("company", "")
    company = next((each for each in companies if each.code == asked), next(iter(companies), None))
    if company is None:
        raise Http404
    form = ProductForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        added = changed(
            request, form, lambda: actions.add_product(company, by=request.actor, **form.changes({}))
        )
        if added is not None:
            messages.success(request, _("%(product)s was added.") % {"product": named(added)})
            return redirect(_line_of(request, added) or reverse("inventory:product", args=[added.uuid]))
    context = {"title": _("Add a product"), "form": form, "kind": named(company)}
    return _form(request, context, reverse("inventory:product_list"))


def _line_of(request: AskedRequest, added: Product) -> str:
    """The form of the line for which the product was missing; empty when somebody came from elsewhere."""
    try:
        process = queries.process(request.actor, UUID(request.GET.get("process", "")))
    except ValueError:
        process = None
    if process is None:
        return ""
    asked = {"what": request.GET.get("what", "input"), "product": added.code, "unit": added.unit}
    return f"{reverse('inventory:add_line', args=[process.uuid])}?{urlencode(asked)}"


@login_required
def change_product(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The form for an own product."""
    found = _own(request, product_uuid, Permission.EDIT_PRODUCT)
    known = dict(found.conversions)
    form = ProductForm(request.POST if request.method == "POST" else None, initial=_initial(found))
    title, version = named(found), found.version
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        made = changed(
            request,
            form,
            lambda: actions.change_product(found, by=request.actor, version=version, **form.changes(known)),
        )
        if made is not None:
            messages.success(request, _("Saved."))
            return redirect("inventory:product", found.uuid)
    context = {"title": title, "form": form, "kind": _("Product")}
    return _form(request, context, reverse("inventory:product", args=[found.uuid]))


@login_required
def share_product(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """To whom the product is open; open it to one more."""
    found = _own(request, product_uuid, Permission.SHARE_PRODUCT)
    others = people.companies(request.actor).exclude(pk=found.company_id)
    form = GrantForm(request.POST if request.method == "POST" else None, companies=company_choices(others))
    if request.method == "POST" and form.is_valid():
        stated = form.cleaned_data
        grant = changed(
            request,
            form,
            lambda: actions.grant_product(
                found, by=request.actor, recipient=stated["recipient"], ends_on=stated["ends_on"] or None
            ),
        )
        if grant is not None:
            words = {"product": named(found), "partner": named(grant.recipient)}
            messages.success(request, _("%(partner)s now sees the total of %(product)s.") % words)
            return redirect("inventory:share_product", found.uuid)
    context = {
        "trail": _trail(found, _("Open to a partner")),
        "product": found,
        "form": form,
        "grants": queries.grants(request.actor, found),
    }
    return render(request, "inventory/product/share.html", context, status=status_of(form))


@login_required
@require_POST
def end_grant(request: AskedRequest, product_uuid: UUID, company_uuid: UUID) -> HttpResponse:
    """Close the product to one partner."""
    found = _own(request, product_uuid, Permission.SHARE_PRODUCT)
    grant = or_404(queries.grant(request.actor, found, company_uuid))
    actions.end_grant(grant, by=request.actor)
    messages.success(
        request, _("The product is closed to %(partner)s.") % {"partner": named(grant.recipient)}
    )
    return redirect("inventory:share_product", found.uuid)


def _own(request: AskedRequest, product_uuid: UUID, permission: Permission) -> Product:
    found = or_404(queries.product(request.actor, product_uuid))
    if found.company_id not in request.actor.company_ids:
        raise Http404
    gate(request.actor, permission, company_id=found.company_id)
    return found


def _initial(product: Product) -> dict[str, Any]:
    unit, amount = next(iter(product.conversions.items()), ("", ""))
    plain = {field: getattr(product, field) for field in ProductForm.base_fields if hasattr(product, field)}
    return {
        **plain,
        "category": product.category.code if product.category else "",
        "identifiers": "\n".join(product.identifiers),
        "conversion_unit": unit,
        "conversion_amount": amount,
    }


def _form(request: AskedRequest, context: dict[str, Any], cancel_url: str) -> HttpResponse:
    trail = [(_("Products"), reverse("inventory:product_list")), (context["title"], "")]
    context |= {"trail": trail, "cancel_url": cancel_url}
    return render(request, "inventory/form.html", context, status=status_of(context["form"]))


def _trail(product: Product, last: str) -> list[tuple[str, str]]:
    return [
        (_("Products"), reverse("inventory:product_list")),
        (named(product), reverse("inventory:product", args=[product.uuid])),
        (last, ""),
    ]
