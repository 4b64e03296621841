"""Give what was asked for: open a product for a live link, or sign a version for this recipient."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import lookup
from accounts.errors import Refusal
from footprint.inventory.measures import converts
from footprint.inventory.models import Product
from footprint.inventory.providers import nature
from footprint.partners.pact.levels import Level, narrowed
from footprint.partners.pact.usability import usability
from footprint.partners.stating import state
from footprint.publication.models import Publication, SigningKey
from footprint.publication.signing import key_id, private_key, public_part, sign
from footprint.sharing.actions.link import close_link, open_link
from footprint.sharing.actions.moving import carry
from footprint.sharing.models import SharingRequest
from footprint.sharing.statement import statement

Mode = SharingRequest.Mode


@transaction.atomic
def share(
    request: SharingRequest,
    *,
    by: Actor,
    at: datetime,
    mode: str,
    product: Any = None,
    publication: Any = None,
    level: str = "",
    reason: str = "",
    version: int | None = None,
) -> SharingRequest:
    """Live: grant ``product`` until the last day of the terms; pinned: sign what ``level`` opens of
    ``publication``. A live link tells the total and nothing behind it.

    Raises:
        NotAllowed; Refusal: not from this state, no such product or publication, one that is not in force, a
        unit that does not convert into the one asked for, or the last day of use is past; Stale.
    """
    chosen = checks.choice(mode, Mode.values, field="mode")
    if request.ends_on is not None and request.ends_on < timezone.localdate(at):
        message = _("The last day of use that was asked for is past. Decline, so that it is asked for anew.")
        raise Refusal(message, code="past")
    give = _live if chosen == Mode.LIVE else _pinned
    given = product if chosen == Mode.LIVE else publication
    before = copy(request)
    changes = give(request, given, level, by=by, at=at)
    moved = carry(
        request, "share", by=by, at=at, reason=reason, version=version, mode=chosen, shared_at=at, **changes
    )
    if before.product_id != moved.product_id or chosen != Mode.LIVE:
        close_link(before, by=by)
    if chosen == Mode.LIVE:
        open_link(moved, by=by)
    return moved


def _live(request: SharingRequest, given: Any, level: str, *, by: Actor, at: datetime) -> dict[str, Any]:
    key = lookup(given) if given else None
    found = Product.objects.own(by).filter(company_id=request.supplier_id, **key).first() if key else None
    if found is None:
        raise Refusal(_("Choose one of your products."), field="product", code="not_found")
    if not converts(request.unit, found.unit, nature(found)):
        message = _(
            "It was asked for per %(asked)s, the product counts in %(given)s, and nothing says how one "
            "converts into the other. Enter the conversion with the product."
        )
        words = {"asked": request.unit, "given": found.unit}
        raise Refusal(message % words, field="product", code="unit_mismatch")
    return {
        "outdated_at": None, "product": found, "publication": None, "given_level": Level.TOTAL.value,
        "content": None, "jws": "", "key_id": "",
    }  # fmt: skip


def _pinned(request: SharingRequest, given: Any, level: str, *, by: Actor, at: datetime) -> dict[str, Any]:
    key = lookup(given) if given else None
    own = Publication.objects.visible_to(by).filter(company_id=request.supplier_id, state="published")
    found = own.filter(**key).first() if key else None
    if found is None:
        message = _("Choose one of your publications that is in force.")
        raise Refusal(message, field="publication", code="not_found")
    opened = Level(checks.choice(level or request.level, [each.value for each in Level], field="level"))
    told = statement(
        found.content, opened, content_hash=found.content_hash, terms=_terms(request, found, opened)
    )
    key_pair = private_key()
    SigningKey.objects.get_or_create(
        key_id=key_id(key_pair), defaults={"public": public_part(key_pair), "first_used_at": at}
    )
    return {
        "outdated_at": None,
        "product_id": found.product_id,
        "publication": found,
        "given_level": opened.value,
        "content": told,
        "jws": sign(told, key_pair),
        "key_id": key_id(key_pair),
    }


def _terms(request: SharingRequest, found: Publication, opened: Level) -> dict[str, Any]:
    """What goes with the statement wherever it is shown, and how far it carries."""
    assert found.published_at is not None
    document = state(
        found.content, jws=found.jws, published_at=found.published_at, public_url=settings.PUBLIC_URL
    ).document
    graded = usability(narrowed(document, opened))
    return {
        "request": str(request.uuid),
        "recipient": str(request.company.uuid),
        "purpose": request.purpose,
        "mayPassOn": request.may_pass_on,
        "until": request.ends_on.isoformat() if request.ends_on else None,
        "usability": graded.level,
        "missing": {str(level): missing for level, missing in graded.missing.items()},
    }
