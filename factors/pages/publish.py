"""A curator publishes or withdraws a version."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest, gate
from accounts.errors import Refusal, Refusals
from accounts.figures import name as name_of
from accounts.roles import Permission
from factors import queries, units
from factors.actions.publish_version import publish_version
from factors.actions.withdraw_version import withdraw_version
from factors.models import Factor, FactorVersion
from factors.pages.factor import chosen
from factors.pages.forms import PublishForm, said_by


@login_required
def publish(request: AskedRequest, factor_uuid: uuid.UUID) -> HttpResponse:
    """The form, filled with the version that is corrected; a refusal keeps everything typed."""
    found = _factor_for_curator(request, factor_uuid)
    version = chosen(list(queries.versions(request.actor, found)), request.GET.get("version", ""))
    form = _form(request, found, version)
    if request.method == "POST" and form.is_valid():
        try:
            new = publish_version(
                found,
                by=request.actor,
                content=form.content(),
                replaces=form.replaced,
                is_jump_checked=form.cleaned_data["is_jump_checked"],
            )
        except Refusals as several:
            form.refuse(several.refusals)
        except Refusal as one:
            form.refuse([one])
        else:
            messages.success(request, _("Version %(number)s is published.") % {"number": new.number})
            return redirect(f"{reverse('factors:factor', args=[found.uuid])}?version={new.number}")
    title = name_of(found, get_language() or "zh-hans")
    context = {
        "trail": [
            (_("Factors"), reverse("factors:factor_list")),
            (title, reverse("factors:factor", args=[found.uuid])),
            (_("New version"), ""),
        ],
        "factor": found,
        "title": title,
        "form": form,
        "unit": units.display(found.unit),
    }
    return render(request, "factors/factor/publish.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw(request: AskedRequest, factor_uuid: uuid.UUID, number: int) -> HttpResponse:
    """Withdraw one version, with the reason given."""
    found = _factor_for_curator(request, factor_uuid)
    version = get_object_or_404(queries.versions(request.actor, found), number=number)
    try:
        withdraw_version(version, by=request.actor, reason=request.POST.get("reason", ""))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Version %(number)s is withdrawn.") % {"number": number})
    return redirect(f"{reverse('factors:factor', args=[found.uuid])}?version={number}")


def _factor_for_curator(request: AskedRequest, factor_uuid: uuid.UUID) -> Factor:
    found = get_object_or_404(queries.factors(request.actor), uuid=factor_uuid)
    gate(request.actor, Permission.PUBLISH_FACTOR)
    return found


def _form(request: AskedRequest, factor: Factor, version: FactorVersion | None) -> PublishForm:
    return PublishForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        factor=factor,
        base=said_by(request.actor, version),
    )
