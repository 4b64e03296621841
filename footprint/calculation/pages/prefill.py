"""What the period before has, brought over into an inventory, and taken away again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest
from accounts.forms import say_refused
from footprint.calculation.pages.asking import changed, gate_inventory, or_404
from footprint.inventory import actions, queries
from footprint.inventory.models import Exchange, Inventory

BROUGHT = "brought"
"""Where the session has the inventory that was filled last, and the lines that came."""


@login_required
@require_POST
def prefill(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """Bring over what the period before has and this one has not."""
    found = _asked(request, inventory_uuid)
    form = Form(request.POST)
    form.is_valid()
    done = changed(
        request,
        form,
        lambda: actions.prefill_inventory(found, by=request.actor),
        lambda _done: _processes(request, found),
    )
    say_refused(request, form)
    if done is not None:
        request.session[BROUGHT] = {"inventory": str(found.uuid), "lines": list(done.keys)}
        told = ngettext(
            "%(lines)d line was brought over, as an estimate until you enter what was measured.",
            "%(lines)d lines were brought over, as estimates until you enter what was measured.",
            done.lines,
        )
        messages.success(request, told % {"lines": done.lines})
    return redirect("inventory:inventory", found.uuid)


@login_required
@require_POST
def take_back(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """Take away what was brought over last and nobody changed since."""
    found = _asked(request, inventory_uuid)
    lines = list(lines_brought(request, found))
    form = Form(request.POST)
    form.is_valid()

    def remove() -> int:
        actions.remove_lines(found, lines, by=request.actor)
        return len(lines)

    done = changed(request, form, remove, lambda _done: _processes(request, found))
    say_refused(request, form)
    if done is not None:
        request.session.pop(BROUGHT, None)
        told = ngettext(
            "%(lines)d line was taken away again. What was changed since stays, and so do unit processes.",
            "%(lines)d lines were taken away again. What was changed since stays, and so do unit processes.",
            done,
        )
        messages.success(request, told % {"lines": done})
    return redirect("inventory:inventory", found.uuid)


def lines_brought(request: AskedRequest, found: Inventory) -> QuerySet[Exchange]:
    """What this person brought over last, as far as it is as it came."""
    brought = request.session.get(BROUGHT, {})
    keys = brought["lines"] if brought.get("inventory") == str(found.uuid) else []
    lines = queries.lines(request.actor).filter(pk__in=keys, process__inventory=found, version=1)
    return lines.select_related("product", "process")


def _asked(request: AskedRequest, inventory_uuid: UUID) -> Inventory:
    found = or_404(queries.inventory(request.actor, inventory_uuid))
    gate_inventory(request.actor, found)
    return found


def _processes(request: AskedRequest, found: Inventory) -> list[int]:
    return list(queries.processes(request.actor, [found.pk]).values_list("pk", flat=True))
