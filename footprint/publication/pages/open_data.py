"""Open data: every declaration that companies published to everybody, for people and for machines."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.figures import year_range
from accounts.forms import languages
from footprint.publication import queries


@require_GET
def open_data(request: HttpRequest) -> HttpResponse:
    """The table; whoever is signed in sees no more than a visitor."""
    rows = [
        (each, year_range(each.period_start, each.period_end, languages()))
        for each in queries.open_to_everybody()
    ]
    return render(request, "publication/open_data.html", {"rows": rows})


@require_GET
def as_json(request: HttpRequest) -> JsonResponse:
    """The same, with the address of each signature."""
    told = [
        {
            "id": str(each.uuid),
            "company": {"zh": each.company.name_zh, "en": each.company.name_en},
            "product": {"zh": each.name_zh, "en": each.name_en},
            "periodStart": each.period_start.isoformat(),
            "periodEnd": each.period_end.isoformat(),
            "declaredUnit": each.unit,
            "kgCO2eAR6": each.kg_co2e_ar6,
            "validUntil": each.valid_until.isoformat(),
            "contentHash": each.content_hash,
            "jws": reverse("publication:signed", args=[each.uuid]),
        }
        for each in queries.open_to_everybody()
    ]
    return JsonResponse({"declarations": told})
