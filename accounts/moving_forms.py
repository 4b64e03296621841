"""The part of a page that moves a thing on: the buttons, the reason, and what was asked by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.errors import Text
from accounts.moving import moves_for
from accounts.review import Procedure

LEADS_ON = "btn-primary"
ENDS = ("reject", "withdraw")


@dataclass(frozen=True)
class MoveButton:
    """One move this person's role includes."""

    name: str
    label: Text
    kind: str


class MoveForm(forms.Form):
    """Why; ``needed`` says for which moves."""

    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: QueryDict | None = None, *, needed: Text) -> None:
        super().__init__(data)
        self.fields["reason"].help_text = needed  # type: ignore[assignment]


def move_panel(
    actor: Actor, procedure: Procedure, thing: Any, *, following: Mapping[str, str], words: Mapping[str, Text]
) -> dict[str, Any]:
    """What ``components/moves.html`` shows: the moves of this person's role, the one that leads on first.

    ``following``: by state the move that leads on; ``words``: what each move is called.
    """
    leading = following.get(thing.state, "")
    kinds = dict.fromkeys(ENDS, "btn-danger") | {leading: LEADS_ON}
    offered = sorted(moves_for(actor, procedure, thing), key=lambda each: each.name != leading)
    buttons = [MoveButton(each.name, words[each.name], kinds.get(each.name, "")) for each in offered]
    return {"buttons": buttons, "waits_for_you": any(each.kind == LEADS_ON for each in buttons)}


def asked_move(posted: QueryDict) -> dict[str, Any]:
    """The move, the reason and the version that was seen, as the actions take them."""
    return {
        "move": posted.get("move", ""),
        "reason": posted.get("reason", ""),
        "version": seen_version(posted),
    }


def seen_version(posted: QueryDict) -> int | None:
    """The version of the thing that was on the page; None where the page did not say."""
    version = posted.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else None
