"""Files that a line rests on: laid beside it, taken home, taken away."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.asked import AskedRequest, gate
from accounts.exports import file_answer
from accounts.forms import attempt, say_refused
from accounts.roles import Permission
from footprint.calculation.pages.asking import gate_inventory, or_404
from footprint.inventory import actions, queries
from footprint.inventory.evidence import MOST_BYTES, evidence_bytes, evidence_file


class EvidenceForm(forms.Form):
    """One file."""

    file = forms.FileField(label=gettext_lazy("File"), required=False)


@login_required
@require_POST
def add_evidence(request: AskedRequest, exchange_uuid: UUID) -> HttpResponse:
    """Lay a file beside the line."""
    line = or_404(queries.line(request.actor, exchange_uuid))
    gate_inventory(request.actor, line.process.inventory)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data["file"]
        name, content = (given.name, given.read(MOST_BYTES + 1)) if given else ("x.txt", b"")
        attempt(
            form,
            lambda: actions.add_evidence(
                line, by=request.actor, at=timezone.now(), name=name, content=content
            ),
        )
    if form.errors:
        say_refused(request, form)
    else:
        messages.success(request, _("The file lies with the line now."))
    return redirect("inventory:exchange", exchange_uuid)


@login_required
@require_GET
def evidence(request: AskedRequest, evidence_uuid: UUID) -> HttpResponse:
    """The file, to be kept: never shown in the page, whatever is in it."""
    found = or_404(evidence_file(request.actor, evidence_uuid))
    return file_answer(found.name, found.sha256, or_404(evidence_bytes(request.actor, found)))


@login_required
@require_POST
def remove_evidence(request: AskedRequest, evidence_uuid: UUID) -> HttpResponse:
    """Take the file away from its line."""
    found = or_404(evidence_file(request.actor, evidence_uuid))
    if found.company_id not in request.actor.company_ids:  # who reviews it never sees its inventory
        gate(request.actor, Permission.EDIT_INVENTORY, company_id=found.company_id)
    gate_inventory(request.actor, found.inventory)
    form = forms.Form(request.POST)
    form.is_valid()
    attempt(form, lambda: actions.remove_evidence(found, by=request.actor, at=timezone.now()))
    say_refused(request, form)
    if queries.line(request.actor, found.line) is None:
        return redirect("inventory:inventory", found.inventory.uuid)
    return redirect("inventory:exchange", found.line)
