"""An owner offers a published figure as a factor."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest
from accounts.errors import NotAllowed, Refusal, Refusals
from footprint.calculation.pages.asking import or_404
from footprint.publication import actions, queries


@login_required
@require_POST
def offer(request: AskedRequest, publication_uuid: UUID) -> HttpResponse:
    """Propose it, with the owner's consent."""
    found = or_404(queries.publication(request.actor, publication_uuid))
    posted = request.POST
    try:
        with transaction.atomic():
            made = actions.propose_publication(
                found,
                by=request.actor,
                consents=posted.get("consents") == "on",
                reason=posted.get("reason", ""),
                at=timezone.now(),
            )
    except NotAllowed as denied:
        raise PermissionDenied(str(denied)) from denied
    except (Refusal, Refusals) as refused:
        messages.error(request, str(refused))
        return redirect("publication:publication", found.uuid)
    messages.success(request, _("The figure is proposed as a factor. Two reviewers look at it next."))
    return redirect("factors:proposal", made.uuid)
