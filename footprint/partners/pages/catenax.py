"""One's own published footprint as a Pcf of Catena-X: what is asked, what is left out, the file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.asked import AskedRequest, gate
from accounts.forms import attempt, named, status_of
from accounts.roles import Permission
from footprint.partners import queries
from footprint.partners.actions import take_in_pcf
from footprint.partners.actions.offering import company_urns
from footprint.partners.catenax.model import WASTE_INCINERATION
from footprint.partners.catenax.writing import Answers, Written, write
from footprint.partners.models import OfferedFootprint
from footprint.partners.pact.texts import exact_json, exact_text
from footprint.partners.validating import LARGEST

YES_NO = [("", "—"), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]
TRUTHS = {"true": True, "false": False}
WASTE = {
    "cut-off": gettext_lazy("Cut-off"),
    "reverse cut-off": gettext_lazy("Reverse cut-off"),
    "system expansion": gettext_lazy("System expansion"),
    "polluter pays principle": gettext_lazy("Polluter pays principle"),
}


class AnswersForm(forms.Form):
    """What the model demands and no footprint of PACT says."""

    needed = ()

    mass_balancing = forms.ChoiceField(
        label=gettext_lazy("Was mass balancing (credits) used?"), choices=YES_NO, required=False
    )
    scheme = forms.CharField(
        label=gettext_lazy("Certification scheme of the mass balance"), required=False, max_length=200
    )
    free_attribution = forms.ChoiceField(
        label=gettext_lazy("Was it attributed freely?"), choices=YES_NO, required=False
    )
    waste_incineration = forms.ChoiceField(
        label=gettext_lazy("How was the incineration of waste allocated?"),
        choices=[("", "—"), *((name, WASTE[name]) for name in WASTE_INCINERATION)],
        required=False,
    )

    def answers(self) -> Answers:
        """As given; what was not answered stays open."""
        given = self.cleaned_data
        return Answers(
            TRUTHS.get(given["mass_balancing"]),
            given["scheme"],
            TRUTHS.get(given["free_attribution"]),
            given["waste_incineration"],
        )


@login_required
@require_GET
def catenax(request: AskedRequest, offered_uuid: UUID) -> HttpResponse:
    """What is left out, what the model demands beyond it, and the file."""
    found = _offered(request, offered_uuid)
    form = AnswersForm(request.GET or None)
    written = _written(found, form)
    context = {
        "trail": [
            (_("Partners"), reverse("partners:connection_list")),
            (_("Footprints"), reverse("partners:footprint_list")),
            (_("Catena-X"), ""),
        ],
        "offered": found,
        "title": named(found.product) if found.product else str(found.uuid),
        "form": form,
        "written": written,
        "has_number": bool(found.company.bpnl),
    }
    return render(request, "partners/catenax.html", context)


@login_required
@require_GET
def catenax_file(request: AskedRequest, offered_uuid: UUID) -> HttpResponse:
    """The document, every number digit for digit."""
    found = _offered(request, offered_uuid)
    written = _written(found, AnswersForm(request.GET or None))
    response = HttpResponse(exact_text(written.document), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="catenax-pcf-{found.uuid}.json"'
    return response


class PcfForm(forms.Form):
    """Documents of a partner, pasted or as a file."""

    needed = ()

    document = forms.CharField(
        label=gettext_lazy("Document"), required=False, widget=forms.Textarea(attrs={"rows": 12})
    )
    file = forms.FileField(label=gettext_lazy("Document as a file"), required=False)

    def text(self) -> str:
        """What was given."""
        given = self.cleaned_data
        if given["file"]:
            return str(given["file"].read(LARGEST + 1).decode("utf-8", "replace"))
        return str(given["document"])


@login_required
@require_http_methods(["GET", "POST"])
def connection_catenax(request: AskedRequest, connection_uuid: UUID) -> HttpResponse:
    """Hand in footprints that a partner gave as Pcf of Catena-X."""
    found = get_object_or_404(queries.connections(request.actor), uuid=connection_uuid)
    gate(request.actor, Permission.SHARE_PRODUCT, company_id=found.company_id)
    form = PcfForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        text = form.text()
        done = attempt(form, lambda: take_in_pcf(found, by=request.actor, at=timezone.now(), text=text))
        if done is not None:
            words = ngettext("%(count)s footprint was taken in.", "%(count)s footprints were taken in.", done)
            messages.success(request, words % {"count": done})
            return redirect("partners:footprint_list")
    context = {
        "trail": [
            (_("Partners"), reverse("partners:connection_list")),
            (found.name, reverse("partners:connection", args=[found.uuid])),
            (_("Catena-X"), ""),
        ],
        "connection": found,
        "form": form,
    }
    return render(request, "partners/connection/catenax.html", context, status=status_of(form))


def _offered(request: AskedRequest, offered_uuid: UUID) -> OfferedFootprint:
    return get_object_or_404(queries.offered(request.actor).filter(is_served=True), uuid=offered_uuid)


def _written(found: OfferedFootprint, form: AnswersForm) -> Written:
    document: dict[str, Any] = exact_json(found.document)
    return write(document, form.answers() if form.is_valid() else Answers(), company_urns(found.company))
