"""Proposals of factors: the list, one of them, and the form that makes one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import queries as people
from accounts.actor import Actor
from accounts.asked import AskedRequest, gate
from accounts.figures import is_chinese
from accounts.figures import name as name_of
from accounts.forms import attempt, named, press, status_of
from accounts.listing import Column, Listing
from accounts.models import Company
from accounts.moving import moves_for
from accounts.moving_forms import MoveForm, asked_move, move_panel
from accounts.policy import can
from accounts.roles import Permission
from factors import proposal_words as words
from factors import queries, units
from factors.actions.propose import (
    NEW,
    authors,
    comment_on,
    described,
    missing_reviews,
    move_proposal,
    propose,
    review_proposal,
)
from factors.models import Factor, FactorProposal, FactorVersion, ProposalReview
from factors.models.proposal import STATES
from factors.pages.forms import PublishForm, name_fields, said_by
from factors.pages.proposal_showing import changes_of, in_whose_place, shown
from factors.pages.showing import chosen
from factors.procedure import OPEN, PROPOSAL, procedure_of

NEEDED = gettext_lazy("Needed to send back or to reject.")
COLUMNS = (
    Column("name", gettext_lazy("Factor"), ("name_zh",)),
    Column("kind", gettext_lazy("Kind"), ("kind",), "tight"),
    Column("company", gettext_lazy("Company"), ("company__name_zh",)),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
    Column("since", gettext_lazy("Since"), ("moved_at",), "tight"),
)
ROWS_OF_NEW = 6
CHOSEN = ("kind", "unit", "scope", "boundary", "source")
"""What of a new factor somebody has to choose."""


class StateForm(forms.Form):
    """What narrows the list."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False,
        choices=[("", gettext_lazy("All")), *STATES],
    )  # fmt: skip


class ProposeForm(PublishForm):
    """A version as a curator would fill it in; of a new factor its names and codes, too; and the reason."""

    needed = ("code", "kind", "unit", "name_zh")
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why this figure, and an answer to whatever the screening finds unusual."),
    )  # fmt: skip
    company = forms.ChoiceField(label=gettext_lazy("On behalf of"))

    def __init__(self, *args: Any, actor: Actor, factor: Factor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, factor=factor, **kwargs)
        self.is_new = factor.pk is None
        if self.is_new:
            self._describe()
            self._choose_nothing()
            del self.fields["replaces"]
        own = people.companies(actor).filter(pk__in=actor.companies_with(Permission.PROPOSE_FACTOR))
        office = [("", _("Alliance office"))] if can(actor, Permission.PUBLISH_FACTOR) else []
        members = own.exclude(kind=Company.Kind.ASSOCIATION)
        self._choices("company", [*office, *((str(one.uuid), named(one)) for one in members)])
        self.fields["company"].required = not office

    def _describe(self) -> None:
        self.fields |= name_fields()
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=Factor.Kind.choices)
        self.fields["unit"] = forms.ChoiceField(
            label=_("Unit"), choices=units.choices(get_language() or "zh-hans")
        )
        self.fields["code"].required = True
        self.order_fields([*NEW, "kind", "unit"])

    def _choose_nothing(self) -> None:
        """What nobody chose is not stated: a form sent off in a hurry would cite a document at random."""
        for name in CHOSEN:
            field = self.fields[name]
            self._choices(name, [("", _("Choose")), *field.choices])  # type: ignore[attr-defined]
        for _gas, _origin, amount in () if self.data.get("unit") else self.emission_rows:
            amount.field.suffix = "kg"  # type: ignore[attr-defined]  # of which unit is not chosen yet


@login_required
def proposal_list(request: AskedRequest) -> HttpResponse:
    """Every proposal, the latest to move first."""
    filters = StateForm(request.GET)
    rows = queries.proposals(request.actor)
    if filters.is_valid() and filters.cleaned_data["state"]:
        rows = rows.filter(state=filters.cleaned_data["state"])
    context = {
        "trail": _trail(_("Proposals")),
        "listing": Listing(request.GET, rows, columns=COLUMNS, filters=filters, caption=_("Proposals")),
        "tones": words.TONES,
        "may_propose": bool(can(request.actor, Permission.PROPOSE_FACTOR)),
    }
    return render(request, "factors/proposal/list.html", context)


@login_required
def new_proposal(request: AskedRequest) -> HttpResponse:
    """The form: ``?factor=UUID&version=2`` a further version of a factor, else a new one."""
    gate(request.actor, Permission.PROPOSE_FACTOR)
    factor = _asked_factor(request)
    form = _form(request, factor)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _propose(request, form, factor))
        if made is not None:
            messages.success(request, _("Proposed. A curator looks at it first."))
            return redirect("factors:proposal", made.uuid)
    context = {
        "trail": _trail(_("New proposal"), (_("Proposals"), reverse("factors:proposal_list"))),
        "form": form,
        "title": name_of(factor, get_language() or "zh-hans") if factor.pk else _("A new factor"),
    }
    return render(request, "factors/proposal/new.html", context, status=status_of(form))


@login_required
def proposal(request: AskedRequest, proposal_uuid: UUID) -> HttpResponse:
    """One proposal."""
    return _page(request, _found(request, proposal_uuid), MoveForm(needed=NEEDED))


@login_required
@require_POST
def move(request: AskedRequest, proposal_uuid: UUID) -> HttpResponse:
    """One move; refused with the reasons beside the buttons."""
    found = _found(request, proposal_uuid)
    form, asked = MoveForm(request.POST, needed=NEEDED), asked_move(request.POST)
    form.is_valid()
    if attempt(form, lambda: move_proposal(found, by=request.actor, **asked)) is None:
        return _page(request, _found(request, proposal_uuid), form)
    messages.success(request, str(words.DONE[asked["move"]]))
    return redirect("factors:proposal", found.uuid)


@login_required
@require_POST
def say(request: AskedRequest, proposal_uuid: UUID) -> HttpResponse:
    """A technical review, or a comment where no verdict is given."""
    found, posted = _found(request, proposal_uuid), request.POST
    press(request, lambda: _said(request.actor, found, posted), done=_("Recorded."))
    return redirect("factors:proposal", found.uuid)


def _said(actor: Actor, found: FactorProposal, posted: QueryDict) -> None:
    verdict, text = posted.get("verdict", ""), posted.get("text", "")
    if verdict:
        review_proposal(found, by=actor, verdict=verdict, comment=text)
    else:
        comment_on(found, by=actor, text=text)


def _page(request: AskedRequest, found: FactorProposal, form: MoveForm) -> HttpResponse:
    actor = request.actor
    is_reviewing = found.state == "technical_review"
    missing = missing_reviews(found) if is_reviewing or found.state == "public_comment" else ""
    context = {
        "trail": _trail(str(_name(found)), (_("Proposals"), reverse("factors:proposal_list"))),
        "proposal": found,
        "title": _name(found),
        "tone": words.TONES.get(found.state, ""),
        "turn": words.turn(found.state, is_reviewed=not missing),
        "stale_target": _stale_target(found),
        "is_own_work": found.state in OPEN and actor.user_id in authors(found),
        **shown(actor, found),
        "in_place_of": in_whose_place(actor, found),
        "history": _history(actor, found),
        "may_mend": any(each.name == "hand_in_again" for each in moves_for(actor, PROPOSAL, found)),
        "missing": missing,
        "verdicts": ProposalReview.Verdict.choices,
        "may_review": is_reviewing
        and bool(can(actor, Permission.REVIEW_FACTOR))
        and actor.user_id not in authors(found),
        "may_comment": found.state in ("technical_review", "public_comment") and actor.user_id is not None,
        "form": form,
        "moved": found,
        "move_url": reverse("factors:proposal_move", args=[found.uuid]),
        **_moves(actor, found),
    }
    return render(request, "factors/proposal/proposal.html", context, status=status_of(form))


def _stale_target(found: FactorProposal) -> str:
    """Why it cannot be published as it is: what it replaces was superseded since it was made."""
    old = found.replaces
    if old is None or found.published_id or old.status != FactorVersion.Status.SUPERSEDED:
        return ""
    told = _(
        "Version %(number)s, whose place it would take, was superseded meanwhile. Its proposer has to name "
        "another version, or none."
    )
    return told % {"number": old.number}


def _moves(actor: Actor, found: FactorProposal) -> dict[str, Any]:
    """What this person may do with it: its authors decide nothing."""
    is_correction = found.is_correction
    procedure, following = (
        procedure_of(is_correction=is_correction),
        words.following(is_correction=is_correction),
    )
    panel = move_panel(actor, procedure, found, following=following, words=words.MOVES)
    if actor.user_id in authors(found):
        own = {each.name for each in procedure.moves if "propose" not in each.other_than}
        panel["buttons"] = [each for each in panel["buttons"] if each.name in own]
        panel["waits_for_you"] = panel["waits_for_you"] and found.state == "returned"
    return panel


def _history(actor: Actor, found: FactorProposal) -> list[dict[str, Any]]:
    """Steps, each with what it is called and what it changed, and reviews between them, by their time."""
    changes = changes_of(actor, found)
    told: list[dict[str, Any]] = [
        {"at": step.at, "step": step, "words": words.DONE[step.name], "changes": changes.get(step.pk, [])}
        for step in found.steps.select_related("by").order_by("pk")
    ]
    told += [
        {"at": review.at, "review": review}
        for review in found.reviews.select_related("company").order_by("pk")
    ]
    return sorted(told, key=lambda each: each["at"])


def _found(request: AskedRequest, proposal_uuid: UUID) -> FactorProposal:
    found = queries.proposal(request.actor, proposal_uuid)
    if found is None:
        raise Http404
    return found


def _asked_factor(request: AskedRequest) -> Factor:
    asked = request.GET.get("factor", "")
    if not asked:
        return Factor(unit=request.POST.get("unit") or "kg", kind=request.POST.get("kind", ""))
    try:
        found = queries.factors(request.actor).filter(uuid=UUID(asked)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _form(request: AskedRequest, factor: Factor) -> ProposeForm:
    version: FactorVersion | None = None
    if factor.pk:
        version = chosen(list(queries.versions(request.actor, factor)), request.GET.get("version", ""))
    return ProposeForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        factor=factor,
        base=said_by(request.actor, version),
        rows=ROWS_OF_NEW,
    )


def _propose(request: AskedRequest, form: ProposeForm, factor: Factor) -> FactorProposal:
    stated = form.cleaned_data
    company = (
        people.companies(request.actor).filter(uuid=stated["company"]).first() if stated["company"] else None
    )
    thing = described({name: stated[name] for name in (*NEW, "kind", "unit")}) if form.is_new else factor
    return propose(
        thing,
        by=request.actor,
        company=company,
        content=form.content(),
        replaces=form.replaced,
        reason=stated["reason"],
    )


def _name(found: FactorProposal) -> str:
    return found.name_zh if is_chinese(get_language() or "zh-hans") else found.name_en


def _trail(here: str, *between: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Home"), "/"), (_("Factors"), reverse("factors:factor_list")), *between, (here, "")]
