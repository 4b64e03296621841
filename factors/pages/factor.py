"""A factor: its figure, where it comes from, and every version."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.figures import name as name_of
from accounts.policy import can
from accounts.roles import Permission
from factors import queries, units
from factors.pages import showing, words
from factors.pages.distribution import among_peers
from factors.pages.forms import WithdrawForm


@login_required
def factor(request: AskedRequest, factor_uuid: uuid.UUID) -> HttpResponse:
    """The page; ``?version=2`` shows an older version in full."""
    found = get_object_or_404(queries.factors(request.actor), uuid=factor_uuid)
    versions = list(queries.versions(request.actor, found))
    rows = showing.shown(request.actor, versions)
    version = showing.chosen(versions, request.GET.get("version", ""))
    if version is None:
        raise Http404
    emissions = queries.emissions_of(request.actor, [version.pk])[version.pk]
    sets = showing.weighed(request.actor, version, emissions)
    context = {
        "trail": [
            (_("Home"), "/"),
            (_("Factors"), reverse("factors:factor_list")),
            (name_of(found, get_language() or "zh-hans"), ""),
        ],
        "factor": found,
        "version": version,
        "row": next(row for row in rows if row.version == version),
        "rows": rows,
        "unit": units.display(found.unit),
        "sets": sets,
        "lines": showing.gas_lines(emissions, sets),
        "refusals": list(dict.fromkeys(one.refusal for one in sets if one.refusal)),
        "among": among_peers(request.actor, version, emissions),
        "derivation": showing.derivation(version),
        "scope_words": words.SCOPE_WORDS[version.scope],
        "boundary_words": words.BOUNDARY_WORDS[version.boundary],
        "may_publish": bool(can(request.actor, Permission.PUBLISH_FACTOR)),
        "may_propose": bool(can(request.actor, Permission.PROPOSE_FACTOR)),
        "withdraw_form": WithdrawForm(),
    }
    return render(request, "factors/factor/factor.html", context)
