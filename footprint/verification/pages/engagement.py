"""The verification workspace: the list, one engagement with everything about it, and the form that asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actor import Actor
from accounts.asked import AskedRequest, gate
from accounts.exports import file_answer
from accounts.figures import year_range
from accounts.forms import attempt, languages, named, said, status_of
from accounts.listing import Column, Listing
from accounts.moving import moves_for
from accounts.moving_forms import MoveForm, asked_move, move_panel
from accounts.roles import Permission
from footprint.calculation.pages.asking import or_404
from footprint.inventory import submission_words
from footprint.publication import queries as publications
from footprint.publication.models import Publication
from footprint.verification import actions, queries, words
from footprint.verification.heat import heat_map
from footprint.verification.models import Dossier, Engagement, SampledLine
from footprint.verification.notices import callable_in
from footprint.verification.pages.forms import (
    AcceptForm,
    EngageForm,
    FindingForm,
    SampleForm,
    StatementForm,
)
from footprint.verification.pages.own_data import cases
from footprint.verification.plan import candidates, quality
from footprint.verification.procedure import AT_WORK, NEXT, VERIFICATION
from footprint.verification.sampling import Candidate, risk

NEEDED = gettext_lazy("Needed to decline, to take up again, to revoke or to cancel.")
OWN_FORMS = ("accept", "sample", "state")
"""Moves that need more than a reason: each has its own form."""
COLUMNS = (
    Column("product", gettext_lazy("Product"), ("name_zh",)),
    Column("company", gettext_lazy("Company"), ("company__name_zh",), "extra"),
    Column("body", gettext_lazy("Verification body"), ("body__name_zh",), "extra"),
    Column("period", gettext_lazy("Period"), ("period_end",), "tight"),
    Column("level", gettext_lazy("Level of assurance"), ("level",), "extra"),
    Column("access", gettext_lazy("Last day of access"), ("access_until",), "tight"),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
)


@login_required
@require_GET
def engagement_list(request: AskedRequest) -> HttpResponse:
    """Own ones, and those one works on."""
    rows = queries.engagements(request.actor)
    context = {
        "trail": [(_("Home"), "/"), (_("Verifications"), "")],
        "listing": Listing(request.GET, rows, columns=COLUMNS, caption=_("Verifications")),
    }
    return render(request, "verification/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def engage(request: AskedRequest, publication_uuid: UUID) -> HttpResponse:
    """Ask a verifier to look at an own publication."""
    found = _own_publication(request, publication_uuid)
    form = EngageForm(request.POST if request.method == "POST" else None, queries.verifiers(request.actor))
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: actions.engage(found, by=request.actor, at=timezone.now(), **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, _("The verifier was asked. They have to declare independence first."))
            return redirect("verification:engagement", made.uuid)
    title = _("Have it verified")
    context = {
        "trail": [
            (_("Publications"), reverse("publication:list")),
            (str(named(found)), reverse("publication:publication", args=[found.uuid])),
            (title, ""),
        ],
        "title": title,
        "lede": _(
            "The verifier reads the accepted copy and a bundle of the calculation: no price, nothing else, "
            "and only until the last day."
        ),
        "form": form,
        "submit": _("Ask the verifier"),
        "cancel_url": reverse("publication:publication", args=[found.uuid]),
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))


def _own_publication(request: AskedRequest, publication_uuid: UUID) -> Publication:
    found = publications.publication(request.actor, publication_uuid)
    if found is None or found.company_id not in request.actor.company_ids:
        raise Http404
    gate(request.actor, Permission.ENGAGE_VERIFIER, company_id=found.company_id)
    return found


@login_required
@require_GET
def engagement(request: AskedRequest, engagement_uuid: UUID) -> HttpResponse:
    """Everything about one of them."""
    return page(request, or_404(queries.engagement(request.actor, engagement_uuid)))


@login_required
@require_POST
def move(request: AskedRequest, engagement_uuid: UUID) -> HttpResponse:
    """One of the moves that need a reason at most."""
    found = or_404(queries.engagement(request.actor, engagement_uuid))
    form, asked = MoveForm(request.POST, needed=NEEDED), asked_move(request.POST)
    form.is_valid()
    done = attempt(form, lambda: actions.move_engagement(found, by=request.actor, at=timezone.now(), **asked))
    if done is None:
        return page(request, or_404(queries.engagement(request.actor, engagement_uuid)), move=form)
    messages.success(request, str(words.DONE[asked["move"]]))
    if asked["move"] == "decline":
        return redirect("verification:list")
    return redirect("verification:engagement", found.uuid)


@login_required
@require_GET
def bundle(request: AskedRequest, engagement_uuid: UUID) -> HttpResponse:
    """What the test run solves, to solve it elsewhere."""
    found = or_404(queries.engagement(request.actor, engagement_uuid))
    kept = queries.dossier(request.actor, found)
    if kept is None:
        raise Http404
    answer = HttpResponse(bytes(kept.bundle), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{found.uuid}.bundle.zip"'
    return answer


@login_required
@require_GET
def evidence(request: AskedRequest, engagement_uuid: UUID, evidence_uuid: UUID) -> HttpResponse:
    """A file beside a line of the sample, to be kept: never shown in the page, whatever is in it."""
    found = or_404(queries.engagement(request.actor, engagement_uuid))
    return file_answer(*or_404(queries.evidence(request.actor, found, evidence_uuid)))


def page(request: AskedRequest, found: Engagement, **given: forms.Form) -> HttpResponse:
    """The whole workspace; ``given`` are forms that were refused, by name."""
    actor = request.actor
    panel = move_panel(actor, VERIFICATION, found, following=NEXT, words=words.MOVES)
    panel["buttons"] = [each for each in panel["buttons"] if each.name not in OWN_FORMS]
    is_verifier = found.verifier_id == actor.user_id and found.company_id not in actor.company_ids
    kept, sample = queries.dossier(actor, found), list(queries.sample(actor, found))
    open_moves = {each.name for each in moves_for(actor, VERIFICATION, found)} if is_verifier else set()
    context = {
        "trail": [(_("Verifications"), reverse("verification:list")), (str(named(found)), "")],
        "engagement": found,
        "period": year_range(found.period_start, found.period_end, languages()),
        "state_tone": words.STATE_TONES.get(found.state, "wait"),
        "is_own": found.company_id in actor.company_ids,
        "is_verifier": is_verifier,
        **panel,
        "form": given.get("move") or MoveForm(needed=NEEDED),
        "accept_form": given.get("accept") or AcceptForm() if "accept" in open_moves else None,
        "sample_form": given.get("sample") or SampleForm() if "sample" in open_moves else None,
        "statement_form": given.get("state") or StatementForm() if "state" in open_moves else None,
        "finding_form": given.get("finding") or FindingForm()
        if is_verifier and found.state == "reviewing"
        else None,
        "dossier": kept,
        "test_run": _test_run(found),
        "cases": cases(actor, found),
        **(_lines(kept, sample, may_add=is_verifier and found.state == "reviewing") if kept else {}),
        **_said(actor, found, is_verifier),
        "steps": [(step, words.DONE[step.move]) for step in queries.steps(actor, found)],
        "may_answer": actor.companies_with(Permission.ENGAGE_VERIFIER),
        "statement": queries.statement(actor, found),
    }
    refused = next(iter(given.values()), None)
    return render(
        request,
        "verification/engagement.html",
        context,
        status=status_of(refused) if refused is not None else 200,
    )


def _said(actor: Actor, found: Engagement, is_verifier: bool) -> dict[str, Any]:
    """Findings, each with what was said about it, and what was said about the whole."""
    by_finding: dict[UUID | None, list[Any]] = defaultdict(list)
    for each in queries.remarks(actor, found):
        by_finding[each.finding].append(each)
    speaks = is_verifier or found.company_id in actor.companies_with(Permission.ENGAGE_VERIFIER)
    return {
        "findings": [(each, said(by_finding[each.uuid])) for each in queries.findings(actor, found)],
        "remarks": said(by_finding[None]),
        "may_say": speaks and found.state in AT_WORK,
        "callable": callable_in(actor, found) if speaks else [],
    }


def _test_run(found: Engagement) -> dict[str, Any] | None:
    """What the replay came to, its figures as numbers."""
    if not found.test_run or "recalculated" not in found.test_run:
        return None
    figures = {name: float(found.test_run[name]) for name in ("recalculated", "published", "difference")}
    return {**found.test_run, **figures}


def _lines(kept: Dossier, sample: list[SampledLine], *, may_add: bool) -> dict[str, Any]:
    """The sample as people read it, against all lines once it is drawn, and what could be added to it."""
    known, every = queries.lines_of(kept), candidates(kept)
    taken = {str(each.line) for each in sample}
    found: dict[str, Any] = {
        "lines": [_line(each, *known[str(each.line)], kept.shares) for each in sample],
        "others": _others(every, known, taken) if may_add else [],
    }
    if taken:
        rows = zip(words.shares(), heat_map(every, taken), strict=True)
        found |= {"heat_columns": words.qualities(), "heat_rows": list(rows)}
    return found


def _others(
    every: list[Candidate], known: Mapping[str, tuple[Any, Any]], taken: set[str]
) -> list[tuple[str, str]]:
    """Lines that are not in the sample, those that weigh most first."""
    left = sorted((each for each in every if each.key not in taken), key=lambda each: (-risk(each), each.key))
    return [
        (each.key, f"{submission_words.line_name(known[each.key][1])} · {named(known[each.key][0])}")
        for each in left
    ]


def line_words(request: AskedRequest, sampled: SampledLine) -> str:
    """A line of the sample in a sentence: what flows where, how much, from whom."""
    kept = queries.dossier(request.actor, sampled.engagement)
    if kept is None:
        return ""
    told = _line(sampled, *queries.lines_of(kept)[str(sampled.line)], kept.shares)
    parts = (f"{told['name']} · {told['process']}", told["amount"], told["provider"])
    return " · ".join(part for part in parts if part)


def _line(
    sampled: SampledLine, process: dict[str, Any], line: dict[str, Any], shares: dict[str, str]
) -> dict[str, Any]:
    return {
        "sampled": sampled,
        "name": submission_words.line_name(line),
        "process": named(process),
        "provider": submission_words.provider_name(line),
        "amount": f"{submission_words.value_text('amount', line['amount'])} {line['unit']}",
        "share": float(shares.get(str(sampled.line), 0.0)),
        "quality": quality(line),
        "files": line.get("evidence", ()),
        "reasons": [words.REASONS[reason] for reason in sampled.reasons],
        "tone": {"agrees": "good", "finding": "bad"}.get(sampled.verdict, "wait"),
    }
