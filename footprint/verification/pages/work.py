"""Forms of the workspace: each orders one action and comes back to the page, with its refusals in place."""

from __future__ import annotations

from collections.abc import Callable
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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actor import Actor
from accounts.asked import AskedRequest, gate
from accounts.checks import lookup
from accounts.errors import Text
from accounts.forms import attempt, named, press, status_of
from accounts.roles import Permission
from footprint.calculation.pages.asking import or_404
from footprint.verification import actions, queries, words
from footprint.verification.models import Engagement, VerificationStatement
from footprint.verification.pages.engagement import line_words, page
from footprint.verification.pages.forms import (
    AcceptForm,
    AnswerForm,
    FindingForm,
    MarkForm,
    SampleForm,
    StatementForm,
)


@login_required
@require_POST
def accept(request: AskedRequest, engagement_uuid: UUID) -> HttpResponse:
    """Declare independence and begin."""
    return _ordered(request, engagement_uuid, "accept", AcceptForm, actions.accept, words.DONE["accept"])


@login_required
@require_POST
def sample(request: AskedRequest, engagement_uuid: UUID) -> HttpResponse:
    """Draw the sample."""
    return _ordered(request, engagement_uuid, "sample", SampleForm, actions.draw_sample, words.DONE["sample"])


@login_required
@require_POST
def raise_finding(request: AskedRequest, engagement_uuid: UUID) -> HttpResponse:
    """A finding about the whole."""
    done = _("Finding recorded.")
    return _ordered(request, engagement_uuid, "finding", FindingForm, actions.raise_finding, done)


@login_required
@require_POST
def state(request: AskedRequest, engagement_uuid: UUID) -> HttpResponse:
    """Record the statement."""
    done = words.DONE["state"]
    return _ordered(request, engagement_uuid, "state", StatementForm, actions.record_statement, done)


@login_required
@require_POST
def test(request: AskedRequest, engagement_uuid: UUID) -> HttpResponse:
    """Calculate the figure again."""
    done = _("Calculated again.")
    return _ordered(request, engagement_uuid, "move", forms.Form, actions.run_test, done)


@login_required
@require_POST
def add_line(request: AskedRequest, engagement_uuid: UUID) -> HttpResponse:
    """One more line to look at."""

    def add(engagement: Engagement, *, by: Actor, at: Any) -> Any:
        return actions.add_line(engagement, by=by, line=request.POST.get("line", ""))

    return _ordered(request, engagement_uuid, "move", forms.Form, add, _("Line added."))


def _ordered(
    request: AskedRequest,
    engagement_uuid: UUID,
    name: str,
    kind: type[forms.Form],
    act: Callable[..., Any],
    done: Text,
) -> HttpResponse:
    found = or_404(queries.engagement(request.actor, engagement_uuid))
    gate(request.actor, Permission.VERIFY, company_id=found.body_id)
    form = kind(request.POST)
    if form.is_valid() and attempt(
        form, lambda: act(found, by=request.actor, at=timezone.now(), **form.cleaned_data)
    ):
        messages.success(request, str(done))
        return redirect("verification:engagement", found.uuid)
    return page(request, or_404(queries.engagement(request.actor, engagement_uuid)), **{name: form})


@login_required
@require_http_methods(["GET", "POST"])
def mark(request: AskedRequest, line_uuid: UUID) -> HttpResponse:
    """One line of the sample against its evidence."""
    sampled = or_404(queries.sampled(request.actor, line_uuid))
    gate(request.actor, Permission.VERIFY, company_id=sampled.engagement.body_id)
    form = MarkForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form,
            lambda: actions.mark_line(sampled, by=request.actor, at=timezone.now(), **form.cleaned_data),
        )
        is not None
    ):
        messages.success(request, _("Saved."))
        return redirect(f"{_address(sampled.engagement)}#line-{sampled.uuid}")
    context = {
        **_about(sampled.engagement, form, _("Look at a line"), lede=line_words(request, sampled)),
        "engagement": sampled.engagement,
        "files": queries.files_of(request.actor, sampled),
    }
    return render(request, "verification/line.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: AskedRequest, finding_uuid: UUID) -> HttpResponse:
    """The company's answer to a finding."""
    found = or_404(queries.finding(request.actor, finding_uuid))
    gate(request.actor, Permission.ENGAGE_VERIFIER, company_id=found.company_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form,
            lambda: actions.answer_finding(found, by=request.actor, at=timezone.now(), **form.cleaned_data),
        )
        is not None
    ):
        messages.success(request, _("Answered."))
        return redirect("verification:engagement", found.engagement.uuid)
    return _form(request, found.engagement, form, _("Answer a finding"), lede=found.text)


@login_required
@require_POST
def say(request: AskedRequest, engagement_uuid: UUID) -> HttpResponse:
    """Something about the whole, or about one of its findings."""
    found = or_404(queries.engagement(request.actor, engagement_uuid))
    about = lookup(request.POST.get("finding", ""))
    finding = queries.findings(request.actor, found).filter(**about).first() if about else None
    if about and finding is None:
        raise Http404
    text = request.POST.get("text", "")
    press(
        request,
        lambda: actions.remark_on(found, by=request.actor, at=timezone.now(), text=text, finding=finding),
        done=_("Sent. The other side is told."),
    )
    return redirect(f"{_address(found)}#findings")


@login_required
@require_POST
def close(request: AskedRequest, finding_uuid: UUID) -> HttpResponse:
    """The verifier is content."""
    found = or_404(queries.finding(request.actor, finding_uuid))
    gate(request.actor, Permission.VERIFY, company_id=found.engagement.body_id)
    form = forms.Form(request.POST)
    form.is_valid()
    if attempt(form, lambda: actions.close_finding(found, by=request.actor, at=timezone.now())):
        messages.success(request, _("Finding closed."))
        return redirect("verification:engagement", found.engagement.uuid)
    return page(request, or_404(queries.engagement(request.actor, found.engagement.uuid)), move=form)


@require_GET
def signed(request: AskedRequest, statement_uuid: UUID) -> HttpResponse:
    """A statement's signature with what it is over, for whoever may see the publication."""
    found = VerificationStatement.objects.visible_to(request.actor).filter(uuid=statement_uuid).first()
    if found is None:
        raise Http404
    reply = HttpResponse(found.jws, content_type="application/jose")
    reply["Content-Disposition"] = f'inline; filename="statement-{found.uuid}.jws"'
    return reply


def _form(
    request: AskedRequest, engagement: Engagement, form: forms.Form, title: str, lede: str = ""
) -> HttpResponse:
    context = _about(engagement, form, title, lede)
    return render(request, "accounts/account/form.html", context, status=status_of(form))


def _about(engagement: Engagement, form: forms.Form, title: str, lede: str) -> dict[str, Any]:
    return {
        "trail": [
            (_("Verifications"), reverse("verification:list")),
            (str(named(engagement)), _address(engagement)),
            (title, ""),
        ],
        "title": title,
        "lede": lede,
        "form": form,
        "submit": _("Save"),
        "cancel_url": _address(engagement),
    }


def _address(engagement: Engagement) -> str:
    return reverse("verification:engagement", args=[engagement.uuid])
