"""What people do to a rule in the making: each POST is one action, then the page it came from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest
from accounts.checks import lookup
from accounts.forms import press
from footprint.rules import queries
from footprint.rules.actions.commenting import answer_comment, comment_on, vote_on
from footprint.rules.actions.moving import move_rule
from footprint.rules.actions.product_rules import propose_rule
from footprint.rules.models import ProductRule
from footprint.rules.pages.product_rules import address, chosen, shown, versions_of

REFUSED = 422


@login_required
@require_POST
def propose(request: AskedRequest, code: str) -> HttpResponse:
    """A further version."""
    before = versions_of(request, code)[0]
    reason = request.POST.get("reason", "")
    return _done(
        request,
        before,
        "making",
        lambda: propose_rule(before.category, by=request.actor, reason=reason),
        _("Version proposed. An administrator of the alliance approves the project."),
    )


@login_required
@require_POST
def move(request: AskedRequest, code: str) -> HttpResponse:
    """One move along the life cycle."""
    found = chosen(request, versions_of(request, code))
    given = request.POST
    seen, day = given.get("version", ""), given.get("effective_on", "")
    return _done(
        request,
        found,
        "making",
        lambda: move_rule(
            found,
            by=request.actor,
            name=given.get("move", ""),
            version=int(seen) if seen.isdecimal() else None,
            reason=given.get("reason", ""),
            effective_on=_day(day),
        ),
        _("Done."),
    )


@login_required
@require_POST
def comment(request: AskedRequest, code: str) -> HttpResponse:
    """A comment on the draft."""
    found = chosen(request, versions_of(request, code))
    text, about = request.POST.get("text", ""), request.POST.get("address", "")
    return _done(
        request,
        found,
        "comments",
        lambda: comment_on(found, by=request.actor, text=text, address=about),
        _("Your comment was recorded. It will be answered."),
    )


@login_required
@require_POST
def answer(request: AskedRequest, code: str) -> HttpResponse:
    """What became of a comment."""
    rule = chosen(request, versions_of(request, code))
    named = lookup(request.POST.get("comment", ""))
    found = queries.rule_comments(request.actor, rule).filter(**named).first() if named else None
    if found is None:
        raise Http404
    disposition, words = request.POST.get("disposition", ""), request.POST.get("answer", "")
    return _done(
        request,
        rule,
        "comments",
        lambda: answer_comment(found, by=request.actor, disposition=disposition, answer=words),
        _("Answer recorded."),
    )


@login_required
@require_POST
def vote(request: AskedRequest, code: str) -> HttpResponse:
    """The vote of one's company."""
    found = chosen(request, versions_of(request, code))
    choice = request.POST.get("choice", "")
    return _done(
        request,
        found,
        "making",
        lambda: vote_on(found, by=request.actor, choice=choice),
        _("Your company's vote was recorded. It can be changed until the vote is closed."),
    )


def _done(
    request: AskedRequest, found: ProductRule, tab: str, act: Callable[[], object], words: str
) -> HttpResponse:
    """Act, say so and go back to the page; or the page with what was typed and why that was refused."""
    made = press(request, act, done=words)
    if made is None:
        return shown(request, found.category.code, tab, status=REFUSED)
    return redirect(address(made if isinstance(made, ProductRule) else found, tab=tab))


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        return None
