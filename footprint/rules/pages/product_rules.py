"""Product category rules: the list, and one as text, as rules, beside another version, in the making."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.errors import Text
from accounts.figures import is_chinese
from accounts.forms import languages, named
from accounts.moving import moves_for
from accounts.policy import can
from accounts.review import Move
from accounts.roles import Permission
from footprint.rules import queries
from footprint.rules.actions.moving import tally, unmet
from footprint.rules.actions.product_rules import may_edit
from footprint.rules.document.conflicts import conflicts
from footprint.rules.document.lifecycle import EDIT, RULE, State
from footprint.rules.document.text import chapters, differences, statements, title
from footprint.rules.document.wording import Names
from footprint.rules.making_words import STEPS, standing, tone_of
from footprint.rules.models import ProductRule, RuleBallot, RuleComment
from footprint.rules.pages.earlier import comparable, last_round
from footprint.rules.problem_words import conflict_words


@dataclass(frozen=True)
class Row:
    """A category's rule in the list: the version in force, else the one in the making."""

    rule: ProductRule
    standing: str
    tone: str


@dataclass(frozen=True)
class Open:
    """A move the reader may make, with what it still waits for."""

    move: Move
    words: Text
    waits: Sequence[Text]


@login_required
def rule_list(request: AskedRequest) -> HttpResponse:
    """Every category's rule."""
    today = timezone.localdate()
    versions: dict[int, list[ProductRule]] = {}
    for rule in queries.product_rules(request.actor):
        versions.setdefault(rule.category_id, []).append(rule)
    chosen = queries.applicable_rules(request.actor, today)
    rows = [
        Row(rule, standing(rule, every, today), tone_of(rule))
        for category, every in versions.items()
        for rule in [chosen.get(category, every[0])]
    ]
    context = {
        "trail": [(_("Home"), "/"), (_("Product category rules"), "")],
        "rows": rows,
        "in_force": sum(row.rule.is_in_force(today) for row in rows),
    }
    return render(request, "rules/product_rule/list.html", context)


@login_required
def rule(request: AskedRequest, code: str) -> HttpResponse:
    """One version; ``?version=2`` an older one, ``?tab=changes&against=1`` compared with another."""
    tab = request.GET.get("tab", "text")
    if tab not in BODIES:
        raise Http404
    return shown(request, code, tab)


def shown(request: AskedRequest, code: str, tab: str, *, status: int = 200) -> HttpResponse:
    """The page; after a refusal with everything that was typed still in its place."""
    versions = versions_of(request, code)
    found = chosen(request, versions)
    names = queries.names_in(request.actor, is_chinese(languages()))
    today = timezone.localdate()
    context = {
        "trail": trail(found),
        "rule": found,
        "versions": versions,
        "title": title(names, found.category.code),
        "standing": standing(found, versions, today),
        "tone": tone_of(found),
        "is_built_in": is_built_in(found),
        "may_edit": found.state == State.DRAFTING and may_edit(request.actor, found),
        "may_propose": _may_propose(request, versions),
        "tabs": _tabs(found, tab),
        "tab": f"rules/product_rule/_{tab}.html",
        "typed": request.POST,
        **BODIES[tab](request, found, versions, names),
    }
    return render(request, "rules/product_rule/rule.html", context, status=status)


def versions_of(request: AskedRequest, code: str) -> list[ProductRule]:
    """Every version of a category's rule, the newest first; without any there is no page."""
    found = list(queries.product_rules(request.actor).filter(category__code=code))
    if not found:
        raise Http404
    return found


def chosen(request: AskedRequest, versions: list[ProductRule]) -> ProductRule:
    """The version asked for by number, else the newest."""
    asked = request.GET.get("version", "")
    found = [each for each in versions if str(each.number) == asked] if asked else versions[:1]
    if not found:
        raise Http404
    return found[0]


def trail(found: ProductRule) -> list[tuple[str, str]]:
    """Where the page is."""
    here = (_("Product category rules"), reverse("rules:rule_list"))
    return [(_("Home"), "/"), here, (named(found.category), "")]


def is_built_in(found: ProductRule) -> bool:
    """A draft that came with the product, as long as nobody wrote on it."""
    return found.company_id is None and not found.moves.filter(name=EDIT).exists()


def address(found: ProductRule, **query: Any) -> str:
    """The page of a version."""
    query = {"version": found.number, **query}
    return f"{reverse('rules:rule', args=[found.category.code])}?{urlencode(query)}"


def _may_propose(request: AskedRequest, versions: list[ProductRule]) -> bool:
    done = versions[0].state in (State.PUBLISHED, State.WITHDRAWN)
    return done and bool(can(request.actor, Permission.PROPOSE_RULE))


def _tabs(found: ProductRule, current: str) -> list[dict[str, Any]]:
    words = {
        "text": _("Text"),
        "rules": _("Rules"),
        "changes": _("Changes"),
        "comments": _("Comments"),
        "making": _("In the making"),
    }
    counts = {"comments": found.comments.count()}
    return [
        {
            "label": words[tab],
            "url": address(found, tab=tab),
            "is_current": tab == current,
            "count": counts.get(tab),
        }
        for tab in BODIES
    ]


def _text(
    request: AskedRequest, found: ProductRule, versions: list[ProductRule], names: Names
) -> dict[str, Any]:
    return {"chapters": chapters(found.content, names)}


def _rules(
    request: AskedRequest, found: ProductRule, versions: list[ProductRule], names: Names
) -> dict[str, Any]:
    document = found.content
    tried = (found.trial or {}).get("rules", {}) if found.is_tried else {}
    said = statements(document, names).values()
    return {
        "statements": [(each, tried.get(each.address)) for each in said],
        "tried": bool(tried),
        "conflicts": [conflict_words(each) for each in conflicts(document)],
    }


def _changes(
    request: AskedRequest, found: ProductRule, versions: list[ProductRule], names: Names
) -> dict[str, Any]:
    others = comparable(request.actor, found, versions)
    asked = request.GET.get("against", "")
    earlier = (each for each in others if not each.value.isdecimal() or int(each.value) < found.number)
    against = next((each for each in others if each.value == asked), None) or next(earlier, None)
    return {
        "others": others,
        "against": against,
        "differences": differences(against.content, found.content, names) if against else [],
    }


def _comments(
    request: AskedRequest, found: ProductRule, versions: list[ProductRule], names: Names
) -> dict[str, Any]:
    said = statements(found.content, names)
    is_open = found.state == State.COMMENTING
    answering = found.state in (State.COMMENTING, State.DRAFTING) and may_edit(request.actor, found)
    refused = request.POST.get("comment", "")
    rows = []
    for each in queries.rule_comments(request.actor, found):
        is_refused = str(each.uuid) == refused  # that answer stays in sight, whoever may give one now
        may_answer = is_refused or (answering and each.author_id != request.actor.user_id)
        rows.append((each, said.get(each.address), may_answer, is_refused))
    against = last_round(request.actor, found) if is_open else None
    return {
        "against": against,
        "differences": differences(against.content, found.content, names) if against else [],
        "comments": rows,
        "may_comment": is_open and bool(can(request.actor, Permission.COMMENT_RULE)),
        "addresses": [(each.address, each.words) for each in said.values()],
        "dispositions": RuleComment.Disposition.choices,
        "export_url": f"{reverse('rules:rule_comments', args=[found.category.code])}?version={found.number}",
    }


def _making(
    request: AskedRequest, found: ProductRule, versions: list[ProductRule], names: Names
) -> dict[str, Any]:
    ways = moves_for(request.actor, RULE, found)
    moves = [Open(move, STEPS[move.name], unmet(found, move, by=request.actor)) for move in ways]
    votes = found.state == State.VOTING and bool(can(request.actor, Permission.VOTE_RULE))
    companies = [each.company_id for each in request.actor.holdings_with(Permission.VOTE_RULE)]
    own = found.ballots.filter(round=found.vote_round, company_id__in=companies[:1]).first()
    steps = found.moves.select_related("by").order_by("at", "pk")
    return {
        "steps": [(each, STEPS.get(each.name, each.name)) for each in steps],
        "moves": moves,
        "tally": tally(found) if found.vote_round else None,
        "may_vote": votes,
        "own_ballot": own,
        "choices": RuleBallot.Choice.choices,
        "may_try": found.state not in (State.PUBLISHED, State.WITHDRAWN)
        and (may_edit(request.actor, found) or bool(can(request.actor, Permission.REVIEW_RULE))),
        "today": timezone.localdate(),
    }


BODIES = {"text": _text, "rules": _rules, "changes": _changes, "comments": _comments, "making": _making}
"""What each tab shows."""
