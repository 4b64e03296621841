"""The owner looks at a publication as partners would get it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from accounts.forms import named
from footprint.partners import previewing, queries
from footprint.partners.models import Connection, FootprintGrant
from footprint.partners.pact.levels import Level
from footprint.partners.pages.judged import Shown
from footprint.partners.words import LACKS, MENDED_V2, REASONS_V2, WITHHELD
from footprint.publication.models import Publication
from footprint.publication.queries import publication

LEVELS = dict(FootprintGrant.LEVELS)
MOST_PARTNERS = 500


class AskedForm(forms.Form):
    """At which level, in which version, and for whom."""

    level = forms.ChoiceField(choices=FootprintGrant.LEVELS, required=False)
    version = forms.ChoiceField(choices=[("3", "3"), ("2", "2")], required=False)
    partner = forms.ChoiceField(label=gettext_lazy("Partner"), required=False)

    def __init__(self, data: Any, partners: list[Connection]) -> None:
        super().__init__(data)
        choices = [("", gettext_lazy("Any, at the level chosen")), *((str(p.uuid), p.name) for p in partners)]
        self.fields["partner"].choices = choices  # type: ignore[attr-defined]


@login_required
@require_GET
def preview(request: AskedRequest, publication_uuid: UUID) -> HttpResponse:
    """Each level with its usability, and one of them whole."""
    found = own_publication(request, publication_uuid)
    known = queries.connections(request.actor).filter(company_id=found.company_id)
    partners = list(known.order_by("name")[:MOST_PARTNERS])
    form = AskedForm(request.GET, partners)
    if not form.is_valid():
        raise Http404
    asked, now = form.cleaned_data, timezone.now()
    whole = previewing.whole(found, at=now)
    accesses = [previewing.access(whole, each) for each in partners]
    chosen = next((each for each in accesses if str(each.connection.uuid) == asked["partner"]), None)
    level = Level(asked["level"] or (chosen and chosen.level) or Level.FULL)
    version = int(asked["version"] or previewing.VERSIONS[0])
    shown = previewing.preview(whole, level, version, at=now)
    context = {
        "trail": _trail(found),
        "publication": found,
        "title": named(found),
        "form": form,
        "chosen": chosen,
        "chosen_words": _access_words(chosen) if chosen else "",
        "lacks": [LACKS.get(name, name) for name in whole.lacks],
        "levels": _levels(whole, level, version, asked["partner"]),
        "versions": [
            {
                "label": f"PACT {each}",
                "url": _query(level, each, asked["partner"]),
                "is_current": each == version,
            }
            for each in previewing.VERSIONS
        ],
        "preview": shown,
        "level_name": LEVELS[level.value],
        "reasons": [(REASONS_V2[code], MENDED_V2[code]) for code in shown.reasons],
        "shown": Shown(shown.judged),
        "text": _pretty(shown.document),
        "differences": previewing.changed(whole, level, at=now),
        "accesses": [(each, _access_words(each)) for each in accesses],
    }
    return render(request, "partners/preview.html", context)


def own_publication(request: AskedRequest, uuid: UUID) -> Publication:
    """One of one's own companies. Raises Http404."""
    found = publication(request.actor, uuid)
    if found is None or found.company_id not in request.actor.company_ids:
        raise Http404
    return found


def _levels(whole: previewing.Whole, level: Level, version: int, partner: str) -> list[dict[str, Any]]:
    """Every level: how usable what it shows is, and whether version 2 can say it."""
    now = timezone.now()
    rows = []
    for each in Level:
        three, two = (previewing.preview(whole, each, number, at=now) for number in previewing.VERSIONS)
        rows.append(
            {
                "name": LEVELS[each.value],
                "url": _query(each, version, partner),
                "is_current": each is level,
                "usability": three.judged.level,
                "missing": three.judged.usability.missing.get(three.judged.level + 1, []),
                "reasons": [REASONS_V2[code] for code in two.reasons],
            }
        )
    return rows


def _access_words(access: previewing.Access) -> str:
    if access.level is None:
        return str(WITHHELD[access.why])
    return str(LEVELS[access.level.value])


def _query(level: Level, version: int, partner: str) -> str:
    return "?" + urlencode({"level": level.value, "version": version, "partner": partner})


def _pretty(document: Any) -> str:
    return "" if document is None else json.dumps(document, ensure_ascii=False, indent=2)


def _trail(found: Publication) -> list[tuple[str, str]]:
    return [
        (_("Publications"), reverse("publication:list")),
        (str(named(found)), reverse("publication:publication", args=[found.uuid])),
        (_("As partners get it"), ""),
    ]
