"""A long file of a release: ask for it, watch it being written, take it home."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.asked import AskedRequest
from accounts.errors import Refusal
from accounts.exports import stored_answer
from factors import queries, released
from factors.actions.release_file import ask_for_file, place_of
from factors.models import ReleaseFile


@login_required
@require_POST
def ask(request: AskedRequest, name: str) -> HttpResponse:
    """Let a worker write one of its files."""
    release = get_object_or_404(queries.releases(request.actor), name=name)
    language = get_language() or "zh-hans"
    try:
        made = ask_for_file(release, kind=request.POST.get("kind", ""), language=language)
    except Refusal:
        raise Http404 from None
    return redirect("factors:release_file", release.name, made.uuid)


@login_required
@require_GET
def release_file(request: AskedRequest, name: str, file_uuid: UUID) -> HttpResponse:
    """How far it is, or the file."""
    file = _found(request, name, file_uuid)
    context = {
        "trail": [
            (_("Home"), "/"),
            (_("Factors"), reverse("factors:factor_list")),
            (_("Releases"), reverse("factors:release_list")),
            (file.release.name, reverse("factors:release", args=[file.release.name])),
            (file.get_kind_display(), ""),
        ],
        "file": file,
    }
    return render(request, "factors/release/file.html", context)


@login_required
@require_GET
def release_file_state(request: AskedRequest, name: str, file_uuid: UUID) -> HttpResponse:
    """The part of the page that moves."""
    return render(request, "factors/release/_live.html", {"file": _found(request, name, file_uuid)})


@login_required
@require_GET
def release_file_content(request: AskedRequest, name: str, file_uuid: UUID) -> FileResponse:
    """The file; that it left is recorded."""
    file = _found(request, name, file_uuid)
    if file.state != ReleaseFile.State.DONE:
        raise Http404
    return stored_answer(
        place_of(file), released.filename(file.release, file.kind), released.TYPES[file.kind]
    )


def _found(request: AskedRequest, name: str, file_uuid: UUID) -> ReleaseFile:
    return get_object_or_404(queries.release_files(request.actor), uuid=file_uuid, release__name=name)
