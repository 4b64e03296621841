"""An amount, changed in its place in the table; and the last change of a line, taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest
from accounts.errors import Refusal
from accounts.forms import amount_field, say_refused, status_of, token_field
from footprint.calculation.pages import provider
from footprint.calculation.pages.asking import changed, gate_inventory, or_404
from footprint.calculation.pages.line_rows import Answer, Wording, labels
from footprint.inventory import actions, queries
from footprint.inventory.earlier import earlier_lines, period_before
from footprint.inventory.lines import line_name
from footprint.inventory.measures import with_unit
from footprint.inventory.models import SCORES, Exchange
from footprint.inventory.places import place_of
from footprint.inventory.providers import takes_a_provider
from footprint.inventory.row_kinds import LEFT_OUT

UNDONE = ("amount", "unit", "data_type", "comment", "gas", "origin", "stage", "gsd2", *SCORES, LEFT_OUT)
"""What of a line is kept so that its last change can be taken back, beside its provider."""


class AmountForm(forms.Form):
    """One amount, perhaps with its unit behind it; and what stood there before it was typed."""

    amount = amount_field(gettext_lazy("Amount"))
    base = forms.CharField(required=False)
    version = forms.IntegerField(required=False)


class UndoForm(forms.Form):
    """What a line was before its last change, and the version that change made."""

    before = forms.CharField(required=False)
    version = forms.IntegerField(required=False)


@login_required
@require_POST
def amount(request: AskedRequest, exchange_uuid: UUID) -> HttpResponse:
    """The amount, changed in its place in the table."""
    line = or_404(queries.line(request.actor, exchange_uuid))
    gate_inventory(request.actor, line.process.inventory)
    form = AmountForm(request.POST)
    form.is_valid()
    before, version = values_of(line), _version(form.cleaned_data, line)
    typed, unit = with_unit(form.cleaned_data.get("amount", ""))
    stated = {"amount": typed, **({"unit": unit} if unit else {})}
    saved = changed(
        request,
        form,
        lambda: actions.change_exchange(line, by=request.actor, version=version, **stated),
        lambda done: [done.process_id],
    )
    if not request.htmx:  # type: ignore[attr-defined]
        say_refused(request, form)
        if saved is not None:
            remember(request, saved, before)
        return redirect(place_of(line.process))
    return _row(request, line, form, before if saved is not None else None)


def _version(stated: Mapping[str, Any], line: Exchange) -> int | None:
    """The version to change: where others changed other fields only, the one that they made."""
    is_as_seen = stated.get("base") == text_of(line.amount)
    version: int | None = line.version if is_as_seen else stated.get("version")
    return version


def _row(
    request: AskedRequest, line: Exchange, form: AmountForm, before: dict[str, str] | None
) -> HttpResponse:
    """The row as it is now: with the way back when stored, with both amounts when others were first."""
    shown = or_404(queries.line(request.actor, line.uuid))
    previous = period_before(request.actor, shown.process.inventory)
    siblings = queries.lines(request.actor).filter(process=shown.process)
    earlier = earlier_lines(request.actor, previous, siblings) if previous else {}
    answer = Answer(
        form=form,
        is_saved=before is not None,
        is_stale=getattr(form, "is_stale", False),
        undo=json.dumps(before) if before is not None else "",
    )
    context = {
        **labels(),
        "row": {**Wording().row(shown, earlier.get(shown.pk)), "answer": answer},
        "before": previous,
        "may_edit": True,
        "token": token_field(request),
    }
    response = render(request, "inventory/inventory/_line.html", context, status=status_of(form))
    if before is not None:
        response["HX-Trigger"] = "line-changed"
    return response


@login_required
@require_POST
def undo(request: AskedRequest, exchange_uuid: UUID) -> HttpResponse:
    """The line as it was before its last change, unless somebody changed it since."""
    line = or_404(queries.line(request.actor, exchange_uuid))
    gate_inventory(request.actor, line.process.inventory)
    form = UndoForm(request.POST)
    form.is_valid()
    stated = form.cleaned_data
    done = changed(
        request,
        form,
        lambda: actions.change_exchange(
            line, by=request.actor, version=stated.get("version"), **_before(stated.get("before", ""))
        ),
        lambda changed_line: [changed_line.process_id],
    )
    if done is None:
        say_refused(request, form)
    else:
        messages.success(request, _("Taken back: %(line)s is as it was.") % {"line": line_name(line)})
    return redirect(place_of(line.process))


def remember(request: AskedRequest, line: Exchange, before: dict[str, str]) -> None:
    """Offer the way back on the next page of the inventory."""
    request.session["undo"] = {
        "line": str(line.uuid),
        "name": line_name(line),
        "version": line.version,
        "before": json.dumps(before),
    }


def values_of(line: Exchange) -> dict[str, str]:
    """A line as its form holds it."""
    found = {
        name: text_of(getattr(line, name))
        for name in UNDONE
        if (line.gas or name not in ("gas", "origin")) and (name != LEFT_OUT or may_be_left_out(line))
    }
    return {**found, "provider": provider.value_of(line)}


def may_be_left_out(line: Exchange) -> bool:
    """Whether it can have an estimate in place of a provider."""
    return takes_a_provider(line) and not line.is_avoided and line.kind != Exchange.Kind.ELEMENTARY


def text_of(value: object) -> str:
    """A value as a field of a form holds it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


def _before(text: str) -> dict[str, Any]:
    """What the action takes to bring a line back. Raises Refusal."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    known = {*UNDONE, "provider"}
    if not isinstance(told, dict) or not told or not set(told) <= known or not _is_plain(told):
        raise Refusal(_("There is nothing to take back here."), code="nothing_to_undo")
    chosen = provider.changes(told.pop("provider")) if "provider" in told else {}
    return {**told, **chosen}


def _is_plain(told: dict[str, Any]) -> bool:
    return all(isinstance(value, str) for value in told.values())
