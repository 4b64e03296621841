"""Somebody saves a line that somebody else changed meanwhile: both values side by side, one is picked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts import audit_queries
from accounts.actor import Actor
from accounts.asked import AskedRequest
from accounts.audit_showing import Showing
from accounts.errors import Text
from accounts.templatetags.figures import local_time
from footprint.calculation.pages import provider
from footprint.calculation.pages.amount import values_of
from footprint.inventory.merging import Clash, Merged, merge
from footprint.inventory.models import Exchange


@dataclass(frozen=True)
class ShownClash:
    """A field that both changed, as people read it."""

    field: str
    label: Text
    before: str
    theirs: str
    mine: str
    who: str


def merged(request: AskedRequest, line: Exchange) -> Merged:
    """What was typed, on top of what others made of the line since the form was opened."""
    theirs = values_of(line)
    mine = {field: request.POST[field] for field in theirs if field in request.POST}
    before = _base(request)
    if request.POST.get("version") in (None, "", str(line.version)):
        mine |= {
            field: before[field]
            for field in mine
            if request.POST.get(f"pick-{field}") == "theirs" and field in before
        }
        return Merged(mine)
    return merge(before, theirs, mine)


def _base(request: AskedRequest) -> dict[str, str]:
    """What stood in the form when it was opened; nothing when that cannot be read."""
    try:
        told = json.loads(request.POST.get("base", ""))
    except ValueError:
        return {}
    return {str(field): str(value) for field, value in told.items()} if isinstance(told, dict) else {}


def shown(found: Merged, form: forms.Form, line: Exchange, actor: Actor) -> list[ShownClash]:
    """The clashes as a table has them."""
    who = _who(actor, line) if found.clashes else ""
    return [_clash(each, form, line, who) for each in found.clashes]


def _clash(clash: Clash, form: forms.Form, line: Exchange, who: str) -> ShownClash:
    if clash.field == "provider":
        theirs = provider.present(line)
        return ShownClash("provider", _("Provider"), "", theirs.title if theirs else "—", _("yours"), who)
    field = form.fields[clash.field]
    before, theirs_now, mine = (_said(field, value) for value in (clash.before, clash.theirs, clash.mine))
    return ShownClash(clash.field, str(field.label), before, theirs_now, mine, who)


def _said(field: forms.Field, value: str) -> str:
    known = {str(key): str(label) for key, label in _choices(field)}
    return known.get(value, value) or "—"


def _choices(field: forms.Field) -> list[tuple[object, object]]:
    if not isinstance(field, forms.ChoiceField):
        return []
    choices: Any = field.choices  # evaluated: pairs, or a name with pairs below it
    flat: list[tuple[object, object]] = []
    for key, label in choices:
        flat += label if isinstance(label, list | tuple) else [(key, label)]
    return flat


def _who(actor: Actor, line: Exchange) -> str:
    """Who changed the line last and when, for those who may read the log."""
    entries = list(audit_queries.history(actor, line.uuid)[:1])
    for each in Showing(actor, entries).shown():
        return f"{each.who}, {local_time(each.entry.at)}"
    return _("somebody else")
