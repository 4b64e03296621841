"""Questions about partners: connections, what they may see, what they sent and what is sent to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from accounts.identifiers import named
from accounts.models import Company
from accounts.queries import own_companies
from accounts.roles import Permission
from accounts.visibility import acting_as, rows
from footprint.partners.introductions_sql import RECEIVING
from footprint.partners.models import (
    ConformanceRun,
    Connection,
    ConnectionRequest,
    Delivery,
    FootprintGrant,
    OfferedFootprint,
    PartnerEvent,
    PartnerFootprint,
    PartnerSecret,
    Receipt,
    Reception,
    Webhook,
    WebhookSecret,
)


def connections(actor: Actor) -> QuerySet[Connection]:
    """Those of the actor's companies, active ones first."""
    found = Connection.objects.visible_to(actor).select_related("company", "partner", "application")
    return found.annotate(
        granted=Count("grants", filter=Q(grants__revoked_at__isnull=True), distinct=True)
    ).order_by("state", "name", "pk")


def connection(actor: Actor, uuid: UUID) -> Connection | None:
    """One of them."""
    return connections(actor).filter(uuid=uuid).first()


def secrets(actor: Actor, of: Connection) -> QuerySet[PartnerSecret]:
    """The secrets of a connection that are not revoked."""
    own = PartnerSecret.objects.visible_to(actor).filter(connection=of, revoked_at__isnull=True)
    return own.order_by("created_at", "pk")


def with_secrets(actor: Actor, found: QuerySet[Connection]) -> QuerySet[Connection]:
    """The connections with ``usable_secrets``: those that are not revoked, in one query for all."""
    usable = PartnerSecret.objects.visible_to(actor).filter(revoked_at__isnull=True)
    ordered = usable.order_by("created_at", "pk")
    return found.prefetch_related(Prefetch("secrets", queryset=ordered, to_attr="usable_secrets"))


def grants(actor: Actor, of: Connection) -> QuerySet[FootprintGrant]:
    """What a connection may see, as long as nobody ended it."""
    own = FootprintGrant.objects.visible_to(actor).filter(connection=of, revoked_at__isnull=True)
    return own.select_related("product", "company").order_by("created_at", "pk")


def all_grants(actor: Actor) -> QuerySet[FootprintGrant]:
    """What one's companies opened to partners, also what is closed by now."""
    return FootprintGrant.objects.visible_to(actor).select_related("connection", "product", "company")


def ended_grants(actor: Actor, of: Connection) -> QuerySet[FootprintGrant]:
    """What a connection may see no longer, the latest first; ``received``: how many it was sent before."""
    whole = Q(product__isnull=True)
    sent = Receipt.objects.filter(connection=OuterRef("connection"), at__lte=OuterRef("revoked_at"))
    counted = [
        Coalesce(Subquery(rows.values("connection").annotate(n=Count("pk")).values("n")), 0)
        for rows in (sent, sent.filter(footprint__product=OuterRef("product")))
    ]
    ended = FootprintGrant.objects.visible_to(actor).filter(connection=of, revoked_at__isnull=False)
    found = ended.annotate(received=Case(When(whole, then=counted[0]), default=counted[1]))
    return found.select_related("product", "company").order_by("-revoked_at", "-pk")


def conformance_runs(actor: Actor) -> QuerySet[ConformanceRun]:
    """Trials of partners' endpoints, latest first; their results are fetched when one is looked at."""
    found = ConformanceRun.objects.visible_to(actor).select_related("connection", "company", "created_by")
    return found.defer("results").order_by("-created_at", "-pk")


def requests(actor: Actor) -> QuerySet[ConnectionRequest]:
    """Who asks the actor's companies to be connected: what waits first, then the latest."""
    found = ConnectionRequest.objects.visible_to(actor).select_related("company", "connection", "decided_by")
    return found.order_by(Case(When(state="new", then=0), default=1), "-received_at", "-pk")


def requests_waiting(actor: Actor) -> QuerySet[ConnectionRequest]:
    """Those that this person may decide on, the oldest first."""
    own = actor.companies_with(Permission.SHARE_PRODUCT)
    found = ConnectionRequest.objects.visible_to(actor).filter(state="new", company_id__in=own)
    return found.select_related("company").order_by("received_at", "pk")


def receptions(actor: Actor) -> QuerySet[Company]:
    """The actor's companies; ``is_open`` tells whether anybody may ask them to be connected."""
    opened = Reception.objects.visible_to(actor).filter(company=OuterRef("pk"), is_open=True)
    return own_companies(actor).annotate(is_open=Exists(opened)).order_by("pk")


def asked_by_anybody() -> QuerySet[Company]:
    """The companies that let anybody ask them to be connected; the others are not told of."""
    opened = [company_id for (company_id,) in rows(RECEIVING, [])]
    return Company.objects.filter(pk__in=opened).order_by("name_en", "pk")


def inbox(actor: Actor) -> QuerySet[PartnerEvent]:
    """Events of partners, what waits for an answer first."""
    found = PartnerEvent.objects.visible_to(actor).select_related("connection", "company", "decided_by")
    return found.order_by("-received_at", "-pk")


def event(actor: Actor, uuid: UUID) -> PartnerEvent | None:
    """One of them."""
    return inbox(actor).filter(uuid=uuid).first()


def waiting(actor: Actor) -> QuerySet[PartnerEvent]:
    """Requests that this person may answer and no machine does, the earliest deadline first."""
    own = actor.companies_with(Permission.SHARE_PRODUCT)
    found = PartnerEvent.objects.visible_to(actor).left_to_people().filter(company_id__in=own)
    return found.select_related("connection", "company").order_by("due_at", "pk")


def deliveries(actor: Actor) -> QuerySet[Delivery]:
    """Events of ours on their way, to whomever, latest first."""
    found = Delivery.objects.visible_to(actor).select_related(
        "connection", "webhook", "company", "answers", "created_by"
    )
    return found.order_by("-created_at", "-pk")


def outbox(actor: Actor) -> QuerySet[Delivery]:
    """Events of ours, latest first."""
    found = Delivery.objects.visible_to(actor).select_related("connection", "company", "answers")
    return found.filter(connection__isnull=False).order_by("-created_at", "-pk")


def receipts(actor: Actor) -> QuerySet[Receipt]:
    """Which partner was sent which of one's footprints, and when first; the latest first."""
    found = Receipt.objects.visible_to(actor).select_related(
        "connection", "company", "footprint__product", "footprint__publication"
    )
    return found.order_by("-at", "-pk")


def webhooks(actor: Actor) -> QuerySet[Webhook]:
    """Those of the actor's companies."""
    return Webhook.objects.visible_to(actor).select_related("company").order_by("name", "pk")


def webhook_secrets(actor: Actor, of: Webhook) -> QuerySet[WebhookSecret]:
    """The secrets that sign what a webhook is sent, oldest first."""
    own = WebhookSecret.objects.visible_to(actor).filter(webhook=of, revoked_at__isnull=True)
    return own.order_by("created_at", "pk")


def hook_deliveries(actor: Actor) -> QuerySet[Delivery]:
    """What was sent to the webhooks of the actor's companies, latest first."""
    found = Delivery.objects.visible_to(actor).select_related("webhook", "company")
    return found.filter(webhook__isnull=False).order_by("-created_at", "-pk")


def offered(actor: Actor) -> QuerySet[OfferedFootprint]:
    """The footprints of the actor's companies as partners get them, latest first."""
    found = OfferedFootprint.objects.visible_to(actor).select_related("company", "product", "publication")
    return found.order_by("-pk")


def received(actor: Actor) -> QuerySet[PartnerFootprint]:
    """Footprints of partners, latest first."""
    found = PartnerFootprint.objects.visible_to(actor).select_related("connection", "company")
    return found.order_by("-received_at", "-pk")


def companies_named(identifiers: Iterable[object]) -> QuerySet[Company]:
    """The companies of the directory that somebody's identifiers mean; a sandbox is nobody."""
    wanted = Q(pk__in=[])
    for kind, numbers in named(identifiers).items():
        wanted |= Q(**{f"{kind}__in": numbers})
    return Company.objects.filter(wanted).exclude(kind=Company.Kind.SANDBOX).order_by("pk")


def companies_with_numbers(stated: Mapping[str, str]) -> QuerySet[Company]:
    """The companies of the directory that bear one of these numbers; a sandbox is nobody."""
    wanted = Q(pk__in=[])
    for kind, number in stated.items():
        wanted |= Q(**{kind: number}) if number else Q(pk__in=[])
    return Company.objects.filter(wanted).exclude(kind=Company.Kind.SANDBOX).order_by("pk")


def offering_companies() -> QuerySet[Company]:
    """Companies with footprints that partners could be shown."""
    serving = OfferedFootprint.objects.filter(is_served=True).values("company")
    return Company.objects.filter(pk__in=serving).order_by("pk")


def answer_to(to: Connection, event_id: str) -> dict[str, Any] | None:
    """What a partner answered to a request, by the request's id; for the conformance runner."""
    kinds = (PartnerEvent.Type.FULFILLED, PartnerEvent.Type.REJECTED)
    with acting_as(Actor.worker()):
        for body in PartnerEvent.objects.filter(connection=to, type__in=kinds).values_list("body", flat=True):
            data: dict[str, Any] = json.loads(body)["data"]
            if data["requestEventId"] == event_id:
                return data
    return None
