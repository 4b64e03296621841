"""The review room: the frozen copy line by line, what was asked about it, what was answered."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.asked import AskedRequest
from accounts.errors import Text
from accounts.forms import attempt, named, said, status_of
from footprint.calculation.pages.asking import or_404
from footprint.calculation.pages.band_rows import band_rows, outside_by_line, source_of
from footprint.calculation.pages.submission import period_of, room_trail, since_returned
from footprint.inventory import actions, submissions
from footprint.inventory import submission_words as words
from footprint.inventory.models import FrozenCopy, ReviewThread, Submission
from footprint.inventory.notices import callable_in


class RemarkForm(forms.Form):
    """One thing said."""

    text = forms.CharField(
        label=gettext_lazy("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    needed = ("text",)


@login_required
@require_GET
def review_room(request: AskedRequest, submission_uuid: UUID) -> HttpResponse:
    """The lines of the latest copy the person may see, and the threads."""
    found = or_404(submissions.submission(request.actor, submission_uuid))
    return _room(request, found, RemarkForm(), request.GET.get("line", ""))


@login_required
@require_POST
def open_thread(request: AskedRequest, submission_uuid: UUID) -> HttpResponse:
    """Ask about a line, or about all of it."""
    found = or_404(submissions.submission(request.actor, submission_uuid))
    form = RemarkForm(request.POST)
    form.is_valid()
    line = request.POST.get("line", "")
    made = attempt(
        form,
        lambda: actions.open_thread(
            found, by=request.actor, at=timezone.now(), text=request.POST.get("text", ""), line=line or None
        ),
    )
    if made is None:
        return _room(request, found, form, line)
    messages.success(request, _("Asked. The company sees it among its tasks."))
    return redirect("inventory:review_room", found.uuid)


@login_required
@require_POST
def answer_thread(request: AskedRequest, thread_uuid: UUID) -> HttpResponse:
    """Say something in a thread."""
    thread = or_404(submissions.thread(request.actor, thread_uuid))
    form = RemarkForm(request.POST)
    form.is_valid()
    text = request.POST.get("text", "")
    said = attempt(
        form,
        lambda: actions.answer_thread(thread, by=request.actor, at=timezone.now(), text=text),
    )
    if said is None:
        return _room(request, thread.submission, form, "", answering=thread)
    return redirect(f"{reverse('inventory:review_room', args=[thread.submission.uuid])}#thread-{thread.uuid}")


@login_required
@require_POST
def close_thread(request: AskedRequest, thread_uuid: UUID) -> HttpResponse:
    """The reviewer is content."""
    thread = or_404(submissions.thread(request.actor, thread_uuid))
    form = RemarkForm()
    form.is_valid()
    attempt(form, lambda: actions.close_thread(thread, by=request.actor, at=timezone.now()))
    return redirect("inventory:review_room", thread.submission.uuid)


def _room(
    request: AskedRequest,
    found: Submission,
    form: forms.Form,
    line: str,
    answering: ReviewThread | None = None,
) -> HttpResponse:
    actor = request.actor
    copy = submissions.latest_copy(actor, found)
    lines = submissions.lines_of(copy) if copy else {}
    threads = list(submissions.threads(actor, found))
    counts: dict[str, int] = defaultdict(int)
    for thread in threads:
        if thread.is_open:
            counts[str(thread.line)] += 1
    bands = band_rows(actor, found, copy) if copy else []
    may_ask = actor.reviews and found.state == Submission.State.UNDER_REVIEW
    context = {
        "callable": callable_in(found),
        "trail": room_trail(found, _("Review room")),
        "submission": found,
        "period": period_of(found),
        "copy": copy,
        "since_returned": since_returned(request, found, copy),
        "is_own": found.company_id in actor.company_ids,
        "bands": [(row, source_of(row)) for row in bands],
        "outside": sum(row.is_outside for row in bands),
        "processes": _processes(copy, counts, outside_by_line(bands)) if copy else [],
        "threads": [(thread, _about(thread, lines), said(thread.remarks.all())) for thread in threads],
        "form": form if answering is None else RemarkForm(),
        "answering": answering,
        "answer_form": form if answering else RemarkForm(),
        "may_ask": may_ask,
        "may_close": actor.reviews,
        "asked_line": line if line in lines else "",
        "asked_name": words.line_name(lines[line][1]) if line in lines else "",
    }
    return render(request, "inventory/submission/room.html", context, status=status_of(form))


def _processes(copy: FrozenCopy, counts: dict[str, int], outside: dict[str, Text]) -> list[dict[str, Any]]:
    return [
        {
            "name": named(process),
            "code": process["code"],
            "lines": [
                {
                    **line,
                    "name": words.line_name(line),
                    "provider_name": words.provider_name(line),
                    "direction_name": words.field_name(line["direction"]),
                    "amount_text": words.value_text("amount", line["amount"]),
                    "asked": counts[line["uuid"]],
                    "outside": outside.get(line["uuid"], ""),
                }
                for line in process["lines"]
            ],
        }
        for process in copy.content["processes"]
    ]


def _about(thread: ReviewThread, lines: dict[str, Any]) -> str:
    """What a thread is about, as people say it."""
    if thread.line is None:
        return _("The whole submission")
    known = lines.get(str(thread.line))
    if known is None:
        return _("A line that is no longer there")
    process, line = known
    return f"{words.line_name(line)} · {named(process)}"
