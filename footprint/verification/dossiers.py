"""What a verifier gets to read, put together by the company when it asks: copies, nothing live."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from footprint.analysis.solved import solved
from footprint.analysis.swings import line_shares
from footprint.calculation.bundles import bundle
from footprint.calculation.models import Footprint
from footprint.inventory import submissions
from footprint.inventory.differences import differences
from footprint.inventory.models import Exchange, FrozenCopy
from footprint.publication.models import Publication
from footprint.verification.models import Dossier, Engagement

GWP = "AR6"


def dossier_of(engagement: Engagement, publication: Publication, *, by: Actor) -> Dossier:
    """Unsaved: the accepted copy, what each line weighs and how it changed, and a bundle that solves to it.

    Raises:
        Refusal: the figure moved since it was prepared, or there is no bundle of it.
    """
    footprint = publication.footprint
    copy = submissions.accepted_copy(by, publication.inventory)
    if footprint is None or copy is None or _has_moved(publication, footprint, copy):
        message = _("The figure moved after this was prepared. Prepare it anew, then have it verified.")
        raise Refusal(message, code="figure_moved")
    written = bundle(by, publication.product, footprint.year)
    return Dossier(
        company_id=publication.company_id,
        engagement=engagement,
        declared=publication.content,
        content=copy.content,
        content_hash=copy.content_hash,
        shares=_shares(by, footprint),
        changes=_changes(by, copy),
        bundle=written.content,
        bundle_hash=hashlib.sha256(written.content).hexdigest(),
    )


def _has_moved(publication: Publication, footprint: Footprint, copy: FrozenCopy) -> bool:
    present = (footprint.kg_co2e_ar6, footprint.input_digest)
    accepted = publication.content["acceptance"]["contentHash"]
    return present != (publication.kg_co2e_ar6, publication.input_digest) or copy.content_hash != accepted


def _shares(by: Actor, footprint: Footprint) -> dict[str, str]:
    """By the line's public identifier; with every digit, as a text."""
    base = solved(by, [(footprint.process_id, footprint.product_id)])
    found = line_shares(base, GWP) if base is not None else {}
    names = dict(Exchange.objects.visible_to(by).filter(pk__in=found).values_list("pk", "uuid"))
    return {str(names[pk]): repr(share) for pk, share in found.items() if pk in names}


def _changes(by: Actor, copy: FrozenCopy) -> dict[str, Any] | None:
    """By line: how far its amount moved since the acceptance before, null for a new one; None without one."""
    before = submissions.last_accepted(by, copy.submission)
    if before is None:
        return None
    found: dict[str, Any] = {}
    for each in differences(before.content, copy.content):
        lines = [each.line] if each.line is not None else each.process["lines"] if each.process else []
        for line in lines:
            if each.kind == "added":
                found[line["uuid"]] = None
            elif each.kind == "changed" and found.get(line["uuid"], "0") is not None:
                found[line["uuid"]] = repr(abs(each.ratio)) if each.ratio is not None else "1.0"
    return found
