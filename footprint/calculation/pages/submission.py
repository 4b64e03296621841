"""Submissions: where they stand, what the gate says, what changed, whose move it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.actor import Actor
from accounts.asked import AskedRequest
from accounts.asked import gate as gate_by_role
from accounts.exports import batches, number, table_answer
from accounts.figures import year_range
from accounts.forms import attempt, languages, named, status_of
from accounts.listing import Column, Listing
from accounts.moving_forms import MoveForm, asked_move, move_panel
from accounts.roles import Permission
from accounts.shown_tables import rows_shown
from accounts.templatetags.figures import local_date
from accounts.trails import Trail
from footprint.calculation.pages.asking import or_404
from footprint.calculation.pages.gate_report import findings_shown
from footprint.calculation.queries import footprints
from footprint.inventory import actions, queries, submissions
from footprint.inventory import submission_words as words
from footprint.inventory.checklist import unanswered
from footprint.inventory.differences import Difference, differences
from footprint.inventory.models import FrozenCopy, Submission
from footprint.inventory.procedure import SUBMISSION

SHOWN = 60
NEEDED = gettext_lazy("Needed to send back, return, reject or withdraw. The other side reads it.")
COLUMNS = (
    Column("site", gettext_lazy("Site"), ("site_name_zh",)),
    Column("period", gettext_lazy("Period"), ("period_end",), "tight"),
    Column("company", gettext_lazy("Company"), ("company__name_zh",)),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
    Column("round", gettext_lazy("Round"), ("round",), "number"),
    Column("due", gettext_lazy("Due on"), ("due_on",), "tight"),
)

EXPORTED = (
    "uuid", "company", "site_name_zh", "site_name_en", "period_start", "period_end", "state", "round",
    "due_on", "open_threads", "decided_at",
)  # fmt: skip
REVIEWED = (Submission.State.SUBMITTED, Submission.State.UNDER_REVIEW)
"""States in which the alliance has a last day."""
ANSWERING = (Submission.State.DRAFT, Submission.State.RETURNED, Submission.State.REJECTED)
"""States in which the company reads first why it has the submission back."""


class FilterForm(forms.Form):
    """One state, or all."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        chosen = self.fields["state"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", _("All")), *Submission.State.choices]


@login_required
@require_GET
def submission_list(request: AskedRequest) -> HttpResponse:
    """Own submissions; for reviewers, what was submitted."""
    context = {
        "trail": [(_("Home"), "/"), (_("Submissions"), "")],
        "listing": _listing(request, caption=_("Submissions")),
        "reviews": request.actor.reviews,
        "today": timezone.localdate(),
        "reviewed": REVIEWED,
    }
    return render(request, "inventory/submission/list.html", context)


@login_required
@require_GET
def export(request: AskedRequest) -> HttpResponseBase:
    """What the list shows, every page of it."""
    rows = (_exported(row) for batch in batches(_listing(request).rows) for row in batch)
    return table_answer(request, "submissions", EXPORTED, rows)


def _listing(request: AskedRequest, **more: Any) -> Listing:
    rows = submissions.submissions(request.actor)
    if asked := request.GET.get("state", ""):
        rows = rows.filter(state=asked)
    export_url = reverse("inventory:submission_export")
    filters = FilterForm(request.GET)
    return Listing(request.GET, rows, columns=COLUMNS, filters=filters, export_url=export_url, **more)


def _exported(row: Submission) -> list[str]:
    return [
        *(str(row.uuid), row.company.code, row.site_name_zh, row.site_name_en),
        *(row.period_start.isoformat(), row.period_end.isoformat(), row.state, number(row.round)),
        *(row.due_on.isoformat() if row.due_on else "", number(vars(row)["open_threads"])),
        row.decided_at.isoformat() if row.decided_at else "",
    ]


@login_required
@require_POST
def open_submission(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """Begin one, or go to the one that is under way."""
    inventory = or_404(queries.inventory(request.actor, inventory_uuid))
    gate_by_role(request.actor, Permission.DRAFT_SUBMISSION, company_id=inventory.company_id)
    present = submissions.submission_of(request.actor, inventory)
    if present is not None and present.is_open:
        return redirect("inventory:submission", present.uuid)
    form = MoveForm(needed=NEEDED)
    made = attempt(form, lambda: actions.open_submission(inventory, by=request.actor))
    if made is None:
        present = or_404(submissions.submission_of(request.actor, inventory))
        return redirect("inventory:submission", present.uuid)
    return redirect("inventory:submission", made.uuid)


@login_required
@require_GET
def submission(request: AskedRequest, submission_uuid: UUID) -> HttpResponse:
    """One submission."""
    found = or_404(submissions.submission(request.actor, submission_uuid))
    return _page(request, found, MoveForm(needed=NEEDED))


@login_required
@require_POST
def move(request: AskedRequest, submission_uuid: UUID) -> HttpResponse:
    """One move; refused with the reasons beside the buttons."""
    found = or_404(submissions.submission(request.actor, submission_uuid))
    form, asked = MoveForm(request.POST, needed=NEEDED), asked_move(request.POST)
    form.is_valid()
    done = attempt(form, lambda: actions.move_submission(found, by=request.actor, at=timezone.now(), **asked))
    if done is None:
        return _page(request, or_404(submissions.submission(request.actor, submission_uuid)), form)
    messages.success(request, str(words.DONE[asked["move"]]))
    if submissions.submission(request.actor, submission_uuid) is None:
        return redirect("inventory:submission_list")
    return redirect("inventory:submission", found.uuid)


def _page(request: AskedRequest, found: Submission, form: forms.Form) -> HttpResponse:
    actor = request.actor
    copy = submissions.latest_copy(actor, found)
    is_own = found.company_id in actor.company_ids
    before = submissions.last_accepted(actor, found)
    context = {
        "trail": trail(found),
        "submission": found,
        "period": period_of(found),
        "state_tone": words.tone(found.state),
        "is_own": is_own,
        "facts": _facts(found, copy),
        "form": form,
        **move_panel(actor, SUBMISSION, found, following=submissions.NEXT, words=words.MOVES),
        "findings": findings_shown(actor, found, copy, is_own=is_own),
        "is_live": is_own and found.state in ("draft", "returned"),
        "copy": copy,
        "has_moved": submissions.has_moved(actor, found, copy),
        "before": before,
        "since_accepted": changes_since(before, copy, rows_shown(request, SHOWN)),
        "since_returned": since_returned(request, found, copy),
        "figures": (figures := _figures(copy, before)),
        "year": (year := found.period_end.year),
        "year_before": year - 1,
        "compared": _compared(actor, figures, (year - 1, year)) if is_own else [],
        "steps": (steps := [(step, words.DONE[step.move]) for step in submissions.steps(actor, found)]),
        "said_why": steps[0][0].reason if steps and found.state in ANSWERING else "",
        "open_points": unanswered(actor, found) if found.state == Submission.State.UNDER_REVIEW else 0,
        "days_left": days_left(found),
        "open_threads": submissions.threads(actor, found).filter(closed_at__isnull=True).count(),
    }
    return render(request, "inventory/submission/submission.html", context, status=status_of(form))


def days_left(found: Submission) -> int | None:
    """Until it is due for whoever reviews it; below nought when that day is over."""
    if found.due_on is None or found.state not in REVIEWED:
        return None
    return (found.due_on - timezone.localdate()).days


def trail(found: Submission) -> Trail:
    """The list and the submission."""
    here = f"{named(found)} {period_of(found)}"
    return [(_("Submissions"), reverse("inventory:submission_list")), (here, "")]


def room_trail(found: Submission, here: str) -> Trail:
    """As ``trail``, to a page of the submission."""
    steps = trail(found)
    return [*steps[:-1], (steps[-1][0], reverse("inventory:submission", args=[found.uuid])), (here, "")]


def period_of(found: Submission) -> str:
    """The period as people say it."""
    return year_range(found.period_start, found.period_end, languages())


def since_returned(request: AskedRequest, found: Submission, copy: FrozenCopy | None) -> dict[str, Any]:
    """What the company changed since the alliance returned its submission."""
    returned = submissions.last_returned(request.actor, found) if found.round > 1 else None
    return changes_since(returned, copy, rows_shown(request, SHOWN))


def changes_since(before: FrozenCopy | None, copy: FrozenCopy | None, most: int) -> dict[str, Any]:
    """What differs from an earlier copy, and how much more there is than is shown; empty without one."""
    if before is None or copy is None:
        return {}
    found = sorted(differences(before.content, copy.content), key=_weight, reverse=True)
    return {
        "round": before.round,
        "changes": [_change(each) for each in found[:most]],
        "more": max(0, len(found) - most),
    }


def _weight(each: Difference) -> float:
    """What came or went is told first, then what moved most; the rest says little about a figure."""
    if each.kind != "changed":
        return float("inf")
    return abs(each.ratio) if each.ratio is not None else -1.0


def _change(each: Difference) -> dict[str, Any]:
    return {
        "kind": words.KINDS[each.kind],
        "where": words.where(each),
        "field": words.field_name(each.field) if each.field else "",
        "before": words.value_text(each.field, each.before) if each.field else "",
        "after": words.value_text(each.field, each.after) if each.field else "",
        "unit": words.unit_of(each),
        "ratio": each.ratio,
    }


def _figures(copy: FrozenCopy | None, before: FrozenCopy | None) -> list[dict[str, Any]]:
    """What was calculated when it was handed in, and how far that is from what was accepted."""
    if copy is None:
        return []
    earlier = {(row["process_code"], row["product_code"]): row for row in before.figures} if before else {}
    rows = []
    for row in copy.figures:
        value = None if row["kg_co2e_ar6"] is None else float(row["kg_co2e_ar6"])
        known = earlier.get((row["process_code"], row["product_code"]), {}).get("kg_co2e_ar6")
        change = value / float(known) - 1 if value is not None and known and float(known) else None
        rows.append({**row, "value": value, "change": change})
    # those of a product category are what the site is asked for, the others lead to them
    return sorted(rows, key=lambda row: not row["category"])


def _compared(actor: Actor, figures: list[dict[str, Any]], years: tuple[int, int]) -> list[str]:
    """The products with a figure of both years, in their order: of these it can be said why it moved."""
    asked = list(dict.fromkeys(row["product"] for row in figures))
    known = footprints(actor).filter(product__uuid__in=asked, year__in=years)
    found = {(str(product), year) for product, year in known.values_list("product__uuid", "year")}
    return [each for each in asked if all((each, year) in found for year in years)]


def _facts(found: Submission, copy: FrozenCopy | None) -> list[tuple[str, Any]]:
    facts = [
        (_("Company"), named(found.company)),
        (_("Site"), named(found)),
        (_("Period"), period_of(found)),
        (_("Round"), found.round or "—"),
    ]
    if found.due_on:
        facts.append((_("Due on"), local_date(found.due_on)))
    if found.taken_by:
        facts.append((_("Reviewer"), str(found.taken_by)))
    if copy:
        facts.append((_("Lines"), sum(len(each["lines"]) for each in copy.content["processes"])))
        facts.append((_("Content hash (SHA-256)"), copy.content_hash))
    return facts
