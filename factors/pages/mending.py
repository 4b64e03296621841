"""Mend a proposal that was sent back, and hand it in again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.figures import name as name_of
from accounts.forms import attempt, status_of
from accounts.moving import may_move
from accounts.moving_forms import seen_version
from factors import proposal_words as words
from factors import queries
from factors.actions.propose import Target, move_proposal
from factors.models import Factor, FactorProposal
from factors.models.proposal import NAMES
from factors.pages.forms import PublishForm, name_fields
from factors.procedure import PROPOSAL

MOVE = "hand_in_again"


class MendForm(PublishForm):
    """The content as it was handed in, what it replaces, and of a new factor its names.

    Which factor it is a version of stays: another one is another proposal.
    """

    needed = ("code", "name_zh")

    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What you changed and why; an answer to what the screening finds unusual."),
    )  # fmt: skip

    def __init__(self, *args: Any, proposal: FactorProposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = proposal.factor is None
        if self.is_new:
            del self.fields["replaces"]
            self.fields |= name_fields(proposal)
            self.order_fields(NAMES)
        elif proposal.replaces is not None:
            self.initial["replaces"] = str(proposal.replaces.number)

    def target(self) -> Target:
        """What it is about from now on."""
        if self.is_new:
            return Target(named={name: self.cleaned_data[name] for name in NAMES})
        return Target(replaces=self.replaced)


@login_required
def mend(request: AskedRequest, proposal_uuid: UUID) -> HttpResponse:
    """The form, filled with what was sent back; a refusal keeps everything typed."""
    found = queries.proposal(request.actor, proposal_uuid)
    if found is None:
        raise Http404
    _may_mend(request, found)
    here = reverse("factors:proposal", args=[found.uuid])
    if found.state != "returned":
        messages.error(request, _("Only a proposal that was sent back can be mended."))
        return redirect(here)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        stated = {"reason": form.cleaned_data["reason"], "version": seen_version(request.POST)}
        if attempt(form, lambda: move_proposal(
            found, by=request.actor, move=MOVE, content=form.content(), target=form.target(), **stated
        )):  # fmt: skip
            messages.success(request, str(words.DONE[MOVE]))
            return redirect(here)
    title = name_of(found, get_language() or "zh-hans")
    context = {
        "trail": [
            (_("Home"), "/"),
            (_("Factors"), reverse("factors:factor_list")),
            (_("Proposals"), reverse("factors:proposal_list")),
            (title, here),
            (_("Mend"), ""),
        ],
        "form": form,
        "title": title,
        "proposal": found,
        "asked": found.steps.filter(name="send_back").order_by("pk").last(),
    }
    return render(request, "factors/proposal/mend.html", context, status=status_of(form))


def _may_mend(request: AskedRequest, found: FactorProposal) -> None:
    move = PROPOSAL.move(MOVE)
    if move is None or not may_move(request.actor, move, found):
        raise PermissionDenied(_("Those mend a proposal who propose factors for its company."))


def _form(request: AskedRequest, found: FactorProposal) -> MendForm:
    return MendForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        factor=found.factor or Factor(**found.described),
        proposal=found,
        base=found.stated,
    )
