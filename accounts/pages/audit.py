"""The audit log: who did what, when, and what it was before and after; and whether the log is whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts import audit_checkpoint, audit_queries, queries
from accounts.asked import AskedRequest
from accounts.audit_chain import Head, entry_line, header_line
from accounts.audit_showing import Showing, ShownEntry, subject_name
from accounts.errors import Text
from accounts.exports import table_answer
from accounts.forms import named
from accounts.models import AuditChain, AuditEntry, AuditLeaf, Company
from accounts.roles import Permission

PAGE = 50
MOST_EXPORTED = 5000
LONGEST_FILE = 50_000
"""Entries in a chain that is handed out by the page; a longer one is exported by an operator."""
ALLIANCE = "alliance"
SUBJECTS = (
    *("inventory_exchange", "inventory_unitprocess", "inventory_inventory", "inventory_product"),
    *("inventory_productgrant", "inventory_outputprice", "inventory_allocationshare", "exchange_importjob"),
    "exchange_workbookupload",
    *("accounts_site", "accounts_membership", "accounts_invitation", "accounts_delegation"),
    *("accounts_serviceclient", "accounts_clientsecret", "mfa_authenticator", "factors_factorversion"),
    *("partners_connection", "partners_offeredfootprint"),
)


class FilterForm(forms.Form):
    """What narrows the log."""

    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    action = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[("", gettext_lazy("All")), *AuditEntry.Action.choices],
    )
    subject = forms.ChoiceField(label=gettext_lazy("Object"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("Up to"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    log = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: AskedRequest, company: Company | None) -> None:
        super().__init__(request.GET)
        everybody: Text = gettext_lazy("Everybody")
        self._offer("who", [("", everybody), *queries.known_in(request.actor, company)])
        things = [(table, subject_name(table)) for table in SUBJECTS]
        self._offer("subject", [("", gettext_lazy("All")), *things])

    def _offer(self, field: str, choices: Any) -> None:
        chosen = self.fields[field]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = choices

    def narrowed(self, rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """The rows that were asked for; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        for parameter, field in (("who", "actor"), ("action", "action"), ("subject", "subject")):
            if given.get(parameter):
                rows = rows.filter(**{field: given[parameter]})
        if given.get("since"):
            rows = rows.filter(at__gte=_midnight(given["since"]))
        if given.get("until"):
            rows = rows.filter(at__lt=_midnight(given["until"] + timedelta(days=1)))
        return rows


@dataclass(frozen=True)
class Log:
    """One log that may be opened: a company's, or the alliance's."""

    key: str
    label: Text
    company: Company | None


def _logs(request: AskedRequest) -> list[Log]:
    own = [Log(str(each.uuid), named(each), each) for each in queries.audited_companies(request.actor)]
    if 0 in request.actor.audited_ids or any(request.actor.holdings_with(Permission.READ_OWN_DEEDS)):
        own.append(Log(ALLIANCE, _("The alliance"), None))
    return own


@login_required
@require_GET
def audit_log(request: AskedRequest) -> HttpResponse:
    """The entries of one log, a page of them; for the system administrator how all logs stand."""
    log, logs = _chosen(request)
    context: dict[str, Any] = {"trail": [(_("Home"), "/"), (_("Audit log"), "")]}
    if request.actor.watches:
        parts = audit_queries.latest_parts(request.actor)
        chains = audit_queries.chains(request.actor)
        context["chains"] = [(chain, parts.get(chain.name)) for chain in chains]
    if log is not None:
        filters = FilterForm(request, log.company)
        rows = filters.narrowed(audit_queries.entries(request.actor, log.company.pk if log.company else None))
        tabs = [{"label": each.label, "url": f"?log={each.key}", "is_current": each is log} for each in logs]
        context |= {
            "log": log,
            "tabs": tabs if len(tabs) > 1 else [],
            "filters": filters,
            "is_filtered": any(request.GET.get(name) for name in filters.fields if name != "log"),
            "export_query": _query(request),
            **_page(request, rows),
            **_state(request, log),
        }
    return render(request, "accounts/audit/log.html", context)


@login_required
@require_GET
def audit_csv(request: AskedRequest) -> HttpResponseBase:
    """What the page shows, every page of it up to a limit, a line for each changed column."""
    log, _all = _chosen(request)
    if log is None:  # whoever only watches how the logs stand reads none of them
        raise PermissionDenied(_("Your role does not include this. Ask your company's data owner."))
    filters = FilterForm(request, log.company)
    rows = filters.narrowed(audit_queries.entries(request.actor, log.company.pk if log.company else None))
    heads = (_("Entry"), _("Time"), _("Who"), _("What"), _("Object"), _("Name"), _("Field"))
    shown = Showing(request.actor, rows[:MOST_EXPORTED], most_rows=None).shown()
    lines = (line for each in shown for line in _lines(each))
    return table_answer(request, f"audit-{log.key}", [*heads, _("Before"), _("After"), _("Request")], lines)


def _lines(shown: ShownEntry) -> list[list[str]]:
    entry = shown.entry
    start = [str(entry.position), entry.at.isoformat(), shown.who, str(shown.action), str(shown.subject)]
    changes = [
        [row.name, str(change.label), change.before or "", change.after or ""]
        for row in shown.rows
        for change in row.changes
    ]
    return [[*start, *each, str(entry.request or "")] for each in changes or [[""] * 4]]


@login_required
@require_GET
def audit_history(request: AskedRequest, object_uuid: UUID) -> HttpResponse:
    """What was done to one thing and to what it is made of; by htmx without the frame."""
    rows = audit_queries.history(request.actor, object_uuid)
    page = _page(request, rows, only=object_uuid)
    if not page["entries"] and not audit_queries.is_audited(request.actor, object_uuid):
        raise Http404
    context = {"trail": [(_("Home"), "/"), (_("History"), "")], **page}
    template = "_entries" if request.headers.get("HX-Request") else "history"
    return render(request, f"accounts/audit/{template}.html", context)


@login_required
@require_GET
def audit_proof(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """The latest checkpoint with the company's path to it: the file to keep."""
    company = get_object_or_404(queries.audited_companies(request.actor), uuid=company_uuid)
    proof = audit_queries.proof(request.actor, company)
    if proof is None:
        raise Http404
    content = json.dumps(proof, indent=1)
    return _file(content, "application/json", f"checkpoint-{company.code}-{proof['position']}.json")


@login_required
@require_GET
def audit_chain(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """The whole chain of a company, to be verified without us."""
    company = get_object_or_404(queries.audited_companies(request.actor), uuid=company_uuid)
    chain = audit_queries.chains(request.actor).filter(company=company, position__lte=LONGEST_FILE).first()
    if chain is None:
        raise Http404
    lines = [header_line(chain.name, company.code, Head(chain.position, chain.head))]
    lines += map(entry_line, audit_queries.stored_entries(chain, until=chain.position))
    return _file("\n".join([*lines, ""]), "application/jsonl", f"audit-{company.code}.jsonl")


@require_GET
def audit_keys(request: AskedRequest) -> HttpResponse:
    """The public keys of the checkpoints, for everybody (RFC 7517)."""
    return JsonResponse(audit_checkpoint.key_set(audit_queries.public_keys()))


def _chosen(request: AskedRequest) -> tuple[Log | None, list[Log]]:
    """The log that was asked for, else the first; a stranger's does not exist."""
    logs = _logs(request)
    if not logs and not request.actor.watches:
        raise PermissionDenied(_("Your role does not include this. Ask your company's data owner."))
    asked = request.GET.get("log", "")
    if not asked:
        return (logs[0] if logs else None), logs
    found = next((log for log in logs if log.key == asked), None)
    if found is None:
        raise Http404
    return found, logs


def _page(request: AskedRequest, rows: QuerySet[AuditEntry], *, only: UUID | None = None) -> dict[str, Any]:
    """A page of rows before a position; pages are cut by key, so later entries do not move them."""
    before = request.GET.get("before", "")
    is_later = before.isascii() and before.isdigit() and len(before) < 19
    if is_later:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    older = _query(request, before=str(found[PAGE - 1].pk)) if len(found) > PAGE else ""
    return {
        "entries": Showing(request.actor, found[:PAGE], only=only).shown(),
        "older_query": older,
        "newest_query": (_query(request) or "?") if is_later else "",
    }


def _state(request: AskedRequest, log: Log) -> dict[str, Any]:
    """How long the chain is, and how far it was verified."""
    chains = audit_queries.chains(request.actor)
    chain: AuditChain | None = chains.filter(company=log.company.pk if log.company else None).first()
    part: AuditLeaf | None = audit_queries.latest_part(request.actor, chain) if chain else None
    is_short = chain is not None and chain.position <= LONGEST_FILE
    return {"chain": chain, "part": part, "may_take_chain": is_short and log.company is not None}


def _query(request: AskedRequest, **changes: str) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    for key, value in changes.items():
        query[key] = value
    return query.urlencode()


def _file(content: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
