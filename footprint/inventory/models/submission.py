"""An inventory on its way through the alliance's review: what was frozen, what was said, what was decided."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.fields import ExactDecimalField
from accounts.models import Company, Step, User
from accounts.visibility import TenantManager, TenantQuerySet
from footprint.inventory.models.inventory import Inventory
from footprint.inventory.procedure import OPEN


class SubmissionQuerySet(TenantQuerySet["Submission"]):
    """Submissions of one's own company; for reviewers those that were ever submitted, unless withdrawn."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        own = Q(company_id__in=actor.company_ids)
        return own | Q(sent_round__gt=0) & ~Q(state="withdrawn") if actor.reviews else own


class Submission(models.Model):
    """One inventory in review. The site's names and the period are those of the last frozen copy.

    ``round`` counts the copies that were handed in, ``sent_round`` is the last of them that the alliance
    may see. Who did what in the present round is kept here, so that the database itself can demand four
    eyes; who did what in all rounds is said by the steps.
    """

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("Draft")
        INTERNAL_REVIEW = "internal_review", _("Internal check")
        SUBMITTED = "submitted", _("Submitted")
        UNDER_REVIEW = "under_review", _("Under review")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SUPERSEDED = "superseded", _("Superseded")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="submissions")
    site_name_zh = models.CharField(max_length=200)
    site_name_en = models.CharField(max_length=200)
    period_start = models.DateField(_("period start"))
    period_end = models.DateField(_("period end"))
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    round = models.PositiveIntegerField(default=0)
    sent_round = models.PositiveIntegerField(default=0)
    handed_in_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    checked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    taken_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager.from_queryset(SubmissionQuerySet)()

    class Meta:
        verbose_name = _("submission")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="submission_company_id"),
            models.UniqueConstraint(
                fields=["inventory"], condition=Q(state__in=OPEN), name="submission_open_once"
            ),
            models.UniqueConstraint(
                fields=["inventory"], condition=Q(state="accepted"), name="submission_accepted_once"
            ),
            models.CheckConstraint(condition=~Q(checked_by=F("handed_in_by")), name="submission_four_eyes"),
            models.CheckConstraint(
                condition=~Q(decided_by=F("handed_in_by")) & ~Q(decided_by=F("checked_by")),
                name="submission_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(sent_round__lte=F("round")), name="submission_sends_what_was_handed_in"
            ),
        ]
        indexes = [models.Index(fields=["company", "-created_at"], name="submission_by_time")]

    def __str__(self) -> str:
        return f"{self.site_name_en} {self.period_start:%Y-%m}–{self.period_end:%Y-%m}"

    @property
    def name_zh(self) -> str:
        """The site's name then."""
        return self.site_name_zh

    @property
    def name_en(self) -> str:
        """The site's name then."""
        return self.site_name_en

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody's move."""
        return self.state in OPEN


class SentQuerySet(TenantQuerySet["FrozenCopy"]):
    """Copies of one's own company; for reviewers those that were submitted."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        own = Q(company_id__in=actor.company_ids)
        sent = Q(round__lte=F("submission__sent_round")) & ~Q(submission__state="withdrawn")
        return own | sent if actor.reviews else own


class FrozenCopy(models.Model):
    """The inventory as it was handed in: never changed. ``content_hash`` is of ``content`` alone.

    ``figures``: what was calculated from it then, one of each product a process makes; ``digest`` names what
    the figure's column was made of. ``findings``: what the gate had to say. No price is in any of it: those
    stay in rows of their own, which no reviewer sees.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="copies")
    round = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    figures = models.JSONField()
    findings = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = models.Manager.from_queryset(SentQuerySet)()

    class Meta:
        verbose_name = _("frozen copy")
        verbose_name_plural = _("frozen copies")
        constraints = [
            models.UniqueConstraint(fields=["submission", "round"], name="one_copy_a_round"),
        ]

    def __str__(self) -> str:
        return self.content_hash


class FrozenPrice(models.Model):
    """A price as it was when a copy was made, never changed; it stays in the company, as every price does.

    The database writes it down with the copy of that round. ``process`` and ``line`` are the public
    identifiers that the copy has them by. Of copies that are older than this table the prices are those of
    the day it was made.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="frozen_prices")
    round = models.PositiveIntegerField()
    process = models.UUIDField()
    line = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    price = ExactDecimalField()
    currency = models.CharField(max_length=3)

    objects = TenantManager()

    class Meta:
        verbose_name = _("price of a frozen copy")
        verbose_name_plural = _("prices of frozen copies")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "round", "line", "year"], name="frozen_price_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}"


class StepQuerySet(TenantQuerySet["SubmissionStep"]):
    """Steps of one's own company; for reviewers those that concern the alliance."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        own = Q(company_id__in=actor.company_ids)
        sent = Q(is_internal=False, submission__sent_round__gt=0) & ~Q(submission__state="withdrawn")
        return own | sent if actor.reviews else own


class SubmissionStep(Step):
    """One move of a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="steps")
    round = models.PositiveIntegerField()

    objects = models.Manager.from_queryset(StepQuerySet)()

    class Meta:
        verbose_name = _("step of a submission")


class ThreadQuerySet(TenantQuerySet["ReviewThread"]):
    """Threads of one's own submissions and of those one reviews."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        own = Q(company_id__in=actor.company_ids)
        sent = Q(submission__sent_round__gt=0) & ~Q(submission__state="withdrawn")
        return own | sent if actor.reviews else own


class ReviewThread(models.Model):
    """What a reviewer asks about a line of a copy, or about all of it; closed before acceptance.

    ``line`` is the public identifier of the line as the copy has it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="threads")
    round = models.PositiveIntegerField()
    line = models.UUIDField(null=True)
    opened_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(ThreadQuerySet)()

    class Meta:
        verbose_name = _("review thread")
        constraints = [models.UniqueConstraint(fields=["company", "id"], name="thread_company_id")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_open(self) -> bool:
        """Whether it still stands between the submission and its acceptance."""
        return self.closed_at is None


class RemarkQuerySet(TenantQuerySet["ReviewRemark"]):
    """As threads."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        own = Q(company_id__in=actor.company_ids)
        sent = Q(thread__submission__sent_round__gt=0) & ~Q(thread__submission__state="withdrawn")
        return own | sent if actor.reviews else own


class ReviewRemark(models.Model):
    """One thing said in a thread."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(ReviewThread, on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = models.Manager.from_queryset(RemarkQuerySet)()

    class Meta:
        verbose_name = _("remark")

    def __str__(self) -> str:
        return self.text[:60]
