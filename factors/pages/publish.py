"""A curator corrects a factor, which another curator confirms, or withdraws a version."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest, gate
from accounts.figures import name as name_of
from accounts.forms import attempt, press, status_of
from accounts.roles import Permission
from factors import queries
from factors.actions.propose import propose
from factors.actions.withdraw_version import withdraw_version
from factors.models import Factor, FactorVersion
from factors.pages.forms import PublishForm, said_by
from factors.pages.showing import chosen


class CorrectForm(PublishForm):
    """What the office would like to see published, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why this figure, and an answer to whatever the screening finds unusual."),
    )  # fmt: skip


@login_required
def publish(request: AskedRequest, factor_uuid: uuid.UUID) -> HttpResponse:
    """The form, filled with the version that is corrected; a refusal keeps everything typed.

    It becomes a proposal of the office: another curator publishes it.
    """
    found = _factor_for_curator(request, factor_uuid)
    version = chosen(list(queries.versions(request.actor, found)), request.GET.get("version", ""))
    form = _form(request, found, version)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: propose(
            found, by=request.actor, company=None, content=form.content(), replaces=form.replaced,
            reason=form.cleaned_data["reason"],
        ))  # fmt: skip
        if made is not None:
            messages.success(request, _("Handed in. Another curator has to confirm it."))
            return redirect("factors:proposal", made.uuid)
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
    }
    return render(request, "factors/factor/publish.html", context, status=status_of(form))


@login_required
@require_POST
def withdraw(request: AskedRequest, factor_uuid: uuid.UUID, number: int) -> HttpResponse:
    """Withdraw one version, with the reason given."""
    found = _factor_for_curator(request, factor_uuid)
    version = get_object_or_404(queries.versions(request.actor, found), number=number)
    press(
        request,
        lambda: withdraw_version(version, by=request.actor, reason=request.POST.get("reason", "")),
        done=_("Version %(number)s is withdrawn.") % {"number": number},
    )
    return redirect(f"{reverse('factors:factor', args=[found.uuid])}?version={number}")


def _factor_for_curator(request: AskedRequest, factor_uuid: uuid.UUID) -> Factor:
    found = get_object_or_404(queries.factors(request.actor), uuid=factor_uuid)
    gate(request.actor, Permission.PUBLISH_FACTOR)
    return found


def _form(request: AskedRequest, factor: Factor, version: FactorVersion | None) -> CorrectForm:
    return CorrectForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        factor=factor,
        base=said_by(request.actor, version),
    )
