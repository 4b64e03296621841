"""Questions about the rules: they are open to everybody who signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from accounts.actor import Actor
from accounts.moving import may_move
from accounts.review import Move
from accounts.roles import Permission
from footprint.rules.document.content import Band, Measured, Source
from footprint.rules.document.lifecycle import NEXT, OPEN_COMMENTS, RULE, State
from footprint.rules.document.wording import CHINESE, ENGLISH, Names
from footprint.rules.models import (
    ClosureRule,
    MethodProfile,
    MethodProfileVersion,
    ProductCategory,
    ProductRule,
    RuleBallot,
    RuleComment,
    RuleMove,
)
from footprint.rules.models.profile import Step

T = TypeVar("T", bound=Model)


@dataclass(frozen=True)
class PlausibleBand:
    """A band of a rule, per unit of that rule, with the document it rests on."""

    band: Band
    unit: str
    source: Source

    @property
    def words(self) -> dict[str, str]:
        """Where it comes from, in both languages."""
        notes = (
            ("name_zh", self.source.zh, self.band.note_zh),
            ("name_en", self.source.en, self.band.note_en),
        )
        return {name: ". ".join(part.rstrip("。.") for part in parts if part) for name, *parts in notes}


def categories(actor: Actor) -> QuerySet[ProductCategory]:
    """The categories along the chain."""
    return _open(actor, ProductCategory.objects.order_by("position", "code"))


def method_profiles(actor: Actor) -> QuerySet[MethodProfile]:
    """Every profile, the product's own default first."""
    return _open(actor, MethodProfile.objects.order_by("position", "code"))


def versions_in_force(actor: Actor, on: date) -> list[MethodProfileVersion]:
    """Of each profile the latest version that is valid on a day, in the order of the profiles."""
    started = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    rows = _open(actor, MethodProfileVersion.objects.filter(started)).select_related("profile")
    latest = {row.profile_id: row for row in rows.order_by("profile__position", "profile_id", "number")}
    return list(latest.values())


def price_rule_in_force(actor: Actor, on: date) -> MethodProfileVersion | None:
    """The profile that allocates by value above a ratio of prices, as it is valid on a day."""
    versions = versions_in_force(actor, on)
    return next((each for each in versions if Step.ECONOMIC_ABOVE_RATIO in each.allocation_tree), None)


def version_before(actor: Actor, version: MethodProfileVersion) -> MethodProfileVersion | None:
    """The version of the same profile that this one replaced."""
    rows = MethodProfileVersion.objects.filter(profile_id=version.profile_id, number__lt=version.number)
    return _open(actor, rows).select_related("profile").order_by("-number").first()


def closure_rules(actor: Actor) -> QuerySet[ClosureRule]:
    """Every threshold there ever was, the newest of each kind first."""
    return _open(actor, ClosureRule.objects.order_by("basis", "-number"))


def closure_rules_in_force(actor: Actor, on: date) -> dict[str, ClosureRule]:
    """The latest threshold valid on a day, by basis."""
    started = closure_rules(actor).filter(valid_from__lte=on).order_by("number")
    return {rule.basis: rule for rule in started}


def product_rules(actor: Actor) -> QuerySet[ProductRule]:
    """Every version of every product category rule, drafts too, along the chain, the newest first."""
    found = ProductRule.objects.select_related("category", "company")
    return _open(actor, found.order_by("category__position", "category__code", "-number"))


def rules_in_force(actor: Actor, on: date) -> dict[int, ProductRule]:
    """By category the version that is in force on a day: of those whose day has come, the latest."""
    started = product_rules(actor).filter(state=State.PUBLISHED, effective_on__lte=on)
    return {rule.category_id: rule for rule in started.order_by("effective_on", "number")}


def applicable_rules(actor: Actor, on: date) -> dict[int, ProductRule]:
    """By category what is checked against: the version in force, else the draft, on trial."""
    drafts = product_rules(actor).exclude(state__in=[State.PUBLISHED, State.WITHDRAWN])
    return {rule.category_id: rule for rule in drafts} | rules_in_force(actor, on)


def footprint_bands(actor: Actor, on: date) -> dict[int, PlausibleBand]:
    """By category between which figures a footprint is plausible, where its rule says so."""
    found = {}
    for category, rule in applicable_rules(actor, on).items():
        document = rule.content
        sources = {each.key: each for each in document.sources}
        for band in document.bands:
            if band.measured is Measured.FOOTPRINT:
                found[category] = PlausibleBand(band, document.unit, sources[band.source])
    return found


def drafts_commented_on(actor: Actor, rule: ProductRule) -> dict[int, RuleMove]:
    """By round the step that opened it, where it is known what the draft said then; the latest first."""
    opened = _open(actor, RuleMove.objects.filter(rule=rule, name=OPEN_COMMENTS)).order_by("at", "pk")
    known = [(number, each) for number, each in enumerate(opened, 1) if each.document is not None]
    return dict(reversed(known))


def rule_comments(actor: Actor, rule: ProductRule) -> QuerySet[RuleComment]:
    """What was said about a version, the latest round first."""
    found = RuleComment.objects.filter(rule=rule).select_related("company", "author", "answered_by")
    return _open(actor, found.order_by("-round", "created_at"))


def comments(actor: Actor) -> QuerySet[RuleComment]:
    """Everything said about every version."""
    return _open(actor, RuleComment.objects.select_related("rule__category"))


def comments_of(actor: Actor, category: ProductCategory) -> QuerySet[RuleComment]:
    """Everything said about every version of one rule, the latest round first."""
    found = RuleComment.objects.filter(rule__category=category).select_related("rule__category", "company")
    return _open(actor, found.order_by("-rule__number", "-round", "created_at", "pk"))


def to_vote_on(actor: Actor) -> list[ProductRule]:
    """What is put to the vote and has none yet of the companies the actor votes for."""
    voting = product_rules(actor).filter(state=State.VOTING)
    speaking = actor.companies_with(Permission.VOTE_RULE)
    given = RuleBallot.objects.filter(rule=OuterRef("pk"), round=OuterRef("vote_round"), company__in=speaking)
    return list(voting.exclude(Exists(given))) if speaking else []


def to_lead_on(actor: Actor) -> list[tuple[ProductRule, Move]]:
    """What stands before a move that leads on and that the actor's role includes; four eyes aside."""
    found = product_rules(actor).filter(state__in=NEXT)
    each_next = [(rule, RULE.move(NEXT[State(rule.state)])) for rule in found]
    return [(rule, move) for rule, move in each_next if move is not None and may_move(actor, move, rule)]


def to_write(actor: Actor) -> list[ProductRule]:
    """What the actor's companies proposed and is being drafted."""
    proposing = actor.companies_with(Permission.PROPOSE_RULE)
    return list(product_rules(actor).filter(state=State.DRAFTING, company_id__in=proposing))


def to_comment_on(actor: Actor) -> list[ProductRule]:
    """What is open for comments and has none yet, in this round, of the companies the actor speaks for."""
    speaking = actor.companies_with(Permission.COMMENT_RULE)
    said = RuleComment.objects.filter(
        rule=OuterRef("pk"), round=OuterRef("comment_round"), company_id__in=speaking
    )
    commenting = product_rules(actor).filter(state=State.COMMENTING)
    return list(commenting.exclude(Exists(said))) if speaking else []


def to_answer(actor: Actor) -> list[RuleComment]:
    """Comments without an answer, for those who write the rule and did not write the comment."""
    waiting = comments(actor).filter(
        answer="", rule__state__in=(State.COMMENTING, State.DRAFTING), round=F("rule__comment_round")
    )
    if not any(actor.holdings_with(Permission.STEER_RULE)):
        proposing = actor.companies_with(Permission.PROPOSE_RULE)
        waiting = waiting.filter(rule__company__in=proposing)
    return list(waiting.exclude(author_id=actor.user_id or 0).order_by("created_at", "pk"))


def names_in(actor: Actor, is_chinese: bool) -> Names:
    """What rule documents call categories and profiles in one language."""
    field = "name_zh" if is_chinese else "name_en"
    named = categories(actor).values_list("code", field)
    profiles = method_profiles(actor).values_list("code", field)
    return Names(CHINESE if is_chinese else ENGLISH, dict(named), dict(profiles))


def _open(actor: Actor, rows: QuerySet[T]) -> QuerySet[T]:
    return rows if actor.is_known or actor.is_worker else rows.none()
