"""The library of reduction practices: what worked, where and by how much; one's own; one click."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts import queries as people
from accounts.asked import AskedRequest, gate
from accounts.errors import Refusal, Refusals
from accounts.figures import is_chinese, significant
from accounts.forms import attempt, company_choices, languages, named, status_of
from accounts.listing import Column, Listing
from accounts.moving_forms import MoveForm, asked_move, move_panel
from accounts.policy import can
from accounts.roles import Permission
from footprint.analysis import practices
from footprint.analysis import words as said
from footprint.analysis.actions import change_practice, move_practice, write_practice
from footprint.analysis.levers import read
from footprint.analysis.models import Practice, PracticeEvidence
from footprint.analysis.pages import asking
from footprint.analysis.pages.practice_forms import PracticeForm, stored
from footprint.analysis.pages.scenario import ground, processes_behind
from footprint.analysis.pages.subject import subject
from footprint.analysis.procedure import NEXT, PRACTICE

NEEDED = gettext_lazy("Needed to send back or to withdraw.")
COLUMNS = (
    Column("title", gettext_lazy("Practice"), ("name_en",)),
    Column("target", gettext_lazy("Acts on"), ("target",), "tight"),
    Column("effect", gettext_lazy("Measured effect"), (), "number"),
    Column("whose", gettext_lazy("Contributor"), ("company__name_zh",)),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
)


@login_required
def practice_list(request: AskedRequest) -> HttpResponse:
    """All that one may read."""
    context = {
        "trail": [(_("Home"), "/"), (_("Reduction practices"), "")],
        "listing": Listing(
            request.GET, practices.practices(request.actor), columns=COLUMNS, caption=_("Reduction practices")
        ),
        "may_write": bool(_own(request)),
    }
    return render(request, "analysis/practice/list.html", context)


@login_required
def practice(request: AskedRequest, practice_uuid: UUID) -> HttpResponse:
    """One of them, with its evidence for those who may read that."""
    return _page(request, _found(request, practice_uuid), MoveForm(needed=NEEDED))


@login_required
@require_http_methods(["GET", "POST"])
def add(request: AskedRequest) -> HttpResponse:
    """The form for an own practice."""
    own = _own(request)
    gate(request.actor, Permission.PROPOSE_PRACTICE)
    form = PracticeForm(request.POST if request.method == "POST" else None, companies=company_choices(own))
    if request.method == "POST" and form.is_valid():
        company = next((each for each in own if str(each.uuid) == form.cleaned_data["company"]), own[0])
        made = attempt(form, lambda: write_practice(company, by=request.actor, **form.stated()))
        if made is not None:
            messages.success(request, _("Kept as a draft. Hand it in when it is complete."))
            return redirect("analysis:practice", made.uuid)
    return _form(request, form, _("Write down a practice"), reverse("analysis:practices"))


@login_required
@require_http_methods(["GET", "POST"])
def change(request: AskedRequest, practice_uuid: UUID) -> HttpResponse:
    """The form for a draft."""
    found = _found(request, practice_uuid)
    gate(request.actor, Permission.PROPOSE_PRACTICE, company_id=found.company_id or 0)
    evidence = PracticeEvidence.objects.visible_to(request.actor).filter(practice=found).first()
    form = PracticeForm(
        request.POST if request.method == "POST" else None, initial=stored(found, evidence), companies=[]
    )
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        done = attempt(
            form, lambda: change_practice(found, by=request.actor, version=version, **form.stated())
        )
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("analysis:practice", found.uuid)
    return _form(request, form, named(found), reverse("analysis:practice", args=[found.uuid]))


@login_required
@require_POST
def move(request: AskedRequest, practice_uuid: UUID) -> HttpResponse:
    """One move; refused with the reasons beside the buttons."""
    found = _found(request, practice_uuid)
    form, asked = MoveForm(request.POST, needed=NEEDED), asked_move(request.POST)
    form.is_valid()
    if attempt(form, lambda: move_practice(found, by=request.actor, at=timezone.now(), **asked)) is None:
        return _page(request, _found(request, practice_uuid), form)
    messages.success(request, str(said.PRACTICE_DONE[asked["move"]]))
    return redirect("analysis:practices")


@login_required
def apply(request: AskedRequest, product_uuid: UUID, practice_uuid: UUID) -> HttpResponse:
    """Back to the studio, with the levers of a practice beside those that are there; nothing is stored."""
    shown = subject(request, product_uuid)
    found = practices.published(request.actor).filter(uuid=practice_uuid).first()
    if found is None:
        raise Http404
    rows = asking.typed(request.GET)
    base = ground(request, shown)
    lines = practices.lines_of(request.actor, found, processes_behind(base)) if base else []
    try:
        levers = practices.levers(found, lines, read([row.stated for row in rows]))
    except (Refusal, Refusals) as refused:
        messages.error(request, str(refused))
    else:
        rows = asking.written([lever.record() for lever in levers])
        words = ngettext(
            "“%(practice)s” acts on %(count)d line behind this figure.",
            "“%(practice)s” acts on %(count)d lines behind this figure.",
            len(lines),
        )
        messages.success(request, words % {"practice": named(found), "count": len(lines)})
    link = asking.address(rows, gwp=shown.gwp, year=str(shown.year or ""))
    return redirect(f"{reverse('analysis:scenario', args=[product_uuid])}?{link}#studio")


def _own(request: AskedRequest) -> list[Any]:
    mine = request.actor.companies_with(Permission.PROPOSE_PRACTICE)
    return list(people.companies(request.actor).filter(pk__in=mine))


def _found(request: AskedRequest, practice_uuid: UUID) -> Practice:
    found = practices.practices(request.actor).filter(uuid=practice_uuid).first()
    if found is None:
        raise Http404
    return found


def _page(request: AskedRequest, found: Practice, form: MoveForm) -> HttpResponse:
    actor = request.actor
    may_change = found.company_id is not None and can(
        actor, Permission.PROPOSE_PRACTICE, company_id=found.company_id
    )
    chinese = is_chinese(languages())
    context = {
        "trail": [(_("Reduction practices"), reverse("analysis:practices")), (named(found), "")],
        "practice": found,
        "title": named(found),
        "description": found.description_zh if chinese else found.description_en,
        "evidence": PracticeEvidence.objects.visible_to(actor).filter(practice=found).first(),
        "may_change": bool(may_change) and found.state == Practice.State.DRAFT,
        "facts": _facts(found),
        "form": form,
        "moved": found,
        "move_url": reverse("analysis:move_practice", args=[found.uuid]),
        **move_panel(actor, PRACTICE, found, following=NEXT, words=said.PRACTICE_MOVES),
    }
    return render(request, "analysis/practice/practice.html", context, status=status_of(form))


def _facts(found: Practice) -> list[tuple[str, Any]]:
    what = named(found.category) if found.category else found.gas
    source = ", ".join(str(part) for part in (found.source, found.source_year, found.source_locator) if part)
    return [
        (_("Acts on"), f"{found.get_target_display()}{f' ({what})' if what else ''}"),
        (_("Of processes that make"), named(found.makes) if found.makes else _("anything")),
        (_("Lever"), lever_words(found)),
        (_("Measured effect"), effect_words(found) or None),
        (_("Measured as"), found.effect_of or None),
        (_("Contributor"), named(found.company) if found.company else _("the literature")),
        (_("Source"), source or None),
    ]


def lever_words(found: Practice) -> str:
    """What it sets on a line."""
    if found.factor is not None:
        return _("provided by %(factor)s") % {"factor": named(found.factor)}
    return f"{significant(found.percent, 3)} %"


def effect_words(found: Practice) -> str:
    """The measured effect as a range."""
    if found.effect_low is None or found.effect_high is None:
        return ""
    low, high = (significant(value, 3) for value in (found.effect_low, found.effect_high))
    return f"{low} %" if low == high else _("%(low)s to %(high)s %%") % {"low": low, "high": high}


def _form(request: AskedRequest, form: PracticeForm, heading: str, cancel_url: str) -> HttpResponse:
    context = {
        "trail": [(_("Reduction practices"), reverse("analysis:practices")), (heading, "")],
        "title": heading,
        "lede": _(
            "Evidence is for your company and the alliance's office; all members read everything else."
        ),
        "form": form,
        "submit": _("Save"),
        "cancel_url": cancel_url,
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))
