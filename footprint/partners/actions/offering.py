"""Bring publications to partners: new ones are stated, ended ones deprecated, and who had them is told."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from accounts.actor import Actor
from accounts.identifiers import FIELDS, urns
from accounts.models import Company
from accounts.visibility import acting_as
from footprint.inventory import identifiers
from footprint.partners.actions.sending import tell_published
from footprint.partners.models import OfferedFootprint, Receipt, WaitingPublication
from footprint.partners.pact import dialect, values
from footprint.partners.pact.checking import schema_findings
from footprint.partners.stating import state, verification
from footprint.publication.models import Publication, PublicationRecipient
from footprint.verification.models import VerificationStatement

Document = dict[str, Any]
ENDED = ("replaced", "withdrawn")


def offer_waiting(*, at: datetime) -> int:
    """Everything that waits, one transaction each; how many there were."""
    done = 0
    while True:
        with acting_as(Actor.worker()):
            waiting = WaitingPublication.objects.select_for_update(skip_locked=True)
            mark = waiting.select_related("publication__product").order_by("pk").first()
            if mark is None:
                return done
            offer(mark.publication, at=at)
            mark.delete()
        done += 1


def offer(publication: Publication, *, at: datetime) -> OfferedFootprint | None:
    """One publication as it stands; a private one goes to nobody.

    A footprint that is out does not change: when the publication is verified, or not any more, another one
    takes its place.
    """
    if publication.visibility == Publication.Visibility.PRIVATE:
        return None
    former = OfferedFootprint.objects.filter(publication=publication).order_by("-pk").first()
    made = former or _stated(publication, at=at)
    if publication.state in ENDED:
        if made.status == OfferedFootprint.Status.ACTIVE:
            deprecate(made, at=at)
        return made
    if former is not None and former.is_served and _is_verified_otherwise(former, publication):
        deprecate(former, at=at)
        made = _stated(publication, at=at, former=former)
    if made is not former and (former is not None or publication.preceding_id is not None):
        tell_published(_followers(publication, made), [str(made.uuid)], at=at)
    return made


def _is_verified_otherwise(row: OfferedFootprint, publication: Publication) -> bool:
    stated = json.loads(row.document)["pcf"].get("verification")
    return bool(stated != verification_of(publication))


def verification_of(publication: Publication) -> dict[str, str] | None:
    """The latest statement that was not revoked, as PACT says it; an adverse opinion verifies nothing."""
    positive = (VerificationStatement.Outcome.UNMODIFIED, VerificationStatement.Outcome.MODIFIED)
    known = VerificationStatement.objects.filter(publication=publication, revoked_at__isnull=True)
    found = known.filter(outcome__in=positive).order_by("stated_on", "pk").last()
    return None if found is None else verification(found.content, found.stated_on)


def _followers(publication: Publication, made: OfferedFootprint) -> list[int]:
    """The connections that received an earlier version of it and may ask for this one."""
    received = Receipt.objects.filter(footprint__publication__product_id=publication.product_id)
    followers = received.values_list("connection_id", flat=True).distinct()
    return [pk for pk in followers if _is_open_to(pk, made)]


def _is_open_to(connection_id: int, made: OfferedFootprint) -> bool:
    partner = Actor(partner_id=connection_id)
    return OfferedFootprint.objects.visible_to(partner).filter(pk=made.pk).exists()


def stated_of(publication: Publication, *, at: datetime) -> tuple[Document, list[str]]:
    """How PACT says a publication, and what keeps it from being served; ``at``: when it is not out yet."""
    stated = state(
        publication.content,
        jws=publication.jws,
        published_at=publication.published_at or at,
        public_url=settings.PARTNER_URL,
        company_urns=company_urns(publication.company),
        product_urns=identifiers.of(publication.product),
        verified=verification_of(publication),
    )
    return stated.document, stated.lacks or [each.pointer for each in schema_findings(stated.document)]


def _stated(
    publication: Publication, *, at: datetime, former: OfferedFootprint | None = None
) -> OfferedFootprint:
    """``former`` is what was offered of the same publication: the new footprint follows it."""
    document, faults = stated_of(publication, at=at)
    if former is not None:
        created = values.told(at.replace(microsecond=0))
        document |= {"id": str(uuid4()), "created": created, "precedingPfIds": [str(former.uuid)]}
    elif before := _offered_before(publication):
        document["precedingPfIds"] = before
    listed = None
    if publication.visibility == Publication.Visibility.LISTED:
        meant = PublicationRecipient.objects.filter(publication=publication)
        listed = list(meant.values_list("recipient_id", flat=True))
    return store(
        document,
        company_id=publication.company_id,
        product_id=publication.product_id,
        publication=publication,
        only_for=listed,
        lacks=faults,
    )


def _offered_before(publication: Publication) -> list[str]:
    """The footprints of the publication it replaces, by the ids they have among partners, and its own."""
    named = [publication.preceding.uuid] if publication.preceding is not None else []
    rows = OfferedFootprint.objects.filter(publication=publication.preceding_id or 0).order_by("pk")
    return [str(each) for each in dict.fromkeys([*named, *rows.values_list("uuid", flat=True)])]


def company_urns(company: Company) -> list[str]:
    """How documents for partners name a company besides its uuid."""
    stated = {name: getattr(company, name) for name in FIELDS}
    return urns(stated, domain=urlsplit(settings.PARTNER_URL).hostname or "localhost")


@transaction.atomic
def store(
    document: Document,
    *,
    company_id: int,
    product_id: int | None,
    publication: Publication | None = None,
    only_for: list[int] | None = None,
    lacks: list[str] | None = None,
) -> OfferedFootprint:
    """A footprint ready to be sent; what lacks something is kept for its owner alone.

    Rows of one company come into being one after the other, so that pages which were handed out once never
    get a row in their middle.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('partners_offered'), %s)", [company_id % 2**31])
    row = OfferedFootprint(
        uuid=document["id"],
        company_id=company_id,
        product_id=product_id,
        publication=publication,
        only_for=only_for,
        lacks=[name[:60] for name in lacks or []][:30],
        is_served=not lacks,
        **searched(document),
        **({} if lacks else written(document)),
    )
    row.save(force_insert=True)
    return row


def written(document: Document) -> dict[str, Any]:
    """The texts that are sent."""
    expressed = dialect.to_v2(document)
    return {
        "document": compact(document),
        "document_v2": compact(expressed.document) if expressed.document else "",
        "reasons_v2": expressed.reasons,
    }


def searched(document: Document) -> dict[str, Any]:
    """The columns partners search by, of a document with all its moments."""
    pcf = document["pcf"]
    ended = values.moment(pcf["referencePeriodEnd"])
    assert ended is not None
    start = values.moment(document.get("validityPeriodStart")) or ended
    places = [pcf[name] for name in PLACES if name in pcf]
    country = "" if not places or "geographyRegionOrSubregion" in pcf else places[0][:2]
    return {
        "status": document["status"],
        "created": values.moment(document["created"]),
        "valid_from": start,
        "valid_until": values.moment(document.get("validityPeriodEnd")) or values.years_later(ended),
        "period_start": values.moment(pcf["referencePeriodStart"]),
        "period_end": ended,
        "geography": places[0].casefold() if places else "",
        "country": country.casefold(),
        "cpc": dialect.cpc_code(document) or "",
        **{
            column: [values.folded(one) for one in document.get(name, ())]
            for column, name in IDENTIFIERS.items()
        },
    }


PLACES = ("geographyRegionOrSubregion", "geographyCountry", "geographyCountrySubdivision")
IDENTIFIERS = {
    "product_ids": "productIds",
    "company_ids": "companyIds",
    "classifications": "productClassifications",
}


@transaction.atomic
def deprecate(row: OfferedFootprint, *, at: datetime) -> None:
    """Active becomes Deprecated, and everybody who received it is told."""
    texts = {}
    for name in ("document", "document_v2"):
        if text := getattr(row, name):
            texts[name] = compact({**json.loads(text), "status": OfferedFootprint.Status.DEPRECATED.value})
    row.status, row.deprecated_at = OfferedFootprint.Status.DEPRECATED, at
    for name, text in texts.items():
        setattr(row, name, text)
    row.save(update_fields=["status", "deprecated_at", *texts])
    tell_published(list(row.receipts.values_list("connection_id", flat=True)), [str(row.uuid)], at=at)


def compact(document: Document) -> str:
    """JSON as it is sent."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
