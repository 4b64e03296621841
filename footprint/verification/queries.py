"""Questions about engagements: what one may know of them, what waits, how statements stand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.queries import memberships_on
from accounts.review import Move
from accounts.roles import Permission, roles_with
from footprint.publication.models import Publication
from footprint.verification.models import (
    Dossier,
    Engagement,
    EngagementRemark,
    EngagementStep,
    SampledLine,
    VerificationFinding,
    VerificationStatement,
)
from footprint.verification.procedure import NEXT, VERIFICATION


def engagements(actor: Actor) -> QuerySet[Engagement]:
    """Own ones, and those one was asked to work on; the latest first."""
    found = Engagement.objects.visible_to(actor).select_related("company", "body", "verifier")
    return found.order_by("-created_at", "-pk")


def engagement(actor: Actor, uuid: UUID) -> Engagement | None:
    """One of them."""
    return engagements(actor).filter(uuid=uuid).first()


def dossier(actor: Actor, engagement: Engagement) -> Dossier | None:
    """What there is to read, once it is open."""
    return Dossier.objects.visible_to(actor).filter(engagement=engagement).first()


def sample(actor: Actor, engagement: Engagement) -> QuerySet[SampledLine]:
    """The lines that are looked at, the riskiest first."""
    return SampledLine.objects.visible_to(actor).filter(engagement=engagement).order_by("-risk", "pk")


def findings(actor: Actor, engagement: Engagement) -> QuerySet[VerificationFinding]:
    """What was found, open ones first."""
    found = VerificationFinding.objects.visible_to(actor).filter(engagement=engagement)
    return found.select_related("sampled", "answered_by").order_by("-closed_at", "raised_at", "pk")


def remarks(actor: Actor, engagement: Engagement) -> QuerySet[EngagementRemark]:
    """What was said about it and about its findings, the first one first."""
    found = EngagementRemark.objects.visible_to(actor).filter(engagement=engagement)
    return found.select_related("by").order_by("at", "pk")


def finding(actor: Actor, uuid: UUID) -> VerificationFinding | None:
    """One of them."""
    found = VerificationFinding.objects.visible_to(actor).select_related("engagement__company")
    return found.filter(uuid=uuid).first()


def sampled(actor: Actor, uuid: UUID) -> SampledLine | None:
    """One line of a sample."""
    found = SampledLine.objects.visible_to(actor).select_related("engagement__company")
    return found.filter(uuid=uuid).first()


def files_of(actor: Actor, sampled: SampledLine) -> list[dict[str, Any]]:
    """The files that the frozen copy names beside a line of the sample: uuid, name, size, sha256."""
    found = dossier(actor, sampled.engagement)
    told = lines_of(found).get(str(sampled.line)) if found else None
    return list(told[1].get("evidence", ())) if told else []


def evidence(actor: Actor, engagement: Engagement, file: UUID) -> tuple[str, str, bytes] | None:
    """A file beside a line of the sample, for the verifier while the access lasts: name, SHA-256, content."""
    kept = dossier(actor, engagement)
    known = lines_of(kept) if kept else {}
    for each in sample(actor, engagement):
        _process, line = known.get(str(each.line), ({}, {}))
        for told in line.get("evidence", ()):
            if told["uuid"] == str(file):
                content = _content(each, file)
                return None if content is None else (told["name"], told["sha256"], content)
    return None


def _content(sampled: SampledLine, file: UUID) -> bytes | None:
    """The database itself asks who reads it, and whether the copy names the file beside this line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT verification_evidence(%s, %s)", [sampled.pk, file])
        (content,) = cursor.fetchone()
    return None if content is None else bytes(content)


def steps(actor: Actor, engagement: Engagement) -> QuerySet[EngagementStep]:
    """What was done, the latest first."""
    found = EngagementStep.objects.visible_to(actor).filter(engagement=engagement)
    return found.select_related("by").order_by("-at", "-pk")


def statement(actor: Actor, engagement: Engagement) -> VerificationStatement | None:
    """What was stated in the end."""
    return VerificationStatement.objects.visible_to(actor).filter(engagement=engagement).first()


def statements(actor: Actor, publication: Publication) -> QuerySet[VerificationStatement]:
    """What was stated about a publication, the latest first."""
    found = VerificationStatement.objects.visible_to(actor).filter(publication=publication)
    return found.order_by("-stated_on", "-pk")


def verifiers(actor: Actor) -> list[tuple[User, Company]]:
    """Whom a company may ask: people who verify at a verification body."""
    if not any(actor.holdings_with(Permission.ENGAGE_VERIFIER)):
        return []
    held = memberships_on(timezone.localdate()).filter(
        role__in=[role.value for role in roles_with(Permission.VERIFY)],
        company__kind=Company.Kind.VERIFIER,
        user__is_active=True,
    )
    rows = held.select_related("user", "company").order_by("company__code", "user__name", "user__email")
    return [(row.user, row.company) for row in rows]


def waiting(actor: Actor) -> list[tuple[Engagement, Move]]:
    """Engagements whose next move is this person's: the verifier's."""
    mine = Q(verifier_id=actor.user_id or 0, state__in=NEXT)
    found = engagements(actor).filter(mine).order_by("access_until", "pk")
    return [(each, move) for each in found if (move := VERIFICATION.move(NEXT[each.state])) is not None]


def unanswered(actor: Actor) -> list[VerificationFinding]:
    """Findings that the actor's company has to answer."""
    own = actor.companies_with(Permission.ENGAGE_VERIFIER)
    found = VerificationFinding.objects.visible_to(actor).filter(
        company_id__in=own, answer="", closed_at__isnull=True
    )
    return list(found.select_related("engagement").order_by("raised_at", "pk"))


def lines_of(found: Dossier) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Process and line of a dossier, by the line's public identifier."""
    return {
        line["uuid"]: (process, line) for process in found.content["processes"] for line in process["lines"]
    }
