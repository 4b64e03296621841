"""The editor of a draft: one form for every part of the document."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.errors import NotAllowed, Refusal, Refusals, Text
from accounts.figures import is_chinese
from accounts.forms import languages, named, status_of
from factors.models import GreenhouseGas
from footprint.rules import queries
from footprint.rules.actions.product_rules import edit_rule, may_edit
from footprint.rules.document.lifecycle import State
from footprint.rules.models import ProductRule
from footprint.rules.pages.product_rules import address, chosen, trail, versions_of
from footprint.rules.pages.rule_forms import Choices, Editor, editor

EXTRA = 2
"""Empty rows below those that are there."""


@login_required
def edit(request: AskedRequest, code: str) -> HttpResponse:
    """The draft of a category's rule."""
    found = chosen(request, versions_of(request, code))
    if not may_edit(request.actor, found):
        raise PermissionDenied(
            _("The alliance's administrators and the company that proposed a rule write it.")
        )
    if found.state != State.DRAFTING:
        messages.error(request, _("A rule is written while it is being drafted."))
        return redirect(address(found))
    posted = request.POST if request.method == "POST" else None
    forms_of = editor(found.document, posted, _choices(request, found), extra=EXTRA)
    is_valid = posted is not None and _all_valid(forms_of)
    if is_valid and _saved(request, found, forms_of):
        messages.success(request, _("Draft saved."))
        return redirect(address(found, tab="rules"))
    context = {
        "trail": [*trail(found)[:-1], (named(found.category), address(found)), (_("Write the draft"), "")],
        "rule": found,
        "editor": forms_of,
        "parts": _parts(forms_of),
        "cancel_url": address(found),
    }
    return render(request, "rules/product_rule/edit.html", context, status=_status(forms_of))


def _all_valid(forms_of: Editor) -> bool:
    """Every form is asked, so that none keeps its errors to itself."""
    return min([form.is_valid() for form in forms_of.every])


def _saved(request: AskedRequest, found: ProductRule, forms_of: Editor) -> bool:
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isdecimal() else -1
    try:
        with transaction.atomic():
            edit_rule(found, by=request.actor, version=version, document=forms_of.stated())
    except NotAllowed as denied:
        raise PermissionDenied(str(denied)) from denied
    except Refusals as several:
        forms_of.refuse(several.refusals)
    except Refusal as one:
        forms_of.refuse([one])
    else:
        return True
    return False


def _status(forms_of: Editor) -> int:
    return max(status_of(form) for form in forms_of.every)


def _choices(request: AskedRequest, found: ProductRule) -> Choices:
    names = queries.names_in(request.actor, is_chinese(languages()))
    usual = ("CO2", "CH4", "N2O", "SF6")
    gases = list(GreenhouseGas.objects.values_list("code", flat=True))
    gases.sort(key=lambda gas: (usual.index(gas) if gas in usual else len(usual), gas))
    return Choices(
        names=names,
        sources=[each["key"] for each in found.document["sources"]],
        categories=list(names.categories.items()),
        gases=gases,
        profiles=[(each.code, named(each)) for each in queries.method_profiles(request.actor)],
    )


def _parts(forms_of: Editor) -> list[tuple[Text, str, list[forms.Form]]]:
    """The sections of the page in the order of the text: heading, remark, forms."""
    rows, single = forms_of.rows, forms_of.single
    return [
        (
            _("Sources"),
            _("Rules name a source by its key. Save a new one before a rule names it."),
            rows["sources"],
        ),
        (_("Unit, profile and scope"), "", [forms_of.general]),
        (_("System boundary"), "", rows["boundary"]),
        (_("Cut-off"), _("Fractions of the mass taken in: 0.01 is one percent."), [single["cut_off"]]),
        (_("Data quality"), _("Ratings from 1 (best) to 5; empty: no minimum."), [single["quality"]]),
        (
            _("Required and forbidden exchanges"),
            _("A required rule asks for one of its flows."),
            rows["exchanges"],
        ),
        (
            _("Allocation"),
            _("The first method that all co-products can share by is followed."),
            rows["allocation"],
        ),
        (_("Closure"), _("Empty: the closure rules of the platform hold."), rows["closure"]),
        (_("Gases"), "", rows["gases"]),
        (_("Plausible ranges"), _("Only with a source that can be cited."), rows["bands"]),
    ]
