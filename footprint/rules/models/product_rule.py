"""Product category rules: a version's document, and how it came to be."""

from __future__ import annotations

import json
import uuid
from datetime import date
from enum import StrEnum
from functools import lru_cache

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from footprint.rules.document.content import RuleDocument
from footprint.rules.document.lifecycle import State
from footprint.rules.document.reading import read
from footprint.rules.models.category import ProductCategory

STATE_WORDS = {
    State.PROPOSED: _("Proposed"),
    State.APPROVED: _("Project approved"),
    State.DRAFTING: _("Being drafted"),
    State.COMMENTING: _("Open for comments"),
    State.REVIEWING: _("Under expert review"),
    State.VOTING: _("Put to the vote"),
    State.ADOPTED: _("Adopted"),
    State.PUBLISHED: _("Published"),
    State.WITHDRAWN: _("Withdrawn"),
}
STATES = [(state.value, words) for state, words in STATE_WORDS.items()]


KEPT = 256  # every category several times over


def typed(document: object) -> RuleDocument:
    """The rules of a stored document; read once for the same text."""
    return _typed(json.dumps(document, ensure_ascii=False))


@lru_cache(maxsize=KEPT)
def _typed(text: str) -> RuleDocument:
    return read(json.loads(text))


class TrialState(StrEnum):
    """How the trial of a version on inventories stands."""

    UNTRIED = "untried"
    WAITING = "waiting"
    BROKEN = "broken"
    OUTDATED = "outdated"
    HIDDEN = "hidden"
    TOLD = "told"


class ProductRule(models.Model):
    """One version of the product category rule (PCR) of a category; open to every member, draft or not.

    ``document`` is the rule itself, read by ``footprint.rules.document``. It changes only while the version
    is being drafted; a published one never changes again, the database sees to it. ``company`` proposed it;
    nobody's: a draft that comes with the product. ``trial`` is what the draft did to existing inventories.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    category = models.ForeignKey(ProductCategory, on_delete=models.PROTECT, related_name="product_rules")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=STATES, default=State.PROPOSED)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    document = models.JSONField(_("rule document"))
    digest = models.CharField(_("checksum of the document"), max_length=64)
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    comment_round = models.PositiveSmallIntegerField(_("round of comments"), default=0)
    vote_round = models.PositiveSmallIntegerField(_("round of votes"), default=0)
    trial = models.JSONField(_("trial on inventories"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("product category rule")
        verbose_name_plural = _("product category rules")
        constraints = [
            models.UniqueConstraint(fields=["category", "number"], name="product_rule_number_once"),
            models.UniqueConstraint(
                fields=["category"],
                condition=~Q(state__in=["published", "withdrawn"]),
                name="product_rule_one_draft_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(effective_on__isnull=False),
                name="product_rule_published_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} v{self.number}"

    @property
    def content(self) -> RuleDocument:
        """The rules, typed."""
        return typed(self.document)

    def is_in_force(self, on: date) -> bool:
        """Published, and its day has come; a later version may have followed it."""
        return self.state == State.PUBLISHED and self.effective_on is not None and self.effective_on <= on

    @property
    def is_tried(self) -> bool:
        """Whether this very document was run on inventories, to the end."""
        return self.trial is not None and self.trial["digest"] == self.digest and "is_hidden" in self.trial

    @property
    def awaits_trial(self) -> bool:
        """Whether somebody asked for a trial that is not finished."""
        return self.trial is not None and "asked_at" in self.trial

    @property
    def trial_state(self) -> TrialState:
        """Whether this very document was run, and whether its counts may be told."""
        if self.trial is None:
            return TrialState.UNTRIED
        if self.awaits_trial:
            return TrialState.WAITING
        if self.trial.get("is_broken"):
            return TrialState.BROKEN
        if not self.is_tried:
            return TrialState.OUTDATED
        return TrialState.HIDDEN if self.trial["is_hidden"] else TrialState.TOLD


class RuleMove(models.Model):
    """One step in the making of a version, who made it and why; only ever added to.

    ``document`` is the draft as it was opened for comments, at that step alone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.ForeignKey(ProductRule, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(_("step"), max_length=20)
    before = models.CharField(_("state before"), max_length=12, blank=True)
    after = models.CharField(_("state after"), max_length=12)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))
    document = models.JSONField(_("rule document"), null=True, blank=True)

    class Meta:
        verbose_name = _("step of a product category rule")

    def __str__(self) -> str:
        return f"{self.rule_id} {self.name}"

    @property
    def content(self) -> RuleDocument:
        """The rules of the document, typed."""
        return typed(self.document)


class RuleComment(models.Model):
    """A member's comment on a draft, and what became of it; read by all members."""

    class Disposition(models.TextChoices):
        """What the drafters did with it."""

        ADOPTED = "adopted", _("Adopted")
        PARTLY = "partly", _("Partly adopted")
        REJECTED = "rejected", _("Not adopted")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.ForeignKey(ProductRule, on_delete=models.PROTECT, related_name="comments")
    round = models.PositiveSmallIntegerField(_("round of comments"))
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    address = models.CharField(_("rule it is about"), max_length=80, blank=True)
    text = models.TextField(_("comment"))
    created_at = models.DateTimeField()
    disposition = models.CharField(
        _("disposition"), max_length=8, choices=Disposition.choices, blank=True, default=""
    )
    answer = models.TextField(_("answer"), blank=True, default="")
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("comment on a product category rule")
        constraints = [
            models.CheckConstraint(
                condition=Q(disposition="", answer="", answered_at=None)
                | (~Q(disposition="") & ~Q(answer="") & Q(answered_at__isnull=False)),
                name="rule_comment_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("author")),
                name="rule_comment_answered_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class RuleBallot(models.Model):
    """The vote of one member company in one round; how it stands is told in numbers alone."""

    class Choice(models.TextChoices):
        """For, against, or neither."""

        FOR = "for", _("For")
        AGAINST = "against", _("Against")
        ABSTAIN = "abstain", _("Abstain")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.ForeignKey(ProductRule, on_delete=models.PROTECT, related_name="ballots")
    round = models.PositiveSmallIntegerField(_("round of votes"))
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(_("vote"), max_length=8, choices=Choice.choices)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("vote on a product category rule")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "round", "company"], name="rule_ballot_once_per_company_and_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.choice}"
