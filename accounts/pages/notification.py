"""What one was told: the bell, the list, and when to have it by mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import queries
from accounts.actions import choose_mail, read_all, read_notification
from accounts.asked import AskedRequest
from accounts.exports import batches, table_answer
from accounts.forms import attempt, named, status_of
from accounts.models import Kind, Mail, Notification
from accounts.models.notification import NotificationQuerySet
from accounts.notices import Told, told
from accounts.templatetags.figures import local_time

PAGE_SIZE = 30
GONE = gettext_lazy("What this was about is not open to you any more.")


class NotificationFilter(forms.Form):
    """What to show."""

    show = forms.ChoiceField(
        label=gettext_lazy("Which ones"),
        required=False,
        choices=[("", gettext_lazy("All")), ("unread", gettext_lazy("Unread"))],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("About what"),
        required=False,
        choices=[("", gettext_lazy("Everything")), *Kind.choices],
    )


class MailForm(forms.Form):
    """A time for each kind."""

    def __init__(self, data: Any, chosen: dict[str, str]) -> None:
        super().__init__(data)
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=Mail.choices, initial=chosen[kind.value]
            )


@login_required
@require_GET
def notification_list(request: AskedRequest) -> HttpResponse:
    """The latest first."""
    filters = NotificationFilter(request.GET)
    query = request.GET.copy()
    query.pop("page", None)
    page = Paginator(_chosen(request, filters), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "trail": [(_("Home"), "/"), (_("Notifications"), "")],
        "filters": filters,
        "is_filtered": any(query.values()),
        "page": page,
        "query": query.urlencode(),
        "export_url": f"{reverse('accounts:notification_export')}?{query.urlencode()}",
        "rows": _told_and_settled(request, page.object_list),
        "unread": queries.unread_count(request.actor),
    }
    return render(request, "accounts/notification/list.html", context)


@login_required
@require_GET
def export(request: AskedRequest) -> HttpResponseBase:
    """What the list shows, every page of it."""
    heads = (
        _("Time"),
        _("About what"),
        _("Title"),
        _("What happened"),
        _("Company"),
        _("Page"),
        _("Read at"),
    )
    return table_answer(request, "notifications", heads, _lines(request))


def _told_and_settled(
    request: AskedRequest, rows: Iterable[Notification]
) -> list[tuple[Notification, Told | None]]:
    """In words; what asks for nothing any more is no news from then on."""
    found = told(request.actor, rows)
    for row, words in found:
        if words and words.is_over and row.read_at is None:
            read_notification(row, by=request.actor, at=(now := timezone.now()))
            row.read_at = now
    return found


def _chosen(request: AskedRequest, filters: NotificationFilter) -> NotificationQuerySet:
    """The rows that were asked for; what cannot be read narrows nothing."""
    rows = queries.notifications(request.actor)
    if filters.is_valid():
        if filters.cleaned_data["show"]:
            rows = rows.unread()
        if filters.cleaned_data["kind"]:
            rows = rows.filter(kind=filters.cleaned_data["kind"])
    return rows


def _lines(request: AskedRequest) -> Iterator[list[str]]:
    for batch in batches(_chosen(request, NotificationFilter(request.GET))):
        for row, words in told(request.actor, batch):
            yield [
                local_time(row.created_at),
                _("Done meanwhile") if words and words.is_over else row.get_kind_display(),
                *((words.title, words.words) if words else ("", str(GONE))),
                named(row.company) if row.company else "",
                request.build_absolute_uri(words.url) if words else "",
                local_time(row.read_at) if row.read_at else "",
            ]


@login_required
@require_GET
def bell(request: AskedRequest) -> HttpResponse:
    """The bell alone, asked for again when somebody comes back to the page."""
    return render(request, "components/bell.html", {"unread_count": queries.unread_count(request.actor)})


@login_required
@require_GET
def notification(request: AskedRequest, notification_uuid: UUID) -> HttpResponse:
    """On to the thing; that it was looked at is noted on the way."""
    row = _found(request, notification_uuid)
    read_notification(row, by=request.actor, at=timezone.now())
    ((_row, words),) = told(request.actor, [row])
    if words is None:
        messages.info(request, GONE)
        return redirect("accounts:notifications")
    return redirect(words.url)


@login_required
@require_POST
def read(request: AskedRequest, notification_uuid: UUID) -> HttpResponse:
    """Off the list of what is new, without going there."""
    read_notification(_found(request, notification_uuid), by=request.actor, at=timezone.now())
    return redirect("accounts:notifications")


@login_required
@require_POST
def read_everything(request: AskedRequest) -> HttpResponse:
    """Nothing is new any more."""
    count = read_all(by=request.actor, at=timezone.now())
    words = ngettext("%(count)d marked as read.", "%(count)d marked as read.", count)
    messages.success(request, words % {"count": count})
    return redirect("accounts:notifications")


@login_required
@require_http_methods(["GET", "POST"])
def notification_settings(request: AskedRequest) -> HttpResponse:
    """When to have mail about what."""
    chosen = queries.mail_choices(request.actor)
    form = MailForm(request.POST if request.method == "POST" else None, chosen)
    if request.method == "POST" and form.is_valid():
        choices = {kind: mail for kind, mail in form.cleaned_data.items() if mail != chosen[kind]}
        if attempt(form, lambda: choose_mail(choices, by=request.actor) or True):
            messages.success(request, _("Saved."))
            return redirect("accounts:notification_settings")
    context = {
        "trail": [
            (_("Home"), "/"),
            (_("Notifications"), "../"),
            (_("Mail about notifications"), ""),
        ],
        "title": _("Mail about notifications"),
        "lede": _("On the platform you find all of them. What is sent once a day arrives after seven."),
        "form": form,
        "submit": _("Save"),
        "cancel_url": "../",
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))


def _found(request: AskedRequest, notification_uuid: UUID) -> Notification:
    row = queries.notifications(request.actor).filter(uuid=notification_uuid).first()
    if row is None:
        raise Http404
    return row
