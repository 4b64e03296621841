"""Workbooks: take an inventory home, hand it in filled, look at every change, confirm or discard."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.asked import AskedRequest
from accounts.errors import Refusal
from accounts.exports import EXCEL_TYPE, book_answer
from accounts.figures import year_range
from accounts.forms import attempt, languages, named, press, refuse, status_of
from accounts.listing import Column, Listing
from accounts.policy import Denied, can
from accounts.roles import Permission
from accounts.shown_tables import rows_shown
from accounts.trails import Trail, site_trail
from footprint.exchange import queries
from footprint.exchange.actions import (
    cancel_workbook,
    compare_again,
    confirm_workbook,
    discard_workbook,
    filled_rows,
    take_in_workbook,
)
from footprint.exchange.models import WorkbookUpload
from footprint.exchange.workbook import showing
from footprint.exchange.workbook.content import handed_out
from footprint.exchange.workbook.reading import MOST_BYTES
from footprint.exchange.workbook.writing import write
from footprint.inventory.models import Inventory

MOVES_A_PAGE = 100
COLUMNS = (
    Column("file_name", gettext_lazy("File"), ("file_name",), "words"),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
    Column("changes", gettext_lazy("Changes"), (), "number"),
    Column("created_at", gettext_lazy("Handed in"), ("created_at",), "tight"),
    Column("created_by", gettext_lazy("By")),
)


class UploadForm(forms.Form):
    """A filled-in workbook."""

    workbook = forms.FileField(
        label=gettext_lazy("Filled-in workbook"),
        help_text=gettext_lazy("The .xlsx you downloaded here, at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": f".xlsx,{EXCEL_TYPE}"}),
    )


class DecideForm(forms.Form):
    """What is decided, about which comparison; the choices of conflicts come beside it."""

    version = forms.IntegerField(widget=forms.HiddenInput)


@login_required
@require_http_methods(["GET", "POST"])
def workbook(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """Take the workbook home, hand it in, and see what was handed in before."""
    inventory = get_object_or_404(queries.inventories(request.actor), uuid=inventory_uuid)
    may_edit = _may_edit(request, inventory)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied(str(may_edit.reason) if isinstance(may_edit, Denied) else "")
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = _take_in(request, inventory, form)
        if upload is not None:
            return redirect("exchange:workbook_upload", upload.uuid)
    uploads = queries.uploads(request.actor).filter(inventory=inventory)
    context = {
        "trail": [*_trail(inventory), (_("Workbook"), "")],
        "company": inventory.company,
        "inventory": inventory,
        "period": _period(inventory),
        "form": form,
        "may_edit": bool(may_edit),
        "listing": Listing(request.GET, uploads, columns=COLUMNS, caption=_("Workbooks handed in so far")),
    }
    return render(request, "exchange/workbook/list.html", context, status=status_of(form))


def _take_in(request: AskedRequest, inventory: Inventory, form: UploadForm) -> WorkbookUpload | None:
    given = form.cleaned_data["workbook"]
    if given.size > MOST_BYTES:
        words = _("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 2**20}
        refuse(form, [Refusal(words, field="workbook", code="too_large")])
        return None
    return attempt(
        form,
        lambda: take_in_workbook(inventory, by=request.actor, file_name=given.name, content=given.read()),
    )


@login_required
@require_GET
def workbook_file(request: AskedRequest, inventory_uuid: UUID) -> HttpResponseBase:
    """The workbook of an inventory as it is now, in the language of the page."""
    inventory = get_object_or_404(queries.inventories(request.actor), uuid=inventory_uuid)
    book = handed_out(request.actor, inventory, languages(), by=str(request.user))
    return book_answer(write(book), f"{inventory.site.code}-{inventory.year}.xlsx")


@login_required
@require_http_methods(["GET", "POST"])
def workbook_upload(request: AskedRequest, upload_uuid: UUID) -> HttpResponse:
    """What a workbook would change, line by line; and the decision."""
    upload = get_object_or_404(queries.uploads(request.actor), uuid=upload_uuid)
    may_edit = _may_edit(request, upload.inventory)
    form = DecideForm(request.POST or None, initial={"version": upload.version})
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(str(may_edit.reason) if isinstance(may_edit, Denied) else "")
        if form.is_valid() and _decide(request, upload, form):
            return redirect("exchange:workbook_upload", upload.uuid)
        upload = get_object_or_404(queries.uploads(request.actor), uuid=upload_uuid)
    context = {
        "trail": [
            *_trail(upload.inventory),
            (_("Workbook"), reverse("exchange:workbook", args=[upload.inventory.uuid])),
            (upload.file_name, ""),
        ],
        "company": upload.company,
        "upload": upload,
        "form": form,
        "may_edit": bool(may_edit),
        "taking": request.POST.getlist("take"),
        "is_stale": getattr(form, "is_stale", False) or _was_stale(upload),
        **_shown(request, upload),
    }
    return render(request, "exchange/workbook/upload.html", context, status=status_of(form))


def _decide(request: AskedRequest, upload: WorkbookUpload, form: DecideForm) -> bool:
    what, by, at = request.POST.get("what", ""), request.actor, timezone.now()
    version, taking = form.cleaned_data["version"], request.POST.getlist("take")
    if what == "apply":
        done = attempt(form, lambda: confirm_workbook(upload, by=by, at=at, version=version, taking=taking))
        words = (
            _("Confirmed. It is being stored; you may leave this page.")
            if done is not None and done.is_storing
            else _("Stored. The figures that depend on it are being recomputed.")
        )
    elif what == "discard":
        done = attempt(form, lambda: discard_workbook(upload, by=by, at=at))
        words = _("Discarded. The inventory is as it was.")
    elif what == "compare":
        done = attempt(form, lambda: compare_again(upload, by=by))
        words = _("Compared with the inventory as it is now.")
    else:
        raise Http404
    if done is not None:
        messages.success(request, words)
    return done is not None


@login_required
@require_POST
def cancel(request: AskedRequest, upload_uuid: UUID) -> HttpResponse:
    """Stop the storing of a confirmed workbook."""
    upload = get_object_or_404(queries.uploads(request.actor), uuid=upload_uuid)
    press(
        request,
        lambda: cancel_workbook(upload, by=request.actor, at=timezone.now()),
        done=_("Cancelled; nothing of it is stored."),
    )
    return redirect("exchange:workbook_upload", upload.uuid)


@login_required
@require_GET
def workbook_state(request: AskedRequest, upload_uuid: UUID) -> HttpResponse:
    """How far the storing is; once it is over, the page is to be shown anew."""
    upload = get_object_or_404(queries.uploads(request.actor), uuid=upload_uuid)
    response = render(request, "exchange/workbook/_live.html", {"upload": upload})
    if not upload.is_storing:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_GET
def annotated_file(request: AskedRequest, upload_uuid: UUID) -> HttpResponseBase:
    """The workbook as it was filled in, with every refused cell marked."""
    open_ones = queries.uploads(request.actor).filter(state=WorkbookUpload.State.OPEN)
    upload = get_object_or_404(open_ones, uuid=upload_uuid)
    content = showing.annotated(request.actor, upload, filled_rows(upload), languages())
    return book_answer(content, f"checked-{upload.inventory.site.code}-{upload.inventory.year}.xlsx")


def _was_stale(upload: WorkbookUpload) -> bool:
    return any(one["code"] == "stale" for one in upload.refusals or ())


def _may_edit(request: AskedRequest, inventory: Inventory) -> Any:
    return can(
        request.actor,
        Permission.EDIT_INVENTORY,
        company_id=inventory.company_id,
        site_id=inventory.site_id,
    )


def _period(inventory: Inventory) -> str:
    return year_range(inventory.period_start, inventory.period_end, languages())


def _trail(inventory: Inventory) -> Trail:
    url = reverse("inventory:inventory", args=[inventory.uuid])
    return [*site_trail(inventory.site), (_period(inventory), url)]


def _shown(request: AskedRequest, upload: WorkbookUpload) -> dict[str, Any]:
    language = languages()
    changes = showing.moves(upload, language, "added", "changed", "removed")
    faults = showing.faults(upload, language)
    shown = rows_shown(request, MOVES_A_PAGE)
    return {
        "inventory": upload.inventory,
        "facts": [
            (_("Site"), named(upload.inventory.site)),
            (_("Period"), _period(upload.inventory)),
            (_("Handed in by"), str(upload.created_by or "—")),
            (_("Checksum (SHA-256)"), upload.sha256),
        ],
        "counts": _counts(upload),
        "page": Paginator(changes, shown).get_page(request.GET.get("page")),
        "conflicts": showing.moves(upload, language, "conflicts"),
        "faults": faults[:shown],
        "more_faults": max(len(faults) - shown, 0),
        "problems": showing.problems(upload),
    }


def _counts(upload: WorkbookUpload) -> list[tuple[str, int]]:
    labels = {
        "added": _("Added"),
        "changed": _("Changed"),
        "removed": _("Removed"),
        "conflicts": _("Conflicts"),
        "refused": _("Refused cells"),
    }
    return [(label, upload.summary.get(name, 0)) for name, label in labels.items()]
