"""Say something to the other side of a request."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import NotAllowed
from footprint.sharing.actions.moving import LONGEST
from footprint.sharing.models import SharingRemark, SharingRequest
from footprint.sharing.notices import tell_remarked
from footprint.sharing.queries import speaking_side


@transaction.atomic
def remark_on(request: SharingRequest, *, by: Actor, at: datetime, text: str) -> SharingRemark:
    """Those who share, of either side, in every state; @ calls somebody of one's own side by name.

    Raises:
        NotAllowed; Refusal: nothing was said.
    """
    side = speaking_side(request, by)
    if side is None:
        raise NotAllowed(_("Your role does not include this. Ask your company's data owner."))
    said = SharingRemark(
        company_id=request.company_id,
        request=request,
        side_id=side,
        text=checks.text(text, field="text", longest=LONGEST, required=True),
        by_id=by.user_id,
        at=at,
    )
    said.save(force_insert=True)
    tell_remarked(request, said.text, side=side, by=by, at=at)
    return said
