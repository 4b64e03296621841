"""The checklist of a review: what the rules of each product category ask, and how it was answered."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.asked import AskedRequest, gate
from accounts.forms import attempt, status_of
from accounts.roles import Permission
from footprint.calculation.pages.asking import or_404
from footprint.calculation.pages.submission import period_of, room_trail
from footprint.inventory import submissions
from footprint.inventory.actions import Answered, answer_checklist
from footprint.inventory.checklist import Section, checklist
from footprint.inventory.models import ChecklistAnswer, Submission


@login_required
@require_http_methods(["GET", "POST"])
def review_checklist(request: AskedRequest, submission_uuid: UUID) -> HttpResponse:
    """All points; a reviewer answers them, a category at a time or all at once."""
    found = or_404(submissions.submission(request.actor, submission_uuid))
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        gate(request.actor, Permission.REVIEW_SUBMISSION)
        form.is_valid()
        given = _given(request.POST, checklist(request.actor, found))
        done = attempt(form, lambda: answer_checklist(found, given, by=request.actor, at=timezone.now()))
        if done is not None:
            words = ngettext("%(count)d point is answered.", "%(count)d points are answered.", len(done))
            messages.success(request, words % {"count": len(done)})
            return redirect("inventory:review_checklist", found.uuid)
    sections = checklist(request.actor, found)
    context = {
        "trail": room_trail(found, _("Checklist")),
        "submission": found,
        "period": period_of(found),
        "sections": [(section, _typed(section, request.POST)) for section in sections],
        "unanswered": sum(section.unanswered for section in sections),
        "choices": ChecklistAnswer.Answer.choices,
        "may_answer": request.actor.reviews
        and found.state == Submission.State.UNDER_REVIEW
        and found.company_id not in request.actor.company_ids,
        "form": form,
    }
    return render(request, "inventory/submission/checklist.html", context, status=status_of(form))


def _given(posted: QueryDict, sections: list[Section]) -> list[Answered]:
    """What was chosen; with ``all-CATEGORY`` every point of it that was not answered otherwise."""
    found = []
    for section in sections:
        code = section.category.code
        usual = ChecklistAnswer.Answer.MET if posted.get("all") in (code, "*") else ""
        for point in section.points:
            name = f"{code}.{point.key}"
            chosen = posted.get(name, "") or ("" if point.answer else usual)
            if chosen:
                found.append(Answered(code, point.key, chosen, posted.get(f"note.{name}", "")))
    return found


def _typed(section: Section, posted: QueryDict) -> list[tuple[object, str, str]]:
    """Each point with what is chosen now: as typed, else as kept."""
    rows: list[tuple[object, str, str]] = []
    for point in section.points:
        name = f"{section.category.code}.{point.key}"
        kept = point.answer
        chosen = posted.get(name, kept.answer if kept else "")
        note = posted.get(f"note.{name}", kept.note if kept else "")
        rows.append((point, chosen, note))
    return rows
