"""What everybody may read: the declaration behind a QR code, its signature, the keys, what was withdrawn."""

from __future__ import annotations

from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from accounts.actor import Actor
from accounts.canonical import canonical
from accounts.figures import year_range
from accounts.forms import languages
from footprint.publication import queries
from footprint.publication.models import Publication
from footprint.publication.pages import paper
from footprint.publication.pages.showing import facts, profile_names, profiles, stages
from footprint.publication.signing import NoKey, as_jwk, private_key, public_part
from footprint.publication.statements import stated_of

NOBODY = Actor.nobody()
"""Who reads here: whoever is signed in sees no more than a visitor."""


@require_GET
def declaration(request: HttpRequest, publication_uuid: UUID) -> HttpResponse:
    """The page behind the QR code."""
    found = _public(publication_uuid)
    chain = queries.chain(NOBODY, found)
    later = next((each for each in chain if each.state == Publication.State.PUBLISHED), None)
    context = {
        "publication": found,
        "period": year_range(found.period_start, found.period_end, languages()),
        "facts": facts(found.content),
        "profiles": profiles(found.content, profile_names()),
        "stages": stages(found.content),
        "chain": chain,
        "years": queries.years(NOBODY, found),
        "later": later if later != found else None,
        "is_genuine": queries.is_genuine(found),
        "stated": stated_of(NOBODY, found, timezone.localdate()),
        "address": address_of(found),
        "code": code_of(address_of(found)),
    }
    return render(request, "publication/declaration.html", context)


@require_GET
def signed(request: HttpRequest, publication_uuid: UUID) -> HttpResponse:
    """The signature with what it is over, for machines."""
    found = _public(publication_uuid)
    return _file(found, found.jws.encode(), "jws", "application/jose")


@require_GET
def content(request: HttpRequest, publication_uuid: UUID) -> HttpResponse:
    """What was signed, byte for byte."""
    found = _public(publication_uuid)
    return _file(found, canonical(found.content), "json", "application/json")


@require_GET
def on_paper(request: HttpRequest, publication_uuid: UUID, language: str) -> HttpResponse:
    """The declaration as a PDF."""
    found = _public(publication_uuid)
    stated = stated_of(NOBODY, found, timezone.localdate())
    return paper.answer(found, language=language, address=address_of(found), stated=stated)


@require_GET
def keys(request: HttpRequest) -> JsonResponse:
    """Every public key that signs or ever signed (RFC 7517)."""
    known = [key.public for key in queries.signing_keys()]
    try:
        present = public_part(private_key())
    except NoKey:
        present = ""
    if present and present not in known:
        known.insert(0, present)
    return JsonResponse({"keys": [as_jwk(each) for each in known]})


@require_GET
def withdrawals(request: HttpRequest) -> JsonResponse:
    """Public declarations that hold no longer."""
    rows = [
        {
            "id": str(each.uuid),
            "contentHash": each.content_hash,
            "status": each.state,
            "since": each.ended_at.isoformat() if each.ended_at else None,
        }
        for each in queries.withdrawn(NOBODY)
    ]
    return JsonResponse({"withdrawn": rows})


def address_of(publication: Publication) -> str:
    """Where everybody finds it."""
    path = reverse("publication:declaration", args=[publication.uuid])
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def code_of(address: str) -> SafeString:
    """The QR code, as part of the page: black on white in every theme, or cameras miss it."""
    drawn = segno.make(address, error="m", micro=False)
    return SafeString(drawn.svg_inline(scale=4, border=3, dark="#000", light="#fff", svgclass="qr"))


def _public(uuid: UUID) -> Publication:
    found = queries.public(uuid)
    if found is None:
        raise Http404
    return found


def _file(found: Publication, body: bytes, kind: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=media_type)
    answer["Content-Disposition"] = f'inline; filename="declaration-{found.uuid}.{kind}"'
    return answer
