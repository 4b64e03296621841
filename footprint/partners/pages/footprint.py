"""Footprints of partners, and one's own as partners get them; one with its versions and what differs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from accounts.forms import named
from accounts.listing import Column, Listing
from accounts.templatetags.figures import local_time
from accounts.trails import Trail
from footprint.partners import queries
from footprint.partners.judging import as_received
from footprint.partners.lineage import Version, compared, versions
from footprint.partners.models import PartnerFootprint
from footprint.partners.pact.differences import is_redeclared
from footprint.partners.pact.texts import exact_json
from footprint.partners.pages.judged import Shown
from footprint.partners.words import LACKS, REASONS_V2

RECEIVED = (
    Column("product", gettext_lazy("Product"), ("product_name",)),
    Column("partner", gettext_lazy("Partner"), ("connection__name",)),
    Column("figure", gettext_lazy("Footprint"), (), "number"),
    Column("level", gettext_lazy("Usability level"), ("level",), "number"),
    Column("status", gettext_lazy("Status"), ("status",), "tight"),
    Column("received", gettext_lazy("Received"), ("received_at",), "tight"),
)
LATEST = 50


class CompareForm(forms.Form):
    """Which two versions."""

    def __init__(self, data: Any, known: list[Version]) -> None:
        """``known``: the footprint and what preceded it, the latest first."""
        rows = [(str(each.row.uuid), each) for each in known if each.row is not None]
        words = [
            (uuid, f"{local_time(each.row.received_at)} · {each.pf_id}") for uuid, each in rows if each.row
        ]
        self.earlier, self.later = words[min(1, len(words) - 1)][0], words[0][0]
        asked = {"from": data.get("from") or self.earlier, "to": data.get("to") or self.later}
        super().__init__(asked)
        self.fields["from"] = forms.ChoiceField(label=gettext_lazy("Before"), choices=words)
        self.fields["to"] = forms.ChoiceField(label=gettext_lazy("After"), choices=words)


@login_required
@require_GET
def footprint_list(request: AskedRequest) -> HttpResponse:
    """Footprints of partners, and one's own as partners get them, with what they lack."""
    own = [
        (each, [LACKS.get(name, name) for name in each.lacks], [REASONS_V2[name] for name in each.reasons_v2])
        for each in queries.offered(request.actor).defer("document", "document_v2")[:LATEST]
    ]
    context = {
        "trail": [*_trail(), (_("Footprints"), "")],
        "listing": Listing(
            request.GET,
            queries.received(request.actor).defer("original", "findings"),
            columns=RECEIVED,
            caption=_("Footprints of partners"),
        ),
        "own": own,
    }
    return render(request, "partners/footprints.html", context)


@login_required
@require_GET
def received(request: AskedRequest, received_uuid: UUID) -> HttpResponse:
    """One footprint of a partner: what the checks say of it, what preceded it, and the text it came as."""
    found = get_object_or_404(queries.received(request.actor), uuid=received_uuid)
    context = {
        "trail": [*_trail(), (_("Footprints"), reverse("partners:footprint_list")), (found.product_name, "")],
        "footprint": found,
        "facts": [
            (_("Partner"), found.connection.name),
            (_("Footprint"), f"{found.kg_co2e} kg CO2e / {found.amount} {found.unit}"),
            (_("Status"), found.status),
            (_("Usability level"), found.level),
            (_("Stated for"), _stated_for(found)),
        ],
        "shown": Shown(as_received(found)),
        **_lineage(request, found),
    }
    return render(request, "partners/received.html", context)


def _stated_for(found: PartnerFootprint) -> str:
    """Companies of the directory by the identifiers in it; another one than the partner is said so."""
    stated = exact_json(found.original)
    identifiers = stated.get("companyIds") if isinstance(stated, dict) else None
    meant = list(queries.companies_named(identifiers if isinstance(identifiers, list) else []))
    words = [named(each) for each in meant]
    partner = found.connection.partner
    if meant and partner is not None and partner not in meant:
        words.append(_("not the company of this connection: ask the partner"))
    return "; ".join(words) or _("Nobody in the directory, by LEI, credit code, D-U-N-S number or BPNL")


def _lineage(request: AskedRequest, found: PartnerFootprint) -> dict[str, Any]:
    """Its versions, and what differs between two of them: the last two, unless others are asked for."""
    known = versions(request.actor, found)
    rows = {str(each.row.uuid): each.row for each in known if each.row is not None}
    form = CompareForm(request.GET, known)
    if not form.is_valid():
        raise Http404
    before, after = rows[form.cleaned_data["from"]], rows[form.cleaned_data["to"]]
    differences = compared(before, after)
    return {
        "versions": known,
        "compare": form if len(rows) > 1 else None,
        "differences": differences,
        "is_redeclared": is_redeclared(differences),
    }


def _trail() -> Trail:
    return [(_("Partners"), reverse("partners:connection_list"))]
