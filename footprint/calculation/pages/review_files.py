"""What a review has as files: the lines of the copy, everything said about them, the checklist."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from accounts.exports import Figure, table_answer
from accounts.forms import named
from accounts.templatetags.figures import local_time
from footprint.calculation.pages.asking import or_404
from footprint.inventory import submission_words as words
from footprint.inventory import submissions
from footprint.inventory.checklist import checklist
from footprint.inventory.models import Submission

ABOUT = {True: gettext_lazy("The whole submission"), False: gettext_lazy("A line that is no longer there")}


@login_required
@require_GET
def lines_file(request: AskedRequest, submission_uuid: UUID) -> HttpResponseBase:
    """The lines of the latest copy the person may see, with how many threads wait at each."""
    found = or_404(submissions.submission(request.actor, submission_uuid))
    heads = (
        *(_("Unit process"), _("Line"), _("Direction"), _("Amount in the period"), _("Unit")),
        *(_("Provider"), _("Comment"), _("Evidence files"), _("Open threads")),
    )
    return table_answer(request, "review-lines", heads, _lines(request, found))


@login_required
@require_GET
def threads_file(request: AskedRequest, submission_uuid: UUID) -> HttpResponseBase:
    """Everything asked and answered, a row each, in the order of the room."""
    found = or_404(submissions.submission(request.actor, submission_uuid))
    heads = (
        *(_("Round"), _("Unit process"), _("Line"), _("State"), _("Person"), _("Time")),
        *(_("Remark"), _("Settled at")),
    )
    return table_answer(request, "review-threads", heads, _threads(request, found))


@login_required
@require_GET
def checklist_file(request: AskedRequest, submission_uuid: UUID) -> HttpResponseBase:
    """Every point with its answer."""
    found = or_404(submissions.submission(request.actor, submission_uuid))
    heads = (
        *(_("Product category"), _("Version"), _("Point"), _("What the rule says"), _("Answer")),
        *(_("Comment"), _("Person"), _("Time")),
    )
    return table_answer(request, "review-checklist", heads, _points(request, found))


def _lines(request: AskedRequest, found: Submission) -> Iterator[list[str]]:
    copy = submissions.latest_copy(request.actor, found)
    waiting = [each.line for each in submissions.threads(request.actor, found) if each.is_open]
    for process in copy.content["processes"] if copy else ():
        for line in process["lines"]:
            yield [
                *(named(process), words.line_name(line), words.field_name(line["direction"])),
                *(Figure(line["amount"]), line["unit"], words.provider_name(line), line["comment"]),
                ", ".join(file["name"] for file in line.get("evidence", ())),
                Figure(waiting.count(UUID(line["uuid"]))),
            ]


def _threads(request: AskedRequest, found: Submission) -> Iterator[list[str]]:
    copy = submissions.latest_copy(request.actor, found)
    lines = submissions.lines_of(copy) if copy else {}
    for thread in submissions.threads(request.actor, found):
        known = lines.get(str(thread.line))
        place = [named(known[0]), words.line_name(known[1])] if known else ["", ABOUT[thread.line is None]]
        state = _("Still open") if thread.is_open else _("Settled")
        for remark in sorted(thread.remarks.all(), key=lambda each: (each.at, each.pk)):
            yield [
                *(Figure(thread.round), *map(str, place), state),
                *(str(remark.by or ""), local_time(remark.at), remark.text),
                local_time(thread.closed_at) if thread.closed_at else "",
            ]


def _points(request: AskedRequest, found: Submission) -> Iterator[list[str]]:
    for section in checklist(request.actor, found):
        for point in section.points:
            kept = point.answer
            yield [
                *(named(section.category), Figure(section.number), str(point.title)),
                " ".join(each.words for each in point.rules),
                *((kept.get_answer_display(), kept.note, str(kept.by or "")) if kept else ("", "", "")),
                local_time(kept.at) if kept else "",
            ]
