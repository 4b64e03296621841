"""Home: what waits for me, how my products stand, and the alliance in one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts import queries as people
from accounts.actor import Actor
from accounts.asked import AskedRequest
from accounts.figures import long_date, signed_percent, year_range
from accounts.forms import languages, named
from accounts.models import Company
from alliance.context import address
from factors import queries as factor_queries
from factors.models import Factor
from footprint.analysis import practices
from footprint.analysis import queries as analysis
from footprint.benchmark import queries as benchmarks
from footprint.benchmark.models import Definition, Release
from footprint.benchmark.words import comparison
from footprint.calculation import overview
from footprint.calculation import queries as results
from footprint.calculation.pages.product_rows import drawn
from footprint.calculation.pages.showing import line_name
from footprint.inventory import queries, submission_words, submissions
from footprint.partners import queries as partners
from footprint.partners.candidates import wanted_in
from footprint.publication import queries as publications
from footprint.publication import words as publication_words
from footprint.rules import queries as rules
from footprint.rules.actions.moving import is_turn_of
from footprint.rules.making_words import TURNS
from footprint.rules.models import ProductCategory, ProductRule
from footprint.sharing import queries as sharing
from footprint.sharing import words as sharing_words
from footprint.verification import queries as verifications
from footprint.verification import words as verification_words

SHOWN = 5
COUNTED = 200


@dataclass(frozen=True)
class Task:
    """One thing to do: where, and why."""

    title: str
    why: str
    url: str


@dataclass(frozen=True)
class TaskGroup:
    """Tasks of one sort; ``count`` may be more than are shown."""

    title: str
    tone: str
    count: int
    tasks: list[Task]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.tasks)


@login_required
def home(request: AskedRequest) -> HttpResponse:
    """The page."""
    actor = request.actor
    companies = list(people.own_companies(actor))
    products = overview.leading_products(actor)
    context: dict[str, Any] = {
        "trail": [],
        "title": named(companies[0]) if len(companies) == 1 else actor.name,
        "own_companies": companies,
        "groups": [group for group in _groups(actor) if group.count],
        "pending": len(overview.stale_processes(actor)) if companies else 0,
        "rows": drawn(overview.product_rows(actor, products)),
        "status": _status(actor),
    }
    return render(request, "alliance/home.html", context)


@login_required
def pending(request: AskedRequest) -> HttpResponse:
    """How many own processes wait: a fragment that asks for itself until none does."""
    return render(
        request, "alliance/_pending.html", {"pending": len(overview.stale_processes(request.actor))}
    )


def _groups(actor: Actor) -> list[TaskGroup]:
    """Moves that others wait for come first."""
    waits = (
        _submissions,
        _questions,
        _publications,
        _verifications,
        _findings,
        _shared,
        _partners,
        _introductions,
        _proposals,
        _imports,
        _adoptions,
        _benchmarks,
        _practices,
        _votes,
        _rules,
        _comments,
        _due,
        _failed,
        _cut_off,
    )
    return [group(actor) for group in waits]


def _submissions(actor: Actor) -> TaskGroup:
    found = submissions.waiting(actor)
    tasks = [
        Task(
            f"{named(each)} {year_range(each.period_start, each.period_end, languages())}",
            f"{submission_words.MOVES[move.name]} · {named(each.company)}",
            reverse("inventory:submission", args=[each.uuid]),
        )
        for each, move in found[:SHOWN]
    ]
    return TaskGroup(_("Submissions that wait for you"), "wait", len(found), tasks)


def _questions(actor: Actor) -> TaskGroup:
    found = submissions.unanswered(actor)
    tasks = [
        Task(
            f"{named(each.submission)} {each.submission.period_end.year}",
            Truncator(said).chars(80),
            f"{reverse('inventory:review_room', args=[each.submission.uuid])}#thread-{each.uuid}",
        )
        for each, said in found[:SHOWN]
    ]
    return TaskGroup(_("Questions of reviewers"), "wait", len(found), tasks)


def _publications(actor: Actor) -> TaskGroup:
    found = publications.waiting(actor)
    tasks = [
        Task(
            f"{named(each)} {each.year}",
            str(publication_words.MOVES[move.name]),
            reverse("publication:publication", args=[each.uuid]),
        )
        for each, move in found[:SHOWN]
    ]
    return TaskGroup(_("Publications that wait for you"), "wait", len(found), tasks)


def _verifications(actor: Actor) -> TaskGroup:
    found = verifications.waiting(actor)
    tasks = [
        Task(
            f"{named(each)} {each.period_end.year}",
            f"{verification_words.MOVES[move.name]} · {named(each.company)}",
            reverse("verification:engagement", args=[each.uuid]),
        )
        for each, move in found[:SHOWN]
    ]
    return TaskGroup(_("Verifications that wait for you"), "wait", len(found), tasks)


def _findings(actor: Actor) -> TaskGroup:
    found = verifications.unanswered(actor)
    tasks = [
        Task(
            f"{named(each.engagement)} {each.engagement.period_end.year}",
            Truncator(each.text).chars(80),
            reverse("verification:answer", args=[each.uuid]),
        )
        for each in found[:SHOWN]
    ]
    return TaskGroup(_("Findings of verifiers to answer"), "wait", len(found), tasks)


def _shared(actor: Actor) -> TaskGroup:
    found = sharing.waiting(actor)
    tasks = [
        Task(
            each.wanted,
            f"{sharing_words.MOVES[move.name]} · {named(each.company)} → {named(each.supplier)}"
            f" · {long_date(each.due_on, languages())}",
            reverse("sharing:request", args=[each.uuid]),
        )
        for each, move in found[:SHOWN]
    ]
    return TaskGroup(_("Requests for footprints that wait for you"), "wait", len(found), tasks)


def _partners(actor: Actor) -> TaskGroup:
    found = list(partners.waiting(actor)[:COUNTED])
    tasks = [
        Task(
            f"{each.get_type_display()} · {each.connection.name}",
            " · ".join(filter(None, (Truncator(wanted_in(each)).chars(80), _until(each.due_at)))),
            reverse("partners:event", args=[each.uuid]),
        )
        for each in found[:SHOWN]
    ]
    return TaskGroup(_("Requests of partners that wait for you"), "wait", len(found), tasks)


def _introductions(actor: Actor) -> TaskGroup:
    found = list(partners.requests_waiting(actor)[:COUNTED])
    tasks = [
        Task(each.name, Truncator(each.purpose).chars(80), reverse("partners:request", args=[each.uuid]))
        for each in found[:SHOWN]
    ]
    return TaskGroup(_("Requests to be connected that wait for you"), "wait", len(found), tasks)


def _until(at: datetime) -> str:
    return long_date(timezone.localdate(at), languages())


def _proposals(actor: Actor) -> TaskGroup:
    found = factor_queries.proposals_waiting(actor)
    tasks = [
        Task(named(each), each.get_state_display(), reverse("factors:proposal", args=[each.uuid]))
        for each in found[:SHOWN]
    ]
    return TaskGroup(_("Proposals of factors that wait for you"), "wait", len(found), tasks)


def _imports(actor: Actor) -> TaskGroup:
    found = list(factor_queries.imports_waiting(actor))
    tasks = [
        Task(each.file_name, str(each.created_by or ""), reverse("factors:import_job", args=[each.uuid]))
        for each in found[:SHOWN]
    ]
    return TaskGroup(_("Imports of factors to confirm"), "wait", len(found), tasks)


def _adoptions(actor: Actor) -> TaskGroup:
    found = analysis.waiting_adoptions(actor)
    tasks = [
        Task(
            f"{named(each.old.factor)} v{each.old.number}",
            " · ".join((str(each.old.get_status_display()), _("Lines: %(count)d") % {"count": each.lines})),
            reverse("analysis:adoptions"),
        )
        for each in found[:SHOWN]
    ]
    return TaskGroup(_("Factors to adopt"), "wait", len(found), tasks)


def _votes(actor: Actor) -> TaskGroup:
    found = rules.to_vote_on(actor)
    tasks = [
        Task(
            f"{named(each.category)} v{each.number}",
            _("Put to the vote; your company has not voted."),
            _rule_page(each, "making"),
        )
        for each in found[:SHOWN]
    ]
    return TaskGroup(_("Rules to vote on"), "wait", len(found), tasks)


def _rules(actor: Actor) -> TaskGroup:
    waiting = [
        (rule, move.name) for rule, move in rules.to_lead_on(actor) if is_turn_of(rule, move, by=actor)
    ]
    waiting += [(rule, "write") for rule in rules.to_write(actor)]
    waiting += [(rule, "comment") for rule in rules.to_comment_on(actor)]
    tasks = [
        Task(
            f"{named(rule.category)} v{rule.number}",
            str(TURNS[asked]),
            _rule_page(rule, "comments" if asked == "comment" else "making"),
        )
        for rule, asked in waiting[:SHOWN]
    ]
    return TaskGroup(_("Rules that wait for you"), "wait", len(waiting), tasks)


def _benchmarks(actor: Actor) -> TaskGroup:
    proposed, prepared = benchmarks.definitions_waiting(actor), benchmarks.releases_waiting(actor)
    tasks = [
        Task(comparison(each), f"{each.year} · {each.get_state_display()}", _benchmark("definition", each))
        for each in proposed
    ] + [
        Task(
            comparison(each.definition),
            f"{each.definition.year} · {each.epoch} · {each.get_state_display()}",
            _benchmark("release", each),
        )
        for each in prepared
    ]
    return TaskGroup(_("Comparisons that wait for you"), "wait", len(tasks), tasks[:SHOWN])


def _benchmark(page: str, of: Definition | Release) -> str:
    return reverse(f"benchmark:{page}", args=[of.uuid])


def _practices(actor: Actor) -> TaskGroup:
    found = practices.waiting(actor)
    tasks = [
        Task(named(each), each.get_state_display(), reverse("analysis:practice", args=[each.uuid]))
        for each in found[:SHOWN]
    ]
    return TaskGroup(_("Reduction practices that wait for you"), "wait", len(found), tasks)


def _comments(actor: Actor) -> TaskGroup:
    found = rules.to_answer(actor)
    tasks = [
        Task(
            f"{named(each.rule.category)} v{each.rule.number}",
            Truncator(each.text).chars(80),
            _rule_page(each.rule, "comments"),
        )
        for each in found[:SHOWN]
    ]
    return TaskGroup(_("Comments on rules to answer"), "wait", len(found), tasks)


def _rule_page(rule: ProductRule, tab: str) -> str:
    return f"{reverse('rules:rule', args=[rule.category.code])}?version={rule.number}&tab={tab}"


def _due(actor: Actor) -> TaskGroup:
    found = publications.due(actor, timezone.localdate())
    tasks = [
        Task(
            f"{named(each)} {each.year}",
            _("Validity has ended") if how.has_expired else signed_percent(how.drift),
            reverse("publication:publication", args=[each.uuid]),
        )
        for each, how in found[:SHOWN]
    ]
    return TaskGroup(_("Published footprints to calculate anew"), "wait", len(found), tasks)


def _failed(actor: Actor) -> TaskGroup:
    found = list(results.own_failures(actor)[:COUNTED])
    tasks = [
        Task(
            named(each.product),
            f"{named(each.inventory.site)} {each.year} · {results.failure_text(each)}",
            reverse("inventory:product", args=[each.product.uuid]),
        )
        for each in found[:SHOWN]
    ]
    return TaskGroup(_("Footprints that could not be computed"), "bad", len(found), tasks)


def _cut_off(actor: Actor) -> TaskGroup:
    found = list(queries.cut_offs(actor)[:COUNTED])
    tasks = [
        Task(
            line_name(each),
            f"{named(each.process)} · {named(each.process.inventory.site)} {each.process.inventory.year}",
            reverse("inventory:exchange", args=[each.uuid]),
        )
        for each in found[:SHOWN]
    ]
    return TaskGroup(_("Inputs without a provider: they count nothing"), "wait", len(found), tasks)


def _status(actor: Actor) -> list[tuple[str, int, str]]:
    members = people.companies(actor).filter(kind=Company.Kind.MEMBER).count()
    versions = factor_queries.factors_for(actor).count() if factor_queries.may_read(actor) else 0
    return [
        (_("Members"), members, reverse("accounts:company_list")),
        (_("Factors"), Factor.objects.count(), reverse("factors:factor_list")),
        (_("Published versions"), versions, reverse("factors:factor_list")),
        (_("Product categories"), ProductCategory.objects.count(), address("benchmark:category_list")),
    ]
