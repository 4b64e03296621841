"""Publish a footprint: snapshot, self-check, approval by another person, signature; replace and withdraw."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.canonical import content_hash
from accounts.checks import lookup
from accounts.errors import Refusal
from accounts.models import Company
from accounts.moving import checked, write_move
from accounts.policy import require
from accounts.review import Move
from accounts.roles import Permission
from footprint.analysis import queries as assessments
from footprint.calculation.models import Footprint
from footprint.calculation.queries import Freshness, freshness
from footprint.inventory import submissions
from footprint.inventory.models import FrozenCopy
from footprint.publication import queries
from footprint.publication.content import content, lacking, valid_until
from footprint.publication.models import (
    Publication,
    PublicationRecipient,
    PublicationStep,
    SigningKey,
)
from footprint.publication.notices import tell_moved, tell_prepared
from footprint.publication.procedure import PUBLICATION
from footprint.publication.signing import key_id, private_key, public_part, sign
from footprint.publication.words import LACKING

LONGEST_REASON = 2000
Visibility = Publication.Visibility


@transaction.atomic
def prepare_publication(
    footprint: Footprint,
    *,
    by: Actor,
    at: datetime,
    visibility: str,
    recipients: Iterable[Any] = (),
) -> Publication:
    """A snapshot of an own figure as it is now; it goes nowhere before another person approved it.

    ``recipients`` are the companies it is meant for when it is for listed partners.

    Raises:
        NotAllowed; Refusal: the figure is not current, its inventory not accepted or changed since, one of
        this figure is being prepared already, or nobody is named that it is meant for.
    """
    require(by, Permission.PREPARE_PUBLICATION, company_id=footprint.company_id)
    chosen = checks.choice(visibility, Visibility.values, field="visibility")
    listed = _recipients(footprint, chosen, recipients)
    copy = _accepted(footprint, by)
    preceding = _published(footprint)
    number = _next_number(footprint)
    uuid = uuid4()
    told = content(
        by,
        footprint,
        copy,
        uuid=uuid,
        number=number,
        preceding=[preceding.uuid] if preceding else [],
        created=timezone.localdate(at),
    )
    made = _row(footprint, uuid, told, chosen, preceding, by)
    message = _("A publication of this figure is being prepared already. Go on with that one, or discard it.")
    with checks.refusing({"publication_prepared_once": Refusal(message, code="prepared_already")}):
        made.save(force_insert=True)
    for company in listed:
        PublicationRecipient(company_id=made.company_id, publication=made, recipient=company).save()
    tell_prepared(made, by=by, at=at)
    return made


def _row(
    footprint: Footprint, uuid: Any, told: dict[str, Any], visibility: str, preceding: Any, by: Actor
) -> Publication:
    return Publication(
        uuid=uuid,
        company_id=footprint.company_id,
        product=footprint.product,
        inventory=footprint.inventory,
        footprint=footprint,
        preceding=preceding,
        number=told["number"],
        name_zh=told["product"]["nameZh"],
        name_en=told["product"]["nameEn"],
        period_start=footprint.inventory.period_start,
        period_end=footprint.inventory.period_end,
        unit=footprint.unit,
        kg_co2e_ar6=float(told["pcf"]["AR6"]),
        input_digest=footprint.input_digest,
        visibility=visibility,
        content=told,
        content_hash=content_hash(told),
        valid_until=valid_until(footprint.inventory.period_end),
        prepared_by_id=by.user_id,
    )


@transaction.atomic
def move_publication(
    publication: Publication,
    move: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Publication:
    """One move of the procedure, by its name.

    Raises:
        NotAllowed: another role or another person has to do it.
        Refusal: not from this state; something is lacking, or the figure moved meanwhile.
        Stale: somebody else moved it first.
    """
    reason = checks.text(reason, field="reason", longest=LONGEST_REASON)
    deeds = {"prepare": [publication.prepared_by_id], "self_check": [publication.self_checked_by_id]}
    chosen = checked(PUBLICATION, move, publication, by=by, deeds=deeds, reason=reason)
    changes = CHANGES[move](publication, by, at) if move in CHANGES else {}
    before = write_move(publication, chosen, version=version, **changes)
    _record(publication, chosen, before, by=by, at=at, reason=reason)
    return publication


def _self_check(publication: Publication, by: Actor, at: datetime) -> dict[str, Any]:
    """What a declaration must say is there."""
    missing = lacking(publication.content)
    if missing:
        names = ", ".join(str(LACKING[name]) for name in missing)
        message = _("The declaration lacks: %(names)s. Complete the data, discard this and prepare it anew.")
        raise Refusal(message % {"names": names}, code="lacking")
    return {"self_checked_by": by.user_id}


def _approve(publication: Publication, by: Actor, at: datetime) -> dict[str, Any]:
    return {"approved_by": by.user_id}


def _send_back(publication: Publication, by: Actor, at: datetime) -> dict[str, Any]:
    return {"self_checked_by": None}


def _publish(publication: Publication, by: Actor, at: datetime) -> dict[str, Any]:
    """Only what is still current, accepted and unmoved is signed; what was published before is replaced."""
    footprint = publication.footprint
    if footprint is None:
        raise Refusal(_moved(), code="figure_moved")
    _accepted(footprint, by)
    present = (footprint.kg_co2e_ar6, footprint.input_digest)
    if present != (publication.kg_co2e_ar6, publication.input_digest):
        raise Refusal(_moved(), code="figure_moved")
    preceding = _published(footprint)
    if preceding != publication.preceding:
        message = _("Another version was published meanwhile. Discard this and prepare it anew.")
        raise Refusal(message, code="not_the_next")
    key = private_key()
    SigningKey.objects.get_or_create(
        key_id=key_id(key), defaults={"public": public_part(key), "first_used_at": at}
    )
    if preceding is not None:
        _replace(preceding, at)
    return {
        "jws": sign(publication.content, key),
        "key_id": key_id(key),
        "published_by": by.user_id,
        "published_at": at,
    }


def _end(publication: Publication, by: Actor, at: datetime) -> dict[str, Any]:
    return {"ended_at": at}


CHANGES = {
    "self_check": _self_check,
    "approve": _approve,
    "send_back": _send_back,
    "publish": _publish,
    "withdraw": _end,
    "discard": _end,
}


def _moved() -> str:
    return _("The figure moved after this was prepared. Discard it and prepare it anew.")


def _replace(publication: Publication, at: datetime) -> None:
    move = PUBLICATION.move("replace")
    assert move is not None
    before = write_move(publication, move, version=None, ended_at=at)
    _record(publication, move, before, by=None, at=at)


def _record(
    publication: Publication, move: Move, before: str, *, by: Actor | None, at: datetime, reason: str = ""
) -> None:
    PublicationStep(
        company_id=publication.company_id,
        publication=publication,
        move=move.name,
        before=before,
        after=move.target,
        reason=reason,
        by_id=by.user_id if by else None,
        at=at,
    ).save(force_insert=True)
    tell_moved(publication, move, by=by, at=at)


def _accepted(footprint: Footprint, by: Actor) -> FrozenCopy:
    """The accepted copy the figure stands on, while it is current and nothing changed since.

    Raises:
        Refusal: saying which of it is not so.
    """
    state = freshness(by, [footprint])[footprint.pk]
    if state is not Freshness.CURRENT:
        message = _("The figure is not current. Wait until it is recomputed, then try again.")
        raise Refusal(message, code="not_current")
    if assessments.freshness(by, [footprint])[footprint.pk] is not Freshness.CURRENT:
        message = _("The assessment of the figure is not current. Wait a moment, then try again.")
        raise Refusal(message, code="not_assessed")
    copy = submissions.accepted_copy(by, footprint.inventory)
    if copy is None:
        message = _("The inventory was not accepted by the alliance. Submit it first.")
        raise Refusal(message, code="not_accepted")
    moved = queries.digest_in(copy, footprint) != footprint.input_digest
    if moved or submissions.weighs_otherwise(by, footprint.inventory, copy):
        message = _("The inventory changed after it was accepted. Submit it again first.")
        raise Refusal(message, code="changed_since_acceptance")
    return copy


def _published(footprint: Footprint) -> Publication | None:
    return Publication.objects.filter(
        company_id=footprint.company_id,
        product=footprint.product,
        inventory=footprint.inventory,
        state="published",
    ).first()


def _next_number(footprint: Footprint) -> int:
    known = Publication.objects.filter(
        company_id=footprint.company_id, product=footprint.product, inventory=footprint.inventory
    ).exclude(jws="")
    return max([0, *known.values_list("number", flat=True)]) + 1


def _recipients(footprint: Footprint, visibility: str, given: Iterable[Any]) -> list[Company]:
    """Other companies, named when and only when it is for listed partners."""
    asked = list(given)
    if visibility != Visibility.LISTED:
        if asked:
            message = _("Only a publication for listed partners names them.")
            raise Refusal(message, field="recipients", code="not_listed")
        return []
    if not asked:
        message = _("Choose at least one partner it is meant for.")
        raise Refusal(message, field="recipients", code="required")
    found = []
    for each in asked:
        key = lookup(each)
        company = Company.objects.filter(**key).first() if key else None
        if company is None:
            raise Refusal(_("There is no such company."), field="recipients", code="not_found")
        if company.pk == footprint.company_id:
            message = _("The product belongs to this company already.")
            raise Refusal(message, field="recipients", code="own_company")
        found.append(company)
    return list({company.pk: company for company in found}.values())
